"""What an empty flow shows: three ways to begin."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from editor.beginnings import first_settings, fresh_id, tables_in
from editor.examples import begin_with
from editor.pages.buttons import Button, Words
from editor.pages.file_drop import FileDrop
from editor.pages.icons import icon
from editor.state import PageState
from flows.commands import AddStep
from flows.problems import Refused

READ, DEMO = "read-table", "demo-data"
MOST = 4


class BeginningsView:
    """The invitation over an empty canvas; it goes with the first step."""

    def __init__(self, state: PageState, add: Callable[[], object]) -> None:
        self.state, self._any = state, add

    def build(self) -> None:
        """Draw it."""
        self._place = ui.element("section").classes("td-beginnings")
        self._place.props["aria-label"] = "Begin a flow"
        with self._place, ui.element("div").classes("td-beginnings-inside"):
            Words("Draw how people and models decide together", "h1").classes("td-beginnings-title")
            Words("A flow begins with data. Where does yours come from?", "p").classes("td-beginnings-says")
            FileDrop(self.state, "Drop your data here, or choose a file (CSV, Excel, Parquet)", self._read)
            self._files()
            with ui.element("div").classes("td-ways"):
                self._way("example", "See a finished flow", "Late shipments: a model and six planners, with data.",
                          "Open the example", self._example)  # fmt: skip
                self._way("circle", "Try with demo data", "Made-up shipments whose truth is known.",
                          "Use demo data", self._demo)  # fmt: skip
                self._way("add", "Begin with any step", "Choose from everything that can be done.",
                          "Add a step", self._any)  # fmt: skip
        self.state.on_change.add(lambda change: self.show())
        self.show()

    def show(self) -> None:
        """Show it while nothing is drawn."""
        session = self.state.session
        empty = not session.flow.steps and not session.flow.notes and not session.trouble
        self._place.set_visibility(empty)

    def _files(self) -> None:
        """Offer the tables that lie in the folder already."""
        there = tables_in(self.state.workspace)[:MOST]
        if not there:
            return
        with ui.element("div").classes("td-there"):
            Words("In this folder:").classes("td-help")
            for name in there:
                Button(name, self._reads(name), icon_name="file", look="outlined").classes("td-small")

    def _reads(self, name: str) -> Callable[[], None]:
        return lambda: self._read(name)

    def _way(self, sign: str, title: str, says: str, button: str, act: Callable[[], object]) -> ui.element:
        with ui.element("div").classes("td-way") as way:
            icon(sign, 20)
            Words(title, "h2").classes("td-way-title")
            Words(says, "p").classes("td-help")
            Button(button, act, look="outlined")
        return way

    def _read(self, path: str) -> None:
        self._add(READ, "data", {"path": path})

    def _demo(self) -> None:
        self._add(DEMO, "demo", {})

    def _add(self, kind_name: str, wanted: str, settings: dict[str, str]) -> None:
        session = self.state.session
        kind = session.catalog.get(kind_name)
        if kind is None:
            return
        begun = {**first_settings(kind, session.flow, session.folder), **settings}
        id = fresh_id(session.flow, wanted)
        if self.state.do(AddStep(id=id, kind=kind_name, settings=begun, position=(0, 0))):
            self.state.go_to(id)

    def _example(self) -> None:
        try:
            begin_with(self.state.session)
        except Refused as refused:
            self.state.notify(str(refused), "error")
            return
        if self.state.canvas is not None:
            self.state.canvas.fit_view()
        self.state.notify("This is the example, with its data. Press Rehearse to see it at work.", "good")
