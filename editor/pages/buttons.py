"""Buttons and words: plain elements in the editor's own looks, each with a name for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from nicegui.elements.mixins.text_element import TextElement

from editor.pages.icons import icon

Look = Literal["plain", "primary", "outlined", "quiet", "danger"]


class Words(TextElement):
    """Text in a tag of its own: what came from data is never read as anything but text."""

    def __init__(self, text: str, tag: str = "span") -> None:
        super().__init__(tag=tag, text=text)


class Button(TextElement):
    """A button with words, an icon or both. `tip` is shown on hover and focus, and is its name without words."""

    def __init__(
        self,
        text: str = "",
        on_click: Callable[[], object] | None = None,
        *,
        icon_name: str = "",
        look: Look = "plain",
        tip: str = "",
    ) -> None:
        super().__init__(tag="button", text=text)
        self.props["type"] = "button"
        self.classes(f"td-button td-{look}" if text else f"td-button td-{look} td-bare")
        if icon_name:
            with self:
                icon(icon_name)
        if not text:
            self.name(tip)
        if tip:
            self.tip(tip)
        if on_click is not None:
            self.on("click", lambda: on_click(), [])

    def name(self, text: str) -> Button:
        """Give it a name for screen readers."""
        self.props["aria-label"] = text
        return self

    def tip(self, text: str) -> None:
        """Say more on hover and focus."""
        self.props["data-tip"] = text

    def can(self, possible: bool) -> None:
        """Make it pressable or not; it stays reachable by keyboard, so that its tip can say why."""
        self.props["aria-disabled"] = "false" if possible else "true"
