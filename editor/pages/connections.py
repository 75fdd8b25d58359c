"""The links of a card as words: what comes from where and goes where, cut and made by choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui import ui

from editor.faces import CardFace, PortFace
from editor.fields import Choice
from editor.pages.boxes import Picker
from editor.pages.buttons import Button, Words
from editor.pages.icons import icon
from editor.pages.keep_focus import keep_focus
from editor.state import PageState
from flows.flow import Link
from flows.step import Plain

ROW = "connections"


class Connections:
    """The part of a card's panel that lists its links, side by side with what could be linked."""

    def __init__(self, state: PageState, step: str) -> None:
        self.state, self.step = state, step
        self._drawn: object = None
        with ui.element("details").classes("td-section"):
            Words("Connections", "summary").classes("td-section-title")
            self._place = ui.element("div")
            self._place.props["data-row"] = ROW
        self.show()

    def show(self) -> None:
        """Draw the links as they are now."""
        cards = self.state.session.picture.cards
        ports = {id: (card["title"], card["inputs"], card["outputs"]) for id, card in cards.items()}
        now = (self.state.session.flow.links, ports)
        if now == self._drawn or self.step not in cards:
            return
        self._drawn = now
        self._place.clear()
        with self._place:
            for port in cards[self.step]["inputs"]:
                self._port(cards, port, incoming=True)
            for port in cards[self.step]["outputs"]:
                self._port(cards, port, incoming=False)
        keep_focus(self._place)

    def _port(self, cards: Mapping[str, CardFace], port: PortFace, *, incoming: bool) -> None:
        flow, end = self.state.session.flow, f"{self.step}.{port['name']}"
        links = [link for link in flow.links if str(link.target if incoming else link.source) == end]
        with ui.element("div").classes("td-port-row"):
            back = port["feedback"] and incoming
            verb = "Learns from" if back else "Gets" if incoming else "Gives"
            Words(f"{verb} {port['label']}").classes("td-row-label")
            for link in links:
                self._link(cards, link, incoming)
            if not incoming or port["many"] or not links:
                fits = _fits(cards, self.step, port, links, incoming)
                if fits:
                    name = f"Connect {port['label']} {'from' if incoming else 'to'}"
                    Picker(name, fits, None, lambda other: self._connect(end, other, incoming), prompt="connect …")
                elif not links:
                    Words(f"No step {'gives' if incoming else 'takes'} this yet.").classes("td-help")

    def _link(self, cards: Mapping[str, CardFace], link: Link, incoming: bool) -> None:
        other = link.source if incoming else link.target
        title = cards[other.step]["title"] if other.step in cards else other.step
        with ui.element("div").classes("td-linked"):
            icon("feedback" if link.feedback else "left" if incoming else "right", 14)
            Words(f"{title} · {other.port.replace('_', ' ')}")
            peek = Button(icon_name="find", tip="See what flows here", on_click=lambda: self.state.peek(str(link)))
            peek.classes("td-small td-tip-left")
            cut = Button(icon_name="close", tip=f"Cut the link with {title}", on_click=lambda: self._cut(link))
            cut.classes("td-small td-tip-left").mark(f"cut {link}")

    def _cut(self, link: Link) -> None:
        self.state.intent({"id": "cut", "type": "disconnect", "links": [str(link)]})

    def _connect(self, end: str, other: Plain, incoming: bool) -> None:
        if not isinstance(other, str):
            return
        source, target = (other, end) if incoming else (end, other)
        back = _is_log(self.state.session.picture.cards, target)
        self.state.intent({"id": "connect", "type": "connect", "source": source, "target": target, "feedback": back})


def _fits(
    cards: Mapping[str, CardFace], step: str, port: PortFace, links: Sequence[Link], incoming: bool
) -> list[Choice]:
    """Return the ports of other cards that this one can be linked with and is not yet."""
    linked = {str(link.source if incoming else link.target) for link in links}
    found = []
    for id, card in cards.items():
        for other in card["outputs"] if incoming else card["inputs"]:
            free = incoming or other["many"] or not other["linked"]
            end = f"{id}.{other['name']}"
            if id != step and other["type"] == port["type"] and free and end not in linked:
                found.append(Choice(end, f"{card['title']} · {other['label']}"))
    return found


def _is_log(cards: Mapping[str, CardFace], target: str) -> bool:
    step, _, name = target.partition(".")
    return any(port["feedback"] for port in cards[step]["inputs"] if port["name"] == name) if step in cards else False
