"""The questions of one book: who is asked what, and what they say."""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, tuple_

from runtime.answers import Answer, accept
from runtime.inbox.advice import Advice, Why, advice_in, looked, record_look, seen_of
from runtime.inbox.ask import Ask, Given, Standing, ask_of, standing_of
from runtime.inbox.cards import Cards, Shows
from runtime.inbox.second_look import SecondLook, look_at, why_look
from runtime.question_kinds import question_kind
from runtime.run import flow_from
from runtime.schema import answers, leases, questions, rounds

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.catalog import Catalog
    from flows.flow import Flow
    from runtime.question_kinds import Said
    from runtime.store import Book, Store


@dataclass(frozen=True)
class Inbox:
    """The questions of one book."""

    store: Store
    book: Book
    catalog: Catalog
    _read: dict[tuple[str, str], Cards] = field(default_factory=dict, compare=False, repr=False)

    def waiting(self, person: str) -> tuple[Ask, ...]:
        """Return what this person is asked, in an order of their own that says nothing about the cases."""
        now = self.store.moment()
        mine = [ask for ask in self.open() if self.is_for(person, ask, now)]
        with self.store.reading() as connection:
            done = set(standing_of(connection, [ask.id for ask in mine], {person}))
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
            return tuple(map(ask_of, rows))

    def find(self, identities: Iterable[str]) -> dict[str, Ask]:
        """Return questions of this book by their ids, open or not; what is not there is left out."""
        query = select(questions).where(questions.c.book == self.book.id, questions.c.id.in_(list(identities)))
        with self.store.reading() as connection:
            return {row.id: ask_of(row) for row in connection.execute(query)}

    def standing(self, asked: Iterable[str], people: Iterable[str]) -> dict[tuple[str, str], Standing]:
        """Return what some people have said so far to some questions, by (question, person)."""
        with self.store.reading() as connection:
            return standing_of(connection, asked, set(people))

    def may_answer(self, person: str, group: str) -> bool:
        """Return whether a person belongs to a group; a group without accounts is open to everyone."""
        accounts = self.accounts.get(group, ())
        return not accounts or person in accounts

    def is_for(self, person: str, ask: Ask, now: str) -> bool:
        """Return whether a person is asked: one of its group, or of those who may answer as well by now."""
        escalated = bool(ask.escalate_to) and bool(ask.escalates) and ask.escalates <= now
        return self.may_answer(person, ask.group) or (escalated and self.may_answer(person, ask.escalate_to))

    def give(self, given: Sequence[Given]) -> int:
        """Keep answers, all of them or none, and return how many were new.

        What the person has in force already is not kept twice; another answer supersedes it. An
        answer counts as blind only if the model cannot have been seen before it.
        """
        at, cards = self.store.moment(), self.cards
        with self.store.transaction() as tx:
            asked = _asked(tx, given)
            before = standing_of(tx, asked, {entry.person for entry in given})
            fresh = [entry for entry in given if not _same(entry, before.get((entry.question, entry.person)))]
            kept = accept(tx, self.book, [_answer(tx, cards, entry, asked) for entry in fresh], at)
            done = [(entry.question, entry.person) for entry in fresh]
            tx.execute(delete(leases).where(tuple_(leases.c.question, leases.c.person).in_(done)))
        return kept

    def advice(self, ask: Ask, person: str) -> Advice | None:
        """Return what the model thinks, if the step shows it and this person may see it by now.

        That they have seen it is kept: what they say from now on is no longer blind.
        """
        shows = self.shows(ask.step, ask.id, person)
        with self.store.reading() as connection:
            answered = bool(standing_of(connection, [ask.id], {person}))
            if shows == "never" or (shows == "after-own-answer" and not answered):
                return None
            query = select(questions.c.context).where(questions.c.id == ask.id, questions.c.book == self.book.id)
            advice = advice_in(connection.execute(query).scalar())
        if advice is not None:
            why: Why = "with the question" if shows == "with-the-question" else "asked for"
            with self.store.transaction() as tx:
                record_look(tx, self.book, ask.id, person, advice, why, self.store.moment())
        return advice

    def second_look(self, ask: Ask, person: str, said: Said) -> SecondLook | None:
        """Return the model's answer beside one that was just kept, if this person gets to see it, and keep that."""
        query = select(questions.c.context).where(questions.c.id == ask.id, questions.c.book == self.book.id)
        with self.store.reading() as connection:
            context = connection.execute(query).scalar() or {}
            before = looked(connection, ask.id, person)
        advice, why = advice_in(context), why_look(self.cards, ask.step, ask.id, person, context, said.label)
        if advice is None or why is None or before is not None:
            return None
        with self.store.transaction() as tx:
            record_look(tx, self.book, ask.id, person, advice, why, self.store.moment())
        return look_at(advice, said, question_kind(ask.kind).tell(ask.wording, said))

    def shows(self, step: str, question: str = "", person: str = "") -> Shows:
        """Return when people of a step see what the model thinks, as the last round says."""
        return self.cards.shows(step, question, person)

    @property
    def accounts(self) -> Mapping[str, tuple[str, ...]]:
        """Return the accounts of each group that the flow describes."""
        return {name: group.accounts for name, group in self.cards.groups.items()}

    @property
    def flow(self) -> Flow | None:
        """Return the flow as the last round began with it."""
        return self.cards.flow

    @property
    def cards(self) -> Cards:
        """Return the steps of the flow as the last round began with it; it is read once."""
        query = (
            select(rounds.c.flow, rounds.c.overrides)
            .where(rounds.c.book == self.book.id)
            .order_by(rounds.c.number.desc())
            .limit(1)
        )
        with self.store.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return Cards(None, self.catalog)
        place = (row.flow, json.dumps(row.overrides, sort_keys=True))
        if place not in self._read:
            read = Cards(flow_from(self.store.artifacts.get(row.flow), self.book.flow, row.overrides), self.catalog)
            self._read.clear()
            self._read[place] = read
            return read
        return self._read[place]


def myself() -> str:
    """Return the name of whoever works on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _same(entry: Given, standing: Standing | None) -> bool:
    return standing is not None and standing.says(entry)


def _asked(tx: Connection, given: Sequence[Given]) -> dict[str, Any]:
    ids = {entry.question for entry in given}
    columns = (questions.c.id, questions.c.step, questions.c.shown, questions.c.context)
    return {row.id: row for row in tx.execute(select(*columns).where(questions.c.id.in_(ids)))}


def _answer(tx: Connection, cards: Cards, entry: Given, asked: Mapping[str, Any]) -> Answer:
    row = asked.get(entry.question)
    before = looked(tx, entry.question, entry.person)
    shows = cards.shows(row.step, entry.question, entry.person) if row else "never"
    told = row is not None and cards.tells(row.step)
    with_it = advice_in(row.context) if row and shows == "with-the-question" else None
    return Answer(
        id=entry.id,
        question=entry.question,
        person=entry.person,
        label=entry.label,
        outcome=entry.outcome,
        seconds=entry.seconds,
        blind=before is None and shows != "with-the-question" and not told,
        comment=entry.comment,
        value=entry.value,
        confidence=entry.confidence,
        reason=entry.reason,
        stage="final" if before and shows != "with-the-question" else "only",
        seen=seen_of(row.shown if row else {}, before or with_it, told),
    )
