"""Menus below a button: named, opened and closed by pointer or keys, gone after a choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nicegui import ui

from editor.pages.buttons import Button


@contextmanager
def menu(button: Button, name: str) -> Iterator[ui.menu]:
    """Put a menu below a button; what is drawn inside are its items."""

    def turned(opened: bool) -> None:
        button.props["aria-expanded"] = str(opened).lower()

    turned(False)
    button.props["aria-haspopup"] = "menu"
    with button, ui.menu().classes("td-menu") as shown:
        shown.props["auto-close"] = True
        shown.props["aria-label"] = name
        shown.props["data-arrows"] = "down"
        shown.on("show", lambda: turned(True), [])
        shown.on("show", js_handler="() => tandemLooks()")  # there may be looks to choose among the items
        shown.on("hide", lambda: turned(False), [])
        yield shown


def item(words: str, act: Callable[[], object] | None = None, *, icon_name: str = "") -> Button:
    """Draw an item of a menu."""
    button = Button(words, act, icon_name=icon_name)
    button.props["role"] = "menuitem"
    return button


def looks() -> None:
    """Draw the choice of light, dark, or what the system has; the browser alone knows which one is chosen."""
    for chosen, words in (("system", "As the system"), ("light", "Light"), ("dark", "Dark")):
        button = item(words, icon_name="done").classes("td-look")
        button.props["role"], button.props["data-look"] = "menuitemradio", chosen
        button.on("click", js_handler=f"() => tandemTheme('{chosen}')")
