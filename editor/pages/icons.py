"""The signs of the editor, drawn as lines in a square of 16; those of the families are the ones on the cards."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from flows.show.theme import SIGNS, Kin

ICONS: Mapping[str, str] = {
    "undo": "M6 3.5L2.5 7 6 10.5M2.5 7h7a4 4 0 0 1 0 6.5H7",
    "redo": "M10 3.5L13.5 7 10 10.5M13.5 7h-7a4 4 0 0 0 0 6.5H9",
    "find": "M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.7 10.7L14 14",
    "help": "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM6 6.2a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.4M8 11.7v.1",
    "light": "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9L13 13M3 13"
    "l1.1-1.1M11.9 4.1L13 3",
    "menu": "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    "more": "M3.5 8v.01M8 8v.01M12.5 8v.01",
    "results": "M2 14h12M4 11.5V8M8 11.5V3M12 11.5V5.5",
    "larger": "M9.5 2.5h4v4M13.5 2.5L9 7M6.5 13.5h-4v-4M2.5 13.5L7 9",
    "close": "M3.5 3.5l9 9M12.5 3.5l-9 9",
    "add": "M8 3v10M3 8h10",
    "minus": "M3 8h10",
    "remove": "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5",
    "edit": "M3 13l.7-2.9 7-7a1.3 1.3 0 0 1 1.9 0l.3.3a1.3 1.3 0 0 1 0 1.9l-7 7z",
    "play": "M5 3.2v9.6l8-4.8z",
    "stop": "M4 4h8v8H4z",
    "done": "M3 8.5l3.2 3.2L13 5",
    "circle": "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z",
    "error": "M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2L1.8 10.8V5.2zM8 4.8v3.7M8 11v.1",
    "warning": "M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.6v.1",
    "hint": "M8 1.8a4.4 4.4 0 0 0-2.4 8.1v1.6h4.8V9.9A4.4 4.4 0 0 0 8 1.8zM6.2 14h3.6",
    "down": "M4 6l4 4 4-4",
    "up": "M4 10l4-4 4 4",
    "left": "M10 4L6 8l4 4",
    "right": "M6 4l4 4-4 4",
    "panel": "M2 3h12v10H2zM6 3v10",
    "file": "M4 1.8h5l3 3v9.4H4zM9 1.8v3h3",
    "upload": "M8 10V2.5M5 5l3-3 3 3M2.5 10.5v3h11v-3",
    "goal": "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 11.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM8 8v.01",
    "aim": "M3 14V2.5M3 3h8.5l-1.8 2.7 1.8 2.8H3",
    "limit": "M8 1.5l5.5 2v4.2c0 3.4-2.4 5.7-5.5 6.8-3.1-1.1-5.5-3.4-5.5-6.8V3.5z",
    "example": "M2 4.5l6-2.7 6 2.7-6 2.7zM2 8l6 2.7L14 8M2 11.3L8 14l6-2.7",
    "saved": "M4.5 12.5a3 3 0 0 1-.3-6A4 4 0 0 1 12 7.2a2.7 2.7 0 0 1-.3 5.3zM6.3 9.4l1.3 1.3 2.4-2.6",
    "live": "M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.6 11.4a4.8 4.8 0 0 1 0-6.8M11.4 4.6a4.8 4.8 0 0 1 0 6.8"
    "M2.3 13.7a8 8 0 0 1 0-11.4M13.7 2.3a8 8 0 0 1 0 11.4",
    "link": "M6.5 9.5l3-3M7 4.8l1.2-1.2a2.9 2.9 0 0 1 4.2 4.2L11.2 9M9 11.2l-1.2 1.2a2.9 2.9 0 0 1-4.2-4.2L4.8 7",
    "feedback": "M13 6.5A5.2 5.2 0 0 0 3.6 5M3 9.5A5.2 5.2 0 0 0 12.4 11M3.5 2v3.2h3.2M12.5 14v-3.2H9.3",
}
"""The signs of what can be done."""


def icon(name: str, size: int = 16) -> ui.html:
    """Draw a sign; it says nothing to a screen reader, since words stand beside it."""
    return _drawn(ICONS[name], size).classes("td-icon")


def sign(family: str | None, size: int = 16) -> ui.html:
    """Draw the sign of a family in its colour."""
    kin: Kin = next((name for name in SIGNS if name == family), "unknown")
    return _drawn(SIGNS[kin], size).classes(f"td-icon td-family-{kin}")


def _drawn(path: str, size: int) -> ui.html:
    svg = (
        f'<svg viewBox="0 0 16 16" width="{size}" height="{size}" fill="none" stroke="currentColor" '
        f'stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="{path}"/></svg>'
    )
    return ui.html(svg, sanitize=False, tag="span")  # the path is ours, never data
