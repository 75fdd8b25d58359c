"""The order of the steps and what reaches what, along the links on which work moves on.

Feedback links are left out everywhere: they belong to the next round. Links of steps that the flow
does not have are left out as well. Time grows with steps and links only, except where loops say otherwise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from flows.catalog import Catalog
from flows.flow import Flow
from flows.problems import refuse
from flows.sides import sides_of
from flows.spelling import instead
from flows.titles import route

if TYPE_CHECKING:
    from networkx import DiGraph

MOST_LOOPS = 20
"""Loops that are named at once: whoever has 20 loops mends one and looks again."""


def order(flow: Flow) -> tuple[str, ...]:
    """Return the ids of all steps so that each comes after what it needs; ties keep the order of the file.

    Refuses with the code `loop` when the links go round in a loop.
    """
    from networkx import lexicographical_topological_sort

    found = loops(flow)
    if found:
        raise refuse(
            "loop",
            f"The steps have no order, because the links go round: {route(flow, (*found[0], found[0][0]))}. "
            "A loop exists only through feedback: draw one of these links as feedback, or remove it.",
            "links",
        )
    position = {step: index for index, step in enumerate(flow.steps)}
    return tuple(lexicographical_topological_sort(_graph(flow), key=position.__getitem__))


def loops(flow: Flow) -> tuple[tuple[str, ...], ...]:
    """Return loops of forward links, each named once round from its first step in the file.

    Every step that is in a loop is in a named one, until 20 are named. There can be exponentially many
    simple loops, so not all of them are: each is a shortest one through a step that was in no other.
    """
    from networkx import strongly_connected_components

    next_steps = _next_steps(flow)
    found: list[tuple[str, ...]] = [(step,) for step, nexts in next_steps.items() if step in nexts]
    knot_of = {step: knot for knot in strongly_connected_components(_graph(flow)) for step in knot}
    seen: set[str] = set()
    for step in flow.steps:
        knot = knot_of[step]
        if len(knot) > 1 and step not in seen and len(found) < MOST_LOOPS:
            inside = {one: [two for two in next_steps[one] if two in knot] for one in knot}
            found.append(_from_first(flow, _round_trip(inside, step)))
            seen.update(found[-1])
    return tuple(found[:MOST_LOOPS])


def unreached(flow: Flow, catalog: Catalog) -> tuple[str, ...]:
    """Return the steps that no source reaches, in file order.

    Work begins at sources and at steps that take nothing but feedback. A step of an unknown kind into
    which nothing is linked may be a source, and is taken for one.
    """
    begins = [step for step in flow.steps if _begins(flow, catalog, step)]
    reached = _reach(_next_steps(flow), begins)
    return tuple(step for step in flow.steps if step not in reached)


def ancestors(flow: Flow, step: str) -> tuple[str, ...]:
    """Return the steps whose work comes to a step in the same round, in file order, without itself."""
    return _others(flow, step, _reach(_previous_steps(flow), [_known(flow, step)]))


def descendants(flow: Flow, step: str) -> tuple[str, ...]:
    """Return the steps to which the work of a step goes in the same round, in file order, without itself."""
    return _others(flow, step, _reach(_next_steps(flow), [_known(flow, step)]))


def up_to(flow: Flow, step: str) -> tuple[str, ...]:
    """Return what has to run to have the result of a step, itself last; refuse a loop as `order` does."""
    needed = {*ancestors(flow, step), step}
    return tuple(one for one in order(flow) if one in needed)


def path(flow: Flow, begin: str, end: str) -> tuple[str, ...]:
    """Return a shortest way from one step to another, both included; empty when there is none."""
    return _back(_reach(_next_steps(flow), [begin]), end)


def ways(
    flow: Flow, begins: Iterable[str], ends: Iterable[str], around: Collection[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """Return, for each end that can be reached, a shortest way to it from the nearest beginning.

    Steps that are to be gone `around` are on none of the ways.
    """
    open_steps = {one: [two for two in nexts if two not in around] for one, nexts in _next_steps(flow).items()}
    came_from = _reach(open_steps, [step for step in begins if step not in around])
    return tuple(_back(came_from, end) for end in ends if end in came_from)


def _reach(next_steps: Mapping[str, Iterable[str]], begins: Iterable[str]) -> dict[str, str | None]:
    """Return every step that is reached, nearest first, with the step that it was reached from."""
    came_from: dict[str, str | None] = dict.fromkeys(begins)
    waiting = deque(came_from)
    while waiting:
        step = waiting.popleft()
        for after in next_steps.get(step, ()):
            if after not in came_from:
                came_from[after] = step
                waiting.append(after)
    return came_from


def _back(came_from: Mapping[str, str | None], end: str) -> tuple[str, ...]:
    if end not in came_from:
        return ()
    back = [end]
    while (before := came_from[back[-1]]) is not None:
        back.append(before)
    return tuple(reversed(back))


def _round_trip(next_steps: Mapping[str, Iterable[str]], step: str) -> tuple[str, ...]:
    others = [after for after in next_steps[step] if after != step]
    return (step, *_back(_reach(next_steps, others), step)[:-1])


def _from_first(flow: Flow, loop: tuple[str, ...]) -> tuple[str, ...]:
    first = next(step for step in flow.steps if step in loop)
    return (*loop[loop.index(first) :], *loop[: loop.index(first)])


def _next_steps(flow: Flow) -> dict[str, list[str]]:
    steps: dict[str, list[str]] = {step: [] for step in flow.steps}
    for link in flow.links:
        if not link.feedback and link.source.step in steps and link.target.step in steps:
            steps[link.source.step].append(link.target.step)
    return steps


def _previous_steps(flow: Flow) -> dict[str, list[str]]:
    previous: dict[str, list[str]] = {step: [] for step in flow.steps}
    for step, nexts in _next_steps(flow).items():
        for after in nexts:
            previous[after].append(step)
    return previous


def _graph(flow: Flow) -> DiGraph[str]:
    from networkx import DiGraph

    graph: DiGraph[str] = DiGraph()
    graph.add_nodes_from(flow.steps)
    graph.add_edges_from((one, two) for one, nexts in _next_steps(flow).items() for two in nexts)
    return graph


def _begins(flow: Flow, catalog: Catalog, step: str) -> bool:
    kind = catalog.get(flow.steps[step].kind)
    sides = sides_of(flow.steps[step], catalog)
    if kind is None or sides is None:
        return not any(not link.feedback for link in flow.into(step))
    return kind.family == "source" or all(port.feedback for port in sides.inputs)


def _others(flow: Flow, step: str, reached: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(one for one in flow.steps if one in reached and one != step)


def _known(flow: Flow, step: str) -> str:
    if step not in flow.steps:
        raise refuse("step-unknown", f"There is no step '{step}'. {instead(step, flow.steps, 'The steps are')}")
    return step


CODES: tuple[tuple[str, str], ...] = (
    ("loop", "Forward links go round in a loop. Draw one of them as feedback, or remove it."),
    ("step-unknown", "There is no step of that id. Take one of those that are named."),
)
