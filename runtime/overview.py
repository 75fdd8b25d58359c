"""How a book stands: its rounds, what waits for whom, what was measured, and what was delivered."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from runtime.answers import counts
from runtime.awaited import asked_now
from runtime.limits import Judged, figure_of, judge_aim, judge_limit
from runtime.outbox import place_of
from runtime.schema import answers, figures, models, outbox, questions, results, rounds
from runtime.values import Figure

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.catalog import Catalog
    from flows.flow import Flow
    from flows.intent import Target
    from runtime.store import Book, Store


@dataclass(frozen=True)
class RoundLine:
    """One round: `state` is open, closed or stopped, `now` the moment that it is played at."""

    number: int
    state: str
    now: str
    opened: str
    closed: str
    people: str
    sentence: str


@dataclass(frozen=True)
class Waiting:
    """What a step waits for: of the cases asked, how many are answered, and the next deadline."""

    step: str
    group: str
    asked: int
    answered: int
    deadline: str

    def sentence(self) -> str:
        """Return what is waited for, in words."""
        until = f", the next one until {self.deadline[:16].replace('T', ' ')} UTC" if self.deadline else ""
        return f"{self.step} waits for {self.group}: {self.answered} of {self.asked} cases are answered{until}."


@dataclass(frozen=True)
class ModelLine:
    """One version of a step's model."""

    step: str
    number: int
    round: int
    version: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class DeliveredFile:
    """A file that a step delivered; `published` is empty while it waits to be put in its place."""

    step: str
    round: int
    path: Path
    published: str


def rounds_of(store: Store, book: Book) -> tuple[RoundLine, ...]:
    """Return the rounds of a book in order."""
    query = select(rounds).where(rounds.c.book == book.id).order_by(rounds.c.number)
    with store.reading() as connection:
        return tuple(
            RoundLine(row.number, row.state, row.now, row.opened, row.closed or "", row.people, row.sentence)
            for row in connection.execute(query)
        )


def waiting_of(store: Store, book: Book) -> tuple[Waiting, ...]:
    """Return what still waits for people, by step and group.

    Counted are the cases that the open round asks about; for a step that asks nothing in it, those
    asked in the last round together with those that are open from earlier ones.
    """
    found: dict[tuple[str, str], list[tuple[bool, str]]] = {}
    with store.reading() as connection:
        asked = _left_open(connection, book) | asked_now(connection, store, book)
        given = select(func.count()).where(answers.c.question == questions.c.id, counts(store.moment(), in_time=False))
        for step, cases in sorted(asked.items()):
            query = select(
                questions.c.group, questions.c.wanted, questions.c.deadline, given.scalar_subquery().label("given")
            )
            for row in connection.execute(query.where(questions.c.id.in_(cases))):
                found.setdefault((step, row.group), []).append((row.given >= row.wanted, row.deadline or ""))
    return tuple(
        Waiting(step, group, len(cases), sum(done for done, _ in cases), _next(cases))
        for (step, group), cases in sorted(found.items())
        if not all(done for done, _ in cases)
    )


def notes_of(store: Store, book: Book) -> dict[str, list[str]]:
    """Return what each step noted about its last result, by the name under which the step is kept."""
    last = (
        select(results.c.step, func.max(results.c.round).label("round"))
        .where(results.c.book == book.id)
        .group_by(results.c.step)
        .subquery()
    )
    query = select(results.c.step, results.c.notes).join(
        last, (last.c.step == results.c.step) & (last.c.round == results.c.round)
    )
    with store.reading() as connection:
        return {row.step: row.notes for row in connection.execute(query.where(results.c.book == book.id)) if row.notes}


def figures_of(store: Store, book: Book, step: str) -> dict[int, dict[str, Figure]]:
    """Return what a step measured, by round and measure."""
    query = select(figures).where(figures.c.book == book.id, figures.c.step == step).order_by(figures.c.round)
    found: dict[int, dict[str, Figure]] = {}
    with store.reading() as connection:
        for row in connection.execute(query):
            figure = Figure(row.measure, row.value, row.low, row.high, row.says)
            found.setdefault(row.round, {})[row.measure] = figure
    return found


def targets_of(store: Store, book: Book, flow: Flow, catalog: Catalog, aims: bool) -> tuple[Judged, ...]:
    """Return the aims, or the limits, of a flow as its last ended round leaves them."""
    ended = [line for line in rounds_of(store, book) if line.state != "open"]
    if not ended:
        return ()
    last = ended[-1]
    judge, targets = (judge_aim, flow.intent.aims) if aims else (judge_limit, flow.intent.limits)
    with store.reading() as connection:
        return tuple(
            judge(
                target,
                _broke(last, target)
                or figure_of(connection, flow, catalog, book, last.number, last.now[:10], target),
            )
            for target in targets
            if target.step in flow.steps
        )


def models_of(store: Store, book: Book) -> tuple[ModelLine, ...]:
    """Return the newest version of each step's model."""
    query = select(models).where(models.c.book == book.id).order_by(models.c.step, models.c.number)
    with store.reading() as connection:
        newest = {row.step: row for row in connection.execute(query)}
    return tuple(ModelLine(row.step, row.number, row.round, row.version, row.facts) for row in newest.values())


def delivered_of(store: Store, book: Book, folder: Path) -> tuple[DeliveredFile, ...]:
    """Return where the files of a book lie: of each, the last one that was delivered."""
    query = select(outbox).where(outbox.c.book == book.id).order_by(outbox.c.round, outbox.c.target)
    with store.reading() as connection:
        newest = {(row.step, row.target): row for row in connection.execute(query)}
    return tuple(
        DeliveredFile(row.step, row.round, place_of(store, book, folder, row.target), row.published or "")
        for row in newest.values()
    )


def runner_of(folder: Path, flow: str) -> str:
    """Return who runs a flow now, or nothing; looking never disturbs a run that is about to begin."""
    lock, told = folder / f"{flow}.lock", folder / f"{flow}.holder"
    if not lock.exists() or not told.exists():
        return ""
    holder = told.read_text(errors="replace").strip()
    return holder if _held(lock, holder) else ""


def _held(lock: Path, holder: str) -> bool:
    table = Path("/proc/locks")
    if table.exists():
        return any(line.split()[5].endswith(f":{lock.stat().st_ino}") for line in table.read_text().splitlines())
    found = re.fullmatch(r"process (\d+) on (.*)", holder)
    if found is None or found[2] != socket.gethostname():
        return False
    try:
        os.kill(int(found[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _broke(line: RoundLine, target: Target) -> Figure | None:
    """Return the figure by which a limit stopped a round before anybody was asked: no step measured it."""
    said = re.escape(f"The limit {target} is broken: {target.step}.{target.measure} is ")
    found = re.search(rf"{said}([-+\d.e]*\d)\.(?: |$)", line.sentence) if line.state == "stopped" else None
    return Figure(target.measure, float(found[1]), None, None, found[1]) if found else None


def _left_open(connection: Connection, book: Book) -> dict[str, list[str]]:
    given = select(func.count()).where(answers.c.question == questions.c.id, answers.c.in_force).scalar_subquery()
    last = select(func.max(rounds.c.number)).where(rounds.c.book == book.id).scalar_subquery()
    query = select(questions.c.step, questions.c.id).where(
        questions.c.book == book.id,
        questions.c.closed == "",
        (given < questions.c.wanted) | (questions.c.round == last),
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(questions.c.id)):
        found.setdefault(row.step, []).append(row.id)
    return found


def _next(cases: list[tuple[bool, str]]) -> str:
    return min((deadline for done, deadline in cases if deadline and not done), default="")
