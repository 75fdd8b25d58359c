"""A live round goes on by itself when its people have answered: once, where it was started, and never after Stop."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from light_kinds import CATALOG, FLOW
from playing import BEGIN, REAL, Playground, shipments

from editor import going_on
from editor.going_on import GoingOn
from editor.live import Live
from editor.registry import Registry
from editor.runner import Run, Runs, Wanted
from flows.catalog import Catalog
from flows.reading import load
from runtime.inbox import Given, Inbox
from runtime.steps import BUILTIN
from runtime.store import Store


class Waiting:
    """A live round that waits, noted as if the editor had started it, and the runs that were started since."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, flow: str = FLOW) -> None:
        self.ground, self.seconds, self.started = Playground(folder, flow=flow), 0.0, list[Wanted]()
        self.ground.live()
        self.runs = Runs(folder / "flow.yaml")
        self.run = noted(self.runs, "waiting")
        monkeypatch.setattr(self.runs, "start", lambda wanted, flow: self.started.append(wanted) or self.run)
        monkeypatch.setattr(going_on, "Store", _StoreAt(self.ground))
        self.going = GoingOn(self.runs, CATALOG, lambda: self.seconds)

    def look(self) -> list[Wanted]:
        self.seconds += 2
        self.going.look("parcels")
        return self.started

    def answer_all(self) -> None:
        for question in self.ground.open():
            self.ground.answer(question, "yes")


class _StoreAt:
    """Stores whose clock is that of the playground."""

    def __init__(self, ground: Playground) -> None:
        self.ground = ground

    def open(self, folder: Path) -> Store:
        return Store.open(folder, lambda: self.ground.now)


def noted(runs: Runs, ended: str, number: int = 1) -> Run:
    runs.folder.mkdir(parents=True, exist_ok=True)
    id = f"flow.yaml.20260105T06000000000{number}"
    run = Run(id, runs.folder, "flow.yaml", Wanted.live(), "", 2**22 - 3, "long ago")
    (runs.folder / f"{id}.json").write_text(json.dumps(asdict(run) | {"folder": ""}))
    told = [{"what": "round-started", "round": 1}, {"what": "ended", "state": ended, "sentence": "So it ended."}]
    run.lines.write_text("".join(json.dumps(line) + "\n" for line in told))
    return run


def test_it_goes_on_once_when_all_have_answered_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(tmp_path, monkeypatch)
    count = len(waiting.ground.open())
    waiting.ground.answer(waiting.ground.open()[0], "yes")
    assert waiting.look() == []
    waiting.answer_all()
    assert [wanted.because for wanted in waiting.look()] == [
        f"Round 1 goes on by itself. Planners: all {count} questions are answered."
    ]
    assert len(waiting.look()) == 1, "what was tried is not tried again"
    assert waiting.started[0].words() == Wanted.live().words()


def test_it_goes_on_when_the_deadline_has_passed_by_the_rule_of_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = FLOW.replace("kind: ask-people,", "kind: ask-people, deadline: 4 h, wait: deadline,")
    waiting = Waiting(tmp_path, monkeypatch, late)
    count = len(waiting.ground.open())
    waiting.ground.answer(waiting.ground.open()[0], "yes")
    waiting.ground.now = BEGIN + timedelta(hours=3)
    assert waiting.look() == []
    waiting.ground.now = BEGIN + timedelta(hours=5)
    assert waiting.look()[0].because.endswith(
        f"Planners: 1 of {count} questions are answered, and the deadline of {count - 1} has passed."
    )


def test_after_stop_it_does_not_go_on_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(tmp_path, monkeypatch)
    live = Live(tmp_path / "flow.yaml", CATALOG, lambda: load(tmp_path / "flow.yaml").flow, now=lambda: BEGIN)
    assert live.state.goes_on
    assert "goes on by itself after that, while the editor is open" in live.state.says
    live.stop()
    assert not live.state.goes_on
    waiting.answer_all()
    assert waiting.look() == []


@pytest.mark.parametrize("ended", ["stopped", "refused", "interrupted"])
def test_what_ended_otherwise_does_not_go_on_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    waiting = Waiting(tmp_path, monkeypatch)
    noted(waiting.runs, ended, number=2)
    waiting.answer_all()
    assert waiting.look() == []


def test_a_round_that_was_begun_elsewhere_is_left_to_whoever_began_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Waiting(tmp_path, monkeypatch)
    waiting.answer_all()
    waiting.ground.live(2)  # the rest of the first round, and a second one, from a terminal
    waiting.answer_all()
    assert waiting.look() == []


def test_in_the_editor_a_real_run_goes_on_to_its_end_after_a_rehearsal_too(tmp_path: Path) -> None:
    Playground(tmp_path, flow=REAL)
    (tmp_path / "shipments.csv").write_text(shipments(60))
    registry, path = Registry(Catalog(BUILTIN)), tmp_path / "flow.yaml"
    session = registry.open(path)
    live = Live(path, Catalog(BUILTIN), lambda: session.flow)
    for wanted in (Wanted.live(), Wanted.rehearsal()):
        live.start(wanted)
        _until(registry, live, lambda: not live.state.works)
    live.choose("live")
    assert (live.state.state, live.state.goes_on) == ("waiting", True)
    store = Store.open(tmp_path / ".tandem")
    book = store.find_book("parcels", "live")
    assert book is not None
    inbox = Inbox(store, book, Catalog(BUILTIN))
    inbox.give([Given(ask.id[:20], ask.id, "ann", "yes") for ask in inbox.waiting("ann")])
    seen, cards = set[str](), set[str]()

    def done() -> bool:
        seen.add(live.state.says)
        cards.add(live.whole().batch["cards"]["planners"]["text"])
        return live.state.state == "done"

    _until(registry, live, done)
    assert any(text == "goes on by itself" for text in cards)
    assert any(says.startswith("Round 1 goes on by itself. Planners: all ") for says in seen)
    assert live.state.says == "Round 1 is done."
    assert (tmp_path / "decided.csv").is_file()
    assert len(live.runs._notes()) == 3
    store.close()
    registry.close()


def _until(registry: Registry, live: Live, fact: Callable[[], object]) -> None:
    import time

    end = time.monotonic() + 60
    while not fact():
        assert time.monotonic() < end, live.state
        time.sleep(0.05)
        registry.tick()
        live.poll()
