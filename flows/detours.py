"""A step put into a link, and a step taken out so that its neighbours stay linked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flows.catalog import Catalog
from flows.flow import End, Flow, Link
from flows.linking import why_not
from flows.ports import Port
from flows.problems import Refused, refuse
from flows.sides import port_at, sides_of
from flows.spelling import listed


def inserted(flow: Flow, catalog: Catalog, link: Link, step: str, into: str = "", out: str = "") -> Flow:
    """Return the flow with a link led through a step, at the place of the link in the file.

    `into` and `out` name the ports of the step; they are found by type where exactly one fits.
    """
    given = port_at(flow, catalog, link.source, outgoing=True)
    taken = port_at(flow, catalog, link.target, outgoing=False)
    sides = sides_of(flow.steps[step], catalog)
    inputs = [port for port in sides.inputs if not port.feedback] if sides else []
    outputs = sides.outputs if sides else ()
    first = Link(link.source, End(step, into or _fitting(inputs, given, step, "input", link)))
    second = Link(End(step, out or _fitting(outputs, taken, step, "output", link)), link.target)
    others = replace(flow, links=tuple(other for other in flow.links if other != link))
    for new in (first, second):
        problem = why_not(others, catalog, new)
        if problem:
            raise Refused(problem)
        others = replace(others, links=(*others.links, new))
    return replace(flow, links=tuple(one for old in flow.links for one in ((first, second) if old == link else (old,))))


def healed(flow: Flow, catalog: Catalog, step: str) -> tuple[Link, ...]:
    """Return the links with each one that leaves a step led around it, from where the step got the same type.

    Where the step got that type from nobody or from several, nothing is guessed, and the link stays as it is.
    """
    sources = [link.source for link in flow.into(step) if not link.feedback]
    links = list(flow.links)
    for index, link in enumerate(flow.links):
        if link.source.step != step or link.feedback:
            continue
        taken = port_at(flow, catalog, link.target, outgoing=False)
        fitting = [end for end in sources if taken and _type_at(flow, catalog, end) is taken.type]
        if len(fitting) == 1 and not any((one.source, one.target) == (fitting[0], link.target) for one in links):
            links[index] = Link(fitting[0], link.target)
    return tuple(links)


def middle(flow: Flow, link: Link) -> tuple[int, int] | None:
    """Return the place halfway along a link, or None when one of its ends has no place."""
    one, two = flow.layout.get(link.source.step), flow.layout.get(link.target.step)
    return ((one[0] + two[0]) // 2, (one[1] + two[1]) // 2) if one and two else None


def _type_at(flow: Flow, catalog: Catalog, end: End) -> type | None:
    port = port_at(flow, catalog, end, outgoing=True)
    return port.type if port else None


def _fitting(ports: Iterable[Port], other: Port | None, step: str, side: str, link: Link) -> str:
    names = [port.name for port in ports]
    fitting = [port.name for port in ports if other is None or port.type is other.type]
    if len(fitting) == 1:
        return fitting[0]
    word = "into" if side == "input" else "out"
    if fitting:
        says = f"'{step}' has several {side}s that fit into '{link}': {listed(fitting)}. Name one as '{word}'."
        raise refuse("insert-unclear", says, "links")
    what = f"takes {other.type_name}" if other and side == "input" else f"gives {other.type_name}" if other else "fits"
    says = f"'{step}' cannot be put into '{link}': no {side} of it {what}. Its {side}s are: {listed(names)}."
    raise refuse("insert-unfit", says, "links")


CODES: tuple[tuple[str, str], ...] = (
    ("insert-unclear", "Several ports of the step would fit into the link. Name the one that is meant."),
    (
        "insert-unfit",
        "The step takes or gives something else than the link carries. Insert one of another kind.",
    ),
)
