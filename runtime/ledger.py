"""Results kept by what made them, recorded with all that a step left behind in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, insert, select

from runtime import events, fingerprints, outbox, statements
from runtime.plan import Outputs, Planned
from runtime.recipe import Recipe
from runtime.round import LeftBehind
from runtime.schema import figures, models, results, truths
from runtime.values import Figure, Measures, Value, digest_of, read_value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book, Store, Writer


_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
Also = Callable[["Connection"], Mapping[str, object]]
"""What is to be kept together with a result; it returns what the event of the result tells of it."""
ROUNDS_KEPT = 100
"""For how many rounds a result can be used again."""


class Kept(NamedTuple):
    """A result that is there already: the round that made it, and its outputs."""

    round: int
    reused_from: int | None
    reason: str
    outputs: Outputs
    notes: list[str]


class Made(NamedTuple):
    """A result to record: what made it, what it is and what it left behind."""

    recipe: Recipe
    outputs: Outputs
    reason: str
    left: LeftBehind
    seconds: float = 0.0
    reused_from: int | None = None
    figures: tuple[Figure, ...] = ()


class Ledger:
    """The results of one round of a book; what was there when it was opened is read once."""

    def __init__(self, store: Store, writer: Writer, book: Book, number: int) -> None:
        self.store, self.writer, self.book, self.round = store, writer, book, number
        mine = results.c.book == book.id
        with store.reading() as connection:
            rows = connection.execute(select(results).where(mine, results.c.round == number))
            self._done = {row.step: row for row in rows}
            kept = select(results.c.step, results.c.key, func.max(results.c.round)).where(
                mine, results.c.round < number, results.c.round >= number - ROUNDS_KEPT
            )
            rows = connection.execute(kept.group_by(results.c.step, results.c.key))
            self._kept: dict[tuple[str, str], int] = {(step, key): latest for step, key, latest in rows}
            self._before = self._recipes(connection)

    def done(self, planned: Planned) -> Kept | None:
        """Return the result that this round has already, after a kill or a wait."""
        row = self._done.get(planned.card.memory)
        return None if row is None else self._read(planned, row)

    def kept(self, planned: Planned, recipe: Recipe) -> Kept | None:
        """Return a result of an earlier round made from exactly the same."""
        step = planned.card.memory
        number = self._kept.get((step, digest_of(dict(recipe))))
        if number is None:
            return None
        query = select(results).where(results.c.book == self.book.id, results.c.round == number, results.c.step == step)
        with self.store.reading() as connection:
            return self._read(planned, connection.execute(query).one())

    def before(self, planned: Planned) -> Recipe | None:
        """Return what made the step's last result in this book."""
        return self._before.get(planned.card.memory)

    def record(self, planned: Planned, made: Made, also: Also | None = None) -> None:
        """Keep a result, what it left behind and its event, together with `also`, or nothing of it."""
        key = digest_of(dict(made.recipe))
        step, at = planned.card.memory, self.store.moment()
        row: dict[str, Any] = {
            "book": self.book.id,
            "round": self.round,
            "step": step,
            "key": key,
            "made_from": _text(dict(made.recipe)),
            "outputs": _text(_plain(planned, made.outputs)),
            "reused_from": made.reused_from,
            "reason": made.reason,
            "notes": _text(made.left.notes),
            "seconds": made.seconds,
        }
        what = "step-reused" if made.reused_from else "step-done"
        result = fingerprints.of_result(row["outputs"], row["notes"], made.reason, made.reused_from)
        with self.writer.transaction() as tx:
            told = {} if also is None else also(tx)
            statements.run(tx, statements.INSERT_RESULT, row)
            told = {**told, **self._leave(tx, step, made, at)}
            events.append(tx, self.book.id, at, what, round=self.round, step=step, key=key, result=result, **told)

    def _recipes(self, connection: Connection) -> dict[str, Recipe]:
        last = (
            select(results.c.step, func.max(results.c.round).label("round"))
            .where(results.c.book == self.book.id, results.c.round < self.round)
            .group_by(results.c.step)
            .subquery()
        )
        query = select(results.c.step, results.c.made_from).join(
            last, (last.c.step == results.c.step) & (last.c.round == results.c.round)
        )
        return {row.step: row.made_from for row in connection.execute(query.where(results.c.book == self.book.id))}

    def _leave(self, tx: Connection, step: str, made: Made, at: str) -> dict[str, object]:
        """Keep what a step left behind and return what its event tells of that: digests."""
        place = {"book": self.book.id, "step": step, "round": self.round}
        told = [*made.figures, *(figure for value in made.outputs for figure in _figures(value))]
        if told:
            tx.execute(insert(figures), [{**place, **figure._asdict()} for figure in told])
        if made.left.truth is not None:
            tx.execute(insert(truths).values(**place, table=made.left.truth.plain()))
        versions = []
        for model in made.left.models:
            artifact = self.store.artifacts.put(model.data)
            versions += self._keep_model(tx, place, model.version, artifact, dict(model.facts))
        for delivery in made.left.deliveries:
            outbox.post(tx, self.book, self.round, step, delivery, at)
        digests = {
            "figures": fingerprints.of_figures(figure._asdict() for figure in told),
            "models": fingerprints.of_names(versions),
            "truth": digest_of(made.left.truth.plain()) if made.left.truth is not None else "",
        }
        return {name: digest for name, digest in digests.items() if digest}

    def _keep_model(
        self, tx: Connection, place: Mapping[str, Any], version: str, artifact: str, facts: dict[str, object]
    ) -> list[str]:
        mine = (models.c.book == place["book"]) & (models.c.step == place["step"])
        if tx.execute(select(models.c.number).where(mine, models.c.version == version)).first():
            return []
        number = (tx.execute(select(func.max(models.c.number)).where(mine)).scalar() or 0) + 1
        tx.execute(insert(models).values(**place, number=number, version=version, artifact=artifact, facts=facts))
        return [fingerprints.of_model(number, version, artifact, facts)]

    def _read(self, planned: Planned, row: Any) -> Kept:
        outputs = tuple(read_value(port, row.outputs, self.store.artifacts) for port in planned.outputs)
        return Kept(row.round, row.reused_from, row.reason, outputs, row.notes)


def _text(plain: object) -> str:
    return _JSON.encode(plain)


def _plain(planned: Planned, outputs: Outputs) -> dict[str, Any]:
    return {port.name: value.plain() for port, value in zip(planned.outputs, outputs, strict=True)}


def _figures(value: Value) -> tuple[Figure, ...]:
    return value.figures if isinstance(value, Measures) else ()
