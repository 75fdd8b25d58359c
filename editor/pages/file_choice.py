"""Which file a step reads: one of those in the workspace, or one that a person brings."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from editor.fields import Choice, Field
from editor.pages.boxes import Picker
from editor.pages.desk import Desk, named
from editor.pages.file_drop import FileDrop
from flows.step import Plain


def file_choice(field: Field, desk: Desk, give: Callable[[Plain], str]) -> None:
    """Draw the tables of the workspace to choose from, and a place to bring another one."""
    with ui.element("div").classes("td-several"):
        if desk.files or field.value:
            files = [Choice(name, name) for name in desk.files]
            Picker(named(field), files, field.value, give, prompt=field.prompt)
        FileDrop(desk.state, "Bring a file: drop it here, or choose it", give).classes("td-drop-small")
