"""Asking in a round: questions go to the store, answers come from it, and the waiting rule decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from flows.catalog import Catalog
from flows.flow import Flow
from flows.people import groups
from flows.problems import refuse
from runtime import fingerprints
from runtime.answers import FIRST, accept, frame_of, in_force
from runtime.limits import judge_limit, per_of
from runtime.memory import truths_of
from runtime.people import simulated_answers
from runtime.plan import Planned
from runtime.questions import Asked, close_vanished, put, standing
from runtime.round import sealed_truth
from runtime.rounds import OpenRound
from runtime.schema import answers, questions
from runtime.values import Answers, Figure, Table

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

    from runtime.answers import Answer
    from runtime.questions import Question
    from runtime.store import Book, Store


COUNTS_QUESTIONS = ("questions", "questions_today", "questions_in_all")
"""The measures of a people step that are judged before anybody is asked."""


def in_time(asked: Asked) -> bool:
    """Return whether only answers before the deadline count: not where the round waits for all of them."""
    return asked.rule in ("deadline", "quorum")


@dataclass(frozen=True)
class Accepted:
    """The answers that a step settles with: their ids, and the same as a table."""

    ids: tuple[str, ...]
    frame: pl.DataFrame
    value: Answers


@dataclass(frozen=True)
class Asking:
    """One people step in one round."""

    store: Store
    book: Book
    flow: Flow
    row: OpenRound
    planned: Planned

    @property
    def step(self) -> str:
        """Return the name under which questions and answers of the step are kept."""
        return self.planned.card.memory

    def broken_limit(self, asked: Asked, catalog: Catalog) -> str:
        """Return the sentence of a limit on questions that asking would break, or nothing."""
        if self.row.people == "none":
            return ""
        count = self._count_this_round(asked)
        for target in self.flow.intent.limits:
            if target.step != self.planned.card.id or target.measure not in COUNTS_QUESTIONS:
                continue
            total = float(count + self._asked_before(catalog, target.measure))
            judged = judge_limit(target, Figure(target.measure, total, None, None, f"{total:g}"))
            if judged.verdict == "broken":
                return judged.sentence("limit")
        return ""

    def put(self, asked: Asked) -> int:
        """Store the questions, and for simulated people their answers, in one transaction."""
        if self.row.people == "none":
            return 0
        at = self.store.moment()
        asked = replace(asked, questions=tuple(map(self._with_teaching, asked.questions)))
        simulated = self._simulated(asked) if self.row.people == "simulated" else []
        with self.store.transaction() as tx:
            if asked.present is not None:
                close_vanished(tx, self.book.id, self.step, asked.present, at)
            fresh = put(tx, self.book, self.step, self.row.number, at, asked.questions)
            accept(tx, self.book, simulated, at)
        return fresh

    def _with_teaching(self, question: Question) -> Question:
        """Return a question that remembers which answers the model learns from, where that is not the first ones."""
        learn_from = getattr(self.planned.step, "learn_from", FIRST)
        if learn_from == FIRST:
            return question
        return replace(question, context={**question.context, "learn_from": learn_from})

    def waits(self, asked: Asked) -> str:
        """Return one sentence while the waiting rule is not met, and nothing when it is."""
        if self.row.people != "store":
            return ""
        with self.store.reading() as connection:
            found = standing(connection, self._ids(asked), self.store.moment(), in_time(asked))
        if found.goes_on(asked.rule, asked.share):
            return ""
        group = asked.questions[0].group
        return f"'{self.planned.card.id}' waits for {group}: {found.answered} of {found.asked} cases are answered."

    def accepted(self, asked: Asked) -> Accepted:
        """Return the answers that count for this round's decisions."""
        with self.store.reading() as connection:
            ids = [] if self.row.people == "none" else self._ids(asked)
            identities = in_force(connection, ids, self.store.moment(), in_time(asked))
            frame = frame_of(connection, identities, sealed_in=None)
        return Accepted(tuple(identities), frame, Answers(Table.store(self.store.artifacts, [frame])))

    def mark_settled(self, tx: Connection, accepted: Accepted) -> dict[str, object]:
        """Fix the list of accepted answers, in the transaction of the result; return what its event tells of them."""
        fixed = tx.execute(
            update(answers)
            .where(answers.c.id.in_(accepted.ids), answers.c.settled.is_(None))
            .values(settled=self.row.number)
            .returning(answers.c.id)
        )
        return {"settled": fingerprints.of_names(fixed.scalars())}

    def figures(self, asked: Asked, accepted: Accepted) -> tuple[Figure, ...]:
        """Return how much was asked and what it cost, for limits and aims."""
        count = float(self._count_this_round(asked)) if self.row.people != "none" else 0.0
        spent = float(accepted.frame["cost"].sum())
        told = {
            **dict.fromkeys(COUNTS_QUESTIONS, count),
            "answers": float(len(accepted.ids)),
            "minutes": float(accepted.frame["seconds"].sum()) / 60,
            "cost": spent,
            "cost_in_all": spent,
        }
        return tuple(Figure(name, value, None, None, f"{value:g}") for name, value in told.items())

    def _simulated(self, asked: Asked) -> list[Answer]:
        found, _ = groups(self.flow)
        told: list[Answer] = []
        truths = truths_of(self.store, self.book)
        for name in dict.fromkeys(question.group for question in asked.questions):
            group = found.get(name)
            if group is None or group.simulated is None:
                continue
            table = sealed_truth(truths, group.simulated.truth)
            if table is None and truths:
                raise refuse(
                    "truth-unclear",
                    f"Which truth do the simulated {name} read? Set `truth` of the people '{name}' to one of: "
                    f"{', '.join(sorted(truths))}.",
                    f"people.{name}.simulated.truth",
                )
            truth = dict(table.frame().iter_rows()) if table is not None else {}
            for question in asked.questions:
                if question.group == name:
                    identity = question.id(self.book, self.step)
                    told += simulated_answers(name, group.simulated, question, identity, truth, self.row.seed)
        # At the time of the round, so that a rehearsal leaves the same bytes whenever it is played.
        return [replace(answer, at=self.row.now) for answer in told]

    def _ids(self, asked: Asked) -> list[str]:
        return [question.id(self.book, self.step) for question in asked.questions]

    def _count_this_round(self, asked: Asked) -> int:
        """Return how many people are asked how many cases that were not asked in an earlier round."""
        ids = self._ids(asked)
        with self.store.reading() as connection:
            old = set(
                connection.execute(
                    select(questions.c.id).where(questions.c.id.in_(ids), questions.c.round < self.row.number)
                ).scalars()
            )
        return sum(question.wanted for question, name in zip(asked.questions, ids, strict=True) if name not in old)

    def _asked_before(self, catalog: Catalog, measure: str) -> float:
        per = per_of(catalog, self.planned.card.kind, measure)
        if per == "round":
            return 0.0
        from runtime.schema import figures, rounds

        query = (
            select(func.sum(figures.c.value))
            .join(rounds, (rounds.c.book == figures.c.book) & (rounds.c.number == figures.c.round))
            .where(figures.c.book == self.book.id, figures.c.step == self.step, figures.c.measure == measure)
        )
        if per == "day":
            query = query.where(rounds.c.now.startswith(self.row.day))
        with self.store.reading() as connection:
            return float(connection.execute(query).scalar() or 0.0)
