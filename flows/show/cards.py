"""What a picture says of one step: its words, its family and its ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Card, Flow, Link
    from flows.ports import Port
    from flows.step import Family


@dataclass(frozen=True)
class Pin:
    """One port as it is drawn. `type_name` is empty when only a link tells that the port exists."""

    name: str
    type_name: str = ""
    feedback: bool = False


@dataclass(frozen=True)
class Face:
    """One step as it is drawn. `family` is None when its kind is not known here."""

    id: str
    kind: str
    title: str
    family: Family | None
    sentence: str
    inputs: tuple[Pin, ...]
    outputs: tuple[Pin, ...]
    arriving: tuple[Link, ...]
    leaving: tuple[Link, ...]

    @property
    def heading(self) -> str:
        """Return the title, or the id of a step without one."""
        return self.title or self.id

    @property
    def byline(self) -> str:
        """Return the kind, with the id when the heading does not show it."""
        return f"{self.kind} · {self.id}" if self.title else self.kind


def faces(flow: Flow, catalog: Catalog) -> dict[str, Face]:
    """Return what to draw of each step, in file order.

    A step that a link names and that the flow lacks is drawn as well, so that no link is left out.
    """
    arriving: dict[str, list[Link]] = defaultdict(list)
    leaving: dict[str, list[Link]] = defaultdict(list)
    for link in flow.links:
        leaving[link.source.step].append(link)
        arriving[link.target.step].append(link)
    return {
        step: _face(flow.steps.get(step), step, catalog, tuple(arriving[step]), tuple(leaving[step]))
        for step in dict.fromkeys([*flow.steps, *leaving, *arriving])
    }


def edges(flow: Flow, drawn: dict[str, Face]) -> list[tuple[str, str]]:
    """Return (from, to) of every forward link, those of one step in the order of its outputs."""
    rank = {(face.id, pin.name): place for face in drawn.values() for place, pin in enumerate(face.outputs)}
    links = sorted(flow.forward(), key=lambda link: rank[link.source.step, link.source.port])
    return [(link.source.step, link.target.step) for link in links]


def _face(
    card: Card | None, name: str, catalog: Catalog, arriving: tuple[Link, ...], leaving: tuple[Link, ...]
) -> Face:
    step = catalog.read(card)[0] if card else None
    kind = catalog.get(card.kind) if card else None
    return Face(
        id=name,
        kind=card.kind if card else "missing",
        title=card.title if card else "",
        family=kind.family if kind else None,
        sentence=step.sentence() if step else _excuse(card, catalog),
        inputs=_pins(step.inputs() if step else (), [Pin(link.target.port, "", link.feedback) for link in arriving]),
        outputs=_pins(step.outputs() if step else (), [Pin(link.source.port) for link in leaving]),
        arriving=arriving,
        leaving=leaving,
    )


def _excuse(card: Card | None, catalog: Catalog) -> str:
    """Return why a card cannot say what it does."""
    if card is None:
        return "A link names this step, and the flow does not have it."
    if card.kind not in catalog:
        return f"{catalog.excuse(card.kind)} The step is kept, and cannot run."
    return catalog.read(card)[1][0].message


def _pins(declared: Iterable[Port], linked: list[Pin]) -> tuple[Pin, ...]:
    """Return declared ports and those that only a link names; feedback last, as it comes from below."""
    pins = {port.name: Pin(port.name, port.type_name, port.feedback) for port in declared}
    for pin in linked:
        pins.setdefault(pin.name, pin)
    return tuple(sorted(pins.values(), key=lambda pin: pin.feedback))
