"""Several processes at one workspace: one runs, many answer, and a kill frees everything at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from light_kinds import FLOW, parcels
from playing import Playground

from flows.problems import Refused
from runtime import events

RUN = """
import sys
from pathlib import Path
from light_kinds import CATALOG
from runtime.run import Order, Workspace, run
from runtime.store import Store

def hold(notice):
    print(notice.what, flush=True)
    sys.stdin.read()

folder = Path(sys.argv[1])
workspace = Workspace(folder / "flow.yaml", Store.open(folder / ".tandem"), CATALOG)
run(workspace, Order(people="simulated", book="rehearsal"), hold)
"""

ANSWER = """
import sys
from pathlib import Path
from playing import BEGIN
from runtime.answers import Answer, accept
from runtime.store import Store

folder, me = sys.argv[1:]
store = Store.open(Path(folder) / ".tandem", lambda: BEGIN)
book = store.book("parcels", "live")
print("ready", flush=True)
for line in sys.stdin:
    question = line.strip()
    for person in (f"{me}-1", f"{me}-2"):
        for attempt in ("sent", "sent again"):
            said = Answer(f"{question[:30]} {person}", question, person, "yes")
            with store.transaction() as tx:
                accept(tx, book, [said], store.moment())
"""


@contextmanager
def processes(code: str, *words: tuple[str, ...]) -> Iterator[list[subprocess.Popen[str]]]:
    """Start one process of the program for each list of words, and end them with the block."""
    tests = Path(__file__).parent
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tests.parent), str(tests)))}
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen([sys.executable, "-c", code, *each], stdin=pipe, stdout=pipe, text=True, env=paths)
        for each in words
    ]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                assert stream is not None
                stream.close()


def said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_second_runner_is_refused_by_name_and_a_kill_lets_it_in_at_once(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place")
    with processes(RUN, (str(place.folder),)) as (runner,):
        assert said_by(runner) == "round-started"
        with pytest.raises(Refused, match=f"is being run already by process {runner.pid} on "):
            place.run()
        runner.kill()
        runner.wait()
        assert place.run().closed == (1,), "the round that was open goes on"


def test_answers_of_many_processes_during_a_run_are_each_kept_once(tmp_path: Path) -> None:
    """Four processes send 60 questions' answers of two persons, each twice, while rounds open and close."""
    flow = FLOW.replace("kind: ask-people,", "kind: ask-people, wait: nobody, people_per_case: 8,").replace(
        "at_most: 3", "at_most: 60"
    )
    place = Playground(tmp_path / "place", flow.replace("questions <= 5", "questions <= 5000"), parcels(200))
    place.live()
    asked = place.open()
    with processes(ANSWER, *((str(place.folder), f"person-{number}") for number in range(4))) as people:
        assert [said_by(person) for person in people] == ["ready"] * 4
        for part in range(0, len(asked), 15):
            for person in people:
                print(*asked[part : part + 15], sep="\n", file=person.stdin, flush=True)
            place.live()
        for person in people:
            assert person.stdin is not None
            person.stdin.close()
            assert person.wait() == 0
    place.live()
    wanted = {f"{question[:30]} person-{number}-{one}" for question in asked for number in range(4) for one in (1, 2)}
    kept = place.rows("answers")
    assert len(kept) == len(wanted) == len(asked) * 8 >= 480
    assert {row["id"] for row in kept} == wanted
    assert all(row["in_force"] and row["sealed"] for row in kept)
    sealed = [part for row in place.rows("logs") for part in row["value"]["table"]["parts"]]
    assert sum(count for _, count in sealed) == len(wanted), "each is in the log once"
    accepted = [json.loads(row["body"])["answers"] for row in place.rows("events") if row["what"] == "answers-accepted"]
    assert sorted(name for names in accepted for name in names) == sorted(wanted)
    with place.store().reading() as connection:
        assert events.broken_at(connection, place.book().id) is None


def test_a_store_that_many_begin_at_once_is_one_store(tmp_path: Path) -> None:
    with processes(ANSWER, *((str(tmp_path), f"person-{number}") for number in range(4))) as people:
        assert [said_by(person) for person in people] == ["ready"] * 4
    place = Playground(tmp_path)
    assert [(row["flow"], row["name"]) for row in place.rows("books")] == [("parcels", "live")]
    assert place.run().state == "done"
