"""The page on which a flow is drawn and run: all its panels, put together."""

from __future__ import annotations

from nicegui import ui
from nicegui.events import GenericEventArguments

from editor.binding import Live
from editor.pages.banner import Banner
from editor.pages.beginnings_view import BeginningsView
from editor.pages.drawing import Drawing
from editor.pages.finder import Finder
from editor.pages.help_overlay import HelpOverlay
from editor.pages.intent_strip import IntentStrip
from editor.pages.outline import Outline
from editor.pages.page_head import head
from editor.pages.palette_column import PaletteColumn
from editor.pages.problems_tray import ProblemsTray
from editor.pages.run_controls import RunControls
from editor.pages.side_panel import SidePanel
from editor.pages.toasts import Toasts
from editor.pages.top_bar import TopBar
from editor.state import PageState


class EditorPage:
    """All panels of one page over one state."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._outline, self._drawing, self._run = Outline(state), Drawing(state), RunControls(state)

    def build(self) -> None:
        """Draw the page into the client that asks for it."""
        state = self.state
        head()
        with ui.element("div").classes("td-page"):
            Toasts(state).build()
            with ui.element("div"):
                TopBar(state, self._run.build, self._find, self._help).build()
                Banner(state).build()
            IntentStrip(state).build()
            with ui.element("div").classes("td-body"):
                PaletteColumn(state).build()
                with ui.element("main").classes("td-stage"):
                    self._drawing.build()
                    self._outline.build()
                    BeginningsView(state, self._add).build()
                SidePanel(state).build()
            ProblemsTray(state).build()
        state.on_key.add(self._key)
        ui.on("tandem-narrow", self._width)
        ui.on("tandem-key", self._pressed)
        Live(state).start()

    def _width(self, event: GenericEventArguments) -> None:
        narrow = isinstance(event.args, dict) and event.args.get("narrow") is True
        self._outline.show(narrow)
        self._drawing.show(not narrow)

    def _pressed(self, event: GenericEventArguments) -> None:
        """Do what a key means that was pressed where no canvas takes it."""
        action = event.args.get("action") if isinstance(event.args, dict) else None
        turn = {"undo": self.state.undo, "redo": self.state.redo, "save": self.state.save}.get(str(action))
        turn() if turn else self._key(str(action))

    def _key(self, action: str) -> None:
        if action == "find":
            self._find()
        elif action == "help":
            self._help()
        elif action == "run" and not self.state.run.works:
            self._run.rehearse()

    def _add(self) -> None:
        if self._outline.shown or self.state.canvas is None:
            self._outline.add()
        else:
            self.state.canvas.open_adder()

    def _find(self) -> None:
        Finder(self.state).open()

    def _help(self) -> None:
        HelpOverlay(self._outline.shown).open()
