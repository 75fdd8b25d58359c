"""Fields to type and choose in, with a label that is seen and read out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui

from editor.pages.buttons import Words


def text_input(
    label: str, value: str = "", *, placeholder: str = "", on_done: Callable[[str], object] | None = None
) -> ui.input:
    """Draw a line to type in; `on_done` gets the text when Enter is pressed or the field is left."""
    field = ui.input(value=value, placeholder=placeholder).props("borderless dense").classes("td-input")
    field.props["aria-label"] = label
    if on_done is not None:
        done = on_done
        field.on("blur", lambda: done(field.value or ""), [])
        field.on("keydown.enter", lambda: done(field.value or ""), [])
    return field


def choice(
    label: str, options: Mapping[str, str], value: str | None, on_change: Callable[[str], object] | None = None
) -> ui.select:
    """Draw a list to choose one from, of values with their words."""
    known = value if value in options else None

    def told() -> None:
        if on_change is not None and isinstance(field.value, str):
            on_change(field.value)

    field = ui.select(dict(options), value=known, on_change=lambda: told())
    field.props("borderless dense options-dense").classes("td-input")
    field.props["aria-label"] = label
    field.props["behavior"] = "menu"
    return field


def labelled(label: str, help: str = "") -> ui.element:
    """Draw the frame of a field with its label, and help below it; the field is drawn inside."""
    frame = ui.element("div").classes("td-field")
    with frame:
        Words(label).classes("td-field-label")
    if help:
        frame.props["data-help"] = help
    return frame
