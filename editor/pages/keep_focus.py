"""The cursor stays where a person put it, though the page draws that place anew: asks `theme/focus.js` for it."""

from __future__ import annotations

import json

from nicegui import ui


def scroll_up(place: ui.element) -> None:
    """Show the panel from its beginning."""
    _run(place, "document.querySelectorAll('.td-side-body').forEach((body) => body.scrollTo(0, 0))")


def keep_focus(place: ui.element) -> None:
    """Put the cursor back where it was, when that was drawn anew and the cursor is nowhere else now."""
    _run(place, "tandemKeepFocus()")


def enter_panel(place: ui.element) -> None:
    """Put the cursor into the first field for whoever opened a card by keys; a pointer leaves it on the canvas."""
    _run(place, "tandemEnterPanel()")


def leave_panel(place: ui.element) -> None:
    """Put the cursor back where it was before it went into the side panel, when that is closed under it."""
    _run(place, "tandemLeavePanel()")


def focus_row(place: ui.element, row: str) -> None:
    """Put the cursor into the first field of a row."""
    _run(place, f"tandemFocusRow({json.dumps(row)})")


def _run(place: ui.element, code: str) -> None:
    # Not in whatever context asks for it: that may be another page's, or a button that is gone by now.
    place.client.run_javascript(code)
