"""Sentences that come and go at the foot of the page; an error stays until it is closed."""

from __future__ import annotations

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.icons import icon
from editor.state import PageState, Said

SECONDS = 7.0
MOST = 4
_ICONS = {"said": "hint", "good": "done", "warning": "warning", "error": "error"}


class Toasts:
    """Shows what is said to the person, read out by screen readers."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._shown: list[ui.element] = []

    def build(self) -> None:
        """Draw the place where sentences appear."""
        self._place = ui.element("div").classes("td-toasts")
        self._place.props["aria-live"] = "polite"
        self._place.props["role"] = "status"
        self.state.on_said.add(self.say)

    def say(self, said: Said) -> None:
        """Show a sentence, with a button where something can be done about it."""
        for old in self._shown[: len(self._shown) + 1 - MOST]:
            self._close(old)
        with self._place:
            toast = ui.element("div").classes(f"td-toast td-tone-{said.tone}").mark("toast")
        with toast:
            icon(_ICONS[said.tone])
            Words(said.says).classes("td-toast-words")
            if said.act is not None:
                Button(said.button, lambda: self._acted(toast, said), look="outlined").classes("td-small")
            Button("", lambda: self._close(toast), icon_name="close", tip="Close").classes("td-small td-tip-left")
            if said.tone != "error":
                ui.timer(SECONDS, lambda: self._close(toast), once=True)
        self._shown.append(toast)

    def _acted(self, toast: ui.element, said: Said) -> None:
        self._close(toast)
        if said.act is not None:
            said.act()

    def _close(self, toast: ui.element) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            toast.delete()
