"""The bar above: whose flow this is, whether it is saved, undo and redo, the run, and help."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from editor.pages.boxes import TextBox
from editor.pages.buttons import Button, Words
from editor.pages.flow_menu import FlowMenu
from editor.pages.icons import icon
from editor.pages.menus import item, looks, menu
from editor.state import PageState
from flows.commands import SetName

MARK = (
    '<svg viewBox="0 0 28 28" fill="none" aria-hidden="true">'
    '<circle cx="10.5" cy="14" r="7" stroke="var(--td-family-people)" stroke-width="2.6"/>'
    '<circle cx="17.5" cy="14" r="7" stroke="var(--td-accent)" stroke-width="2.6"/></svg>'
)
"""Two rings that hold each other: a person and a model."""
LOOKED = 0.3
"""Seconds from look to look at whether the flow is saved."""


class TopBar:
    """The bar; `find` and `help` are opened by its buttons, `run_controls` draws its middle."""

    def __init__(
        self, state: PageState, run_controls: Callable[[], None], find: Callable[[], None], help: Callable[[], None]
    ) -> None:
        self.state, self._middle, self._find, self._help = state, run_controls, find, help
        self._flows = FlowMenu(state)
        self._title = ""

    def build(self) -> None:
        """Draw the bar."""
        with ui.element("header").classes("td-top"):
            with ui.element("div").classes("td-top-left"):
                ui.html(MARK, sanitize=False, tag="span").classes("td-logo")
                self._name()
                self._flows.build()
                self._saved_state()
            with ui.element("div").classes("td-top-middle"):
                self._middle()
            with ui.element("div").classes("td-top-right"):
                self._buttons()
        self.state.on_change.add(lambda change: self.show())
        self.show()

    def show(self) -> None:
        """Show the name, whether it is saved, and what can be undone, as they are now."""
        session = self.state.session
        name = session.flow.name or session.flow.id
        self._field.props["value"] = name
        self._field.props["readonly"] = bool(session.trouble)
        if self._title != name:
            self._title = name
            with self._field:
                ui.page_title(f"{name} · Tandem")
        for button, label, nothing in (
            (self._undo, session.undo_label, "Nothing to undo"),
            (self._redo, session.redo_label, "Nothing to redo"),
        ):
            button.tip(label or nothing)
            button.name(label or nothing)
            button.can(bool(label))
        self._look()

    def _name(self) -> None:
        self._field = TextBox("Name of the flow", "", self._rename).classes("td-name")

    def _rename(self, text: str) -> None:
        flow = self.state.session.flow
        if text.strip() and text.strip() != (flow.name or flow.id):
            self.state.do(SetName(name=text.strip()))
        else:
            self._field.restore()

    def _saved_state(self) -> None:
        with ui.element("div").classes("td-saved") as self._saved:
            self._saved.props["role"] = "status"
            self._cloud = icon("saved", 15)
            self._words = Words("Saved")
        ui.timer(LOOKED, self._look)

    def _look(self) -> None:
        words, tip = saved_in_words(self.state)
        if self._words.text != words or self._saved.props.get("data-tip") != tip:
            self._words.text = words
            self._saved.props["data-tip"] = tip
            # Every edit is saved by itself: only what keeps it from being saved is read out.
            self._saved.props["aria-live"] = "polite" if words == "Not saved" else "off"
            self._saved.classes(
                add="td-not-saved" if words == "Not saved" else "",
                remove="" if words == "Not saved" else "td-not-saved",
            )

    def _buttons(self) -> None:
        state = self.state
        self._undo = Button("", state.undo, icon_name="undo", tip="Nothing to undo")
        self._redo = Button("", state.redo, icon_name="redo", tip="Nothing to redo")
        for act, sign, tip in (
            (self._results, "results", "Results"),
            (self._find, "find", "Find in the flow (Ctrl+F)"),
            (self._help, "help", "Help and keys (?)"),
        ):
            Button("", act, icon_name=sign, tip=tip).classes("td-wide-only td-tip-left")
        with menu(Button("", icon_name="light", tip="Light or dark").classes("td-wide-only td-tip-left"), "Looks"):
            looks()
        self._more()

    def _more(self) -> None:
        """Draw the menu that holds on a phone what the bar has no room for."""
        with menu(Button("", icon_name="menu", tip="More").classes("td-phone-only td-tip-left"), "More") as shown:
            shown.on("before-show", lambda: self._fill(shown), [])

    def _fill(self, shown: ui.menu) -> None:
        shown.clear()
        with shown:
            item("Find in the flow", self._find, icon_name="find")
            item("Results", self._results, icon_name="results")
            item("Help", self._help, icon_name="help")
            Words("Looks", "div").classes("td-menu-title")
            looks()
            self._flows.items()

    def _results(self) -> None:
        self.state.show("results")


def saved_in_words(state: PageState) -> tuple[str, str]:
    """Return whether all is in the file in a word or two, and more of it in a sentence."""
    session = state.session
    if session.trouble:
        return "Read only", "The file's text cannot be read. Correct it in a text editor; it is shown here at once."
    if session.conflict:
        return "Not saved", session.conflict.says
    if session.unsaved_because:
        return "Not saved", f"{session.unsaved_because} It is tried again by itself, and nothing is lost meanwhile."
    if session.unsaved:
        return "Saving …", ""
    return "Saved", f"All changes are in {session.path.name}."
