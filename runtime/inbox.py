"""What waits for a person, what they may see of it, and their answers, in terminal, file and browser.

Nothing here gives away what the model thinks, why a case was picked or how urgent it is before the
answer is kept, unless the step shows the model with the question.
"""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import func, select

from flows.people import groups
from runtime.answers import Answer, accept
from runtime.run import flow_from
from runtime.schema import answers, questions, rounds

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.catalog import Catalog
    from flows.flow import Flow
    from runtime.store import Book, Store

Shows = Literal["never", "after-own-answer", "with-the-question"]


@dataclass(frozen=True)
class Ask:
    """One question as a person sees it; `closed` says why it is no longer asked."""

    id: str
    step: str
    key: str
    group: str
    question: str
    choices: tuple[str, ...]
    shown: Mapping[str, object]
    deadline: str
    closed: str = ""


@dataclass(frozen=True)
class Given:
    """An answer as a person gives it. `seconds` is the time that it took, 0 when unknown.

    `id` is the key under which it counts once, however often it is sent.
    """

    id: str
    question: str
    person: str
    label: str
    outcome: Literal["answered", "cannot-tell", "skipped"] = "answered"
    seconds: float = 0.0
    comment: str = ""


class Standing(NamedTuple):
    """An answer that is in force."""

    id: str
    outcome: str
    label: str
    comment: str


@dataclass(frozen=True)
class Advice:
    """What the model thinks of a case: a label, and how sure it is of it, between 0 and 1."""

    label: str
    probability: float


@dataclass(frozen=True)
class Inbox:
    """The questions of one book."""

    store: Store
    book: Book
    catalog: Catalog
    _shows: dict[str, Shows] = field(default_factory=dict, compare=False)

    def waiting(self, person: str) -> tuple[Ask, ...]:
        """Return what this person is asked, in an order of their own that says nothing about the cases."""
        mine = [ask for ask in self.open() if self.may_answer(person, ask.group)]
        with self.store.reading() as connection:
            done = set(_standing(connection, [ask.id for ask in mine], {person}))
        asks = [ask for ask in mine if (ask.id, person) not in done]
        return tuple(sorted(asks, key=lambda ask: hashlib.sha256(f"{person}\n{ask.id}".encode()).digest()))

    def open(self) -> tuple[Ask, ...]:
        """Return all questions that still wait for somebody, by step and case."""
        given = select(func.count()).where(answers.c.question == questions.c.id, answers.c.in_force).scalar_subquery()
        query = select(questions).where(
            questions.c.book == self.book.id, questions.c.closed == "", given < questions.c.wanted
        )
        with self.store.reading() as connection:
            rows = connection.execute(query.order_by(questions.c.step, questions.c.key, questions.c.id))
            return tuple(map(_ask, rows))

    def find(self, identities: Iterable[str]) -> dict[str, Ask]:
        """Return questions of this book by their ids, open or not; what is not there is left out."""
        query = select(questions).where(questions.c.book == self.book.id, questions.c.id.in_(list(identities)))
        with self.store.reading() as connection:
            return {row.id: _ask(row) for row in connection.execute(query)}

    def standing(self, asked: Iterable[str], people: Iterable[str]) -> dict[tuple[str, str], Standing]:
        """Return what some people have said so far to some questions, by (question, person)."""
        with self.store.reading() as connection:
            return _standing(connection, asked, set(people))

    def may_answer(self, person: str, group: str) -> bool:
        """Return whether a person belongs to a group; a group without accounts is open to everyone."""
        accounts = self.accounts.get(group, ())
        return not accounts or person in accounts

    def give(self, given: Sequence[Given]) -> int:
        """Keep answers, all of them or none, and return how many were new.

        What the person has in force already is not kept twice; another answer supersedes it. An
        answer counts as blind only if the model cannot have been seen before it.
        """
        at = self.store.moment()
        with self.store.transaction() as tx:
            asked = self._asked(tx, given)
            before = _standing(tx, asked, {entry.person for entry in given})
            fresh = [entry for entry in given if not _same(entry, before.get((entry.question, entry.person)))]
            return accept(tx, self.book, [self._answer(entry, asked, before) for entry in fresh], at)

    def advice(self, ask: Ask, person: str) -> Advice | None:
        """Return what the model thinks, if the step shows it and this person may see it by now."""
        shows = self.shows(ask.step)
        with self.store.reading() as connection:
            answered = bool(_standing(connection, [ask.id], {person}))
            if shows == "never" or (shows == "after-own-answer" and not answered):
                return None
            context: dict[str, Any] | None = connection.execute(
                select(questions.c.context).where(questions.c.id == ask.id, questions.c.book == self.book.id)
            ).scalar()
        context = context or {}
        chances = context.get("probability") or [0.0]
        # A model that finds every label equally likely has learned nothing yet, and thinks nothing.
        return Advice(context["label"], max(chances)) if max(chances) > min(chances) else None

    def shows(self, step: str) -> Shows:
        """Return when people of a step see what the model thinks, as the last round says."""
        if step not in self._shows:
            self._shows[step] = self._read_shows(step)
        return self._shows[step]

    @cached_property
    def accounts(self) -> Mapping[str, tuple[str, ...]]:
        """Return the accounts of each group that names any."""
        flow = self.flow
        return {name: group.accounts for name, group in groups(flow)[0].items()} if flow else {}

    @cached_property
    def flow(self) -> Flow | None:
        """Return the flow as the last round began with it."""
        query = (
            select(rounds.c.flow, rounds.c.overrides)
            .where(rounds.c.book == self.book.id)
            .order_by(rounds.c.number.desc())
            .limit(1)
        )
        with self.store.reading() as connection:
            row = connection.execute(query).first()
        return flow_from(self.store.artifacts.get(row.flow), self.book.flow, row.overrides) if row else None

    def _read_shows(self, memory: str) -> Shows:
        cards = self.flow.steps.values() if self.flow else ()
        card = next((card for card in cards if card.memory == memory), None)
        step = self.catalog.read(card)[0] if card else None
        found = getattr(step, "show_model", "never")
        if found == "never":
            return "never"
        # What is not understood here may show the model: then no answer may pass for a blind one.
        return "after-own-answer" if found == "after-own-answer" else "with-the-question"

    def _asked(self, tx: Connection, given: Sequence[Given]) -> dict[str, str]:
        ids = {entry.question for entry in given}
        rows = tx.execute(select(questions.c.id, questions.c.step).where(questions.c.id.in_(ids)))
        return {row.id: row.step for row in rows}

    def _answer(self, entry: Given, asked: Mapping[str, str], before: Mapping[tuple[str, str], Standing]) -> Answer:
        shows = self.shows(asked[entry.question]) if entry.question in asked else "never"
        seen = shows == "with-the-question" or (
            shows == "after-own-answer" and (entry.question, entry.person) in before
        )
        return Answer(
            id=entry.id,
            question=entry.question,
            person=entry.person,
            label=entry.label,
            outcome=entry.outcome,
            seconds=entry.seconds,
            blind=not seen,
            comment=entry.comment,
        )


def myself() -> str:
    """Return the name of whoever works on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _ask(row: Any) -> Ask:
    wording = row.wording
    return Ask(
        id=row.id,
        step=row.step,
        key=row.key,
        group=row.group,
        question=str(wording.get("question", "")),
        choices=tuple(wording.get("choices", ())),
        shown=dict(row.shown),
        deadline=row.deadline or "",
        closed=row.closed,
    )


def _same(entry: Given, standing: Standing | None) -> bool:
    return standing is not None and standing[1:] == (entry.outcome, entry.label, entry.comment)


def _standing(connection: Connection, asked: Iterable[str], people: set[str]) -> dict[tuple[str, str], Standing]:
    query = select(answers).where(answers.c.question.in_(list(asked)), answers.c.person.in_(people), answers.c.in_force)
    return {
        (row.question, row.person): Standing(row.id, row.outcome, row.label, row.comment)
        for row in connection.execute(query)
    }
