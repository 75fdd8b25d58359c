"""Everything that can be said about a flow without running it, as problems with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flows.catalog import Catalog
from flows.columns import column_problems
from flows.command import Command
from flows.document import Document
from flows.drawn import Drawn, drawn
from flows.files import file_problems
from flows.flow import Flow
from flows.graph import unreached
from flows.grouping import group_problems
from flows.people import Group, groups
from flows.problems import Problem, Refused, errors
from flows.purpose import SetPeople
from flows.rehearsal import calendar_of, silent_people
from flows.safeguards import unseen_paths, untaught
from flows.spelling import instead
from flows.step import Plain
from flows.targets import target_problems
from flows.titles import named, without_code
from flows.wiring import input_problems, link_problems, loop_problems

_WIRING = (link_problems, loop_problems, input_problems)
_MOST_SAID = 100
"""Problems of one sort: whoever has a hundred mends some and looks again."""
_MOST_TRIED = 50
"""Fixes that are tried before they are offered: each is a whole edit of the flow."""


def check(
    flow: Flow, catalog: Catalog, document: Document | None = None, folder: Path | None = None
) -> tuple[Problem, ...]:
    """Return what is wrong with a flow, sorted by line.

    With the document that the flow was read from, problems know their lines. With the folder of the
    flow, sources look at their files to know the columns. Every fix that is offered can be applied.
    What could not be read at all is not repeated here: see `flow_of`.
    """
    known = drawn(flow, catalog)
    wiring = [problem for each in _WIRING for problem in _first(each(known))]
    found = [
        *known.problems,
        *wiring,
        # What no source reaches follows from links that are wrong, and need not be said as well.
        *(() if errors(wiring) else _unreached(flow, catalog)),
        *_memories(flow),
        *_first(target_problems(known)),
        *_first(_people(known)),
        *_calendar(flow),
        *_first(group_problems(flow)),
        *_first(column_problems(known, folder)),
        *_first(file_problems(known)),
        *unseen_paths(flow, catalog),
        *untaught(flow, catalog),
        *silent_people(known),
        *_first(_remarks(known)),
    ]
    if document is not None:
        found = [problem.at(_line(document, problem.place)) for problem in found]
    return tuple(_tried(sorted(found, key=_position), flow, catalog))


def _first(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Yield the first hundred problems of one sort: looking for what was meant takes time for each."""
    for said, problem in enumerate(problems):
        if said == _MOST_SAID:
            says = "There are more problems of this sort. They are said when some of these are mended."
            yield Problem("more-problems", says, problem.place)
            return
        yield problem


def _unreached(flow: Flow, catalog: Catalog) -> Iterator[Problem]:
    for step in unreached(flow, catalog):
        says = f"No data reaches {named(flow, step)}, so it has nothing to work on. Link it, or remove it."
        yield Problem("step-unreached", says, f"steps.{step}", level="warning")


def _memories(flow: Flow) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for card in flow.steps.values():
        owner = owners.setdefault(card.memory, card.id)
        if owner != card.id:
            says = (
                f"{named(flow, card.id)} and {named(flow, owner)} both keep their experience under '{card.memory}'. "
                "Remove 'formerly' from the one that is not the renamed step."
            )
            place = f"steps.{card.id}.formerly" if card.formerly else f"steps.{owner}.formerly"
            yield Problem("memory-shared", says, place)


def _people(known: Drawn) -> Iterator[Problem]:
    described, problems = groups(known.flow)
    yield from problems
    for name, step in known.steps.items():
        for setting in ("who", "escalate_to"):
            who = getattr(step, setting, None)
            if isinstance(who, str) and who and who not in known.flow.people:
                yield _nobody(known.flow, name, setting, who)
    for name, group in described.items():
        yield from _truth(known.flow, name, group)


def _nobody(flow: Flow, step: str, setting: str, who: str) -> Problem:
    says = f"Nobody can be asked by {named(flow, step)}: the flow does not say who '{who}' are. "
    says += instead(who, flow.people, "It has these people") if flow.people else "Describe them, or let them be played."
    simulated: Plain = {"simulated": {"people": 5}}
    return Problem(
        "people-missing",
        says,
        f"steps.{step}.{setting}",
        level="warning",
        fix=SetPeople(group=who, people=simulated),
        fix_says=f"Add 5 simulated people as '{who}'.",
    )


def _truth(flow: Flow, name: str, group: Group) -> Iterator[Problem]:
    truth = group.simulated.truth if group.simulated else ""
    if truth and truth not in flow.steps:
        says = f"The simulated people '{name}' read the truth of a step '{truth}', which is not there. "
        says += instead(truth, flow.steps, "The steps are")
        yield Problem("people-truth-unknown", says, f"people.{name}.simulated.truth")


def _remarks(known: Drawn) -> Iterator[Problem]:
    for name, step in known.steps.items():
        for setting, remark in step.remarks():
            says = f"{named(known.flow, name)}: {without_code(type(step), remark)}"
            yield Problem("setting-remark", says, f"steps.{name}.{setting}", level="hint")


def _calendar(flow: Flow) -> tuple[Problem, ...]:
    try:
        calendar_of(flow)
    except Refused as refused:
        return refused.problems
    return ()


def _line(document: Document, place: str) -> int:
    path: list[str | int] = []
    here: Plain = document.data
    for word in place.split(".") if place else ():
        if isinstance(here, list) and word.isdigit() and int(word) < len(here):
            path.append(int(word))
            here = here[int(word)]
        elif isinstance(here, dict) and word in here:
            path.append(word)
            here = here[word]
        else:
            break
    return document.line(tuple(path))


def _position(problem: Problem) -> tuple[int, bool]:
    return (problem.line or 0, problem.level != "error")


def _tried(problems: list[Problem], flow: Flow, catalog: Catalog) -> Iterator[Problem]:
    """Yield the problems with only those fixes that can be applied."""
    tried = 0
    for problem in problems:
        tried += problem.fix is not None
        offers = problem.fix is None or (tried <= _MOST_TRIED and _works(problem.fix, flow, catalog))
        yield problem if offers else replace(problem, fix=None, fix_says="")


def _works(fix: Command, flow: Flow, catalog: Catalog) -> bool:
    try:
        fix.apply(flow, catalog)
    except Refused:
        return False
    return True


CODES: tuple[tuple[str, str], ...] = (
    ("more-problems", "There are more than a hundred problems of one sort. Mend some and look again."),
    ("step-unreached", "No source reaches this step. Link it to one, or remove it."),
    ("memory-shared", "Two steps keep their experience under one id. Remove `formerly` from one of them."),
    ("people-missing", "A step asks people whom the flow does not describe. Add them under `people:`."),
    (
        "people-truth-unknown",
        "Simulated people read the truth of a step that is not there. Correct its name.",
    ),
    ("setting-remark", "Settings that are right have a consequence worth knowing. Nothing need be done."),
)
