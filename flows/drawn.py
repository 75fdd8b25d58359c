"""A flow whose cards have been read once: their steps, their ports, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.catalog import Catalog
from flows.flow import Card, End, Flow
from flows.ports import Port
from flows.problems import Problem
from flows.sides import Sides, sides_of
from flows.step import Step
from flows.titles import title_of


@dataclass(frozen=True)
class Drawn:
    """A flow together with what the catalog says of its cards.

    `steps` holds the cards whose settings are right; `sides` the ports of every card whose ports
    are known, also while some of its settings are wrong.
    """

    flow: Flow
    catalog: Catalog
    steps: Mapping[str, Step]
    sides: Mapping[str, Sides]
    problems: tuple[Problem, ...]

    def output(self, end: End) -> Port | None:
        """Return the output port at an end of a link, or None when it is not known."""
        ports = self.sides[end.step].outputs if end.step in self.sides else ()
        return next((port for port in ports if port.name == end.port), None)

    def input(self, end: End) -> Port | None:
        """Return the input port at an end of a link, or None when it is not known."""
        ports = self.sides[end.step].inputs if end.step in self.sides else ()
        return next((port for port in ports if port.name == end.port), None)


def drawn(flow: Flow, catalog: Catalog) -> Drawn:
    """Return a flow with all its cards read."""
    steps: dict[str, Step] = {}
    sides: dict[str, Sides] = {}
    problems: list[Problem] = []
    for card in flow.steps.values():
        step, found = catalog.read(card)
        problems.extend(found if card.kind else [_kindless(card)])
        if step is not None:
            steps[card.id] = step
        known = Sides(step.inputs(), step.outputs()) if step is not None else sides_of(card, catalog)
        if known is not None:
            sides[card.id] = known
    return Drawn(flow, catalog, steps, sides, tuple(problems))


def _kindless(card: Card) -> Problem:
    says = f"'{title_of(card)}' does not say its kind. Write what it does: {card.id}: {{kind: read-table}}"
    return Problem("kind-missing", says, f"steps.{card.id}")


CODES: tuple[tuple[str, str], ...] = (("kind-missing", "A step does not say what kind it is. Write its `kind:`."),)
