"""What people are asked: questions are rows in the store, and asking twice is one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from runtime import events, fingerprints
from runtime.answers import counts
from runtime.values import digest_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book


@dataclass(frozen=True)
class Question:
    """One case put to people.

    `wording` holds the kind of question, its text and its choices: the same wording on the same
    case is the same question. `shown` is what people see of the case. `context` is what the runtime
    remembers and nobody sees before answering: why it was picked, what the model thought.
    `wanted` people are asked; `deadline` is a moment as text, or empty. From the moment `escalates` on
    (empty: never) the people `escalate_to` may answer as well. `together` names what the case shares one
    fate with, such as a delivery: such cases can be answered on one screen.
    """

    key: str
    group: str
    wording: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    wanted: int = 1
    deadline: str = ""
    escalates: str = ""
    escalate_to: str = ""
    together: str = ""

    def id(self, book: Book, step: str) -> str:
        """Return the hash that names this question in a book."""
        return digest_of([book.flow, book.name, step, self.key, dict(self.wording)])


@dataclass(frozen=True)
class Asked:
    """What a step wants to ask in a round, and the rule by which it waits.

    `rule` is `all` (every answer), `deadline` (every answer, or the deadline has passed), `quorum`
    (a `share` of the cases) or `nobody` (go on at once). `present` are the keys of all cases in the
    data: open questions about others are closed.
    """

    questions: tuple[Question, ...]
    rule: str = "all"
    share: float = 1.0
    present: frozenset[str] | None = None


class Standing(NamedTuple):
    """How a step's questions stand: cases asked, settled by answers, and past their deadline."""

    asked: int
    answered: int
    late: int

    def goes_on(self, rule: str, share: float) -> bool:
        """Return whether the waiting rule is met."""
        if rule == "nobody" or self.asked == 0:
            return True
        if rule == "deadline":
            return self.answered + self.late >= self.asked
        if rule == "quorum":
            return self.answered + self.late >= share * self.asked - 1e-9
        return self.answered >= self.asked


def put(tx: Connection, book: Book, step: str, round_number: int, at: str, asked: Iterable[Question]) -> int:
    """Store the questions that are not yet there and return how many are new.

    One that was closed because its case had vanished opens again, with what is to be seen now.
    """
    from sqlalchemy import insert, select, update

    from runtime.schema import questions

    rows = {question.id(book, step): question for question in asked}
    there = tx.execute(select(questions.c.id, questions.c.closed).where(questions.c.id.in_(rows)))
    known: dict[str, str] = {row.id: row.closed for row in there}
    opened = [identity for identity, closed in known.items() if closed]
    for identity in opened:
        now = rows[identity]
        again = {"closed": "", "shown": dict(now.shown), "deadline": now.deadline or None}
        again |= {"escalates": now.escalates or None, "escalate_to": now.escalate_to, "together": now.together}
        tx.execute(update(questions).where(questions.c.id == identity).values(again))
    fresh = [
        {
            "id": identity,
            "book": book.id,
            "step": step,
            "key": question.key,
            "round": round_number,
            "group": question.group,
            "wording": dict(question.wording),
            "shown": dict(question.shown),
            "context": dict(question.context),
            "wanted": question.wanted,
            "deadline": question.deadline or None,
            "asked": at,
            "escalates": question.escalates or None,
            "escalate_to": question.escalate_to,
            "together": question.together,
        }
        for identity, question in rows.items()
        if identity not in known
    ]
    if fresh:
        tx.execute(insert(questions), fresh)
    told = {str(row["id"]): fingerprints.of_question(row) for row in fresh}
    for row in tx.execute(select(questions).where(questions.c.id.in_(opened))).mappings() if opened else ():
        told[row["id"]] = fingerprints.of_question({str(name): part for name, part in row.items()})
    if told:
        events.append(tx, book.id, at, "questions-asked", round=round_number, step=step, questions=told)
    return len(fresh)


def standing(connection: Connection, identities: Iterable[str], now: str, in_time: bool = False) -> Standing:
    """Return how a set of questions stands at a moment; `in_time` counts answers before the deadline only."""
    from sqlalchemy import func, select

    from runtime.schema import answers, questions

    wanted = list(identities)
    counted = (
        select(answers.c.question, func.count().label("given"))
        .join(questions, questions.c.id == answers.c.question)
        .where(answers.c.question.in_(wanted), counts(now, in_time))
        .group_by(answers.c.question)
    )
    given: dict[str, int] = {row.question: row.given for row in connection.execute(counted)}
    asked = answered = late = 0
    for row in connection.execute(
        select(questions.c.id, questions.c.wanted, questions.c.deadline).where(questions.c.id.in_(wanted))
    ):
        asked += 1
        if given.get(row.id, 0) >= row.wanted:
            answered += 1
        elif row.deadline is not None and row.deadline <= now:
            late += 1
    return Standing(asked, answered, late)


def asked_keys(connection: Connection, book: int) -> dict[str, list[str]]:
    """Return the keys of cases asked about: `open` still wait for people, `answered` have all their answers."""
    from sqlalchemy import func, select

    from runtime.schema import answers, questions

    given = select(func.count()).where(answers.c.question == questions.c.id, answers.c.in_force).scalar_subquery()
    mine = (questions.c.book == book) & (questions.c.closed == "")
    open_ = set(connection.execute(select(questions.c.key).where(mine, given < questions.c.wanted)).scalars())
    every = set(connection.execute(select(questions.c.key).where(mine)).scalars())
    return {"open": sorted(open_), "answered": sorted(every - open_)}


def close_vanished(tx: Connection, book: int, step: str, present: frozenset[str], at: str) -> int:
    """Close the open questions whose case is no longer in the data, with that reason."""
    from sqlalchemy import select, update

    from runtime.schema import questions

    rows = tx.execute(
        select(questions.c.id, questions.c.key).where(
            questions.c.book == book, questions.c.step == step, questions.c.closed == ""
        )
    ).all()
    gone = [row.id for row in rows if row.key not in present]
    if gone:
        tx.execute(
            update(questions).where(questions.c.id.in_(gone)).values(closed="The case is no longer in the data.")
        )
        events.append(tx, book, at, "questions-closed", step=step, questions=sorted(gone))
    return len(gone)
