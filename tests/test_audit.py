"""Whatever is changed behind the record's back is noticed and named; what only looks strange is left in peace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from killing import Server, copied, fast_folder
from light_kinds import FLOW, parcels
from playing import REAL, Playground, shipments
from sqlalchemy import select

from flows.catalog import Catalog
from flows.problems import Refused
from runtime import events
from runtime.artifacts import Artifacts
from runtime.audit import audit
from runtime.cli import main
from runtime.database import sqlite_library
from runtime.schema import events as table
from runtime.steps import BUILTIN

WITHOUT_WAITING = FLOW.replace("kind: ask-people,", "kind: ask-people, wait: nobody,")


def found(place: Playground) -> str:
    """Return what the audit says about every book, in one text."""
    store = place.store()
    return "\n".join(line for book in store.books() for line in audit(store, book))


def lived(folder: Path) -> Playground:
    """Return a workspace with a rehearsal, and live work with late answers, corrections and vanished cases."""
    place = Playground(folder, WITHOUT_WAITING)
    place.run(2)
    place.live()
    first, second, *_ = place.open()
    place.answer(first, "yes")
    place.answer(second, "no", undo=timedelta(days=1))
    place.wait(hours=1)
    place.live()  # the answer came late: it is sealed here
    place.answer(first, "no")  # a correction
    place.bring("\n".join(parcels().splitlines()[3:]))
    place.live()  # cases vanished
    place.bring(parcels())
    place.live()  # and came back
    return place


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lived(tmp_path_factory.mktemp("audit") / "place").folder


@pytest.fixture
def place(original: Path, tmp_path: Path) -> Playground:
    copied(original, tmp_path / "place")
    place = Playground(tmp_path / "place", WITHOUT_WAITING)
    closed = [row["closed"] for row in place.rows("questions")]
    assert any(closed) or any(row["what"] == "questions-closed" for row in place.rows("events"))
    return place


def by_hand(place: Playground, *statements: str) -> int:
    """Change the database as somebody with a tool does, and return how many rows were changed."""
    with closing(sqlite_library().connect(place.folder / ".tandem" / "store.db")) as connection:
        changed = sum(connection.execute(statement).rowcount for statement in statements)
        connection.commit()
    return changed


def test_a_store_that_nobody_touched_is_whole(place: Playground) -> None:
    """With corrections, late answers, answers that can be undone, vanished cases and two books."""
    assert found(place) == ""
    assert len([row for row in place.rows("answers") if row["supersedes"]]) == 1


def test_the_real_kinds_leave_a_whole_record(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place", REAL, catalog=Catalog(BUILTIN))
    (place.folder / "shipments.csv").write_text(shipments(120))
    place.run(2)
    assert place.rows("models")
    assert found(place) == ""


def test_a_store_is_whole_after_a_kill_and_at_its_end(tmp_path: Path) -> None:
    command = {"what": "run", "order": {"rounds": 2}, "until": 2}
    server = Server()
    try:
        with fast_folder() as folder:
            for kill in (9, 41):
                place = Playground(folder / f"killed-{kill}", FLOW)
                assert server.play(place.folder, command, kill).killed
                assert found(place) == "", f"Killed at {kill}."
                server.play(place.folder, command)
                assert found(place) == "", f"Killed at {kill}, then played to its end."
                assert len(place.rows("rounds")) == 2
    finally:
        server.close()


TAMPERINGS = {
    "delete from events where number > 10": ("results are told by no event", "are told by no event"),
    "delete from events where number = 10": ("The chain is broken: event 10 does not fit",),
    "update events set body = 'nonsense' where number = 4": ("The chain is broken: event 4",),
    "update answers set label = 'no' where label = 'yes'": ("no longer what", "(content)", "ann on "),
    "update answers set seconds = 1": ("answers are no longer what events tell",),
    "update answers set comment = 'as I said'": ("answers are no longer what events tell",),
    "update answers set in_force = 0 where supersedes is not null": ("(whether it counts)",),
    "update answers set sealed = null": ("sets of sealed answers are gone",),
    "update answers set sealed = 9 where sealed is null": ("set of sealed answers is told by no event",),
    "update answers set settled = null": ("(answers it was settled with)",),
    "update answers set stage = 'final'": ("answers are no longer what events tell", "(content)"),
    "update answers set reason = 'I know.'": ("answers are no longer what events tell", "(content)"),
    "update answers set confidence = 1": ("answers are no longer what events tell", "(content)"),
    "delete from answers": ("answers are gone that events tell of",),
    "insert into answers select 'mine', question, book, 'bob', label, outcome, seconds, cost, blind, simulated, "
    "comment, at, undo_until, supersedes, in_force, settled, sealed, stage, confidence, value, reason, seen, shown_at, "
    "withdrawn from answers limit 1": (
        "1 answer is told by no event: bob on ",
    ),
    """update questions set wording = replace(wording, 'e', 'a')""": ("questions are no longer", "(wording)"),
    """update questions set shown = '{"km": 7}'""": ("questions are no longer", "(content)"),
    "update questions set context = 'nonsense'": ("questions are no longer", "(content)"),
    "update questions set escalate_to = 'friends'": ("questions are no longer", "(content)"),
    "update questions set key = 'other'": ("questions are no longer", "(wording, content)"),
    "update questions set closed = 'By me.' where closed = ''": ("(whether it is closed)",),
    "delete from questions": ("questions are gone that events tell of",),
    "update figures set value = value + 1": ("results are no longer what events tell", "(figures)"),
    "delete from figures": ("(figures)",),
    "update results set outputs = replace(outputs, '1', '2')": ("results are no longer what events tell", "(outputs"),
    "update results set reason = 'Kept.'": ("(outputs)",),
    "update results set made_from = '{}'": ("(what made it)",),
    "delete from results where round = 1": ("results are gone that events tell of: 1 ",),
    "update models set facts = '{\"release\": true}'": ("(models)",),
    "update truths set \"table\" = '{}'": ("(sealed truth)",),
    "update rounds set seed = 7 where number = 2": ("1 round is no longer what an event tells: 2 (seed).",),
    "update rounds set now = '2020-01-01T00:00:00.000000Z' where number = 1": ("1 (now)",),
    "update rounds set overrides = '{\"guess.bias\": 1}'": ("(overrides)",),
    "update rounds set people = 'none', state = 'stopped'": ("(state, people)",),
    "update rounds set sentence = 'All went well.'": ("(sentence)",),
    "delete from rounds where number = 1": ("1 round is gone that an event tells of: 1.",),
    "update runs set wanted = '{}'": ("orders of a run are no longer",),
    "update logs set value = '{}'": ("sealed logs are no longer", "(entries, content)"),
    "delete from logs": ("sealed logs are gone",),
    "update outbox set target = '../elsewhere'": ("deliveries are no longer", "(its place)"),
    "update outbox set published = null": ("(when it was published)",),
    "update outbox set delivered = '{}'": ("(its decisions)",),
    "delete from outbox": ("deliveries are gone",),
}  # fmt: skip
"""What somebody does by hand, and what is said of it."""


@pytest.mark.parametrize("statement", TAMPERINGS, ids=lambda statement: statement[:45])
def test_what_was_changed_by_hand_is_named(place: Playground, statement: str) -> None:
    assert by_hand(place, statement) > 0, "the tampering changes something"
    said = found(place)
    assert all(line.endswith(".") and len(line) < 1_000 for line in said.splitlines())
    for words in TAMPERINGS[statement]:
        assert words in said


def stored_file(place: Playground) -> Path:
    """Return a stored partition that a later round reads."""
    outputs = next(row["outputs"] for row in place.rows("results") if row["step"] == "guess")
    digest = outputs["predictions"]["table"]["parts"][0][0]
    return Artifacts(place.folder / ".tandem" / "artifacts").path(digest)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_files_that_are_missing_or_damaged_are_named_by_what_needs_them(place: Playground) -> None:
    damage(stored_file(place))
    assert "1 stored file no longer holds what was stored: " in found(place)
    assert "(the result of 'guess' in round " in found(place)
    stored_file(place).unlink()
    assert "1 stored file is missing: " in found(place)


def test_a_damaged_file_is_refused_in_a_sentence_and_mended_by_the_same_content(tmp_path: Path) -> None:
    """Also one that was read before by the same process, and one of which polars reads another column."""
    artifacts = Artifacts(tmp_path)
    digest = artifacts.put(b"what was said")
    assert artifacts.get(digest) == b"what was said"
    damage(artifacts.path(digest))
    for store in (artifacts, Artifacts(tmp_path)):
        with pytest.raises(Refused, match=r"no longer holds what it held.*Restore the folder from a backup") as refused:
            store.get(digest)
        assert refused.value.problems[0].code == "artifact-damaged"
    assert artifacts.put(b"what was said") == digest
    assert artifacts.get(digest) == b"what was said"


def test_a_file_is_hashed_once_and_not_at_every_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = Artifacts(tmp_path).put(b"what was said")
    hashed: list[Path] = []
    from runtime import artifacts

    def hashing(path: Path, hash_of_file: Callable[[Path], str] = artifacts.hash_of_file) -> str:
        hashed.append(path)
        return hash_of_file(path)

    monkeypatch.setattr(artifacts, "hash_of_file", hashing)
    store = Artifacts(tmp_path)
    for _ in range(3):
        store.get(digest)
    assert len(hashed) == 1


def test_a_record_of_an_older_program_is_not_called_broken(place: Playground) -> None:
    """What it did not tell is not compared; what it did tell still is."""
    rewritten(place, lambda what, body: older(what, body))
    assert found(place) == ""
    by_hand(place, "update answers set label = 'yes'", "update figures set value = 1")
    assert found(place) == ""
    by_hand(place, "update rounds set seed = 7", "delete from answers where supersedes is not null")
    assert "(seed)" in found(place)
    assert "1 answer is gone that an event tells of" in found(place)


def test_the_command_says_what_it_found_and_fails(place: Playground, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["log", str(place.folder / "flow.yaml"), "--book", "live"]
    assert main(told) == 0
    assert "fits the one before, and what they tell is unchanged." in capsys.readouterr().out
    by_hand(place, "update answers set label = 'no'")
    assert main(told) == 1
    assert "ann on " in capsys.readouterr().out
    assert main([*told, "--json"]) == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert not last["whole"] and "ann on " in last["found"][0]


OLDER: dict[str, tuple[str, ...]] = {
    "round-opened": ("round", "now", "seed", "flow"),
    "round-closed": ("round",),
    "step-done": ("round", "step", "key"),
    "step-reused": ("round", "step", "key"),
    "log-sealed": ("step", "port", "round", "entries", "digest"),
    "delivery-ordered": ("round", "step", "artifact"),
    "delivery-published": ("round", "step", "artifact"),
}
"""What events told before they held digests."""


def older(what: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return an event as it was before digests, or None for one that was not told."""
    if what == "questions-closed":
        return None
    kept = {name: part for name, part in body.items() if name in OLDER.get(what, body)}
    return {
        name: sorted(part) if name in ("answers", "questions") and isinstance(part, dict) else part
        for name, part in kept.items()
    }


def rewritten(place: Playground, change: Callable[[str, dict[str, Any]], dict[str, Any] | None]) -> None:
    """Write all events anew, as another program would have written them."""
    store = place.store()
    with store.transaction() as tx:
        before = list(_lines(tx.execute(select(table).order_by(table.c.book, table.c.number)).all()))
        tx.execute(table.delete())
        for book, at, what, body in before:
            changed = change(what, body)
            if changed is not None:
                events.append(tx, book, at, what, **changed)


def _lines(rows: Any) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    for row in rows:
        yield row.book, row.at, row.what, json.loads(row.body)
