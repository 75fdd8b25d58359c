"""Playing a closed round again from what it kept, and comparing byte for byte."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from sqlalchemy import select

from flows.problems import refuse
from runtime.answers import frame_of
from runtime.artifacts import Artifacts
from runtime.engine import Engine
from runtime.learned import lent_to
from runtime.logs import joined
from runtime.memory import memory_of
from runtime.plan import Outputs, Plan, Planned, make_plan
from runtime.recipe import recipe
from runtime.round import Memory, Round
from runtime.rounds import OpenRound
from runtime.run import flow_from
from runtime.schema import answers, logs, outbox, results, rounds, truths
from runtime.threads import one_thread
from runtime.values import Answers, Table, Value, digest_of, read_value

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from runtime.store import Book, Store

Verdict = Literal["same", "differs", "kept", "unknown"]


@dataclass(frozen=True)
class Replayed:
    """How one step fared: `kept` steps read the world and are not read again."""

    step: str
    verdict: Verdict
    says: str


def replay(store: Store, book: Book, catalog: Catalog, number: int) -> tuple[Replayed, ...]:
    """Work out every step of an ended round anew, from its own snapshot, and compare with what was kept.

    Each step gets the inputs that were kept, so that a difference is told where it arises. The
    store is only read. Raises `Refused` for a round that is not there or is still open.
    """
    row = _ended(store, book, number)
    plan = make_plan(flow_from(store.artifacts.get(row.flow), book.flow, row.overrides), catalog)
    with tempfile.TemporaryDirectory(prefix="tandem-replay-") as folder:
        again = _Again(store, book, plan, catalog, row, Path(folder))
        with one_thread():
            return tuple(again.step(planned) for planned in plan.steps)


@dataclass(frozen=True)
class _Beside(Artifacts):
    """Artifacts that are found among the kept ones, and are written beside them."""

    kept: Artifacts | None = None

    def path(self, digest: str) -> Path:
        """Return where a file lies, or would lie."""
        there = self.kept.path(digest) if self.kept else None
        return there if there is not None and there.exists() else super().path(digest)


class _Again(Engine):
    """The engine of a round that has ended: it sees what the round saw, and records nothing."""

    def __init__(self, store: Store, book: Book, plan: Plan, catalog: Catalog, row: OpenRound, scratch: Path) -> None:
        super().__init__(store, book, plan, catalog, row, scratch, lent=lent_to(store, row.run))
        self.beside = _Beside(scratch, store.artifacts)
        query = select(results).where(results.c.book == book.id, results.c.round == row.number)
        with store.reading() as connection:
            self.kept = {result.step: result for result in connection.execute(query)}

    def step(self, planned: Planned) -> Replayed:
        """Work out one step and compare."""
        row = self.kept.get(planned.card.memory)
        if row is None:
            return Replayed(planned.card.id, "unknown", "It gave no result in that round.")
        kept = tuple(read_value(port, row.outputs, self.store.artifacts) for port in planned.outputs)
        self.results[planned.position] = kept
        if planned.step.purity == "reads the world":
            return Replayed(planned.card.id, "kept", "It read the world; its snapshot of that round was used.")
        inputs = planned.gather(self.results)
        if inputs is None:
            return Replayed(planned.card.id, "unknown", "A step before it gave no result in that round.")
        return self._compared(planned, kept, {**inputs, **self._logs(planned)}, inputs)

    def _compared(
        self, planned: Planned, kept: Outputs, given: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> Replayed:
        name, context = planned.card.id, self._context(planned)
        if planned.step.waits():
            accepted = self._accepted(planned, kept)
            if accepted is None:
                says = "The answers that it was settled with cannot be told apart from later ones."
                return Replayed(name, "unknown", says)
            returned = planned.step.settle(context, accepted, **given)  # type: ignore[attr-defined]
        else:
            assert planned.run is not None
            returned = planned.run(context, **given)
        difference = self._difference(planned, kept, planned.split(returned), context)
        if not difference:
            return Replayed(name, "same", "Same bytes.")
        return Replayed(name, "differs", difference + self._changed(planned, inputs, given))

    def _difference(self, planned: Planned, kept: Outputs, now: Outputs, context: Round) -> str:
        for port, before, after in zip(planned.outputs, kept, now, strict=True):
            told = _unlike(before, after)
            if told:
                return f"'{port.name}' differs: {told}."
        delivered = {delivery.target: delivery.artifact for delivery in context.left.deliveries}
        kept_files = self._delivered(planned).items()
        wrong = [target for target, digest in kept_files if delivered.get(target) != digest]
        return f"The file '{wrong[0]}' would have other bytes." if wrong else ""

    def _changed(self, planned: Planned, inputs: Mapping[str, Any], given: Mapping[str, Any]) -> str:
        """Return which parts of what made the result are others on this machine."""
        read = {name: value for name, value in given.items() if name not in inputs}
        now, then = recipe(planned, inputs, read, {}), self._made_from(planned)
        others = sorted(name for name, part in now.items() if then.get(name) != part)
        return f" It is now made from something else: {', '.join(others)}." if others else ""

    def _accepted(self, planned: Planned, kept: Outputs) -> Answers | None:
        """Return the answers that a round was settled with, proven by their digest."""
        wanted = self._made_from(planned).get("answers")
        for value in kept:
            if isinstance(value, Answers) and value.table.parts:
                ids = value.table.frame(["answer"])["answer"].to_list()
                if digest_of(ids) == wanted:
                    return self._answers(ids)
        query = select(answers.c.id).where(answers.c.book == self.book.id, answers.c.settled == self.row.number)
        with self.store.reading() as connection:
            ids = [row.id for row in connection.execute(query)]
        return self._answers(ids) if digest_of(ids) == wanted else None

    def _answers(self, ids: list[str]) -> Answers:
        with self.store.reading() as connection:
            return Answers(Table.store(self.beside, [frame_of(connection, ids, sealed_in=None)]))

    def _context(self, planned: Planned) -> Round:
        return replace(super()._context(planned), artifacts=self.beside, memory=self._memory(planned))

    def _memory(self, planned: Planned) -> Memory:
        """Return what earlier rounds had left when this one ran, and nothing of what came later."""
        memory = memory_of(self.store, self.book, planned, self.row)
        return replace(
            memory,
            truth=self._truth() if memory.truth else {},
            delivered=self._delivered_before(planned) if planned.step.purity == "delivers" else {},
        )

    def _logs(self, planned: Planned) -> dict[str, Value]:
        found: dict[str, Value] = {}
        with self.store.reading() as connection:
            for entry in planned.inputs:
                kind, chunks = entry.port.type, []
                assert issubclass(kind, Value)
                for link in entry.links if entry.port.feedback else ():
                    memory = self.plan.flow.steps[link.source.step].memory
                    query = (
                        select(logs.c.value)
                        .where(logs.c.book == self.book.id, logs.c.step == memory)
                        .where(logs.c.port == link.source.port, logs.c.round <= self.row.number)
                        .order_by(logs.c.round)
                    )
                    rows = connection.execute(query)
                    chunks += [kind.read(row.value, self.store.artifacts) for row in rows]
                if entry.port.feedback:
                    lent = self._lent(planned, entry.port)
                    found[entry.port.name] = lent or joined(kind, chunks, self.store.artifacts)
        return found

    def _truth(self) -> dict[str, Table]:
        query = (
            select(truths)
            .where(truths.c.book == self.book.id, truths.c.round <= self.row.number)
            .order_by(truths.c.round)
        )
        with self.store.reading() as connection:
            return {row.step: Table.read(row.table, self.store.artifacts) for row in connection.execute(query)}

    def _delivered_before(self, planned: Planned) -> dict[str, Table]:
        query = (
            select(outbox)
            .where(outbox.c.book == self.book.id, outbox.c.step == planned.card.memory)
            .where(outbox.c.round < self.row.number)
            .order_by(outbox.c.round)
        )
        with self.store.reading() as connection:
            rows = connection.execute(query).all()
        return {row.target: Table.read(row.delivered, self.store.artifacts) for row in rows if row.delivered}

    def _delivered(self, planned: Planned) -> dict[str, str]:
        query = select(outbox.c.target, outbox.c.artifact).where(
            outbox.c.book == self.book.id,
            outbox.c.step == planned.card.memory,
            outbox.c.round == self.row.number,
        )
        with self.store.reading() as connection:
            return {row.target: row.artifact for row in connection.execute(query)}

    def _made_from(self, planned: Planned) -> Mapping[str, str]:
        found: Mapping[str, str] = self.kept[planned.card.memory].made_from
        return found


def _ended(store: Store, book: Book, number: int) -> OpenRound:
    query = select(rounds).where(rounds.c.book == book.id, rounds.c.number == number)
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise refuse("round-unknown", f"The book '{book.name}' has no round {number}. See: tandem status FLOW")
    if row.state == "open":
        raise refuse("round-open", f"Round {number} is still open. Finish it first: tandem run FLOW")
    return OpenRound(row.number, row.run, row.now, row.seed, row.people, row.flow, row.overrides, row.asked_before)


def _unlike(before: Value, after: Value) -> str:
    """Return the first difference between two values in words, or nothing."""
    if before.hash == after.hash:
        return ""
    for entry in fields(before):
        kept, now = getattr(before, entry.name), getattr(after, entry.name)
        if isinstance(kept, Table) and kept.parts != now.parts:
            return _unlike_tables(kept.frame(), now.frame())
        if isinstance(kept, Value) and kept.hash != now.hash:
            return f"{entry.name}: {_unlike(kept, now)}"
        if not isinstance(kept, Table | Value) and kept != now:
            return f"{entry.name} was {kept!s:.60} and is {now!s:.60}"
    return "its form on the disk"


def _unlike_tables(kept: pl.DataFrame, now: pl.DataFrame) -> str:
    if kept.columns != now.columns or kept.height != now.height:
        before = f"{kept.height:,} rows of {kept.width} columns were kept"
        return f"{before}, now there are {now.height:,} of {now.width}"
    for name in kept.columns:
        if not kept[name].equals(now[name], null_equal=True):
            return f"column '{name}': {_unlike_columns(kept[name], now[name])}"
    return "its form on the disk"


def _unlike_columns(kept: pl.Series, now: pl.Series) -> str:
    """Return the largest difference of numbers, or how many rows differ."""
    flat, new = kept, now
    if isinstance(kept.dtype, pl.Array | pl.List):
        flat, new = kept.explode(), now.explode()
    if flat.dtype.is_numeric() and new.dtype.is_numeric() and flat.len() == new.len():
        largest = (flat.cast(pl.Float64) - new.cast(pl.Float64)).abs().max()
        if isinstance(largest, float) and largest:
            return f"the largest difference is {largest:.3g}"
    return f"{(kept.ne_missing(now)).sum():,} of {kept.len():,} rows differ"


CODES: tuple[tuple[str, str], ...] = (
    ("round-unknown", "The book has no such round. Look at its rounds with tandem status."),
    ("round-open", "The round is still open, so there is nothing to compare with. Finish it first."),
)
