"""Keeping what a person says on the screen: once, with a moment to undo it, or with a second look."""

from __future__ import annotations

import hashlib
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from flows.problems import refuse
from runtime.answers import Answer, Stage, accept, withdraw
from runtime.inbox.advice import Advice, advice_in, looked, record_look, seen_of
from runtime.inbox.ask import Outcome
from runtime.inbox.cards import Cards
from runtime.inbox.leases import drop
from runtime.inbox.second_look import SecondLook, look_at, why_look
from runtime.moments import read, written
from runtime.question_kinds import Said, question_kind
from runtime.schema import answers, questions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book

UNDO = timedelta(seconds=10)
_A_DAY = 86_400.0


@dataclass(frozen=True)
class Filled:
    """What a person filled in: by the names of the controls, with the key under which it counts once.

    `also` are other cases of the same group to which the same decision applies. `confidence` is between 0
    and 1; `seconds` is the time that it took; `shown_at` when the case was first on the screen.
    """

    id: str
    question: str
    filled: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 0.0
    confidence: float | None = None
    shown_at: str = ""
    comment: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What became of an answer: until when it can be undone (empty: it is committed), and a sentence.

    `counted` is false where enough people had answered before, or where it was undone.
    """

    answer: str
    undo_until: str
    second_look: SecondLook | None
    told: str
    counted: bool = True

    def json(self) -> dict[str, object]:
        """Return it as plain data for a page."""
        return {
            "answer": self.answer,
            "undoUntil": self.undo_until or None,
            "secondLook": self.second_look.json() if self.second_look else None,
            "told": self.told,
            "counted": self.counted,
        }


@dataclass(frozen=True)
class Keeping:
    """One person's answers to one book at one moment, in one transaction."""

    tx: Connection
    book: Book
    cards: Cards
    person: str
    at: datetime

    def keep(self, filled: Filled, outcome: Outcome, reason: str = "") -> Kept:
        """Keep an answer to one case, or the same to several of a group, all or none of them."""
        known = self.tx.execute(select(answers).where(answers.c.id == filled.id)).first()
        if known is not None:
            return self._again(known, filled)
        rows = [self._question(name) for name in dict.fromkeys((filled.question, *filled.also))]
        _refuse_mixed(rows)
        said = [_said(row, filled, outcome, reason) for row in rows]
        why = None
        advice = looked(self.tx, filled.question, self.person)
        if advice is None and len(rows) == 1 and outcome == "answered":
            context = rows[0].context
            why = why_look(self.cards, rows[0].step, rows[0].id, self.person, context, said[0].label)
        stage: Stage = "final" if advice and not self._shown_with(rows[0]) else "first" if why else "only"
        until = written(self.at if why else self.at + UNDO)
        kept = [self._answer(filled, row, one, outcome, stage, until) for row, one in zip(rows, said, strict=True)]
        count = accept(self.tx, self.book, _as_one(kept), written(self.at))
        for row in rows:
            drop(self.tx, row.id, self.person)
        if not count:
            return Kept(
                filled.id, "", None, "Enough people had answered this case before. Yours was not needed.", False
            )
        look = None
        model = advice_in(rows[0].context)
        if why and model:
            record_look(self.tx, self.book, rows[0].id, self.person, model, why, written(self.at))
            look = self._look(rows[0], model, said[0])
        return Kept(filled.id, "" if look else until, look, self._told(rows[0], look is None))

    def undo(self, identity: str) -> list[str]:
        """Take back an answer, and those that were given together with it; return the questions."""
        together = answers.c.value["group_answer"].as_string() == identity
        query = select(answers).where(
            answers.c.book == self.book.id, answers.c.person == self.person, answers.c.id == identity
        )
        rows = self.tx.execute(query).all()
        if not rows:
            raise refuse("answer-unknown", "There is no such answer of yours here. Nothing was undone.")
        others = select(answers).where(answers.c.person == self.person, answers.c.at == rows[0].at, together)
        found = {row.id: row.question for row in (*rows, *self.tx.execute(others))}
        for name in found:
            withdraw(self.tx, self.book, name, written(self.at))
        return list(found.values())

    def _question(self, name: str) -> Any:
        row = self.tx.execute(select(questions).where(questions.c.id == name, questions.c.book == self.book.id)).first()
        if row is None:
            raise refuse(
                "answer-to-nothing",
                f"There is no question {name[:12]} in the book '{self.book.name}' of '{self.book.flow}'. "
                "Open the inbox anew and answer what is there.",
            )
        return row

    def _answer(self, filled: Filled, row: Any, said: Said, outcome: Outcome, stage: Stage, until: str) -> Answer:
        advice = looked(self.tx, row.id, self.person)
        if advice is None and self._shown_with(row):
            advice = advice_in(row.context)
        told = self.cards.tells(row.step)
        own = filled.question == row.id
        return Answer(
            id=filled.id if own else hashlib.sha256(f"{filled.id}\n{row.id}".encode()).hexdigest(),
            question=row.id,
            person=self.person,
            label=said.label,
            outcome=outcome,
            seconds=_seconds(filled.seconds),
            blind=advice is None and not told,
            comment=filled.comment,
            at=written(self.at),
            undo_until=until,
            stage=stage,
            confidence=filled.confidence,
            value=said.value if not filled.also else {**(said.value or {}), "group_answer": filled.id},
            reason=said.reason,
            seen=seen_of(row.shown, advice, told),
            shown_at=_moment(filled.shown_at),
        )

    def _shown_with(self, row: Any) -> bool:
        return self.cards.shows(row.step, row.id, self.person) == "with-the-question"

    def _look(self, row: Any, advice: Advice, said: Said) -> SecondLook:
        return look_at(advice, said, question_kind(_kind(row)).tell(row.wording, said))

    def _again(self, known: Any, filled: Filled) -> Kept:
        """Return for an answer that is sent once more what was returned the first time."""
        if (known.person, known.question, known.book) != (self.person, filled.question, self.book.id):
            raise refuse("answer-id", "This answer carries the key of another one. Send it once more with its own.")
        if known.withdrawn is not None:
            return Kept(known.id, "", None, "This answer was undone and does not count.", False)
        row = self._question(known.question)
        advice = looked(self.tx, row.id, self.person)
        look = None
        if known.stage == "first" and advice is not None:
            why = advice_in(row.context)
            advice = replace(advice, why=why.why if why else ())
            look = self._look(row, advice, Said(known.label, known.value, known.reason))
        open_ = look is None and known.undo_until > written(self.at)
        return Kept(known.id, known.undo_until if open_ else "", look, self._told(row, open_))

    def _told(self, row: Any, can_undo: bool) -> str:
        says = f"Kept. You can undo it for {UNDO.seconds} seconds." if can_undo else "Kept."
        if row.closed:
            return f"{says} It is no longer asked, but counts if it is asked again: {row.closed}"
        waits = self.cards.setting(row.step, "wait", "all")
        if row.deadline is not None and row.deadline <= written(self.at) and waits in ("deadline", "quorum"):
            return f"{says} The deadline had passed, so it counts from the next round on."
        return says


def fresh_id() -> str:
    """Return a key for an answer that came without one."""
    return uuid.uuid4().hex


def checked(filled: Filled) -> Filled:
    """Return what was filled in, if it can be kept; raises `Refused` otherwise."""
    if not 0 < len(filled.id) <= 64:
        raise refuse("answer-id", "An answer needs a key of 1 to 64 characters, so that it counts once.")
    sure = filled.confidence
    if sure is not None and not 0 <= sure <= 1:
        raise refuse("answer-confidence", f"How sure you are must lie between 0 and 1, and is {sure:g}.")
    return filled


def _said(row: Any, filled: Filled, outcome: Outcome, reason: str) -> Said:
    if outcome != "answered":
        return Said("", None, reason.strip())
    return question_kind(_kind(row)).read(row.wording, row.shown, filled.filled)


def _kind(row: Any) -> str:
    return str(row.wording.get("kind", "label"))


def _as_one(kept: Sequence[Answer]) -> list[Answer]:
    """Return answers that were given as one: the time that it took, and so its cost, counts once."""
    return [kept[0], *(replace(answer, seconds=0.0, cost=0.0) for answer in kept[1:])]


def _refuse_mixed(rows: Sequence[Any]) -> None:
    first = rows[0]
    if len(rows) > 1 and not (
        first.together and all((r.step, r.together) == (first.step, first.together) for r in rows)
    ):
        raise refuse("answer-mixed", "Only cases of one group can be answered at once. Answer the others on their own.")


def _seconds(told: float) -> float:
    return round(min(max(told, 0.0), _A_DAY), 1) if math.isfinite(told) else 0.0


def _moment(told: str) -> str:
    try:
        moment = read(told) if told else None
    except ValueError:
        return ""
    return written(moment) if moment is not None and moment.tzinfo is not None else ""


CODES: tuple[tuple[str, str], ...] = (
    ("answer-id", "An answer came with a key that is too long, missing, or another answer's. Send it once more."),
    ("answer-unknown", "There is no such answer of this person. Nothing was changed."),
    ("answer-confidence", "How sure somebody is lies between 0 and 1. Correct the number."),
    ("answer-mixed", "Cases of several groups were answered at once. Answer each group on its own."),
)
