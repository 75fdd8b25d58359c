"""Which questions are open to a person, found without loading them all."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select

from runtime.moments import written
from runtime.schema import answers, handovers, leases, questions

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

    from runtime.store import Book

SOON = timedelta(hours=4)
"""A case whose deadline comes within these hours is put before all others."""

# What the index of waiting questions holds: no wide row is read to find out what is open.
_NARROW = (
    questions.c.id, questions.c.step, questions.c.group, questions.c.wanted, questions.c.deadline,
    questions.c.together, questions.c.asked,
)  # fmt: skip


@dataclass(frozen=True)
class OpenTo:
    """What is open to one person at one moment: not `barred` by its group, not answered, with a place left."""

    book: Book
    person: str
    barred: Collection[str]
    at: datetime

    def first(self, connection: Connection, most: int) -> list[Row[Any]]:
        """Return the questions that come next, in this person's own order.

        What a colleague handed over comes first, then what has a deadline within hours; within each the
        order begins at a place of the person's own in the ids, which are hashes: it says nothing about cases.
        """
        handed = connection.execute(self._select().where(self._handed_to_me()).limit(most)).all()
        soon = questions.c.deadline.between(written(self.at), written(self.at + SOON))
        found = {row.id: row for row in handed}
        for condition in (soon, None):
            if len(found) < most:
                found |= {row.id: row for row in self._around(connection, condition, most) if row.id not in found}
        return list(found.values())[:most]

    def among(self, connection: Connection, identities: Collection[str]) -> list[Row[Any]]:
        """Return those of some questions that are open to this person."""
        query = self._select().where(questions.c.id.in_(identities)).order_by(questions.c.id)
        return list(connection.execute(query)) if identities else []

    def by_step(self, connection: Connection) -> dict[str, int]:
        """Return how many questions are open to this person, by step."""
        # As an expression, so that rows are not read in the order of an index that does not hold them whole.
        step = questions.c.step.concat("").label("step")
        query = select(step, func.count().label("many")).where(self.condition()).group_by(step)
        return {row.step: row.many for row in connection.execute(query)}

    def has(self, connection: Connection, question: str) -> bool:
        """Return whether one question is open to this person."""
        return bool(self.among(connection, [question]))

    def together(self, connection: Connection, step: str, name: str) -> list[str]:
        """Return the ids of the open questions of a step that share one fate."""
        query = self._select().where(questions.c.step == step, questions.c.together == name)
        return [row.id for row in connection.execute(query.order_by(questions.c.id))]

    def condition(self) -> ColumnElement[bool]:
        """Return the condition on questions."""
        now = written(self.at)
        group = questions.c.group.not_in(self.barred)
        escalated = and_(
            questions.c.escalates <= now, questions.c.escalate_to != "", questions.c.escalate_to.not_in(self.barred)
        )
        mine = exists().where(answers.c.question == questions.c.id, answers.c.in_force, answers.c.person == self.person)
        return and_(
            questions.c.book == self.book.id,
            questions.c.closed == "",
            or_(group, escalated),
            ~mine,
            places_left(now, self.person) > 0,
            ~self._given_away(),
        )

    def _select(self) -> Any:
        return select(*_NARROW).where(self.condition())

    def _around(self, connection: Connection, condition: ColumnElement[bool] | None, most: int) -> list[Row[Any]]:
        query = self._select() if condition is None else self._select().where(condition)
        begin = hashlib.sha256(f"{self.person}\n{self.book.id}".encode()).hexdigest()
        later = query.where(questions.c.id >= begin).order_by(questions.c.id).limit(most)
        found = list(connection.execute(later))
        if len(found) < most:
            earlier = query.where(questions.c.id < begin).order_by(questions.c.id).limit(most - len(found))
            found += connection.execute(earlier)
        return found

    def _handed_to_me(self) -> ColumnElement[bool]:
        return questions.c.id.in_(select(handovers.c.question).where(handovers.c.taker == self.person))

    def _given_away(self) -> ColumnElement[bool]:
        back = handovers.alias("back")
        returned = exists().where(
            back.c.question == handovers.c.question, back.c.taker == self.person, back.c.id > handovers.c.id
        )
        return exists().where(handovers.c.question == questions.c.id, handovers.c.giver == self.person, ~returned)


def places_left(now: str, person: str = "") -> Any:
    """Return how many more people may answer a question: not those who did, nor those who have it on the screen.

    A lease of `person` takes no place from themselves.
    """
    given = select(func.count()).where(answers.c.question == questions.c.id, answers.c.in_force).scalar_subquery()
    held = (
        select(func.count())
        .where(leases.c.question == questions.c.id, leases.c.person != person, leases.c.until > now)
        .scalar_subquery()
    )
    return questions.c.wanted - given - held
