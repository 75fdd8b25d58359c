"""What earlier rounds left for a step, fixed when the round opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from runtime.outbox import delivered_before
from runtime.plan import Planned
from runtime.round import Memory
from runtime.rounds import OpenRound
from runtime.schema import models, results, truths
from runtime.values import Table, read_value

if TYPE_CHECKING:
    from runtime.store import Book, Store
    from runtime.values import Value


def memory_of(store: Store, book: Book, planned: Planned, row: OpenRound) -> Memory:
    """Return what a step may read of earlier rounds; the sealed truth only if its kind may open it."""
    step = planned.card.memory

    def model(number: int) -> bytes | None:
        query = select(models.c.artifact).where(
            models.c.book == book.id, models.c.step == step, models.c.number == number
        )
        with store.reading() as connection:
            artifact = connection.execute(query).scalar()
        return store.artifacts.get(artifact) if artifact else None

    def asked(which: str) -> frozenset[str]:
        return frozenset(json.loads(store.artifacts.get(row.asked_before))[which])

    def last(port_name: str) -> Value | None:
        port = next((port for port in planned.outputs if port.name == port_name), None)
        query = (
            select(results.c.outputs)
            .where(results.c.book == book.id, results.c.step == step, results.c.round < row.number)
            .order_by(results.c.round.desc())
            .limit(1)
        )
        with store.reading() as connection:
            outputs = connection.execute(query).scalar()
        if port is None or not outputs or port_name not in outputs:
            return None
        return read_value(port, outputs, store.artifacts)

    return Memory(
        truth=truths_of(store, book) if planned.step.opens_truth else {},
        models=model,
        delivered=_delivered(store, book, step) if planned.step.purity == "delivers" else {},
        asked=asked,
        last=last,
    )


def truths_of(store: Store, book: Book) -> dict[str, Table]:
    """Return the sealed truth of a rehearsal by step; a live book has none."""
    if not book.rehearsal:
        return {}
    query = select(truths).where(truths.c.book == book.id).order_by(truths.c.round)
    with store.reading() as connection:
        return {row.step: Table.read(row.table, store.artifacts) for row in connection.execute(query)}


def _delivered(store: Store, book: Book, step: str) -> dict[str, Table]:
    with store.reading() as connection:
        return delivered_before(connection, store, book.id, step)
