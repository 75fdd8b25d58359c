"""Aims and limits, judged on what was measured: an aim tells, a limit stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flows.catalog import Catalog
from flows.flow import Flow
from flows.intent import Target
from runtime.values import Figure

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book

Verdict = Literal["kept", "broken", "unknown"]


@dataclass(frozen=True)
class Judged:
    """One aim or limit with its latest figure. A limit is judged by the value, an aim by its interval."""

    target: Target
    verdict: Verdict
    figure: Figure | None

    def sentence(self, kind: str) -> str:
        """Return what is to be said about this aim or limit."""
        name = f"{self.target.step}.{self.target.measure}"
        if self.figure is None or self.figure.value is None:
            why = f": {self.figure.says}" if self.figure is not None and self.figure.says else ""
            return f"The {kind} {self.target} cannot be judged: {name} has no value yet{why}."
        found = self.figure.says or f"{self.figure.value:g}"
        if self.verdict == "kept":
            return f"The {kind} {self.target} is {'met' if kind == 'aim' else 'kept'}: {found}."
        words = "not shown to be met yet" if kind == "aim" else "broken"
        return f"The {kind} {self.target} is {words}: {name} is {found}."


def judge_limit(target: Target, figure: Figure | None) -> Judged:
    """Judge a limit by the value of its figure; without a value it is unknown, which holds delivery."""
    if figure is None or figure.value is None:
        return Judged(target, "unknown", figure)
    return Judged(target, "kept" if target.holds(figure.value) else "broken", figure)


def judge_aim(target: Target, figure: Figure | None) -> Judged:
    """Judge an aim at the worse end of its interval."""
    if figure is None or figure.value is None:
        return Judged(target, "unknown", figure)
    worse = figure.low if target.comparison in (">=", ">") else figure.high
    return Judged(target, "kept" if target.holds(figure.value if worse is None else worse) else "broken", figure)


def judged(
    connection: Connection, flow: Flow, catalog: Catalog, book: Book, number: int, day: str, aims: bool
) -> tuple[Judged, ...]:
    """Judge all aims, or all limits, of a flow after a round."""
    targets = flow.intent.aims if aims else flow.intent.limits
    judge = judge_aim if aims else judge_limit
    return tuple(judge(target, figure_of(connection, flow, catalog, book, number, day, target)) for target in targets)


def figure_of(
    connection: Connection, flow: Flow, catalog: Catalog, book: Book, number: int, day: str, target: Target
) -> Figure | None:
    """Return the figure that a target names: of this round, or summed over the day or over all rounds."""
    from sqlalchemy import select

    from runtime.schema import figures, rounds

    card = flow.steps[target.step]
    per = per_of(catalog, card.kind, target.measure)
    query = (
        select(figures)
        .join(rounds, (rounds.c.book == figures.c.book) & (rounds.c.number == figures.c.round))
        .where(figures.c.book == book.id, figures.c.step == card.memory, figures.c.measure == target.measure)
    )
    if per == "round":
        query = query.where(figures.c.round == number)
    elif per == "day":
        query = query.where(rounds.c.now.startswith(day))
    rows = connection.execute(query.order_by(figures.c.round)).all()
    if not rows:
        return None
    if per == "round" or len(rows) == 1:
        row = rows[-1]
        return Figure(row.measure, row.value, row.low, row.high, row.says)
    return Figure(target.measure, sum(row.value or 0.0 for row in rows), None, None, "")


def per_of(catalog: Catalog, kind: str, measure: str) -> str:
    """Return whether a measure is about a round, a day or everything so far."""
    declared = catalog.get(kind)
    measures = declared.measures if declared is not None else ()
    return next((entry.per for entry in measures if entry.name == measure), "round")
