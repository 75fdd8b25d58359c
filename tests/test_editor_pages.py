"""The pages of the editor, used by simulated people: no browser, the real server."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import pytest

os.environ.setdefault("NICEGUI_STORAGE_PATH", tempfile.mkdtemp(prefix="tandem-pages-"))

from nicegui import ui
from nicegui.events import GenericEventArguments
from nicegui.testing.user import User
from nicegui.testing.user_interaction import UserInteraction
from nicegui.testing.user_simulation import user_simulation

from editor.app import Editor
from editor.canvas import FlowCanvas
from editor.examples import begin_with
from editor.pages.boxes import Picker, TextBox
from editor.pages.buttons import Button
from editor.state import PageState
from flows.catalog import installed
from flows.problems import Refused
from runtime.steps import BUILTIN

EXAMPLE = Path(__file__).parent.parent / "examples" / "late-shipments"
CATALOG = installed(BUILTIN)
Scene = Callable[["Stage"], Awaitable[None]]


class Stage:
    """A server with one person on its page, and all that was told to canvases."""

    def __init__(self, editor: Editor, user: User, told: list[tuple[str, tuple[Any, ...]]]) -> None:
        self.editor, self.user, self.told = editor, user, told

    @property
    def state(self) -> PageState:
        """The state of the page that was opened last."""
        return [*self.editor.pages.values()][-1]

    async def open(self, path: str = "/") -> PageState:
        """Load the page anew, as in a second tab."""
        await self.user.open(path)
        self.turn("wide")
        return self.state

    def turn(self, width: Literal["narrow", "wide"]) -> None:
        """Make the page as narrow as a phone or as wide as a desk, as the browser tells it."""
        layout = self.user.client.layout
        for listener in [*layout._event_listeners.values()]:
            if listener.type == "tandemNarrow":
                told = {"narrow": width == "narrow"}
                with self.user:
                    listener.handler(GenericEventArguments(sender=layout, client=self.user.client, args=told))

    def canvases(self) -> int:
        """Return how many canvases the page holds."""
        return sum(isinstance(element, FlowCanvas) for element in self.user.client.elements.values())

    def named(self, kind: type[TextBox | Picker], label: str) -> UserInteraction[Any]:
        """Return a field by its name."""
        found = self.user.find(kind=kind)
        return UserInteraction(self.user, {one for one in found.elements if one.props["aria-label"] == label}, None)

    def type(self, label: str, text: str) -> None:
        """Type into a field that is told with each letter."""
        self.named(TextBox, label).trigger("typed", text)

    def gesture(self, **intent: object) -> None:
        """Do something on the canvas of the page."""
        self.user.find(kind=FlowCanvas).trigger("intent", {"id": "i1", "baseRev": 0, **intent})


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Scene], None]:
    """Return what plays a scene on the page of a flow."""
    told: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(FlowCanvas, "run_method", lambda self, name, *args, **more: told.append((name, args)))

    async def run(flow: Path, scene: Scene) -> None:
        async with user_simulation() as user:
            editor = Editor(flow, CATALOG)
            editor.register()
            stage = Stage(editor, user, told)
            await stage.open()
            await scene(stage)

    return lambda flow, scene: asyncio.run(run(flow, scene))


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Return the flow of a copy of the example."""
    shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns(".*"))
    return tmp_path / "example" / "flow.yaml"


def click(user: User, words: str) -> None:
    """Press the button that is called so."""
    user.find(kind=Button, content=words).click()


def test_an_empty_flow_invites_and_the_invitation_goes_with_the_first_step(play: Any, tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await stage.user.should_see("A flow begins with data. Where does yours come from?")
        click(stage.user, "Use demo data")
        assert [card.kind for card in stage.state.session.flow.steps.values()] == ["demo-data"]
        await stage.user.should_not_see("A flow begins with data. Where does yours come from?")

    play(tmp_path / "new.yaml", scene)


def test_beginning_with_the_example_brings_its_data_and_overwrites_nothing(play: Any, tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        (tmp_path / "arrivals.csv").write_text("mine")
        click(stage.user, "Open the example")
        await stage.user.should_see("There is another 'arrivals.csv' in this folder")
        assert not stage.state.session.flow.steps and (tmp_path / "arrivals.csv").read_text() == "mine"
        (tmp_path / "arrivals.csv").unlink()
        click(stage.user, "Open the example")
        assert "planners" in stage.state.session.flow.steps and (tmp_path / "shipments.csv").is_file()
        stage.state.undo()
        assert not stage.state.session.flow.steps

    play(tmp_path / "new.yaml", scene)


def test_a_file_of_the_folder_becomes_a_step_that_reads_it(play: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")

    async def scene(stage: Stage) -> None:
        click(stage.user, "mine.csv")
        assert stage.state.session.flow.steps["data"].settings["path"] == "mine.csv"

    play(tmp_path / "new.yaml", scene)


def test_two_tabs_see_each_others_edits(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        first = stage.state
        second = await stage.open()
        heard: list[str] = []
        first.on_change.add(lambda change: heard.append(change.says))
        stage.gesture(type="disconnect", links=["risk.predictions -> unsure.predictions"])
        assert first.session is second.session and heard[:1] == ["disconnect risk from unsure"]
        applied = [args for name, args in stage.told if name == "apply"]
        gone = {"op": "linkGone", "id": "risk.predictions -> unsure.predictions"}
        assert sum(gone in ops for ops, _ in applied) == 2, "both canvases draw it"

    play(example, scene)


def test_a_refused_gesture_is_put_back_with_its_reason_and_a_refused_choice_is_said(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.gesture(type="connect", source="shipments.records", target="plan.decisions", feedback=False)
        refusals = [args[0] for name, args in stage.told if name == "refuse"]
        assert len(refusals) == 1 and "'Plan' takes decisions" in refusals[0]["says"]
        assert not stage.state.intent({"id": "x", "type": "connect", "source": "a.b", "target": "c.d"})
        await stage.user.should_see(marker="toast")

    play(example, scene)


def test_undo_and_redo_name_what_they_take_back(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.gesture(type="retitle", card="risk", title="Late or not")
        names = {element.props.get("aria-label") for element in stage.user.find(kind=ui.element).elements}
        assert {"Undo: title risk", "Nothing to redo"} <= names
        stage.user.find(kind=FlowCanvas).trigger("key", {"action": "undo"})
        assert stage.state.session.flow.steps["risk"].title == ""
        stage.user.find(kind=FlowCanvas).trigger("key", {"action": "redo"})
        assert stage.state.session.flow.steps["risk"].title == "Late or not"

    play(example, scene)


def test_an_aim_is_set_by_choices_and_a_share_is_typed_in_per_cent(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.user.find(marker="aims-0").click()
        stage.type("This number", "nonsense")
        click(stage.user, "Save")
        await stage.user.should_see("A number is missing")
        stage.type("This number", "97,5 %")
        await stage.user.should_see("Recall of the team is at least 97.5 %.")
        click(stage.user, "Save")
        assert [str(aim) for aim in stage.state.session.flow.intent.aims] == ["quality.team_recall >= 0.975"]

    play(example, scene)


def test_without_anything_that_measures_the_aim_offers_a_step_that_does(play: Any, tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        click(stage.user, "Add an aim")
        await stage.user.should_see("Nothing in this flow measures anything yet.")

    play(tmp_path / "new.yaml", scene)


def test_a_problem_is_a_sentence_whose_fix_is_a_button(play: Any, example: Path) -> None:
    example.write_text(example.read_text().replace("- risk.predictions -> unsure.predictions\n", ""))

    async def scene(stage: Stage) -> None:
        problems = [one for one in stage.state.session.problems() if one.level == "error"]
        assert problems
        stage.user.find(marker="tray").click()
        await stage.user.should_see(problems[0].message)

    play(example, scene)


def test_the_palette_is_searched_in_everyday_words_and_enter_adds_the_first(play: Any, tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.type("Search for a step", "spreadsheet")
        stage.user.find(marker="palette-search").trigger("keydown.enter")
        assert [card.kind for card in stage.state.session.flow.steps.values()] == ["read-table"]

    play(tmp_path / "new.yaml", scene)


def test_a_narrow_page_shows_an_outline_that_connects_by_choices(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.turn("narrow")
        stage.user.find(marker="outline-unsure").click()
        stage.user.find(marker="cut").click()
        assert not stage.state.session.flow.into("unsure")
        stage.named(Picker, "Connect predictions to").trigger("chosen", "1")
        links = stage.state.session.flow.into("unsure")
        assert [str(link) for link in links] == ["risk.predictions -> unsure.predictions"]
        click(stage.user, "Remove")
        assert "unsure" not in stage.state.session.flow.steps

    play(example, scene)


def test_a_narrow_page_holds_no_canvas_and_a_page_that_grows_draws_it_whole(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        await stage.user.open("/")
        assert stage.canvases() == 0, "before it is known how wide the page is"
        stage.turn("narrow")
        assert stage.canvases() == 0 and stage.state.canvas is None
        stage.state.select("risk")
        stage.turn("wide")
        assert stage.canvases() == 1
        stage.told.clear()
        stage.user.find(kind=FlowCanvas).trigger("ready", {})
        assert stage.told[0][0] == "load"
        assert ("select", (["risk"],)) in stage.told
        stage.turn("narrow")
        assert stage.canvases() == 0 and stage.state.canvas is None

    play(example, scene)


def test_an_outline_shows_what_flowed_and_the_notes(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.gesture(type="note", position=[0, 0], text="Ask the depot first")
        stage.turn("narrow")
        await stage.user.should_see("Ask the depot first")
        stage.user.find(marker="outline-unsure").click()
        click(stage.user, "Risk: predictions")
        assert stage.state.side == "peek"
        assert stage.state.peeked == "risk.predictions -> unsure.predictions"

    play(example, scene)


def test_a_file_that_cannot_be_read_is_shown_with_its_line_until_it_can(play: Any, example: Path) -> None:
    good = example.read_text()
    example.write_text(good.replace("steps:", "steps: [", 1))

    async def scene(stage: Stage) -> None:
        await stage.user.should_see("Read only")
        stage.gesture(type="remove", cards=["risk"])
        assert [name for name, _ in stage.told if name == "refuse"]
        example.write_text(good)
        stage.editor.registry.tick()
        assert "risk" in stage.state.session.flow.steps
        assert [name for name, _ in stage.told][-1] == "load"

    play(example, scene)


def test_edits_are_saved_by_themselves(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.gesture(type="retitle", card="risk", title="Late or not")
        await stage.user.should_see("Saving …", retries=8)
        await stage.user.should_see("Saved", retries=20)
        assert "Late or not" in example.read_text()

    play(example, scene)


def test_what_came_from_the_file_is_text_and_never_markup(play: Any, example: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    text = example.read_text().replace("Every shipment that", hostile)
    example.write_text(text.replace("name: Late shipments", f"name: '{hostile}'"))

    async def scene(stage: Stage) -> None:
        await stage.user.should_see(hostile)
        assert not [html for html in stage.user.find(kind=ui.html).elements if "onerror" in html.content]

    play(example, scene)


@pytest.mark.parametrize("name", ["../../secret.yaml", "/etc/passwd", "flow.txt", "%00.yaml"])
def test_only_flows_of_the_workspace_are_opened(play: Any, example: Path, name: str) -> None:
    (example.parent.parent / "secret.yaml").write_text("tandem: 1\nname: secret\n")

    async def scene(stage: Stage) -> None:
        state = await stage.open(f"/?flow={name}")
        assert state.session.path.parent == example.parent

    play(example, scene)


def test_a_page_takes_a_file_into_the_workspace_under_a_safe_name(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        url = f"/_tandem/files/{stage.state.page}"
        for wanted in ("..%2F..%2Fshipments.csv", "shipments.csv"):
            answer = await stage.user.http_client.post(url, content=b"a\n1\n", headers={"X-File-Name": wanted})
            assert answer.json()["path"].startswith("shipments-")
        refused = await stage.user.http_client.post(url, content=b"MZ", headers={"X-File-Name": "run.exe"})
        assert "not a table" in refused.json()["says"]
        unknown = await stage.user.http_client.post("/_tandem/files/nobody", content=b"a")
        assert "no longer known" in unknown.json()["says"]
        assert (example.parent / "shipments.csv").read_bytes() == (EXAMPLE / "shipments.csv").read_bytes()

    play(example, scene)


def test_an_example_takes_the_place_of_an_empty_flow_only(example: Path) -> None:
    session = Editor(example, CATALOG).registry.open(example)
    with pytest.raises(Refused, match="steps already"):
        begin_with(session)
