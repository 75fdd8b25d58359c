"""The canvas on a page: what it tells becomes edits, and what changes is drawn on it."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from editor.canvas import FlowCanvas, Payload, Value
from editor.clipboard import copied
from editor.state import PageState

OPENED_AFTER = "add"
"""The gesture after which the new card is looked at."""
SELECTED_AFTER = ("paste", "duplicate")
"""Gestures after which what is new is selected."""


class Drawing:
    """Binds a canvas to the state of its page."""

    def __init__(self, state: PageState) -> None:
        self.state = state

    def build(self) -> None:
        """Make the place; the canvas is drawn in it when the page is known to be wide."""
        self._place = ui.element("div").classes("td-canvas-frame td-wide-only")
        self._editable = not self.state.session.read_only
        self.state.on_change.add(lambda change: self._turned())

    def show(self, wide: bool) -> None:
        """Draw the canvas on a page that has become wide; a narrow one neither loads nor keeps it."""
        if wide and self.state.canvas is None:
            with self._place:
                self.state.canvas = self._canvas()
        elif not wide:
            self.state.canvas = None
            self._place.clear()

    def _canvas(self) -> FlowCanvas:
        return FlowCanvas(
            on_ready=lambda said: self._ready(),
            on_intent=self._intent,
            on_select=self._selected,
            on_open=self._opened,
            on_peek=lambda said: self.state.peek(_text(said.get("link"))),
            on_fix=lambda said: self.state.fix(_text(said.get("fixId"))),
            on_key=lambda said: self._key(_text(said.get("action"))),
            on_copy=self._copied,
            on_paste=self._pasted,
        )

    def _ready(self) -> None:
        self._load()
        self.state.on_ready.tell(None)
        if self.state.selected.card and self.state.canvas is not None:
            self.state.canvas.select([self.state.selected.card])

    def _turned(self) -> None:
        """Draw all anew when the flow has become one that can be edited here, or no longer is."""
        editable = not self.state.session.read_only
        if editable != self._editable:
            self._editable = editable
            self._load()

    def _load(self) -> None:
        if self.state.canvas is not None:
            self.state.canvas.load(self.state.session.snapshot())  # type: ignore[arg-type]  # a snapshot is plain data

    def _intent(self, said: Payload) -> None:
        before = set(self.state.session.flow.steps)
        if not self.state.intent(said, on_canvas=True):
            return
        new = [card for card in self.state.session.flow.steps if card not in before]
        if said.get("type") == OPENED_AFTER and new:
            self._select(new[:1])
            self.state.open(new[0])
        elif said.get("type") in SELECTED_AFTER and new:
            self._select(new)

    def _select(self, cards: list[str]) -> None:
        if self.state.canvas is not None:
            self.state.canvas.select(cards)

    def _copied(self, said: Payload) -> None:
        if self.state.canvas is not None:
            self.state.canvas.set_clipboard(copied(self.state.session.flow, _texts(said.get("cards"))))

    def _pasted(self, said: Payload) -> None:
        self._intent({"id": "paste", "type": "paste", "piece": said.get("text"), "position": said.get("position")})

    def _selected(self, said: Payload) -> None:
        cards = _texts(said.get("cards"))
        one = cards[0] if len(cards) == 1 else ""
        if one != self.state.selected.card:
            self.state.select(one)

    def _opened(self, said: Payload) -> None:
        self.state.open(_text(said.get("card")), _text(said.get("setting")))

    def _key(self, action: str) -> None:
        if action == "undo":
            self.state.undo()
        elif action == "redo":
            self.state.redo()
        elif action == "save":
            self.state.save()
        else:
            self.state.on_key.tell(action)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Value) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, Sequence) else []
