"""What going live means: who is asked, how much, what is written where, what guards it, and what is missing."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from flows.check import check
from flows.people import groups
from flows.problems import errors
from flows.slots import slot_of
from flows.spelling import listed
from runtime.asking import COUNTS_QUESTIONS
from runtime.limits import per_of

if TYPE_CHECKING:
    from editor.asked_now import AskedNow
    from editor.results import Results
    from flows.catalog import Catalog
    from flows.flow import Card, Flow
    from flows.intent import Target
    from flows.step import Step

_SAID = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


@dataclass(frozen=True)
class Asked:
    """Whom one step asks; `most` is how many questions a round asks at most, None when that is not known."""

    step: str
    group: str
    accounts: tuple[str, ...]
    most: int | None
    says: str
    now: AskedNow | None = None
    """What it would find now; None while that is not counted."""
    put_now: int | None = None
    """How many questions at most would be put now; None while that is not counted."""

    @property
    def nobody(self) -> bool:
        """Return whether it is known that it would ask nothing now."""
        return self.now is not None and self.now.left == 0


@dataclass(frozen=True)
class Written:
    """What one step writes; `path` is the whole path of its file, `replaces` whether one is there now."""

    step: str
    path: Path | None
    replaces: bool
    says: str


@dataclass(frozen=True)
class Guard:
    """A limit, and what happens when it is broken."""

    text: str
    says: str


@dataclass(frozen=True)
class Missing:
    """What is missing; `stops` says whether the flow cannot run before it is mended."""

    says: str
    stops: bool
    place: str = ""


@dataclass(frozen=True)
class GoingLive:
    """Everything that a person should know before real people are asked and real files are written."""

    says: str
    asked: tuple[Asked, ...]
    written: tuple[Written, ...]
    guards: tuple[Guard, ...]
    missing: tuple[Missing, ...]
    command: str

    @property
    def nobody(self) -> bool:
        """Return whether there are people to ask, and it is known that none of them would be asked anything now."""
        return bool(self.asked) and all(one.nobody for one in self.asked)

    @property
    def possible(self) -> bool:
        """Return whether the flow can go live now."""
        return not any(missing.stops for missing in self.missing)


def going_live(
    flow: Flow, catalog: Catalog, path: Path, rounds: int = 1, rehearsed: Results | None = None,
    now: Mapping[str, AskedNow] = MappingProxyType({}),
) -> GoingLive:  # fmt: skip
    """Return what going live with a flow file means.

    With the results of a rehearsal, limits that had no value there are named: without one nothing is delivered.
    `now` is what was counted of the cases that can be asked about now.
    """
    folder = path.resolve().parent
    steps = {id: step for id, card in flow.steps.items() if (step := catalog.read(card)[0]) is not None}
    asked = tuple(_asked(flow, steps, id, now.get(id)) for id, step in steps.items() if step.waits())
    written = tuple(_written(flow.steps[id], step, folder) for id, step in steps.items() if step.purity == "delivers")
    return GoingLive(
        says=_whole(asked, written),
        asked=asked,
        written=written,
        guards=tuple(_guard(flow, catalog, limit, steps) for limit in flow.intent.limits if limit.step in flow.steps),
        missing=tuple(_missing(flow, catalog, folder, steps, asked, written, rehearsed)),
        command=f"tandem run {shlex.quote(str(path))} --rounds {rounds}",
    )


def most_questions(flow: Flow, steps: dict[str, Step], id: str) -> int | None:
    """Return how many new questions a step asks in a round at most; None when nothing bounds them.

    They are bounded by how many cases are picked for it, and by limits on its questions.
    """
    picked = _most_picked(flow, steps, id)
    bounds = [*([] if picked is None else [picked]), *_question_limits(flow, id)]
    return max(min(bounds), 0) if bounds else None


def _most_picked(flow: Flow, steps: dict[str, Step], id: str) -> int | None:
    cases = _most_cases(flow, steps, id, frozenset())
    return None if cases is None else cases * int(getattr(steps[id], "people_per_case", 1))


def _question_limits(flow: Flow, id: str) -> list[int]:
    """Return how many questions each limit on a step leaves to it."""
    return [
        floor(limit.number) if limit.comparison == "<=" else ceil(limit.number) - 1
        for limit in flow.intent.limits
        if limit.step == id and limit.measure in COUNTS_QUESTIONS and limit.comparison in ("<=", "<")
    ]


def _most_cases(flow: Flow, steps: dict[str, Step], id: str, seen: frozenset[str]) -> int | None:
    """Return how many cases can reach a step, by what those before it pick or pass on."""
    sources = [link.source.step for link in flow.into(id, "cases") if not link.feedback]
    total = 0
    for source in sources:
        step = steps.get(source)
        at_most = getattr(step, "at_most", None)
        if isinstance(at_most, int):
            total += at_most + int(getattr(step, "audit", 0) or 0)
            continue
        passed = _most_cases(flow, steps, source, seen | {id}) if step and step.waits() and source not in seen else None
        if passed is None:
            return None
        total += passed
    return total if sources else None


def _asked(flow: Flow, steps: dict[str, Step], id: str, now: AskedNow | None) -> Asked:
    group = str(getattr(steps[id], "who", ""))
    described = groups(flow)[0].get(group)
    accounts = described.accounts if described else ()
    most = most_questions(flow, steps, id)
    there = None if now is None else now.left * int(getattr(steps[id], "people_per_case", 1))
    put_now = there if there is None or most is None else min(most, there)
    people = f"{_number(len(accounts), 'account')}: {listed(accounts)}" if accounts else "whoever opens the questions"
    how = f"at most {_number(most, 'question')} a round" if most is not None else "as many questions as cases arrive"
    deadline = str(getattr(steps[id], "deadline", ""))
    until = f", until {deadline}" if deadline else ""
    says = f"{group or 'Nobody yet'} ({people}): {how}{until}.{f' {now.sentence()}' if now else ''}"
    return Asked(id, group, accounts, most, says, now, put_now)


def _written(card: Card, step: Step, folder: Path) -> Written:
    names = [name for name in type(step).model_fields if slot_of(type(step), name).names == "new file"]
    target = str(getattr(step, names[0])) if names else ""
    if not target:
        return Written(card.id, None, False, f"{step.sentence()}.")
    path = (folder / target).resolve()
    there = path.exists()
    what = "replaces the file that is there" if there else "is a new file"
    return Written(card.id, path, there, f"{path} {what}; rows that were delivered otherwise are listed beside it.")


def _guard(flow: Flow, catalog: Catalog, limit: Target, steps: dict[str, Step]) -> Guard:
    step = steps.get(limit.step)
    per = per_of(catalog, flow.steps[limit.step].kind, limit.measure)
    when = {"round": "in each round", "day": "each day", "total": "over all rounds"}[per]
    early = step is not None and step.waits() and limit.measure in COUNTS_QUESTIONS
    then = "nobody is asked and nothing is delivered" if early else "nothing is delivered"
    what = f"{limit.measure.replace('_', ' ')} of {limit.step}: {_SAID[limit.comparison]} {limit.number:,.6g}"
    return Guard(str(limit), f"{what[:1].upper()}{what[1:]} {when}; where that is broken, {then}.")


def _missing(
    flow: Flow, catalog: Catalog, folder: Path, steps: dict[str, Step],
    asked: tuple[Asked, ...], written: tuple[Written, ...], rehearsed: Results | None,
) -> Iterator[Missing]:  # fmt: skip
    for problem in errors(check(flow, catalog, folder=folder)):
        yield Missing(problem.message, True, problem.place)
    for one in asked:
        yield from _missing_people(one, getattr(steps[one.step], "people_per_case", 1))
        picked, least = _most_picked(flow, steps, one.step), min(_question_limits(flow, one.step), default=None)
        if picked is not None and least is not None and picked > least:
            says = f"Up to {_number(picked, 'question')} may be picked for '{one.step}', and a limit allows {least:,}: "
            says += "a round with more is stopped before anybody is asked. Pick fewer cases, or raise the limit."
            yield Missing(says, False, f"steps.{one.step}")
    for file in written:
        if file.path is not None and not file.path.is_relative_to(folder):
            says = f"'{file.step}' writes to {file.path}, outside the folder of the flow. Name a file under {folder}."
            yield Missing(says, True, f"steps.{file.step}.path")
    yield from (Missing(one.now.sentence(), False, f"steps.{one.step}") for one in asked if one.now and one.nobody)
    if not written:
        yield Missing("Nothing is delivered: no step of the flow writes anything. Add one that does.", False, "steps")
    for limit in rehearsed.limits if rehearsed else ():
        if limit.value is None:
            yield Missing(f"{limit.says} Without a value nothing is delivered.", False, "intent.limits")


def _missing_people(asked: Asked, each: int) -> Iterator[Missing]:
    place = f"people.{asked.group}.accounts"
    if not asked.group:
        yield Missing(f"'{asked.step}' does not say whom it asks.", True, f"steps.{asked.step}.who")
    elif not asked.accounts:
        says = f"No accounts are named for {asked.group}: whoever can open this flow may answer for them."
        yield Missing(says, False, place)
    elif len(asked.accounts) < each:
        says = f"Each case of '{asked.step}' wants {each} people, and {asked.group} has "
        says += f"{_number(len(asked.accounts), 'account')}: its questions would never be settled. Name more accounts."
        yield Missing(says, True, place)


def _whole(asked: tuple[Asked, ...], written: tuple[Written, ...]) -> str:
    """Return all of it in two sentences."""
    counts = [one.most for one in asked]
    named = listed(tuple(dict.fromkeys(one.group for one in asked if one.group)))
    if not asked:
        people = "Nobody is asked."
    elif None in counts:
        people = f"Real people are asked: {named}. How many questions there will be is not bounded."
    else:
        total = sum(count for count in counts if count is not None)
        people = f"Real people are asked: {named}, at most {_number(total, 'question')} a round{_now(asked, total)}."
    files = [str(one.path) for one in written if one.path]
    return f"{people} {f'Written is {listed(files)}.' if files else 'No file is written.'}"


def _now(asked: tuple[Asked, ...], most: int) -> str:
    """Return how many of the questions of a round would be put now, where that is counted and makes a difference."""
    counts = [one.put_now for one in asked]
    now = sum(count for count in counts if count is not None)
    if None in counts or now == most:
        return ""
    return f", {now:,} now" if now else "; nobody would be asked anything now"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"
