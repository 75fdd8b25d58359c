"""The audit log: events as data, each chained to the one before by its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.values import canonical

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST = "0" * 64


@dataclass(frozen=True)
class Event:
    """One line of the audit log: it holds ids and digests, never personal content."""

    number: int
    at: str
    what: str
    body: Mapping[str, object]
    digest: str


def append(tx: Connection, book: int, at: str, what: str, **body: object) -> None:
    """Add one event to a book's chain, in the transaction of what it tells."""
    from runtime import statements

    if tx.dialect.name != "sqlite":
        _only_writer(tx, book)
    last = statements.run(tx, statements.LAST_EVENT, {"book": book})
    number, before = (last[0] + 1, last[1]) if last else (1, FIRST)
    text = canonical(body).decode()
    row = {"book": book, "number": number, "at": at, "what": what, "body": text}
    statements.run(tx, statements.INSERT_EVENT, {**row, "digest": _digest(before, number, at, what, text)})


def _only_writer(tx: Connection, book: int) -> None:
    """Keep the chain single on a database with several writers; SQLite has only one at a time."""
    from sqlalchemy import select

    from runtime.schema import books

    tx.execute(select(books.c.id).where(books.c.id == book).with_for_update())


def of_book(connection: Connection, book: int) -> Iterator[Event]:
    """Yield the events of a book in order."""
    from sqlalchemy import select

    from runtime.schema import events

    for row in connection.execute(select(events).where(events.c.book == book).order_by(events.c.number)):
        yield Event(row.number, row.at, row.what, _read(row.body), row.digest)


def broken_at(connection: Connection, book: int) -> int | None:
    """Return the number of the first event that does not fit the chain, or None when all do."""
    from sqlalchemy import select

    from runtime.schema import events

    before, expected = FIRST, 1
    for row in connection.execute(select(events).where(events.c.book == book).order_by(events.c.number)):
        if row.number != expected or row.digest != _digest(before, row.number, row.at, row.what, row.body):
            return expected
        before, expected = row.digest, expected + 1
    return None


def _read(text: str) -> Mapping[str, object]:
    """Return what a line tells; one that was changed into something unreadable tells nothing."""
    try:
        body = json.loads(text)
    except (TypeError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _digest(before: str, number: int, at: str, what: str, body: str) -> str:
    return hashlib.sha256(f"{before}\n{number}\n{at}\n{what}\n{body}".encode()).hexdigest()
