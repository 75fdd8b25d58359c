"""Beside the flow's name: the other flows of the folder, and a new one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import quote

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.menus import item, menu
from editor.state import PageState

MOST = 30


class FlowMenu:
    """The flows that lie in the workspace, to go to."""

    def __init__(self, state: PageState) -> None:
        self.state = state

    def build(self) -> None:
        """Draw the button and its menu."""
        button = Button("", icon_name="down", tip="Other flows in this folder").classes("td-small td-wide-only")
        with menu(button, "Flows in this folder") as shown:
            shown.on("before-show", lambda: self._fill(shown), [])

    def items(self) -> None:
        """Draw the flows as items of a menu."""
        Words("Flows in this folder", "div").classes("td-menu-title")
        for name in flows_in(self.state.workspace):
            here = name == self.state.session.path.name
            button = item(name, partial(_go, name), icon_name="done" if here else "file")
            if here:
                button.props["aria-current"] = "page"
        item("New flow", lambda: _go(fresh_name(self.state.workspace)), icon_name="add")

    def _fill(self, shown: ui.menu) -> None:
        shown.clear()
        with shown:
            self.items()


def flows_in(folder: Path) -> tuple[str, ...]:
    """Return the names of the flow files in a folder."""
    return tuple(sorted(path.name for path in folder.glob("*.y*ml") if not path.name.startswith(".")))[:MOST]


def fresh_name(folder: Path) -> str:
    """Return a name for a new flow that no file has."""
    names = (f"flow{'' if number == 1 else f'-{number}'}.yaml" for number in range(1, 10_000))
    return next(name for name in names if not (folder / name).exists())


def _go(name: str) -> None:
    ui.navigate.to(f"/?flow={quote(name)}")
