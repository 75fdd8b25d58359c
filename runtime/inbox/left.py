"""How much is left for a person: cases, and the minutes that they will take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import select

from runtime.schema import answers, questions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book

_ENOUGH = 5
_LAST = 100


@dataclass(frozen=True)
class Left:
    """What is left for a person: cases, whole minutes (None while nobody has answered), and cases by flow.

    `says` tells why nothing is given now, where that is so.
    """

    count: int
    minutes: int | None
    by_flow: Mapping[str, int]
    says: str = ""

    def json(self) -> dict[str, object]:
        """Return what a page shows of it."""
        return {"count": self.count, "minutes": self.minutes}


def minutes_for(connection: Connection, book: Book, person: str, by_step: Mapping[str, int]) -> int | None:
    """Return the minutes that questions will take this person by their own median seconds, else by all people's."""
    total, known = 0.0, False
    for step, count in by_step.items():
        seconds = _seconds(connection, book, step, person) or _seconds(connection, book, step, None)
        if seconds is not None:
            total, known = total + count * seconds, True
    return math.ceil(total / 60) if known else (0 if not by_step else None)


def _seconds(connection: Connection, book: Book, step: str, person: str | None) -> float | None:
    lately = select(answers.c.question, answers.c.seconds).where(answers.c.book == book.id, answers.c.seconds > 0)
    if person is not None:
        lately = lately.where(answers.c.person == person)
    last = lately.order_by(answers.c.at.desc()).limit(_LAST).subquery()
    query = select(last.c.seconds).join(questions, questions.c.id == last.c.question).where(questions.c.step == step)
    found = list(connection.execute(query).scalars())
    return median(found) if len(found) >= (_ENOUGH if person is not None else 1) else None
