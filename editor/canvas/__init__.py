"""The canvas: one thin wrapper around what draws a flow in the browser and tells each finished gesture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui.element import Element

if TYPE_CHECKING:
    from nicegui.events import GenericEventArguments

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]
"""What JSON can say."""

Payload = Mapping[str, Value]
"""One object of the protocol between Python and the canvas."""

Handler = Callable[[Payload], None]

HERE = Path(__file__).parent
DIST = HERE / "dist"


def bundle() -> Path:
    """Return the folder of the built canvas, named after its sources.

    Browsers keep a bundle under its address for a year: a new build has a new address.
    """
    return DIST / (DIST / "sources.sha256").read_text(encoding="ascii")[:12]


class FlowCanvas(Element, component="flow_canvas.js", esm={"tandem-canvas": str(bundle())}):
    """Draws one flow and tells each finished gesture.

    Every handler gets one object of the protocol; `on_ready` comes when the browser can take a `load`,
    again after each reload of the page. All handlers are given here: one that is added later would
    draw the canvas anew.
    """

    def __init__(
        self,
        *,
        on_ready: Handler,
        on_intent: Handler,
        on_select: Handler,
        on_open: Handler,
        on_peek: Handler,
        on_fix: Handler,
        on_key: Handler,
        on_copy: Handler,
        on_paste: Handler,
    ) -> None:
        super().__init__()
        self._style["width"] = self._style["height"] = "100%"
        told = {
            "ready": on_ready,
            "intent": on_intent,
            "selection": on_select,
            "open": on_open,
            "peek": on_peek,
            "fix": on_fix,
            "key": on_key,
            "copy": on_copy,
            "pasteText": on_paste,
        }
        for event, handler in told.items():
            self.on(event, _payload(handler))

    def load(self, snapshot: Payload) -> None:
        """Draw a whole flow: `rev`, `cards`, `links`, `notes`, `groups`, `kinds`, `readOnly`, `texts`."""
        self.run_method("load", snapshot)

    def apply(self, ops: Sequence[Payload], rev: int) -> None:
        """Draw what has changed since the last revision."""
        self.run_method("apply", ops, rev)

    def refuse(self, refusal: Payload) -> None:
        """Put a gesture back, and say near the pointer why: `intentId`, `says`, `fixLabel`, `fixId`, `ops`, `rev`."""
        self.run_method("refuse", refusal)

    def set_status(self, batch: Payload) -> None:
        """Show how a run stands: states by card, rows by link. At most ten times a second."""
        self.run_method("setStatus", batch)

    def select(self, ids: Sequence[str]) -> None:
        """Select cards, notes and links by their ids, and nothing else."""
        self.run_method("select", ids)

    def focus_card(self, card: str) -> None:
        """Bring a card into the middle, select it and give it the focus."""
        self.run_method("focusCard", card)

    def fit_view(self) -> None:
        """Show the whole flow."""
        self.run_method("fitView")

    def set_dark(self, dark: bool) -> None:
        """Switch the page between its light and its dark looks."""
        self.run_method("setDark", dark)

    def open_adder(self, at: Payload | None = None) -> None:
        """Offer the steps to add, at a point of the page `{x, y}` or in the middle."""
        self.run_method("openAdder", at)

    def set_clipboard(self, text: str) -> None:
        """Put text on the clipboard of the person's machine."""
        self.run_method("setClipboard", text)


def _payload(handler: Handler) -> Callable[[GenericEventArguments], None]:
    def handle(event: GenericEventArguments) -> None:
        if isinstance(event.args, dict):  # anything else did not come from this canvas
            handler(event.args)

    return handle
