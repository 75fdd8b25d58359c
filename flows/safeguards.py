"""Whether people see what a model does, and whether both of them learn: hints, never orders."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from flows.catalog import Catalog
from flows.commands import Connect
from flows.flow import End, Flow, Link
from flows.graph import descendants, ways
from flows.ports import Port
from flows.problems import Problem
from flows.sides import is_log, port_at, sides_of
from flows.spelling import listed
from flows.step import Family
from flows.titles import kind_title, named, port_name, route, to_draw


def unseen_paths(flow: Flow, catalog: Catalog) -> tuple[Problem, ...]:
    """Return a hint for each deliver step that a model reaches where no person and no audit ever looks.

    A step audits when its setting `audit` is above 0 and its output `cases` reaches a people step. Each
    hint names the shortest such way, from the model that is nearest.
    """
    guards = {step for step in flow.steps if _guards(flow, catalog, step)}
    models, delivers = _of(flow, catalog, "model"), _of(flow, catalog, "deliver")
    return tuple(_unseen(flow, way) for way in ways(flow, models, delivers, around=guards))


def untaught(flow: Flow, catalog: Catalog) -> tuple[Problem, ...]:
    """Return hints about people whose answers teach nobody, and about feedback that teaches one side only.

    Who hands on answers to a step that teaches with them has taught. A fix is offered where exactly one
    input for feedback is free.
    """
    return (*_idle_teachers(flow, catalog), *_one_sided(flow, catalog))


def _idle_teachers(flow: Flow, catalog: Catalog) -> Iterator[Problem]:
    for step in _of(flow, catalog, "people"):
        logs = _logs(flow, catalog, step)
        if not logs or any(_teaches(flow, catalog, link) for link in _handed_on(flow, catalog, step)):
            continue
        says = f"What {named(flow, step)} says teaches nobody: no feedback goes from it to a model or to people. "
        says += f"Draw feedback from its {listed([port_name(end.port) for end in logs])}."
        problem = Problem("safeguard-teaches-nobody", says, f"steps.{step}", level="hint")
        yield _with_fix(problem, flow, catalog, logs, ("model", "people"))


def _one_sided(flow: Flow, catalog: Catalog) -> Iterator[Problem]:
    teaching = [link for link in flow.feedback() if _teaches(flow, catalog, link)]
    taught = {_teaches(flow, catalog, link) for link in teaching}
    both_there = _of(flow, catalog, "model") and _of(flow, catalog, "people")
    for side, missing in (("model", "people"), ("people", "model")):
        if taught != {side} or not both_there:
            continue
        says = f"All feedback of this flow teaches the {side}, and none teaches the {missing}."
        kinds = [f"'{kind_title(kind)}'" for kind in catalog if kind.teaches == missing]
        says += f" Feed something back to a step that does: {listed(kinds)}." if kinds else ""
        problem = Problem("safeguard-one-sided", says, "links", level="hint")
        yield _with_fix(problem, flow, catalog, [link.source for link in teaching], (missing,))


def _teaches(flow: Flow, catalog: Catalog, link: Link) -> str:
    """Return whom a feedback link teaches; a step of an unknown kind may teach anybody."""
    card = flow.steps.get(link.target.step)
    kind = catalog.get(card.kind) if card else None
    return kind.teaches if kind else "anybody"


def _handed_on(flow: Flow, catalog: Catalog, step: str) -> Iterator[Link]:
    """Yield the feedback links from a step and from those to which it hands what it keeps."""
    waiting, seen = [step], {step}
    while waiting:
        one = waiting.pop()
        for link in (link for end in _logs(flow, catalog, one) for link in flow.out_of(end.step, end.port)):
            if link.feedback:
                yield link
            elif link.target.step not in seen and link.target.step in flow.steps:
                seen.add(link.target.step)
                waiting.append(link.target.step)


def _logs(flow: Flow, catalog: Catalog, step: str) -> list[End]:
    sides = sides_of(flow.steps[step], catalog)
    return [End(step, port.name) for port in sides.outputs if is_log(port)] if sides else []


def _with_fix(
    problem: Problem, flow: Flow, catalog: Catalog, sources: Iterable[End], teaching: Collection[str]
) -> Problem:
    possible = (
        Connect(source=str(source), target=f"{step}.{port.name}", feedback=True)
        for source in dict.fromkeys(sources)
        for step, card in flow.steps.items()
        if step != source.step and (kind := catalog.get(card.kind)) and kind.teaches in teaching
        for port in _listening(flow, catalog, step, source)
    )
    found = tuple(islice(possible, 2))
    if len(found) != 1:
        return problem
    drawn = to_draw(flow, Link.between(found[0].source, found[0].target, True))
    return replace(problem, fix=found[0], fix_says=f"{drawn}.")


def _listening(flow: Flow, catalog: Catalog, step: str, source: End) -> list[Port]:
    """Return the inputs for feedback of a step that take what an output gives, and do not get it yet."""
    given, sides = port_at(flow, catalog, source, outgoing=True), sides_of(flow.steps[step], catalog)
    if given is None or sides is None:
        return []
    heard = {link.target.port for link in flow.into(step) if link.source == source}
    return [port for port in sides.inputs if port.feedback and port.type is given.type and port.name not in heard]


def _guards(flow: Flow, catalog: Catalog, step: str) -> bool:
    """Return whether somebody looks at what passes a step, at all of it or at a random part."""
    kind = catalog.get(flow.steps[step].kind)
    if kind is None or kind.family == "people":
        return kind is not None
    audit = getattr(catalog.read(flow.steps[step])[0], "audit", 0)
    if not isinstance(audit, int | float) or audit <= 0:
        return False
    asked = {link.target.step for link in flow.out_of(step, "cases") if not link.feedback}
    people = set(_of(flow, catalog, "people"))
    return any(one in people or people.intersection(descendants(flow, one)) for one in asked if one in flow.steps)


def _of(flow: Flow, catalog: Catalog, family: Family) -> list[str]:
    kinds = {kind.kind for kind in catalog if kind.family == family}
    return [step for step, card in flow.steps.items() if card.kind in kinds]


def _unseen(flow: Flow, way: tuple[str, ...]) -> Problem:
    says = (
        f"What {named(flow, way[0])} proposes reaches {named(flow, way[-1])} without anybody ever looking: "
        f"{route(flow, way)}. Let people see all of it, or a random part: pick cases for them, of which some are "
        "drawn at random."
    )
    return Problem("safeguard-unseen", says, f"steps.{way[-1]}", level="hint")


CODES: tuple[tuple[str, str], ...] = (
    (
        "safeguard-unseen",
        "A model reaches a deliver step unseen. Let people see it, or draw audit cases for them.",
    ),
    (
        "safeguard-teaches-nobody",
        "What people say is fed back to nobody. Draw feedback to a model or to people.",
    ),
    (
        "safeguard-one-sided",
        "Feedback teaches only people or only the model. Feed something back to the other side.",
    ),
)
