"""The order in which a flow's steps run, with every input traced to its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flows.catalog import Catalog
from flows.check import check
from flows.flow import Card, Flow, Link
from flows.graph import order
from flows.ports import Port
from flows.problems import Refused, errors
from flows.step import Step
from runtime.values import digest_of

Outputs = tuple[Any, ...]
"""What a step gave, one value an output port."""


@dataclass(frozen=True)
class Input:
    """One input port and where its values come from: (position of the step, position of its output)."""

    port: Port
    sources: tuple[tuple[int, int], ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Planned:
    """One step, ready to run."""

    position: int
    card: Card
    step: Step
    inputs: tuple[Input, ...]
    outputs: tuple[Port, ...]
    run: Callable[..., Any] | None

    @cached_property
    def settings_digest(self) -> str:
        """Return a digest of all settings, for the hash under which results are kept."""
        return digest_of(self.step.model_dump(mode="json"))

    def gather(self, results: list[Outputs | None]) -> dict[str, Any] | None:
        """Return the values for the forward inputs, or None while one of them is still missing."""
        given: dict[str, Any] = {}
        for entry in self.inputs:
            values = []
            for step, output in entry.sources:
                outputs = results[step]
                if outputs is None:
                    return None
                values.append(outputs[output])
            if entry.port.many:
                given[entry.port.name] = tuple(values)
            elif values:
                given[entry.port.name] = values[0]
        return given

    def split(self, returned: Any) -> Outputs:
        """Return what `run` returned as one value an output port."""
        if len(self.outputs) == 1 and not hasattr(returned, "_fields"):
            return (returned,)
        return tuple(returned) if self.outputs else ()


@dataclass(frozen=True)
class Plan:
    """All steps in the order in which they run; those that deliver come last, after the limits."""

    steps: tuple[Planned, ...]
    flow: Flow

    def working(self) -> tuple[Planned, ...]:
        """Return the steps that run before the limits are judged."""
        return tuple(planned for planned in self.steps if planned.step.purity != "delivers")

    def delivering(self) -> tuple[Planned, ...]:
        """Return the steps that run after every limit is judged."""
        return tuple(planned for planned in self.steps if planned.step.purity == "delivers")


def make_plan(flow: Flow, catalog: Catalog) -> Plan:
    """Return the plan of a flow; raises `Refused` with every problem that keeps it from running."""
    problems = errors(check(flow, catalog))
    if problems:
        raise Refused(problems)
    steps: dict[str, Step] = {}
    for card in flow.steps.values():
        step, _ = catalog.read(card)
        assert step is not None
        steps[card.id] = step
    return wire(flow, steps)


def wire(flow: Flow, steps: Mapping[str, Step]) -> Plan:
    """Return the plan of a flow whose steps have been read."""
    ids = order(flow)
    position = {name: index for index, name in enumerate(ids)}
    outputs = {name: steps[name].outputs() for name in ids}
    place = {(name, port.name): index for name in ids for index, port in enumerate(outputs[name])}
    arriving: dict[tuple[str, str], list[Link]] = {}
    for link in flow.links:
        arriving.setdefault((link.target.step, link.target.port), []).append(link)

    def traced(name: str, port: Port) -> Input:
        links = tuple(arriving.get((name, port.name), ()))
        sources = (
            ()
            if port.feedback
            else tuple((position[link.source.step], place[link.source.step, link.source.port]) for link in links)
        )
        return Input(port, sources, links)

    return Plan(
        tuple(
            Planned(
                position=index,
                card=flow.steps[name],
                step=steps[name],
                inputs=tuple(traced(name, port) for port in steps[name].inputs()),
                outputs=outputs[name],
                run=getattr(steps[name], "run", None),
            )
            for index, name in enumerate(ids)
        ),
        flow,
    )
