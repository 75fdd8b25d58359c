"""Feedback logs: what was learned is sealed between rounds, in an order that never depends on arrival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flows.ports import Port
from runtime import events, fingerprints
from runtime.answers import frame_of, unsealed
from runtime.plan import Input, Plan, Planned
from runtime.values import Answers, Table, Value, digest_of, read_value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.artifacts import Artifacts
    from runtime.store import Book, Store


def seal(tx: Connection, store: Store, book: Book, plan: Plan, number: int, now: str) -> None:
    """Seal everything accepted since the last round into the logs, for the round `number` that opens."""
    by_id = {planned.card.id: planned for planned in plan.steps}
    sources = dict.fromkeys(link.source for link in plan.flow.feedback())
    for source in sorted(sources, key=str):
        planned = by_id[source.step]
        port = next(port for port in planned.outputs if port.name == source.port)
        of_people = planned.step.waits() and port.type is Answers
        if of_people:
            ids, value = _new_answers(tx, store, book, planned, number, now)
        else:
            ids, value = [], new_entries(tx, store, book, planned.card.memory, port, number)
        if value is not None and value.count:
            told = {"answers": fingerprints.of_names(ids)} if of_people else {}
            _keep(tx, book, planned, port, number, value, now, told)


def log_for(connection: Connection, artifacts: Artifacts, book: int, plan: Plan, entry: Input) -> Value:
    """Return all that is sealed for one feedback input, as one value."""
    kind = entry.port.type
    chunks = []
    for link in entry.links:
        step = plan.flow.steps[link.source.step].memory
        chunks += sealed(connection, artifacts, book, step, link.source.port, kind)
    return joined(kind, chunks, artifacts)


def sealed(
    connection: Connection, artifacts: Artifacts, book: int, step: str, port: str, kind: type[Value]
) -> list[Value]:
    """Return the sealed pieces of one log in the order of their rounds."""
    from sqlalchemy import select

    from runtime.schema import logs

    rows = connection.execute(
        select(logs.c.value).where(logs.c.book == book, logs.c.step == step, logs.c.port == port).order_by(logs.c.round)
    )
    return [kind.read(row.value, artifacts) for row in rows]


def joined(kind: type[Value], chunks: list[Value], artifacts: Artifacts) -> Value:
    """Return pieces of a log as one value whose partitions are the pieces'; no pieces, no rows."""
    if not chunks:
        return kind(Table({}, (), artifacts))
    parts = tuple(part for chunk in chunks for part in chunk.table.parts)
    return replace(chunks[-1], table=replace(chunks[-1].table, parts=parts))


def _new_answers(
    tx: Connection, store: Store, book: Book, planned: Planned, number: int, now: str
) -> tuple[list[str], Value | None]:
    from sqlalchemy import update

    from runtime.schema import answers

    identities = unsealed(tx, book.id, planned.card.memory, now)
    if not identities:
        return [], None
    frame = frame_of(tx, identities, sealed_in=number)
    tx.execute(update(answers).where(answers.c.id.in_(identities)).values(sealed=number))
    return identities, Answers(Table.store(store.artifacts, [frame]))


def new_entries(connection: Connection, store: Store, book: Book, step: str, port: Port, number: int) -> Value | None:
    """Return what a step gave before the round `number` that its log does not hold yet; None when it gave nothing."""
    outputs = _last_outputs(connection, book.id, step, number - 1)
    if port.name not in outputs:
        return None
    value = read_value(port, outputs, store.artifacts)
    chunks = sealed(connection, store.artifacts, book.id, step, port.name, port.type)
    table = _without(value.table, [chunk.table for chunk in chunks], store.artifacts)
    return replace(value, table=table)


def _without(table: Table, earlier: list[Table], artifacts: Artifacts) -> Table:
    """Return the rows of a table that no earlier one holds."""
    if {digest for digest, _ in table.parts} <= {digest for other in earlier for digest, _ in other.parts}:
        return Table(table.columns, (), artifacts)
    fresh = table.frame()
    for other in earlier:
        fresh = fresh.join(other.frame(), on=fresh.columns, how="anti", nulls_equal=True)
    return Table.store(artifacts, [fresh] if fresh.height else [])


def _last_outputs(tx: Connection, book: int, step: str, number: int) -> Mapping[str, Any]:
    from sqlalchemy import select

    from runtime.schema import results

    found = tx.execute(
        select(results.c.outputs)
        .where(results.c.book == book, results.c.step == step, results.c.round <= number)
        .order_by(results.c.round.desc())
        .limit(1)
    ).scalar()
    return found or {}


def _keep(
    tx: Connection,
    book: Book,
    planned: Planned,
    port: Port,
    number: int,
    value: Value,
    now: str,
    told: Mapping[str, object],
) -> None:
    from sqlalchemy import insert

    from runtime.schema import logs

    step = planned.card.memory
    tx.execute(insert(logs).values(book=book.id, step=step, port=port.name, round=number, value=value.plain()))
    events.append(
        tx, book.id, now, "log-sealed", step=step, port=port.name, round=number, entries=value.count,
        digest=value.hash, content=digest_of(value.plain()), **told,
    )  # fmt: skip
