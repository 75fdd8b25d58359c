"""Help for keys and gestures, opened with `?`."""

from __future__ import annotations

from nicegui import ui

from editor.pages.buttons import Words
from editor.pages.dialogs import dialog

GESTURES = (
    ("Add a step", "Drag it from the left, double click the canvas, or drop a wire on empty canvas."),
    ("Connect", "Drag from a port to another. What fits lights up."),
    ("Feed experience back", "Draw a wire backwards: it is remembered for the next round."),
    ("Put a step into a wire", "Drop it onto the wire."),
    ("See what flowed", "Click a wire after a run."),
    ("Change a step", "Click the coloured words of its sentence."),
)
TOUCHES = (
    ("Add a step", "Press “Add a step” below the last one, and say what should happen."),
    ("Connect", "Open a step and choose where each of its inputs comes from."),
    ("See what flowed", "Open a step and press the name beside an input, after a run."),
    ("Change a step", "Open a step and press “Change”."),
    ("Draw it", "On a broader window the flow is drawn on a canvas."),
)
"""What is done on a page too narrow for a canvas."""
KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Everywhere",
        (
            ("Ctrl Z", "Undo"),
            ("Ctrl Shift Z", "Redo"),
            ("Ctrl S", "Save now"),
            ("Ctrl F", "Find in the flow"),
            ("Ctrl Enter", "Rehearse"),
            ("?", "This help"),
        ),
    ),
    (
        "On the canvas",
        (
            ("A", "Add a step"),
            ("Arrows", "Go from card to card, or move what is selected"),
            ("Alt Arrows", "Go from card to card, whatever is selected"),
            ("Tab", "Go into the selected card: its words and ports"),
            ("Enter", "Open a card, or link a port"),
            ("L", "Link a card: choose a port, then its target"),
            ("N", "Write a note"),
            ("Delete", "Remove, and close the gap"),
            ("Esc", "Select nothing; Tab then leaves the cards"),
        ),
    ),
    (
        "With what is selected",
        (
            ("Shift Drag", "Select several"),
            ("Ctrl A", "Select all"),
            ("Ctrl C", "Copy, also into other flows"),
            ("Ctrl V", "Paste"),
            ("Ctrl D", "Duplicate"),
            ("Ctrl G", "Group"),
        ),
    ),
    ("Looking", (("F", "Show everything"), ("+ -", "Nearer, further"), ("0", "Full size"), ("M", "Map"))),
)


class HelpOverlay:
    """The overlay; it holds all gestures and keys of the editor, or what is done on a `narrow` page."""

    def __init__(self, narrow: bool = False) -> None:
        self._gestures_here = TOUCHES if narrow else GESTURES
        self._keys_here = KEYS[:1] if narrow else KEYS

    def open(self) -> None:
        """Show it."""
        with dialog("How to draw a flow", broad=True):
            self._gestures()
            with ui.element("div").classes("td-help-columns"):
                for title, keys in self._keys_here:
                    self._keys(title, keys)

    def _gestures(self) -> None:
        with ui.element("section").classes("td-help-gestures"):
            for what, how in self._gestures_here:
                with ui.element("div"):
                    Words(what, "b")
                    Words(how, "p").classes("td-help")

    def _keys(self, title: str, keys: tuple[tuple[str, str], ...]) -> None:
        with ui.element("section"):
            Words(title, "h3").classes("td-help-title")
            with ui.element("dl").classes("td-keys"):
                for pressed, what in keys:
                    with ui.element("dt"):
                        for key in pressed.split():
                            Words(key, "kbd").classes("td-key")
                    Words(what, "dd")
