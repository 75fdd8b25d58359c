"""Results kept by what made them, recorded with all that a step left behind in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, insert, select

from runtime import events, outbox
from runtime.plan import Outputs, Planned
from runtime.recipe import Recipe
from runtime.round import LeftBehind
from runtime.schema import figures, models, results, truths
from runtime.values import Figure, Measures, Table, Value, digest_of, read_value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book, Store


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


@dataclass(frozen=True)
class Ledger:
    """The results of one round of a book."""

    store: Store
    book: Book
    round: int

    def done(self, planned: Planned) -> Kept | None:
        """Return the result that this round has already, after a kill or a wait."""
        return self._find(planned, results.c.round == self.round)

    def kept(self, planned: Planned, recipe: Recipe) -> Kept | None:
        """Return a result of an earlier round made from exactly the same."""
        return self._find(planned, results.c.key == digest_of(dict(recipe)))

    def before(self, planned: Planned) -> Recipe | None:
        """Return what made the step's last result in this book."""
        query = (
            select(results.c.made_from)
            .where(results.c.book == self.book.id, results.c.step == planned.card.memory)
            .order_by(results.c.round.desc())
            .limit(1)
        )
        with self.store.reading() as connection:
            found: Recipe | None = connection.execute(query).scalar()
        return found

    def record(
        self, planned: Planned, made: Made, also: Callable[[Connection], object] = lambda tx: None
    ) -> None:
        """Keep a result, what it left behind and its event, together with `also`, or nothing of it."""
        key = digest_of(dict(made.recipe))
        step, at = planned.card.memory, self.store.moment()
        with self.store.transaction() as tx:
            also(tx)
            tx.execute(
                insert(results).values(
                    book=self.book.id,
                    round=self.round,
                    step=step,
                    key=key,
                    made_from=dict(made.recipe),
                    outputs=_plain(planned, made.outputs),
                    reused_from=made.reused_from,
                    reason=made.reason,
                    notes=made.left.notes,
                    seconds=made.seconds,
                )
            )
            self._leave(tx, step, made, at)
            events.append(
                tx, self.book.id, at, "step-reused" if made.reused_from else "step-done",
                round=self.round, step=step, key=key,
            )  # fmt: skip

    def _leave(self, tx: Connection, step: str, made: Made, at: str) -> None:
        place = {"book": self.book.id, "step": step, "round": self.round}
        told = [*made.figures, *(figure for value in made.outputs for figure in _figures(value))]
        if told:
            tx.execute(insert(figures), [{**place, **figure._asdict()} for figure in told])
        if made.left.truth is not None:
            tx.execute(insert(truths).values(**place, table=table_plain(made.left.truth)))
        for model in made.left.models:
            self._keep_model(tx, place, model.version, self.store.artifacts.put(model.data), dict(model.facts))
        for delivery in made.left.deliveries:
            outbox.post(tx, self.book, self.round, step, delivery, at)

    def _keep_model(
        self, tx: Connection, place: Mapping[str, Any], version: str, artifact: str, facts: dict[str, object]
    ) -> None:
        mine = (models.c.book == place["book"]) & (models.c.step == place["step"])
        if tx.execute(select(models.c.number).where(mine, models.c.version == version)).first():
            return
        number = (tx.execute(select(func.max(models.c.number)).where(mine)).scalar() or 0) + 1
        tx.execute(
            insert(models).values(**place, number=number, version=version, artifact=artifact, facts=facts)
        )

    def _find(self, planned: Planned, which: Any) -> Kept | None:
        query = (
            select(results)
            .where(results.c.book == self.book.id, results.c.step == planned.card.memory, which)
            .order_by(results.c.round.desc())
            .limit(1)
        )
        with self.store.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        outputs = tuple(
            read_value(port, row.outputs, self.store.artifacts) for port in planned.outputs
        )
        return Kept(row.round, row.reused_from, row.reason, outputs, row.notes)


def table_plain(table: Table) -> dict[str, Any]:
    """Return a table's handle as plain data for the store."""
    return {"columns": dict(table.columns), "parts": [list(part) for part in table.parts]}


def table_read(plain: Mapping[str, Any], store: Store) -> Table:
    """Return the table that `table_plain` wrote down."""
    return Table(plain["columns"], tuple((digest, rows) for digest, rows in plain["parts"]), store.artifacts)


def _plain(planned: Planned, outputs: Outputs) -> dict[str, Any]:
    return {port.name: value.plain() for port, value in zip(planned.outputs, outputs, strict=True)}


def _figures(value: Value) -> tuple[Figure, ...]:
    return value.figures if isinstance(value, Measures) else ()
