"""Find in the flow: cards by their name, kind, words and settings, and notes by what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nicegui import ui

from editor.faces import CardFace
from editor.pages.boxes import TextBox
from editor.pages.buttons import Words
from editor.pages.dialogs import dialog
from editor.pages.icons import icon, sign
from editor.pages.keep_focus import focus_row
from editor.session import EditSession
from editor.state import PageState

MOST = 12


@dataclass(frozen=True)
class Found:
    """A card or a note that holds what was looked for."""

    id: str
    title: str
    says: str
    family: str | None = None
    is_note: bool = False


class Finder:
    """The dialog; arrow keys choose, Enter goes there."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._found: tuple[Found, ...] = ()

    def open(self) -> None:
        """Show it."""
        with dialog("Find in this flow") as self._dialog, ui.element("div").classes("td-finding") as place:
            place.props["data-arrows"] = "down"
            field = TextBox("Find in this flow", prompt="A name, a word, a column", on_typed=self._show)
            field.props["autofocus"] = True
            field.on("keydown.enter", lambda: self._go(self._found[0]) if self._found else None, [])
            self._count = Words("").classes("td-unseen")
            self._count.props["role"] = "status"
            self._list = ui.element("div").classes("td-found")
            self._show("")

    def _show(self, text: str) -> None:
        plain = text.casefold().strip()
        named = sorted(found(self.state.session, text), key=lambda one: not one.title.casefold().startswith(plain))
        self._found = tuple(named[:MOST])  # what is called so comes before what only speaks of it
        self._count.text = f"{len(self._found)} found" if text else ""
        self._list.clear()
        with self._list:
            if not self._found:
                Words(f"Nothing in this flow says “{text:.40}”.", "p").classes("td-help")
            for one in self._found:
                self._row(one)

    def _row(self, one: Found) -> None:
        row = ui.element("button").classes("td-found-row")
        row.props["type"] = "button"
        row.on("click", lambda: self._go(one), [])
        with row:
            icon("edit") if one.is_note else sign(one.family)
            Words(one.title).classes("td-found-title")
            Words(one.says).classes("td-found-says")

    def _go(self, one: Found) -> None:
        self._dialog.props["no-refocus"] = True  # the cursor goes to what was found, not back to the button
        self._dialog.close()
        canvas = self.state.canvas
        if not one.is_note:
            self.state.go_to(one.id)
        elif canvas is not None:
            canvas.focus_card(one.id)
        else:
            focus_row(self._dialog, f"outline.{one.id}")


def found(session: EditSession, text: str) -> Iterator[Found]:
    """Yield the cards and notes that hold all words of a text; every card for no text."""
    words = text.casefold().split()
    for card in session.picture.cards.values():
        told = said(card)
        settings = session.flow.steps[card["id"]].settings
        if all(word in f"{told} {card['title']} {card['id']} {card['kind']} {settings}".casefold() for word in words):
            yield Found(card["id"], card["title"], told, card["family"])
    for note in session.picture.notes.values():
        if words and all(word in note["text"].casefold() for word in words):
            yield Found(note["id"], "Note", note["text"][:120], is_note=True)


def said(card: CardFace) -> str:
    """Return the sentence of a card as one text."""
    return "".join(part.get("text", "") for part in card["parts"])
