"""Choosing a step to add from all there are, by words or from the list; for pages without a canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui

from editor.faces import KindFace
from editor.pages.boxes import TextBox
from editor.pages.buttons import Words
from editor.pages.dialogs import dialog
from editor.pages.icons import sign
from editor.palette import Palette
from flows.catalog import Catalog


class StepChoice:
    """The dialog; arrow keys go through the list, Enter takes the first, and `take` gets the kind."""

    def __init__(self, catalog: Catalog, take: Callable[[str], object]) -> None:
        self._palette, self._take = Palette(catalog), take
        self._found: tuple[KindFace, ...] = ()

    def open(self) -> None:
        """Show it."""
        with dialog("Add a step") as self._dialog, ui.element("div").classes("td-finding") as place:
            place.props["data-arrows"] = "down"
            field = TextBox("Search for a step", prompt="What should happen?", on_typed=self._show)
            field.props["autofocus"] = True
            field.on("keydown.enter", self._first, [])
            self._list = ui.element("div").classes("td-found")
            self._show("")

    def _show(self, text: str) -> None:
        self._found = self._palette.search(text)
        self._list.clear()
        with self._list:
            if not self._found:
                Words(f"No step matches “{text:.40}”. Try another word for what should happen.", "p").classes("td-help")
            for kind in self._found:
                self._row(kind)

    def _row(self, kind: KindFace) -> None:
        row = ui.element("button").classes("td-found-row").mark(f"add {kind['kind']}")
        row.props["type"] = "button"
        row.on("click", partial(self._taken, kind["kind"]), [])
        with row:
            sign(kind["family"])
            Words(kind["title"]).classes("td-found-title")
            Words(kind["says"]).classes("td-found-says")

    def _first(self) -> None:
        for kind in self._found[:1]:
            self._taken(kind["kind"])

    def _taken(self, kind: str) -> None:
        self._dialog.close()
        self._take(kind)
