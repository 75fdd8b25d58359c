"""Whose turn it is where there are more people than cases: who has done least of a step today comes first."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from runtime.inbox.leases import LEASE
from runtime.inbox.open_to import places_left
from runtime.moments import written
from runtime.schema import answers, leases, questions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from runtime.store import Book

PATIENCE = LEASE
"""How long a case waits for the person whose turn it is; then anybody may have it, so that none is left lying."""


def in_turn(
    connection: Connection,
    book: Book,
    person: str,
    members: Collection[str],
    step: str,
    candidates: Sequence[Row[Any]],
    at: datetime,
) -> list[Row[Any]]:
    """Return those of a step's candidates that this person may have now.

    `members` are all who could be given some by their hours. Where there are fewer places than people,
    those whose load of the day (answers and cases on the screen) is least get one each.
    """
    places = _places(connection, book, step, at, len(members)) if len(candidates) < len(members) else len(members)
    if places >= len(members):
        return list(candidates)
    loads = _loads(connection, book, step, at)
    before = sum(_rank(other, loads, at) < _rank(person, loads, at) for other in members if other != person)
    old = written(at - PATIENCE)
    lying = [row for row in candidates if row.asked <= old]
    fresh = [row for row in candidates if row.asked > old]
    return [*lying, *(fresh[:1] if before < places and not lying else [])]


def _places(connection: Connection, book: Book, step: str, at: datetime, most: int) -> int:
    """Return how many more answers a step wants, counted up to the number of people."""
    free = places_left(written(at)).label("free")
    waiting = questions.c.book == book.id, questions.c.closed == "", questions.c.step == step, free > 0
    query = select(free).where(*waiting).limit(most)
    return sum(connection.execute(query).scalars())


def _loads(connection: Connection, book: Book, step: str, at: datetime) -> Counter[str]:
    """Return how many answers each person gave to a step since midnight (UTC), and what is on their screens."""
    midnight, now = written(at.replace(hour=0, minute=0, second=0, microsecond=0)), written(at)
    count = func.count().label("many")
    said = (
        select(answers.c.person, count)
        .join(questions, questions.c.id == answers.c.question)
        .where(answers.c.book == book.id, answers.c.at >= midnight, questions.c.step == step, answers.c.in_force)
    )
    held = (
        select(leases.c.person, count)
        .join(questions, questions.c.id == leases.c.question)
        .where(leases.c.until > now, questions.c.book == book.id, questions.c.step == step)
    )
    loads: Counter[str] = Counter()
    for query in (said.group_by(answers.c.person), held.group_by(leases.c.person)):
        loads.update({row.person: row.many for row in connection.execute(query)})
    return loads


def _rank(person: str, loads: Counter[str], at: datetime) -> tuple[int, bytes]:
    # Who comes first among equals changes from day to day.
    return loads[person], hashlib.sha256(f"{at:%Y-%m-%d}\n{person}".encode()).digest()
