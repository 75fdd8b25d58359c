"""Who sees which figures about people: oneself and the auditor by name, everybody else groups of five or more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LEAST = 5
"""People behind a figure that others see."""


@dataclass(frozen=True)
class PersonFigure:
    """A figure about one person; `value` is None while too little is known. `since`: their first answer's moment."""

    person: str
    measure: str
    value: float | None
    says: str
    since: str


@dataclass(frozen=True)
class Viewer:
    """Who looks: a name, and whether they are the auditor, who may see all."""

    name: str
    auditor: bool = False


@dataclass(frozen=True)
class Shown:
    """A figure as somebody may see it: of one person, by name, or the mean of a group without names."""

    whose: str
    people: int
    measure: str
    value: float | None
    says: str


def visible(figures: Iterable[PersonFigure], viewer: Viewer) -> tuple[Shown, ...]:
    """Return what a viewer may see: their own figures; the auditor all; of all others the means of groups.

    No figure of one person can be had by subtracting what is shown at one time:
    - everybody is in exactly one group, by the order of first answers, so that no two groups overlap, and all
      groups together are all people: a total shown elsewhere leaves nobody over (6 people are one group of 6,
      never 5 and 1);
    - a group is shown only if the figure is known of all its people: else the total would tell the others;
    - and only if five of them are not the viewer, who could take out the own figure;
    - each person counts the same in the mean, so that a busy one does not make it up.
    Who compares what was shown before and after a sixth person came learns how much the mean moved, as from any
    total by round.
    """
    known = tuple(figures)
    if viewer.auditor:
        return tuple(_of_one(figure) for figure in known)
    own = [_of_one(figure) for figure in known if figure.person == viewer.name]
    return (*own, *_groups(known, viewer))


def _groups(figures: Sequence[PersonFigure], viewer: Viewer) -> Iterator[Shown]:
    measures = dict.fromkeys(figure.measure for figure in figures)
    for group in _blocks(figures):
        for measure in measures:
            theirs = [figure for figure in figures if figure.measure == measure and figure.person in group]
            yield from _of_group(measure, theirs, len(group), viewer)


def _of_group(measure: str, theirs: Sequence[PersonFigure], size: int, viewer: Viewer) -> Iterator[Shown]:
    """Yield the mean of a measure; nothing where it is known of only some of them, or of too few besides the viewer."""
    values = {figure.person: figure.value for figure in theirs if figure.value is not None}
    if len(values.keys() - {viewer.name}) < LEAST or len(values) < size:
        return
    mean = sum(values.values()) / len(values)
    yield Shown(f"{len(values)} people", len(values), measure, mean, f"{mean:.2f} (mean of {len(values)} people)")


def _blocks(figures: Sequence[PersonFigure]) -> list[frozenset[str]]:
    """Return people in groups of five by the order in which they came; what is left over joins the last group."""
    since: dict[str, str] = {}
    for figure in figures:
        since[figure.person] = min(figure.since, since.get(figure.person, figure.since))
    people = sorted(since, key=lambda person: (since[person], person))
    count = len(people) // LEAST
    ends = [*(LEAST * number for number in range(1, count)), len(people)]
    starts = [0, *ends[:-1]]
    return [frozenset(people[start:end]) for start, end in zip(starts, ends, strict=True)] if count else []


def _of_one(figure: PersonFigure) -> Shown:
    return Shown(figure.person, 1, figure.measure, figure.value, figure.says)
