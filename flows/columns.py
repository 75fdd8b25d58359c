"""Which columns arrive where, known from the drawing alone, before anything has run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from flows.commands import Configure
from flows.drawn import Drawn
from flows.flow import End
from flows.graph import loops, order
from flows.problems import Problem, Refused
from flows.spelling import instead, meant
from flows.step import Columns, Plain, Step
from flows.titles import named


@runtime_checkable
class Peeks(Protocol):
    """A kind that can look at a file under a folder to tell the columns of its output ports."""

    def peek(self, folder: Path) -> Mapping[str, Columns]:
        """Return the columns by output port; refuse with a sentence when the file cannot be read."""


@runtime_checkable
class Looks(Protocol):
    """A kind that can look at a file more closely, which takes longer and tells types."""

    def look(self, folder: Path) -> Mapping[str, Columns]:
        """Return the columns by output port with their types."""


def arriving(
    drawn: Drawn, folder: Path | None = None, closely: bool = False
) -> tuple[Mapping[End, Columns], tuple[Problem, ...]]:
    """Return the columns that arrive at each input, and what is wrong with files looked at for them.

    An input that is absent is not known before a run. At an input with several links arrive the
    columns that all of them bring. Files are looked at only under a folder that is handed in, and for
    types only when asked to look closely.
    """
    sources: dict[End, list[End]] = {}
    for link in drawn.flow.links:
        sources.setdefault(link.target, []).append(link.source)
    leaving: dict[End, Columns] = {}
    problems: list[Problem] = []
    for name in () if loops(drawn.flow) else order(drawn.flow):
        if name in drawn.steps:
            ends = [End(name, port.name) for port in drawn.sides[name].inputs if not port.feedback]
            known = _known({end: sources[end] for end in ends if end in sources}, leaving)
            incoming = {end.port: columns for end, columns in known.items()}
            told, found = _leaving(drawn.steps[name], name, incoming, folder, closely)
            leaving |= {End(name, port): columns for port, columns in told.items()}
            problems += found
    return _known(sources, leaving), tuple(problems)


def column_problems(drawn: Drawn, folder: Path | None = None) -> Iterator[Problem]:
    """Yield the columns that settings name and that do not arrive, where the columns are known."""
    known, problems = arriving(drawn, folder)
    yield from problems
    for name, step in drawn.steps.items():
        for port, needed in step.needs().items():
            end = End(name, port)
            if end in known:
                absent = [column for column in needed if column not in known[end]]
                yield from (_missing(drawn, end, column, known[end]) for column in absent)


def _known(sources: Mapping[End, list[End]], leaving: Mapping[End, Columns]) -> dict[End, Columns]:
    """Return the columns at those inputs for which every link tells what it brings."""
    return {
        end: _shared([leaving[source] for source in each])
        for end, each in sources.items()
        if all(source in leaving for source in each)
    }


def _shared(told: list[Columns]) -> Columns:
    names = [name for name in told[0] if all(name in columns for columns in told)]
    return {name: told[0][name] if len({columns[name] for columns in told}) == 1 else "" for name in names}


def _leaving(
    step: Step, name: str, incoming: Mapping[str, Columns], folder: Path | None, closely: bool
) -> tuple[Mapping[str, Columns], tuple[Problem, ...]]:
    told = step.columns(incoming)
    if told or folder is None:
        return told, ()
    try:
        if closely and isinstance(step, Looks):
            return step.look(folder), ()
        return (step.peek(folder) if isinstance(step, Peeks) else {}), ()
    except Refused as refused:
        return {}, tuple(_inside(name, problem) for problem in refused.problems)


def _inside(name: str, problem: Problem) -> Problem:
    place = problem.place if problem.place.startswith("steps.") else f"steps.{name}"
    return Problem(problem.code, problem.message, place, None, problem.level, problem.fix, problem.fix_says)


def _missing(drawn: Drawn, end: End, column: str, columns: Columns) -> Problem:
    says = f"{named(drawn.flow, end.step)} needs the column '{column}', which does not arrive there. "
    says += instead(column, columns, "The columns there are")
    card = drawn.flow.steps[end.step]
    naming = [setting for setting, value in card.settings.items() if _names(value, column)]
    if len(naming) != 1:
        return Problem("column-unknown", says, f"steps.{end.step}")
    place, near = f"steps.{end.step}.{naming[0]}", meant(column, columns)
    if near is None:
        return Problem("column-unknown", says, place)
    right = _renamed(card.settings[naming[0]], column, near)
    fix = Configure(step=end.step, setting=naming[0], value=right)
    return Problem("column-unknown", says, place, fix=fix, fix_says=f"Write '{near}' instead of '{column}'.")


def _names(value: Plain, column: str) -> bool:
    return column in value if isinstance(value, list) else value == column


def _renamed(value: Plain, column: str, near: str) -> Plain:
    if isinstance(value, list):
        return [near if item == column else item for item in value]
    return near


CODES: tuple[tuple[str, str], ...] = (
    ("column-unknown", "A setting names a column that does not arrive. Take one of those that do."),
)
