"""Runs seen live: processes of their own, followed line by line, remembered when nothing runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC
from pathlib import Path

import pytest
from light_kinds import CATALOG, FLOW
from playing import BEGIN, REAL, Playground, shipments

from editor import processes
from editor.live import Live
from editor.run_log import RunLog
from editor.runner import Run, Runs, Wanted
from editor.statuses import clock_time
from flows.catalog import Catalog
from flows.flow import Flow
from flows.problems import Refused
from flows.reading import load
from runtime.steps import BUILTIN


class Watched:
    """A flow that is watched with a clock of its own, and a run of which the test writes the lines."""

    def __init__(self, folder: Path, catalog: Catalog = CATALOG) -> None:
        self.path, self.seconds = folder / "flow.yaml", 0.0
        self.flow: Flow = load(self.path).flow
        self.live = Live(self.path, catalog, lambda: self.flow, clock=lambda: self.seconds, now=lambda: BEGIN, zone=UTC)

    def state(self, card: str) -> tuple[str, str]:
        """Return how a card stands, and the words for it."""
        found = self.live.whole().batch["cards"][card]
        return found["state"], found["text"]

    def look(self) -> None:
        """Look again after some time."""
        self.seconds += 2
        self.live.poll()

    def until(self, done: Callable[[], bool], seconds: float = 60) -> None:
        """Look until something is so; fail when it takes too long."""
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, f"still not so: {self.live.state}"
            time.sleep(0.02)
            self.look()


def begun(folder: Path, wanted: Wanted, pid: int, number: int = 1) -> Run:
    """Note a run as if it had been started, with a process that is there."""
    runs = Runs(folder / "flow.yaml")
    runs.folder.mkdir(parents=True, exist_ok=True)
    id = f"flow.yaml.20260105T06000000000{number}"
    run = Run(id, runs.folder, "flow.yaml", wanted, "", pid, processes.born(pid))
    (runs.folder / f"{id}.json").write_text(json.dumps(asdict(run) | {"folder": ""}))
    run.lines.touch()
    return run


def tell(run: Run, *lines: dict[str, object]) -> None:
    with run.lines.open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing and does not end when it is asked to."""
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(99)"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def real(folder: Path) -> Watched:
    Playground(folder, flow=REAL)
    (folder / "shipments.csv").write_text(shipments(60))
    return Watched(folder, Catalog(BUILTIN))


def test_a_run_is_a_process_of_its_own_that_another_server_finds_and_that_two_clicks_start_once(tmp_path: Path) -> None:
    first = real(tmp_path)
    started = first.live.start(Wanted.rehearsal(3))
    with pytest.raises(Refused, match="runs already"):
        first.live.start(Wanted.rehearsal(3))
    second = Watched(tmp_path, Catalog(BUILTIN))  # as after the server was closed and opened again
    assert os.getsid(started.pid) == started.pid != os.getsid(0)
    second.until(lambda: not second.live.state.works)
    assert (second.live.state.state, second.live.state.says) == ("done", "Rounds 1 to 3 are done.")
    assert (second.live.state.nth, second.live.state.of) == (3, 3)
    assert second.state("shipments")[1].endswith("nothing that made it has changed")
    assert second.state("unsure")[0] == "done"
    assert second.state("plan")[1].startswith("wrote simulated-decided.csv")
    found = started.end()
    assert found is not None
    assert (found.state, found.status) == ("done", 0)


def test_stopping_is_at_once_and_the_next_run_goes_on_from_there(tmp_path: Path) -> None:
    watched = real(tmp_path)
    run = watched.live.start(Wanted.rehearsal(500))
    watched.until(lambda: watched.live.state.round >= 2)
    watched.live.stop()
    watched.until(lambda: not watched.live.state.works, 10)
    stopped_at = watched.live.state.round
    assert watched.live.state.state == "stopped"
    assert "Nothing is lost" in watched.live.state.says
    assert not run.works()
    watched.live.start(Wanted.rehearsal(1))
    watched.until(lambda: not watched.live.state.works)
    assert watched.live.state.state == "done"
    assert watched.live.state.round >= stopped_at


def test_a_flow_that_cannot_run_says_why_and_where_nothing_was_tried(tmp_path: Path) -> None:
    watched = real(tmp_path)
    watched.path.write_text(REAL.replace("kind: decide", "kind: decidee"))
    watched.live.start(Wanted.live())
    watched.until(lambda: not watched.live.state.works)
    assert watched.live.state.state == "failed"
    assert watched.live.state.says.startswith("'Alone' is of the kind 'decidee', which is not known here.")


def test_a_run_that_does_not_end_when_asked_is_killed(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    run = begun(tmp_path, Wanted(), sleeper.pid)
    assert run.works()
    run.stop(grace=0.05)
    end = time.monotonic() + 10
    while run.works():
        assert time.monotonic() < end
        time.sleep(0.01)
    found = run.end()
    assert found is not None
    assert (found.state, found.status) == ("stopped", None)


def test_a_number_that_belongs_to_another_process_by_now_is_no_run(tmp_path: Path) -> None:
    run = begun(tmp_path, Wanted(), os.getpid())
    assert run.works()
    assert not replace(run, born="another boot 17").works()
    assert not replace(run, pid=2**22 - 3).works()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells a zombie from the living")
def test_what_has_ended_and_was_left_lying_about_does_not_count_as_alive() -> None:
    leaving = ["sh", "-c", "sleep 0.05 & echo $!; exec sleep 99"]
    with subprocess.Popen(leaving, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        end = time.monotonic() + 10
        while processes.born(child):
            assert time.monotonic() < end
            time.sleep(0.01)
        assert Path(f"/proc/{child}").exists()
        parent.kill()


def test_a_run_that_goes_on_with_a_round_shows_what_the_round_has_done_already(tmp_path: Path) -> None:
    Playground(tmp_path).live()
    run, watched = begun(tmp_path, Wanted.live(), os.getpid()), Watched(tmp_path)
    tell(run, {"what": "round-started", "round": 1, "book": "live", "left": 1})
    watched.look()
    assert watched.state("guess") == ("done", "done at 06:00: 20 predictions")
    assert watched.state("planners")[0] == "asking"
    assert watched.state("alone")[0] == "done"
    assert watched.state("plan") == ("waiting", "")


def test_twenty_thousand_notices_become_ten_messages_a_second(tmp_path: Path) -> None:
    Playground(tmp_path)
    run, watched = begun(tmp_path, Wanted.rehearsal(9), os.getpid()), Watched(tmp_path)
    tell(run, {"what": "round-started", "round": 1, "book": "rehearsal", "left": 9})
    messages = 0
    for number in range(200):  # two seconds in which a page asks a hundred times a second
        done = [{"what": "progress", "step": "guess", "says": "rows", "done": number, "total": 200}] * 100
        tell(run, *done)
        watched.seconds += 0.01
        messages += watched.live.poll() is not None
    assert 15 <= messages <= 21
    watched.look()
    assert watched.live.whole().batch["cards"]["guess"]["progress"] == 199 / 200
    assert watched.state("guess") == ("running", "199 of 200 rows")


def test_only_what_changed_is_sent(tmp_path: Path) -> None:
    Playground(tmp_path)
    run, watched = begun(tmp_path, Wanted.rehearsal(8), os.getpid()), Watched(tmp_path)
    tell(run, {"what": "round-started", "round": 5, "book": "rehearsal", "left": 6})
    watched.look()
    assert watched.live.state.says == "Round 5 (3 of 8)."
    assert watched.state("plan") == ("waiting", "")
    tell(run, {"what": "step-done", "step": "unsure", "says": "New.", "counts": {"cases": 1, "rest": 1760}})
    watched.seconds += 1
    update = watched.live.poll()
    assert update is not None
    assert {card: status["text"] for card, status in update.batch["cards"].items()} == {
        "unsure": "done: 1 case, 1,760 others"
    }
    assert update.batch["links"] == {
        "unsure.cases -> planners.cases": {"rows": 1},
        "unsure.rest -> alone.predictions": {"rows": 1760},
    }
    watched.seconds += 1
    assert watched.live.poll() is None


def test_half_a_line_waits_for_its_end_and_no_line_is_read_twice(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "lines")
    assert log.new() == []
    log.path.write_bytes(b'{"what": "a"}\nnonsense\n[1]\n{"what": "\xc3')
    assert log.new() == [{"what": "a"}]
    with log.path.open("ab") as file:
        file.write(b'\xa9"}\n')
    assert log.new() == [{"what": "é"}]
    assert log.new() == []


def test_an_opened_flow_shows_its_past_with_times_and_reasons(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run(2)
    watched = Watched(tmp_path)
    assert watched.live.state.says == "Round 2 was done at 06:00."
    assert watched.state("unsure") == ("done", "done at 06:00: 4 cases, 16 others")
    assert watched.live.whole().batch["cards"]["guess"]["why"].startswith("It ran because this changed: log answers")
    assert watched.live.whole().batch["links"]["unsure.cases -> planners.cases"] == {"rows": 4}
    assert watched.state("plan") == ("done", "wrote simulated-decided.csv at 06:00")


def test_a_card_that_was_changed_after_its_last_result_no_longer_counts_as_done(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run()
    watched = Watched(tmp_path)
    ground.write(FLOW.replace("at_most: 3", "at_most: 2"))
    watched.flow = load(watched.path).flow
    watched.look()
    assert watched.state("unsure") == ("idle", "changed since it ran")
    assert watched.state("guess")[0] == "done"


def test_a_step_that_asks_counts_the_answers_as_they_come(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.live()
    watched = Watched(tmp_path)
    count = len(ground.open())
    assert count > 1
    assert watched.state("planners") == ("asking", f"0 of {count} answered")
    assert watched.state("plan") == ("waiting", "waits for planners")
    assert watched.state("guess")[0] == "done"
    first, *others = ground.open()
    ground.answer(first, "yes")
    watched.look()
    assert watched.state("planners") == ("asking", f"1 of {count} answered")
    assert watched.live.state.says == f"Round 1 waits for people: 1 of {count} answered."
    assert not watched.live.state.ready
    for question in others:
        ground.answer(question, "no")
    watched.look()
    assert watched.live.state.ready
    assert watched.live.state.says == "All questions of round 1 are answered: it can go on."
    assert watched.state("planners") == ("asking", "all answered")


def test_a_failed_step_says_so_on_its_card_and_what_needs_it_is_held_back(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    (tmp_path / "parcels.txt").unlink()
    with pytest.raises(Refused):
        ground.run()
    watched = Watched(tmp_path)
    assert watched.state("parcels") == ("failed", "There is no file 'parcels.txt'.")
    assert watched.state("plan") == ("blocked", "waits for parcels")
    assert watched.live.state.state == "failed"


def test_a_round_that_a_limit_stopped_shows_what_did_not_run_and_why(tmp_path: Path) -> None:
    Playground(tmp_path, flow=FLOW.replace("questions <= 5", "questions <= 2")).run()
    watched = Watched(tmp_path)
    assert watched.state("planners") == ("blocked", "not run: the round was stopped")
    assert "planners.questions <= 2 is broken" in watched.live.whole().batch["cards"]["plan"]["why"]
    assert watched.live.state.state == "failed"


def test_a_store_that_cannot_be_read_is_said_and_keeps_no_flow_from_opening(tmp_path: Path) -> None:
    Playground(tmp_path)
    (tmp_path / ".tandem").mkdir()
    (tmp_path / ".tandem" / "store.db").write_bytes(b"no database at all" * 100)
    watched = Watched(tmp_path)
    assert watched.live.state.state == "failed"
    assert "damaged" in watched.live.state.says


def test_trying_a_step_plays_what_it_needs_delivers_nothing_and_is_the_same_each_time(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    for _ in range(2):
        ground.run(book="trying", up_to="planners")
        assert [notice.step for notice in ground.told if notice.what == "step-started"][-1] == "planners"
        assert "alone" not in {notice.step for notice in ground.told}
    assert ground.reason("guess") == "Kept from round 1: nothing that made it has changed."
    ground.run(book="trying", up_to="plan")
    assert "plan" not in {notice.step for notice in ground.told}
    assert ground.files() == ["flow.yaml", "parcels.txt"]
    assert ground.files(".tandem/rehearsals") == []


def test_a_trial_in_the_editor_says_with_whose_experience_it_was_played(tmp_path: Path) -> None:
    watched = real(tmp_path)
    watched.live.start(Wanted.rehearsal(2))
    watched.until(lambda: not watched.live.state.works)
    assert watched.live.trial("risk") == Wanted.trial("risk", "rehearsal")
    watched.live.start(watched.live.trial("risk"))
    watched.until(lambda: not watched.live.state.works)
    assert watched.live.state.says == (
        "'risk' was tried. What 'rehearsal' had learned by the end of round 2 was used. Nothing was delivered."
    )
    assert watched.live.trial("risk") == Wanted.trial("risk"), "the book of trials itself has learned nothing"


def test_every_trial_is_played_on_the_first_day_of_the_rehearsal(tmp_path: Path) -> None:
    ground = Playground(tmp_path, flow=f"{FLOW}rehearsal: {{begins: 2026-03-02 06:00, every: 1 day}}\n")
    for _ in range(3):
        ground.run(book="trying", up_to="unsure")
    assert {row["now"][:10] for row in ground.rows("rounds")} == {"2026-03-02"}


def test_a_step_is_never_tried_in_the_live_book(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="never tried in the live book"):
        Playground(tmp_path).run(people="none", book="live", up_to="guess")


def test_a_step_can_be_tried_while_what_follows_is_wrong(tmp_path: Path) -> None:
    ground = Playground(tmp_path, flow=FLOW.replace("alone: {kind: decide}", "alone: {kind: decide, threshold: 7}"))
    with pytest.raises(Refused):
        ground.run()
    assert ground.run(book="trying", up_to="unsure").state == "done"


def test_a_run_that_was_started_elsewhere_is_shown_and_is_stopped_there(tmp_path: Path) -> None:
    watched = real(tmp_path)
    words = ["run", str(watched.path), "--people", "simulated", "--rounds", "200", "--quiet"]
    with subprocess.Popen([sys.executable, "-m", "runtime.cli", *words], cwd=Path(__file__).parents[1]) as terminal:
        watched.until(lambda: watched.live.state.works and watched.live.state.round > 1)
        who = f"process {terminal.pid} on "
        assert watched.live.state.says.startswith("Round ") and who in watched.live.state.says
        with pytest.raises(Refused, match=f"The run belongs to {who}.*Stop it there"):
            watched.live.stop()
        terminal.terminate()
    watched.until(lambda: not watched.live.state.works)
    assert "the next run goes on with it" in watched.live.state.says


def test_a_run_that_came_and_went_between_two_looks_is_shown(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run(1)
    watched = Watched(tmp_path)
    ground.wait(hours=1)
    ground.run(1, book="another")
    watched.look()
    assert (watched.live.state.book, watched.live.state.state) == ("another", "done")


def test_times_are_said_as_people_say_them() -> None:
    assert clock_time("2026-01-05T06:00:00.000000Z", BEGIN, UTC) == "06:00"
    assert clock_time("2026-01-04T23:59:00.000000Z", BEGIN, UTC) == "4 January, 23:59"
    assert clock_time("2025-12-31T23:59:00.000000Z", BEGIN, UTC) == "31 December 2025, 23:59"
    assert clock_time("", BEGIN, UTC) == ""
