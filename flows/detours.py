"""A step put into a link, and a step taken out so that its neighbours stay linked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flows.catalog import Catalog
from flows.flow import End, Flow, Link
from flows.linking import what_flows, why_not
from flows.ports import Port
from flows.problems import Refused, refuse
from flows.sides import Sides, port_at, sides_of
from flows.spelling import listed
from flows.titles import link_name, port_name, title_of


def inserted(flow: Flow, catalog: Catalog, link: Link, step: str, into: str = "", out: str = "") -> Flow:
    """Return the flow with a link led through a step, at the place of the link in the file.

    `into` and `out` name the ports of the step; they are found by type where exactly one fits and is free.
    """
    words = title_of(flow.steps[step]), link_name(flow, link)
    if step in (link.source.step, link.target.step):
        says = f"'{words[0]}' is at one end of the {words[1]}, so it cannot be put into it."
        raise refuse("insert-unfit", says, "links")
    first = Link(link.source, End(step, into or _input_for(flow, catalog, link, step, words)))
    second = Link(End(step, out or _output_for(flow, catalog, link, step, words)), link.target)
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


def _input_for(flow: Flow, catalog: Catalog, link: Link, step: str, words: tuple[str, str]) -> str:
    inputs = [port for port in _sides(flow, catalog, step, words).inputs if not port.feedback]
    taken = {port.name for port in inputs if not port.many and flow.into(step, port.name)}
    return _fitting(inputs, taken, port_at(flow, catalog, link.source, outgoing=True), "input", words)


def _output_for(flow: Flow, catalog: Catalog, link: Link, step: str, words: tuple[str, str]) -> str:
    outputs = _sides(flow, catalog, step, words).outputs
    return _fitting(outputs, (), port_at(flow, catalog, link.target, outgoing=False), "output", words)


def _sides(flow: Flow, catalog: Catalog, step: str, words: tuple[str, str]) -> Sides:
    found = sides_of(flow.steps[step], catalog)
    if found is None:
        says = f"'{words[0]}' cannot be put into the {words[1]}. {catalog.excuse(flow.steps[step].kind)} "
        raise refuse("insert-unfit", says + "So nothing is known of its ports.", "links")
    return found


def _fitting(
    ports: Collection[Port], taken: Collection[str], other: Port | None, side: str, words: tuple[str, str]
) -> str:
    """Return the one port that fits and is not taken; refuse with a sentence where there is none, or more."""
    fitting = [port.name for port in ports if other is None or port.type is other.type]
    free = [name for name in fitting if name not in taken]
    if len(free) == 1:
        return free[0]
    step, between = words
    if free:
        says = f"'{step}' has several {side}s that fit into the {between}: {listed(free)}. "
        says += f"Name one as '{'into' if side == 'input' else 'out'}', or draw the links one by one."
        raise refuse("insert-unclear", says, "links")
    says = f"'{step}' cannot be put into the {between}: "
    if fitting:
        have = "would fit and has" if len(fitting) == 1 else "would fit and have"
        says += f"its {listed([port_name(name) for name in fitting])} {have} a link already. Remove that one first."
        raise refuse("insert-unfit", says, "links")
    what = f"{'takes' if side == 'input' else 'gives'} {what_flows(other)}" if other else "fits"
    there_are = listed([port_name(port.name) for port in ports])
    says += f"no {side} of it {what}. " + (f"Its {side}s are: {there_are}." if ports else f"It has no {side} at all.")
    raise refuse("insert-unfit", says, "links")


CODES: tuple[tuple[str, str], ...] = (
    ("insert-unclear", "Several ports of the step would fit into the link. Name the one that is meant."),
    (
        "insert-unfit",
        "The step has no free port for what the link carries, or is at one end of it. The sentence says which.",
    ),
)
