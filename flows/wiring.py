"""What is wrong with the links that are drawn: ends that do not fit, loops, inputs left empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flows import mending
from flows.commands import All
from flows.drawn import Drawn
from flows.flow import End, Flow, Link
from flows.graph import loops
from flows.linking import misfit, what_flows
from flows.ports import Port
from flows.problems import Problem
from flows.spelling import listed, meant
from flows.titles import end_name, end_of, link_name, named, port_name, route, to_draw


def link_problems(drawn: Drawn) -> Iterator[Problem]:
    """Yield what is wrong with each link, in file order."""
    seen: Counter[Link] = Counter()
    filled: dict[End, Link] = {}
    for index, link in enumerate(drawn.flow.links):
        place = f"links.{index}"
        problem = misfit(drawn.flow, drawn.catalog, link)
        if problem is not None:
            yield _meant(drawn, replace(problem, place=place), link)
        elif seen[link]:
            says = f"The {link_name(drawn.flow, link)} is drawn twice. Remove one of the two."
            yield Problem("link-twice", says, place, level="warning")
        elif link.target in filled:
            yield from _taken(drawn, link, filled[link.target], place)
        seen[link] += 1
        filled.setdefault(link.target, link)


def loop_problems(drawn: Drawn) -> Iterator[Problem]:
    """Yield the loops of forward links, each at the last of its lines."""
    for loop in loops(drawn.flow):
        inside = dict(zip(loop, (*loop[1:], loop[0]), strict=True))
        links = {
            link: index
            for index, link in enumerate(drawn.flow.links)
            if not link.feedback and inside.get(link.source.step) == link.target.step
        }
        says = (
            f"The links go round: {route(drawn.flow, (*loop, loop[0]))}. A loop exists only through feedback: draw "
            "one of its links as feedback (~>), into an input that remembers, or remove it."
        )
        yield _broken(drawn, Problem("loop", says, f"links.{max(links.values())}"), tuple(links))


def input_problems(drawn: Drawn) -> Iterator[Problem]:
    """Yield the inputs that a step needs and that no link fills."""
    filled = {link.target for link in drawn.flow.links}
    for step, sides in drawn.sides.items():
        for port in sides.inputs:
            if not port.optional and End(step, port.name) not in filled:
                yield _unfilled(drawn, End(step, port.name), port)


def intended(drawn: Drawn, link: Link) -> Link:
    """Return the link that was probably meant: nearest step, nearest port, the arrow that the port takes."""
    sides = drawn.sides
    source, target = _step(drawn, link.source), _step(drawn, link.target)
    source = _port(source, sides[source.step].outputs if source.step in sides else ())
    target = _port(target, sides[target.step].inputs if target.step in sides else ())
    port = drawn.input(target)
    return Link(source, target, port.feedback if port else link.feedback)


def _step(drawn: Drawn, end: End) -> End:
    steps = drawn.flow.steps
    return end if end.step in steps else End(meant(end.step, steps) or end.step, end.port)


def _port(end: End, ports: tuple[Port, ...]) -> End:
    names = [port.name for port in ports]
    if end.port in names or not names:
        return end
    return End(end.step, names[0] if len(names) == 1 else meant(end.port, names) or end.port)


def _meant(drawn: Drawn, problem: Problem, link: Link) -> Problem:
    """Offer the link that was probably meant, or what would make the one that is drawn possible."""
    right = intended(drawn, link)
    if right != link:
        return _instead(problem, drawn.flow, link, right)
    without = replace(drawn.flow, links=tuple(other for other in drawn.flow.links if other != link))
    offered = mending.mended(problem, without, drawn.catalog, link)
    if offered.fix is None:
        return problem
    return replace(offered, fix=All.model_validate({"commands": (mending.removed(link), offered.fix)}))


def _instead(problem: Problem, flow: Flow, wrong: Link, right: Link) -> Problem:
    fix = All(commands=(mending.removed(wrong), mending.drawn(right)))
    return replace(problem, fix=fix, fix_says=f"{to_draw(flow, right)} instead.")


def _taken(drawn: Drawn, link: Link, first: Link, place: str) -> Iterator[Problem]:
    port = drawn.input(link.target)
    if port is not None and not port.many:
        says = f"{end_name(drawn.flow, link.target)} takes one link, and the {link_name(drawn.flow, first)} is there "
        says += "already. Remove one of the two."
        yield Problem("link-port-taken", says, place)


def _broken(drawn: Drawn, problem: Problem, links: tuple[Link, ...]) -> Problem:
    """Offer to draw a link of the loop as feedback, if there is exactly one way to."""
    ways = [
        (link, Link(link.source, End(link.target.step, port.name), True))
        for link in links
        if link.target.step in drawn.sides
        for port in drawn.sides[link.target.step].inputs
        if port.feedback and _gives(drawn, link.source, port)
    ]
    return _instead(problem, drawn.flow, *ways[0]) if len(ways) == 1 else problem


def _gives(drawn: Drawn, source: End, port: Port) -> bool:
    output = drawn.output(source)
    return output is not None and output.type is port.type


def _unfilled(drawn: Drawn, target: End, port: Port) -> Problem:
    sources = [
        End(step, output.name)
        for step, sides in drawn.sides.items()
        for output in sides.outputs
        if step != target.step and output.type is port.type
    ]
    what = what_flows(port)
    where = "" if what == port_name(port.name) else f" as '{port_name(port.name)}'"
    says = f"{named(drawn.flow, target.step)} needs {what}{where}, and no link brings them. " + (
        f"They come from: {listed([end_of(drawn.flow, source, what) for source in sources])}."
        if sources
        else "No step gives them yet: add one that does."
    )
    problem = Problem("input-empty", says, f"steps.{target.step}")
    if len(sources) != 1:
        return problem
    link = Link(sources[0], target)
    return replace(problem, fix=mending.drawn(link), fix_says=f"{to_draw(drawn.flow, link)}.")


CODES: tuple[tuple[str, str], ...] = (
    ("link-step-unknown", "A link names a step that is not there. Correct the name, or add the step."),
    ("link-port-unknown", "A link names a port that the step does not have. Take one of those it has."),
    ("link-type", "The two ends of a link carry different things. Put a step between, or link others."),
    ("link-needs-feedback", "This input remembers earlier rounds. Draw feedback, with ~>."),
    ("link-no-feedback", "This input takes work of this round. Draw a plain link, with ->."),
    ("link-no-log", "Feedback carries only what is kept entry by entry, such as answers and outcomes."),
    ("link-port-taken", "The input takes one link and has one. Remove one of the two."),
    ("link-twice", "The same link is drawn twice. Remove one line."),
    ("input-empty", "An input that the step needs has no link. Draw one from an output of the same type."),
)
