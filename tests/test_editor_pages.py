"""The pages of the editor, used by simulated people: no browser, the real server."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("NICEGUI_STORAGE_PATH", tempfile.mkdtemp(prefix="tandem-pages-"))

from nicegui import ui
from nicegui.events import GenericEventArguments
from nicegui.testing.user import User
from nicegui.testing.user_simulation import user_simulation

from editor.app import Editor, free_port
from editor.canvas import FlowCanvas
from editor.cli.edit import flow_to_edit
from editor.examples import begin_with
from editor.guard import Guard
from editor.pages.buttons import Button
from editor.state import PageState
from editor.uploads import safe_name, take
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
        return self.state

    def narrow(self) -> None:
        """Make the page as narrow as a phone."""
        layout = self.user.client.layout
        for listener in [*layout._event_listeners.values()]:
            if listener.type == "tandemNarrow":
                said = GenericEventArguments(sender=layout, client=self.user.client, args={"narrow": True})
                with self.user:
                    listener.handler(said)

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
            await user.open("/")
            await scene(Stage(editor, user, told))

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
        assert len(refusals) == 1 and "'Records'" in refusals[0]["says"].replace("Records", "'Records'", 1)
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
        number = next(e for e in stage.user.find(kind=ui.input).elements if e.props.get("aria-label") == "This number")
        number.value = "nonsense"
        click(stage.user, "Save")
        await stage.user.should_see("A number is missing")
        number.value = "97,5 %"
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
        search = stage.user.find(marker="palette-search")
        search.type("spreadsheet").trigger("keydown.enter")
        assert [card.kind for card in stage.state.session.flow.steps.values()] == ["read-table"]

    play(tmp_path / "new.yaml", scene)


def test_a_narrow_page_shows_an_outline_that_connects_by_choices(play: Any, example: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.narrow()
        stage.user.find(marker="outline-unsure").click()
        stage.user.find(marker="cut").click()
        assert not stage.state.session.flow.into("unsure")
        choice = next(e for e in stage.user.find(kind=ui.select).elements if "predictions" in e.props["aria-label"])
        choice.value = "risk.predictions"
        links = stage.state.session.flow.into("unsure")
        assert [str(link) for link in links] == ["risk.predictions -> unsure.predictions"]
        click(stage.user, "Remove")
        assert "unsure" not in stage.state.session.flow.steps

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


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    """Yield the pieces of a file that arrives."""
    for part in parts:
        yield part


@pytest.mark.parametrize(("parts", "says"), [((b"123", b"456"), "larger"), ((), "empty")])
def test_a_file_too_large_or_empty_leaves_nothing_behind(tmp_path: Path, parts: tuple[bytes, ...], says: str) -> None:
    with pytest.raises(Refused, match=says):
        asyncio.run(take(tmp_path, "a.csv", pieces(*parts), most=5))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\a.csv", "a.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\0b:c?.CSV.gz", "a-b-c.csv.gz"),
        ("¿.csv", "table.csv"),
    ],
)
def test_a_file_name_cannot_leave_its_folder_or_hide(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_an_example_takes_the_place_of_an_empty_flow_only(example: Path) -> None:
    session = Editor(example, CATALOG).registry.open(example)
    with pytest.raises(Refused, match="steps already"):
        begin_with(session)


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({b"host": b"127.0.0.1:8420"}, True),
        ({b"host": b"127.0.0.1:8420", b"origin": b"http://127.0.0.1:8420"}, True),
        ({b"host": b"127.0.0.1:8420", b"origin": b"http://evil.example"}, False),
        ({b"host": b"127.0.0.1:8420", b"origin": b"null"}, False),
        ({b"host": b"evil.example"}, False),
        ({}, False),
    ],
)
def test_only_our_own_pages_are_answered(headers: dict[bytes, bytes], welcome: bool) -> None:
    """Another site's page reaches 127.0.0.1 as well: it names another host or sends its own origin."""
    passed, sent = [], []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["type"])

    async def send(message: Any) -> None:
        sent.append(message)

    guard = Guard(inner, ["127.0.0.1:8420"])
    for kind in ("http", "websocket"):
        asyncio.run(guard({"type": kind, "headers": list(headers.items())}, None, send))  # type: ignore[arg-type]
    assert bool(passed) is welcome and bool(sent) is not welcome


def test_the_command_names_a_flow_that_may_not_be_there_yet_and_refuses_what_is_none(tmp_path: Path) -> None:
    assert flow_to_edit(tmp_path) == tmp_path / "flow.yaml"
    (tmp_path / "late.yaml").touch()
    assert flow_to_edit(tmp_path) == tmp_path / "late.yaml"
    with pytest.raises(Refused, match="must end with"):
        flow_to_edit(tmp_path / "late.csv")
    with pytest.raises(Refused, match="no folder"):
        flow_to_edit(tmp_path / "nowhere" / "late.yaml")


def test_a_port_that_is_taken_gives_way_to_the_next() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_naming_the_command_loads_no_pages() -> None:
    code = "import sys, editor.cli.edit; assert not {'nicegui', 'fastapi', 'polars'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
