"""The panels of the editor, used by a simulated person: forms, what flowed, results, running and going live."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("NICEGUI_STORAGE_PATH", tempfile.mkdtemp(prefix="tandem-panels-"))

from nicegui import ui
from nicegui.testing.user import User
from nicegui.testing.user_simulation import user_simulation

from editor import binding
from editor.app import Editor
from editor.canvas import FlowCanvas
from editor.live import Update
from editor.pages.boxes import Picker, TextBox
from editor.pages.deadline_choice import Until
from editor.run_state import RunState
from flows.catalog import installed
from flows.commands import Configure, RemoveStep
from runtime.cli import main
from runtime.steps import BUILTIN

EXAMPLE = Path(__file__).parent.parent / "examples" / "late-shipments"
CATALOG = installed(BUILTIN)


class Desk:
    """A person at the page of a flow."""

    def __init__(self, editor: Editor, user: User) -> None:
        self.user, self.state = user, next(iter(editor.pages.values()))

    def setting(self, step: str, name: str) -> object:
        """Return a setting as the flow has it."""
        return self.state.session.flow.steps[step].settings.get(name)

    def write(self, label: str, text: str) -> None:
        """Write into a box and leave it."""
        self._named(TextBox, label).trigger("given", text)

    def choose(self, label: str, words: str) -> None:
        """Choose the entry of a list that begins with these words."""
        found = self._named(Picker, label)
        picker = next(iter(found.elements))
        options: list[str] = picker.props["options"]
        found.trigger("chosen", str(next(at for at, says in enumerate(options) if says.startswith(words))))

    def _named(self, kind: type[ui.element], label: str) -> Any:
        found = self.user.find(kind=kind)
        found.elements = {one for one in found.elements if one.props.get("aria-label") == label}
        assert len(found.elements) == 1, f"{len(found.elements)} fields are called '{label}'"
        return found


Scene = Callable[[Desk], Awaitable[None]]


@pytest.fixture
def sit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Scene], None]:
    """Return what plays a scene at a copy of the example."""
    monkeypatch.setattr(FlowCanvas, "run_method", lambda *said, **more: None)
    flow = tmp_path / "example" / "flow.yaml"
    shutil.copytree(EXAMPLE, flow.parent, ignore=shutil.ignore_patterns(".*"))

    async def play(scene: Scene) -> None:
        async with user_simulation() as user:
            editor = Editor(flow, CATALOG)
            editor.register()
            await user.open("/")
            await scene(Desk(editor, user))

    return lambda scene: asyncio.run(play(scene))


def test_a_bad_value_is_refused_in_its_place_and_a_good_one_is_kept_as_the_kind_wants_it(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.state.open("unsure")
        desk.write("Cases a round", "many")
        await desk.user.should_see("is a whole number from 0 to 1,000,000, and not 'many'.")
        assert desk.setting("unsure", "at_most") == 36
        desk.write("Cases a round", " 12.0 ")
        assert desk.setting("unsure", "at_most") == 12
        assert isinstance(desk.setting("unsure", "at_most"), int)
        await desk.user.should_not_see("and not 'many'")

    sit(scene)


def test_parts_wait_on_the_page_until_all_that_is_needed_is_there(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.state.session.do(Configure(step="alone", setting="threshold", value="most-likely"))
        desk.state.session.do(Configure(step="alone", setting="cost", unset=True))
        desk.state.open("alone")
        desk.user.find("Set").click()
        desk.write("A miss", "400")
        assert desk.setting("alone", "cost") is None
        await desk.user.should_not_see("is complete when")
        desk.write("A false alarm", "30,5")
        assert desk.setting("alone", "cost") == {"missed": 400, "false-alarm": 30.5}

    sit(scene)


def test_a_deadline_is_chosen_and_never_typed_as_an_expression(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.state.open("planners")
        desk.write("Deadline: how long", "3")
        assert desk.setting("planners", "deadline") == "planned_departure - 3 h"
        desk.choose("Deadline: before or after", "at that moment")
        assert desk.setting("planners", "deadline") == "planned_departure"
        desk.choose("Deadline", "some time after asking")
        assert desk.setting("planners", "deadline") == "4 h"
        desk.choose("Deadline", "no deadline")
        assert desk.setting("planners", "deadline") is None

    sit(scene)


@pytest.mark.parametrize("text", ["", "4 h", "departure", "planned departure - 2 h", "a - b", "day + 30 min"])
def test_what_a_deadline_says_survives_being_taken_apart(text: str) -> None:
    assert Until.read(text).text() == text


def test_who_is_asked_is_described_below_and_a_wrong_share_is_refused(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.state.open("planners")
        desk.write("People", "9")
        people = desk.state.session.flow.people["planners"]
        assert isinstance(people, dict) and people["simulated"]["people"] == 9
        desk.write("Accuracy", "7")
        await desk.user.should_see("'Accuracy' of the people 'planners' is 7, but it must be at most 1.")
        assert desk.state.session.flow.people["planners"] == people
        desk.choose("Who", "a new group")
        desk.write("Name of the new group", "drivers")
        assert desk.setting("planners", "who") == "drivers"

    sit(scene)


def test_an_edit_made_elsewhere_is_shown_and_leaves_alone_what_is_being_typed(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.state.open("unsure")
        before = {box.props["aria-label"]: box.id for box in desk.user.find(kind=TextBox).elements}
        desk.state.session.do(Configure(step="unsure", setting="at_most", value=7), "another page")
        boxes = {box.props["aria-label"]: box for box in desk.user.find(kind=TextBox).elements}
        assert boxes["Cases a round"].props["value"] == "7"
        assert boxes["Drawn at random"].id == before["Drawn at random"]

    sit(scene)


def test_links_are_cut_and_made_by_choices(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.state.open("unsure")
        desk.user.find(marker="cut risk.predictions -> unsure.predictions").click()
        assert "risk.predictions -> unsure.predictions" not in map(str, desk.state.session.flow.links)
        desk.choose("Connect predictions from", "Risk")
        assert "risk.predictions -> unsure.predictions" in map(str, desk.state.session.flow.links)

    sit(scene)


def test_a_flow_with_errors_is_not_run_and_says_why(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.state.session.do(RemoveStep(step="risk"))
        desk.user.find("Rehearse").click()
        await desk.user.should_see(marker="toast")
        assert desk.state.live.runs.last() is None and not desk.state.run.works

    sit(scene)


def test_a_number_of_rounds_that_is_none_is_refused(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        for wrong in ("0", "-3", "many", "1e9", "²"):
            desk.write("Rounds of the rehearsal", wrong)
            await desk.user.should_see(f"'{wrong}' is no number of rounds.")

    sit(scene)


def test_going_live_names_people_questions_and_files_before_anything_happens(sit: Any) -> None:
    async def scene(desk: Desk) -> None:
        desk.user.find("Go live …").click()
        await desk.user.should_see("Real people are asked: planners, at most 40 questions a round")
        await desk.user.should_see("all deadlines lie in the past, the last one was", retries=50)
        await desk.user.should_see("nobody would be asked anything now")
        await desk.user.should_see("Rehearse instead")
        await desk.user.should_see("is a new file; rows that were delivered otherwise are listed beside it.")
        assert desk.state.live.runs.last() is None

    sit(scene)


def test_after_a_rehearsal_the_panels_show_what_flowed_and_what_it_brought(sit: Any, tmp_path: Path) -> None:
    flow = tmp_path / "example" / "flow.yaml"
    assert main(["run", str(flow), "--people", "simulated", "--rounds", "1", "--quiet"]) == 0

    async def scene(desk: Desk) -> None:
        await _until(lambda: desk.state.results is not None)
        desk.state.show("results")
        for words in ("simulated", "Recall of the team is at least 95 %.", "Who decided, in decided.csv"):
            await desk.user.should_see(words)
        desk.state.peek("shipments.records -> risk.records")
        await desk.user.should_see("800 rows of Records", retries=50)
        await desk.user.should_see("First rows")
        await desk.user.should_see("planned_departure")
        desk.state.peek("nothing.here -> nor.there")
        await desk.user.should_see("Nothing has flowed here yet.", retries=50)

    sit(scene)


def test_a_round_that_ends_while_results_are_read_is_read_as_well(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(desk: Desk) -> None:
        read, gate = list[int](), threading.Event()
        live = binding.Live(desk.state)
        monkeypatch.setattr(binding, "read_results", lambda state: (read.append(state.run.round), gate.wait(5))[0])
        for number in (1, 2, 3):
            update = Update({"cards": {}, "links": {}}, RunState("running", "", "rehearsal", number))
            monkeypatch.setattr(desk.state.live, "whole", lambda update=update: update)
            live.show()
            await asyncio.sleep(0.05)
        gate.set()
        await _until(lambda: len(read) == 2)
        assert read == [1, 3]

    sit(scene)


async def _until(fact: Callable[[], bool]) -> None:
    for _ in range(200):
        if fact():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("It did not come to be")
