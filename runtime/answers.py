"""What people said: accepted once, corrected by superseding, never erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from flows.problems import refuse
from runtime import events, fingerprints
from runtime.values import KEY, canonical

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import ColumnElement, Connection

    from runtime.store import Book
    from runtime.values import Answers

Stage = Literal["only", "first", "final"]

COLUMNS = (
    "answer", "question", "step", KEY, "person", "label", "outcome", "seconds", "cost", "blind", "simulated",
    "at", "asked_in", "sealed_in", "supersedes", "reason", "drawn_with", "also_picked", "held_out",
    "model_version", "model_label", "probability", "row",
    "stage", "confidence", "value", "why_said", "probe", "known_label", "advised", "learn_from",
)  # fmt: skip
"""The columns of an `Answers` table, one row an answer.

`asked_in` and `sealed_in` are rounds; `drawn_with` is the probability with which an audit case was
drawn (empty for cases picked for another reason); `probability` lists what the model then thought;
`row` is a digest of the case as it was when it was asked about. `stage` is `first` for an answer that
the model's advice followed, `final` for what the person said after it, and `only` for all others;
`confidence` is theirs, between 0 and 1; `value` is what the kind of question keeps beside the label, as
JSON; `why_said` is the person's reason. `probe` marks a hidden case whose label, `known_label`, was known.
`advised` says whether the model's advice was seen before; `blind` is stricter: not even how the cases were
picked told anything. `learn_from` is the step's setting of that name, when it asked.
"""
FIRST = "first answers"
FINAL = "final answers"


@dataclass(frozen=True)
class Answer:
    """One answer as it arrives: `id` is the key that makes sending it twice count once.

    `seen` says what the person saw: the `columns` of the case, the model's `advice` or none, and `why`
    the answer is not blind where it is not. `reason` and `confidence` (0 to 1) are the person's own.
    """

    id: str
    question: str
    person: str
    label: str
    outcome: str = "answered"
    seconds: float = 0.0
    cost: float = 0.0
    blind: bool = True
    simulated: bool = False
    comment: str = ""
    at: str = ""
    undo_until: str = ""
    stage: Stage = "only"
    confidence: float | None = None
    value: Mapping[str, object] | None = None
    reason: str = ""
    seen: Mapping[str, object] | None = None
    shown_at: str = ""


def accept(tx: Connection, book: Book, arrived: Sequence[Answer], at: str) -> int:
    """Keep answers, each once, and return how many were new.

    A second answer of the same person to the same question supersedes the first. An answer of one
    more person to a question that has all its answers already is not kept. Raises `Refused`
    for simulated answers to a live book and for a label that is not among the choices.
    """
    from sqlalchemy import select

    from runtime.schema import answers

    known = set(tx.execute(select(answers.c.id).where(answers.c.id.in_([answer.id for answer in arrived]))).scalars())
    fresh = {answer.id: answer for answer in arrived if answer.id not in known}
    if fresh:
        _refuse_unfit(tx, book, fresh.values())
        fresh = _in_demand(tx, fresh)
    if fresh:
        _insert(tx, book, list(fresh.values()), at)
    return len(fresh)


def withdraw(tx: Connection, book: Book, identity: str, at: str) -> None:
    """Take an answer back inside its undo window: what it had superseded is in force again.

    Raises `Refused` where it is too late, or where the answer is not the one in force.
    """
    from sqlalchemy import select, update

    from runtime.schema import answers

    row = tx.execute(select(answers).where(answers.c.id == identity, answers.c.book == book.id)).first()
    if row is None or not row.in_force or row.undo_until <= at or row.settled is not None or row.sealed is not None:
        raise refuse(
            "undo-too-late",
            "This answer can no longer be undone: its time is over, or another one took its place. "
            "Answer the case once more to correct it.",
        )
    tx.execute(update(answers).where(answers.c.id == identity).values(in_force=False, withdrawn=at))
    if row.supersedes is not None:
        tx.execute(update(answers).where(answers.c.id == row.supersedes).values(in_force=True))
    events.append(tx, book.id, at, "answer-withdrawn", answer=identity, restored=row.supersedes)


def in_force(connection: Connection, identities: Iterable[str], now: str, in_time: bool = False) -> list[str]:
    """Return the ids of the answers in force to a set of questions that can no longer be undone.

    With `in_time` only those given before the question's deadline; later ones count from the next
    round. Sorted by case and person.
    """
    from sqlalchemy import select

    from runtime.schema import answers, questions

    query = (
        select(answers.c.id)
        .join(questions, questions.c.id == answers.c.question)
        .where(answers.c.question.in_(list(identities)), counts(now, in_time))
        .order_by(questions.c.key, answers.c.person)
    )
    return list(connection.execute(query).scalars())


def counts(now: str, in_time: bool) -> ColumnElement[bool]:
    """Return the condition on answers joined with their questions under which an answer counts now.

    With `in_time` a correction after the deadline does not undo what the same person said before it.
    """
    from sqlalchemy import and_, exists, func

    from runtime.schema import answers, questions

    if not in_time:
        return and_(answers.c.in_force, answers.c.undo_until <= now)
    later = answers.alias("later")
    early = and_(later.c.at <= func.coalesce(questions.c.deadline, later.c.at), later.c.withdrawn.is_(None))
    corrected = exists().where(later.c.question == answers.c.question, later.c.supersedes == answers.c.id, early)
    said_early = answers.c.at <= func.coalesce(questions.c.deadline, answers.c.at)
    return and_(said_early, ~corrected, answers.c.undo_until <= now, answers.c.withdrawn.is_(None))


def unsealed(connection: Connection, book: int, step: str, now: str) -> list[str]:
    """Return the ids of a step's answers that are in no log yet and can no longer be undone.

    Sorted by case and person, never by arrival.
    """
    from sqlalchemy import select

    from runtime.schema import answers, questions

    query = (
        select(answers.c.id)
        .join(questions, questions.c.id == answers.c.question)
        .where(answers.c.book == book, answers.c.sealed.is_(None), questions.c.step == step)
        .where(answers.c.undo_until <= now, answers.c.withdrawn.is_(None))
        .order_by(questions.c.key, answers.c.person, answers.c.at, answers.c.id)
    )
    return list(connection.execute(query).scalars())


def frame_of(connection: Connection, identities: Sequence[str], sealed_in: int | None) -> pl.DataFrame:
    """Return answers as a table with the columns of `COLUMNS`, in the order of their ids as given."""
    import polars as pl
    from sqlalchemy import select

    from runtime.schema import answers, questions

    rows = connection.execute(
        select(answers, questions.c.key, questions.c.step, questions.c.round, questions.c.context)
        .join(questions, questions.c.id == answers.c.question)
        .where(answers.c.id.in_(identities))
    )
    by_id = {row.id: _row(row, sealed_in) for row in rows}
    return pl.DataFrame([by_id[name] for name in identities], schema=_schema(), orient="row")


def _row(row: Any, sealed_in: int | None) -> tuple[object, ...]:
    context = row.context
    return (
        row.id, row.question, row.step, row.key, row.person, row.label, row.outcome, row.seconds, row.cost,
        row.blind, row.simulated, row.at, row.round, sealed_in, row.supersedes, context.get("reason", ""),
        context.get("drawn_with"), bool(context.get("also_picked")), bool(context.get("held_out")),
        context.get("version", ""), context.get("label", ""), context.get("probability"), context.get("row", ""),
        row.stage, row.confidence, None if row.value is None else canonical(row.value).decode(), row.reason,
        bool(context.get("probe")), context.get("known_label"), _advised(row), context.get("learn_from", FIRST),
    )  # fmt: skip


def _advised(row: Any) -> bool:
    """Return whether the model's advice was seen; an older program kept only that an answer was not blind."""
    return not row.blind if row.seen is None else row.seen.get("advice") is not None


def table_of(given: Answers) -> pl.DataFrame:
    """Return a log of answers with all columns of `COLUMNS`, also those that an older program did not seal."""
    import polars as pl

    kinds, frame = _schema(), given.table.frame()
    if not frame.height:
        return pl.DataFrame(schema=kinds)
    starts = {"stage": "only", "why_said": "", "probe": False, "advised": ~pl.col("blind"), "learn_from": FIRST}
    for name in COLUMNS:
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, kinds[name]).alias(name))
    filled = [
        pl.col(name).fill_null(start if isinstance(start, pl.Expr) else pl.lit(start)) for name, start in starts.items()
    ]
    return frame.with_columns(filled)


def _schema() -> dict[str, Any]:
    import polars as pl

    kinds: dict[str, Any] = dict.fromkeys(COLUMNS, pl.String)
    kinds.update(dict.fromkeys(("seconds", "cost", "drawn_with", "confidence"), pl.Float64))
    kinds.update(dict.fromkeys(("blind", "simulated", "also_picked", "held_out", "probe", "advised"), pl.Boolean))
    kinds.update(dict.fromkeys(("asked_in", "sealed_in"), pl.Int64))
    kinds["probability"] = pl.List(pl.Float32)
    return kinds


def _refuse_unfit(tx: Connection, book: Book, fresh: Iterable[Answer]) -> None:
    from sqlalchemy import select

    from runtime.schema import questions

    fresh = list(fresh)
    asked = {
        row.id: row
        for row in tx.execute(
            select(questions.c.id, questions.c.book, questions.c.key, questions.c.wording).where(
                questions.c.id.in_([answer.question for answer in fresh])
            )
        )
    }
    for answer in fresh:
        question = asked.get(answer.question)
        if question is None or question.book != book.id:
            raise refuse(
                "answer-to-nothing",
                f"There is no question {answer.question[:12]} in the book '{book.name}' of '{book.flow}'. "
                "Fetch the questions anew (tandem answer --out) and answer those.",
            )
        choices = question.wording.get("choices", [])
        if answer.outcome == "answered" and choices and answer.label not in choices:
            raise refuse(
                "answer-not-a-choice",
                f"'{answer.label}' is not a choice for the case {question.key}. Choose one of: {', '.join(choices)}.",
            )
        if answer.simulated and not book.rehearsal:
            raise refuse("answer-simulated", f"Simulated people never answer in the book '{book.name}'.")


def _in_demand(tx: Connection, fresh: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers that are wanted: corrections, and those of as many people as were asked."""
    from sqlalchemy import select

    from runtime.schema import answers, questions

    asked = {answer.question for answer in fresh.values()}
    rows = tx.execute(select(questions.c.id, questions.c.wanted).where(questions.c.id.in_(asked)))
    wanted: dict[str, int] = {row.id: row.wanted for row in rows}
    people: dict[str, set[str]] = {question: set() for question in asked}
    given = select(answers.c.question, answers.c.person).where(answers.c.question.in_(asked), answers.c.in_force)
    for row in tx.execute(given):
        people[row.question].add(row.person)
    kept = {}
    for name, answer in fresh.items():
        answering = people[answer.question]
        if answer.person in answering or len(answering) < wanted[answer.question]:
            answering.add(answer.person)
            kept[name] = answer
    return kept


def _insert(tx: Connection, book: Book, fresh: list[Answer], at: str) -> None:
    from sqlalchemy import insert, update

    from runtime.schema import answers

    standing = _in_force(tx, fresh)
    before = set(standing.values())
    rows: dict[str, dict[str, object]] = {}
    corrected: list[str] = []
    for answer in fresh:
        place = (answer.question, answer.person)
        superseded = standing.get(place)
        if superseded is not None:
            corrected.append(superseded)
        if superseded in rows:
            rows[superseded]["in_force"] = False
        rows[answer.id] = _stored(answer, book, at, superseded)
        standing[place] = answer.id
    if before.intersection(corrected):
        tx.execute(update(answers).where(answers.c.id.in_(before.intersection(corrected))).values(in_force=False))
    tx.execute(insert(answers), list(rows.values()))
    told = {identity: fingerprints.of_answer(row) for identity, row in rows.items()}
    events.append(tx, book.id, at, "answers-accepted", answers=told, corrected=sorted(corrected))


def _stored(answer: Answer, book: Book, at: str, superseded: str | None) -> dict[str, object]:
    return {
        "id": answer.id,
        "question": answer.question,
        "book": book.id,
        "person": answer.person,
        "label": answer.label,
        "outcome": answer.outcome,
        "seconds": answer.seconds,
        "cost": answer.cost,
        "blind": answer.blind,
        "simulated": answer.simulated,
        "comment": answer.comment,
        "at": answer.at or at,
        "undo_until": answer.undo_until or at,
        "supersedes": superseded,
        "in_force": True,
        "stage": answer.stage,
        "confidence": answer.confidence,
        "value": None if answer.value is None else dict(answer.value),
        "reason": answer.reason,
        "seen": None if answer.seen is None else dict(answer.seen),
        "shown_at": answer.shown_at or None,
    }


def _in_force(tx: Connection, fresh: list[Answer]) -> dict[tuple[str, str], str]:
    from sqlalchemy import select

    from runtime.schema import answers

    pairs = {(answer.question, answer.person) for answer in fresh}
    rows = tx.execute(
        select(answers.c.id, answers.c.question, answers.c.person).where(
            answers.c.question.in_([question for question, _ in pairs]), answers.c.in_force
        )
    )
    return {(row.question, row.person): row.id for row in rows if (row.question, row.person) in pairs}


CODES: tuple[tuple[str, str], ...] = (
    ("undo-too-late", "An answer counts by now and cannot be undone. Answer the case once more to correct it."),
)
