"""The steps to draw with, in everyday words: searched, dragged onto the canvas, or added with Enter."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from editor.faces import KindFace
from editor.pages.boxes import TextBox
from editor.pages.buttons import Button, Words
from editor.pages.icons import sign
from editor.palette import Palette
from editor.state import PageState

DRAG = (
    "(event) => { event.dataTransfer.setData('application/x-tandem-kind', event.currentTarget.dataset.kind);"
    " event.dataTransfer.effectAllowed = 'copy'; document.body.classList.add('td-dragging'); }"
)
DROPPED = "() => document.body.classList.remove('td-dragging')"


class PaletteColumn:
    """The column at the left; collapsed it shows the signs of the families."""

    def __init__(self, state: PageState) -> None:
        self.state, self._palette = state, Palette(state.session.catalog)
        self._found: tuple[KindFace, ...] = ()

    def build(self) -> None:
        """Draw the column."""
        self._column = ui.element("nav").classes("td-palette td-wide-only")
        self._column.props["aria-label"] = "Steps to add"
        with self._column:
            with ui.element("div").classes("td-palette-head"):
                self._search = TextBox("Search for a step", prompt="Search steps", on_typed=self.show)
                self._search.classes("td-palette-search").mark("palette-search")
                self._search.on("keydown.enter", self._add_first, [])
                self._search.on("keydown.esc", self._clear, [])
                fold = Button("", self._fold, icon_name="panel", tip="Fold or unfold the steps")
                fold.classes("td-small td-palette-fold td-tip-right")
            self._list = ui.element("div").classes("td-palette-list")
        self.show()

    def show(self, _: str = "") -> None:
        """Draw the families, or what the search has found."""
        text = self._search.text.strip()
        self._found = self._palette.search(text) if text else ()
        self._list.clear()
        with self._list:
            if text:
                self._results(text)
            else:
                for shelf in self._palette.shelves():
                    self._shelf(shelf.title, shelf.kinds)

    def _results(self, text: str) -> None:
        if not self._found:
            Words(f"No step matches “{text:.40}”. Try another word for what should happen.", "p").classes("td-help")
        for number, kind in enumerate(self._found):
            self._kind(kind, first=number == 0)

    def _shelf(self, title: str, kinds: tuple[KindFace, ...]) -> None:
        with ui.element("section").classes("td-shelf") as shelf:
            shelf.props["aria-label"] = title
            Words(title, "h3").classes("td-shelf-title")
            for kind in kinds:
                self._kind(kind)

    def _kind(self, kind: KindFace, first: bool = False) -> None:
        row = ui.element("button").classes("td-kind td-kind-first" if first else "td-kind").mark(f"kind {kind['kind']}")
        row.props["type"] = "button"
        row.props["draggable"] = "true"
        row.props["data-kind"] = kind["kind"]
        row.props["title"] = kind["says"]
        row.props["aria-label"] = f"Add: {kind['title']}"
        row.on("dragstart", js_handler=DRAG)
        row.on("dragend", js_handler=DROPPED)
        row.on("click", partial(self._add, kind["kind"]), [])
        with row:
            with ui.element("span").classes(f"td-kind-sign td-family-{kind['family']}"):
                sign(kind["family"])
            Words(kind["title"]).classes("td-kind-title")

    def _add(self, kind: str) -> None:
        self.state.add(kind)

    def _add_first(self) -> None:
        if self._found:
            self._add(self._found[0]["kind"])
            self._clear()

    def _clear(self) -> None:
        self._search.restore()
        self.show()

    def _fold(self) -> None:
        """Turn what the width of the page chose by itself: narrow pages begin folded."""
        turned = "td-turned" in self._column.classes
        self._column.classes(add="" if turned else "td-turned", remove="td-turned" if turned else "")
