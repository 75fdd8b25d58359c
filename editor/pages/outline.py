"""The flow without a canvas: its steps in order, each with what it gets from where; made for a phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from nicegui import ui

from editor.canvas import Payload
from editor.faces import CardFace, PortFace
from editor.fields import Choice
from editor.pages.boxes import Picker
from editor.pages.buttons import Button, Words
from editor.pages.icons import icon, sign
from editor.pages.keep_focus import keep_focus
from editor.pages.step_choice import StepChoice
from editor.state import PageState
from flows.step import Plain


class Outline:
    """The steps as a list that can be edited: added, configured, connected by choices, removed."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self.shown, self._opened = False, ""
        """Whether the page is narrow, so that the outline takes the place of the canvas."""
        self._statuses: dict[str, Words] = {}
        self._told: dict[str, str] = {}

    def build(self) -> None:
        """Make the place; it is filled when the page is narrow."""
        self._place = ui.element("section").classes("td-outline td-phone-only")
        self._place.props["aria-label"] = "Steps of the flow"
        self.state.on_change.add(lambda change: self._draw())
        self.state.on_status.add(self._status)

    def show(self, narrow: bool) -> None:
        """Fill the list when the page has become narrow, and empty it when it is wide again."""
        if narrow != self.shown:
            self.shown = narrow
            self._draw()

    def _draw(self) -> None:
        self._place.clear()
        self._statuses = {}
        if not self.shown:
            return
        with self._place:
            for card in in_order(self.state.session.picture.cards.values()):
                self._card(card)
            if self.state.session.flow.steps and not self.state.session.trouble:
                Button("Add a step", self.add, icon_name="add", look="outlined").classes("td-outline-add")
            for id, note in self.state.session.picture.notes.items():
                self._note(id, note["text"])
        keep_focus(self._place)

    def _note(self, id: str, text: str) -> None:
        with ui.element("div").classes("td-outline-note") as place:
            place.props["data-row"], place.props["tabindex"] = f"outline.{id}", -1
            Words(text, "p")

    def _card(self, card: CardFace) -> None:
        opened = card["id"] == self._opened
        with ui.element("section").classes("td-outline-card") as place:
            place.props["data-row"] = f"outline.{card['id']}"
            head = ui.element("button").classes("td-outline-head").mark(f"outline-{card['id']}")
            head.props["type"] = "button"
            head.props["aria-expanded"] = str(opened).lower()
            head.on("click", partial(self._open, card["id"]), [])
            with head:
                sign(card["family"], 18)
                Words(card["title"]).classes("td-outline-title")
                icon("up" if opened else "down")
            Words("".join(part.get("text", "") for part in card["parts"]), "p").classes("td-outline-says")
            if card["problems"]["level"]:
                with ui.element("p").classes(f"td-outline-problem td-{card['problems']['level']}"):
                    icon(card["problems"]["level"], 14)
                    Words(card["problems"]["says"])
            self._statuses[card["id"]] = Words(self._told.get(card["id"], ""), "p")
            self._statuses[card["id"]].classes("td-help")
            if opened:
                self._inside(card)

    def _inside(self, card: CardFace) -> None:
        for port in card["inputs"]:
            self._port(card, port)
        with ui.element("div").classes("td-outline-buttons"):
            Button("Change", partial(self.state.open, card["id"]), icon_name="edit", look="outlined")
            Button("Remove", partial(self._remove, card["id"]), icon_name="remove", look="danger")

    def _port(self, card: CardFace, port: PortFace) -> None:
        """Draw where an input gets its rows from, and the choice of another source."""
        target = f"{card['id']}.{port['name']}"
        links = [link for link in self.state.session.picture.links.values() if link["target"] == target]
        label = port["label"] or port["name"]
        with ui.element("div").classes("td-field"):
            Words(f"{label} (remembered for the next round)" if port["feedback"] else label).classes("td-field-label")
            for link in links:
                with ui.element("div").classes("td-outline-link"):
                    icon("feedback" if link["feedback"] else "link", 14)
                    look = Button(self._source(link["source"]), partial(self.state.peek, link["id"]), look="quiet")
                    look.classes("td-outline-source").tip("See what flowed here")
                    tip = f"Disconnect {self._source(link['source'])}"
                    cut = Button("", partial(self._cut, link["id"]), icon_name="close", tip=tip)
                    cut.classes("td-small td-tip-left").mark("cut")
            sources = self._sources(card["id"], port, {link["source"] for link in links})
            if sources and (port["many"] or not links):
                connect = partial(self._connect, target, port["feedback"])
                Picker(f"Connect {label} to", sources, None, connect, prompt="Connect it to …")
            elif not links:
                Words("No step gives this yet.").classes("td-help")

    def _sources(self, card: str, port: PortFace, linked: set[str]) -> list[Choice]:
        found = []
        for other in self.state.session.picture.cards.values():
            for out in other["outputs"]:
                end = f"{other['id']}.{out['name']}"
                if out["type"] == port["type"] and other["id"] != card and end not in linked:
                    found.append(Choice(end, self._source(end)))
        return found

    def _source(self, end: str) -> str:
        card, _, port = end.partition(".")
        face = self.state.session.picture.cards.get(card)
        label = next((out["label"] for out in face["outputs"] if out["name"] == port), "") if face else ""
        return f"{face['title'] if face else card}: {label or port}"

    def _connect(self, target: str, feedback: bool, source: Plain) -> None:
        if isinstance(source, str):
            self._ask({"type": "connect", "source": source, "target": target, "feedback": feedback})

    def _cut(self, link: str) -> None:
        self._ask({"type": "disconnect", "links": [link]})

    def _remove(self, card: str) -> None:
        self._ask({"type": "remove", "cards": [card], "heal": True})

    def _ask(self, intent: Payload) -> None:
        self.state.intent({"id": "outline", **intent})
        self._draw()

    def _open(self, card: str) -> None:
        self._opened = "" if card == self._opened else card
        self._draw()

    def add(self) -> None:
        """Offer the steps to add."""
        StepChoice(self.state.session.catalog, self._taken).open()

    def _taken(self, kind: str) -> None:
        before = set(self.state.session.flow.steps)
        self.state.add(kind)
        self._opened = next((id for id in self.state.session.flow.steps if id not in before), "")
        self._draw()

    def _status(self, batch: Payload) -> None:
        cards = batch.get("cards")
        for card, status in cards.items() if isinstance(cards, Mapping) else ():
            text = status.get("text") if isinstance(status, Mapping) else ""
            self._told[card] = str(text or "")
            if card in self._statuses:
                self._statuses[card].text = self._told[card]


def in_order(cards: Iterable[CardFace]) -> list[CardFace]:
    """Return cards as they are read on the canvas: from left to right, then from top to bottom."""
    return sorted(cards, key=lambda card: card["position"])
