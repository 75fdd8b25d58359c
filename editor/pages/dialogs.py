"""Dialogs in the editor's own looks: a title, a way out, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.keep_focus import keep_focus


@contextmanager
def dialog(title: str, *, broad: bool = False) -> Iterator[ui.dialog]:
    """Open a dialog; what is drawn inside is its content, and it is gone when it is closed."""
    with ui.context.client.content:  # what opened it may be drawn anew while it is open
        home = ui.element("div").classes("td-dialog-home")
    with home:
        shown = ui.dialog()

    def gone() -> None:
        keep_focus(home)  # what opened it may have been drawn anew meanwhile
        shown.delete()
        home.delete()

    shown.on("hide", gone, [])
    shown.props["aria-label"] = title
    box = "td-dialog td-broad" if broad else "td-dialog"
    with shown, ui.element("div").classes(box):
        with ui.element("div").classes("td-dialog-head"):
            Words(title, "h2").classes("td-dialog-title")
            Button("", shown.close, icon_name="close", tip="Close").classes("td-small td-tip-left")
        yield shown
    shown.open()
