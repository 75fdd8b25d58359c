"""Cases that somebody has on the screen: taken for a while, so that two people do not do the same work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from runtime.moments import written
from runtime.schema import leases, questions

if TYPE_CHECKING:
    from sqlalchemy import Connection

LEASE = timedelta(minutes=15)
"""How long a case stays with a person who gives no sign of life."""
_FORGOTTEN = timedelta(hours=2)


def held_by(connection: Connection, book: int, person: str, now: str) -> list[str]:
    """Return the questions of a book that this person has on the screen, the one taken first in front."""
    query = (
        select(leases.c.question)
        .join(questions, questions.c.id == leases.c.question)
        .where(leases.c.person == person, leases.c.until > now, questions.c.book == book, questions.c.closed == "")
        .order_by(leases.c.taken, leases.c.question)
    )
    return list(connection.execute(query).scalars())


def hold(tx: Connection, question: str, person: str, at: datetime, until: datetime | None = None) -> str:
    """Give a question to a person, or leave it with them longer, and return until when."""
    row = tx.execute(select(leases).where(leases.c.question == question, leases.c.person == person)).first()
    end = written(until or at + LEASE)
    taken = written(at)
    if row is not None:
        if row.until > taken:  # a renewal never shortens what was promised, and the case was taken when it was
            end, taken = max(end, row.until), row.taken
        drop(tx, question, person)
    tx.execute(insert(leases).values(question=question, person=person, taken=taken, until=end))
    return end


def drop(tx: Connection, question: str, person: str) -> None:
    """Take a question from a person's screen."""
    tx.execute(delete(leases).where(leases.c.question == question, leases.c.person == person))


def forget(tx: Connection, at: datetime) -> None:
    """Drop leases that ended long ago; those of the last hour still count for how much a person was given."""
    tx.execute(delete(leases).where(leases.c.taken < written(at - _FORGOTTEN), leases.c.until < written(at)))
