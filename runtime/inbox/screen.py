"""Putting questions on a person's screen: everything that they may see of a case, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from runtime.inbox.advice import Advice, advice_in, looked, record_look
from runtime.inbox.cards import Cards
from runtime.inbox.case_view import NOT_BLIND, OTHERWISE, WITH_MODEL, CaseView
from runtime.inbox.fields import fields_of
from runtime.inbox.left import Left
from runtime.inbox.open_to import OpenTo
from runtime.moments import written
from runtime.question_kinds import question_kind
from runtime.schema import leases, questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from runtime.store import Book

Samples = dict[str, tuple[datetime, list[dict[str, object]]]]
"""Cases by step, and when they were read: to tell what is usual."""
_SAMPLE = 200
_STALE = timedelta(minutes=5)


@dataclass(frozen=True)
class Screen:
    """One person's screen at one moment."""

    connection: Connection
    book: Book
    cards: Cards
    person: str
    mine: OpenTo
    left: Left

    def view(self, question: str, samples: Samples) -> CaseView:
        """Return one case as it is put on the screen."""
        row = self.connection.execute(select(questions).where(questions.c.id == question)).one()
        kind = question_kind(str(row.wording.get("kind", "label")))
        advice = self._advice(row)
        return CaseView(
            question=row.id,
            flow=self.book.flow,
            step=self.cards.name(row.step),
            title=row.key,
            asks=kind.name,
            words=str(row.wording.get("question", "")),
            not_blind=WITH_MODEL if advice else NOT_BLIND if self.cards.tells(row.step) else "",
            controls=kind.controls(row.wording, row.shown),
            fields=fields_of(row.shown, self._others(row.step, samples)),
            deadline=row.deadline or "",
            escalates=(row.escalates, row.escalate_to) if row.escalates and row.escalate_to else None,
            otherwise=OTHERWISE.get(str(self.cards.setting(row.step, "otherwise", "hold")), ""),
            group=self._group(row),
            lease_until=self._lease(row.id),
            advice=advice,
            simulated=self.book.rehearsal,
            left=self.left,
        )

    @staticmethod
    def record(tx: Connection, book: Book, person: str, shown: Sequence[tuple[str, Advice]], at: datetime) -> None:
        """Keep that the model's advice was shown with questions: no answer to them is blind."""
        for question, advice in shown:
            record_look(tx, book, question, person, advice, "with the question", written(at))

    def _advice(self, row: Any) -> Advice | None:
        """Return the model's advice where it is shown with the question, or where this person has seen it before."""
        if self.cards.shows(row.step, row.id, self.person) != "with-the-question":
            return looked(self.connection, row.id, self.person)
        return advice_in(row.context)

    def _group(self, row: Any) -> tuple[int, str] | None:
        if not row.together:
            return None
        size = len(self.mine.together(self.connection, row.step, row.together))
        return (size, row.together) if size > 1 else None

    def _lease(self, question: str) -> str:
        query = select(leases.c.until).where(leases.c.question == question, leases.c.person == self.person)
        return self.connection.execute(query).scalar() or ""

    def _others(self, step: str, samples: Samples) -> list[dict[str, object]]:
        """Return what is shown of some cases of a step; their ids are hashes, so they are drawn by chance."""
        read = samples.get(step)
        if read is None or not timedelta(0) <= self.mine.at - read[0] < _STALE:
            query = select(questions.c.shown).where(
                questions.c.book == self.book.id, questions.c.step == step, questions.c.closed == ""
            )
            found = [dict(shown) for shown in self.connection.execute(query.limit(_SAMPLE)).scalars()]
            samples[step] = read = (self.mine.at, found)
        return read[1]
