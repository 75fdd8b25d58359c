"""Handing a case over to a colleague: they see it first, and whoever gave it no longer does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from flows.problems import refuse
from runtime import events, fingerprints
from runtime.inbox.ask import standing_of
from runtime.inbox.leases import drop, hold
from runtime.inbox.who import Who
from runtime.moments import read, written
from runtime.schema import handovers

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book

KEPT_FOR = timedelta(days=1)
"""How long a case that was handed over is kept for the taker; then others may have it as well."""
_LONGEST = 200


def hand_over(tx: Connection, book: Book, who: Who, row: Any, giver: str, taker: str, reason: str) -> str:
    """Give a question to somebody else, with a reason, and return a sentence; raises `Refused`."""
    taker = taker.strip()
    _refuse_unfit(tx, who, row, giver, taker)
    at = written(who.at)
    told: dict[str, object] = {
        "question": row.id,
        "giver": giver,
        "taker": taker,
        "reason": reason.strip(),
        "at": at,
    }
    identity = tx.execute(insert(handovers).values(told).returning(handovers.c.id)).scalar_one()
    events.append(tx, book.id, at, "handed-over", handover=identity, content=fingerprints.of_handover(told))
    drop(tx, row.id, giver)
    hold(tx, row.id, taker, who.at, _until(row, who.at))
    return f"Handed over to {taker}, who sees it first. You will not be asked about it again."


def _refuse_unfit(tx: Connection, who: Who, row: Any, giver: str, taker: str) -> None:
    if not taker or len(taker) > _LONGEST:
        raise refuse("hand-over-to", "Name the colleague to whom you hand the case over.")
    if taker == giver:
        raise refuse("hand-over-to", "You cannot hand a case over to yourself. Name a colleague.")
    if row.closed:
        raise refuse("question-closed", f"This case is no longer asked, so there is nothing to hand over. {row.closed}")
    if not who.may(taker, row.group):
        others = sorted(who.members(row.group) - {giver})
        there = f"Possible are: {', '.join(others)}." if others else "Nobody else is asked."
        raise refuse("hand-over-to", f"{taker} is not one of those who are asked here ({row.group}). {there}")
    said = standing_of(tx, [row.id], {giver, taker})
    if (row.id, giver) in said:
        raise refuse("hand-over-to", "You have answered this case. Undo or correct your answer instead.")
    if (row.id, taker) in said:
        raise refuse("hand-over-to", f"{taker} has worked on this case before. Name somebody else.")
    query = select(handovers.c.taker).where(handovers.c.question == row.id).order_by(handovers.c.id.desc()).limit(1)
    last = tx.execute(query).scalar()
    if last == taker:
        raise refuse("hand-over-to", f"The case was handed over to {taker} before. Name somebody else.")


def _until(row: Any, at: datetime) -> datetime:
    end = at + KEPT_FOR
    deadline = read(row.deadline) if row.deadline else end
    return min(end, deadline) if deadline > at else end


CODES: tuple[tuple[str, str], ...] = (
    ("hand-over-to", "A case cannot be handed over to this person. Name somebody of those who are asked."),
)
