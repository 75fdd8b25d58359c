"""The bar above: whose flow this is, whether it is saved, undo and redo, the run, and help."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.flow_menu import FlowMenu
from editor.pages.icons import icon
from editor.pages.inputs import text_input
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
        self._title = ""

    def build(self) -> None:
        """Draw the bar."""
        with ui.element("header").classes("td-top"):
            with ui.element("div").classes("td-top-left"):
                ui.html(MARK, sanitize=False, tag="span").classes("td-logo")
                self._name()
                FlowMenu(self.state).build()
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
        if self._field.value != name:
            self._field.value = name
        self._field.enabled = not session.trouble
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
        self._field = text_input("Name of the flow", on_done=self._rename).classes("td-name")

    def _rename(self, text: str) -> None:
        flow = self.state.session.flow
        if text.strip() and text.strip() != (flow.name or flow.id):
            self.state.do(SetName(name=text.strip()))
        else:
            self._field.value = flow.name or flow.id

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
            self._saved.classes(
                add="td-not-saved" if words == "Not saved" else "",
                remove="" if words == "Not saved" else "td-not-saved",
            )

    def _buttons(self) -> None:
        state = self.state
        self._undo = Button("", state.undo, icon_name="undo", tip="Nothing to undo")
        self._redo = Button("", state.redo, icon_name="redo", tip="Nothing to redo")
        Button("", self._find, icon_name="find", tip="Find in the flow (Ctrl+F)").classes("td-wide-only td-tip-left")
        Button("", self._help, icon_name="help", tip="Help and keys (?)").classes("td-wide-only td-tip-left")
        self._looks()

    def _looks(self) -> None:
        with Button("", icon_name="light", tip="Light or dark").classes("td-tip-left"), ui.menu().classes("td-menu"):
            for chosen, words in (("system", "As the system"), ("light", "Light"), ("dark", "Dark")):
                item = ui.element("button").classes("td-button")
                item.props["type"] = "button"
                item.on("click", js_handler=f"() => tandemTheme('{chosen}')")
                with item:
                    Words(words)


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
