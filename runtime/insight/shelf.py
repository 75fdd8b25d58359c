"""What a book holds by now of a flow: what its steps gave, what people said, what is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import polars as pl
from sqlalchemy import select

from flows.flow import End
from runtime.answers import COLUMNS as ANSWERED
from runtime.answers import frame_of
from runtime.logs import joined, new_entries, sealed
from runtime.measuring_rounds.ground import Ground
from runtime.measuring_rounds.rule import Rule, rule_of
from runtime.measuring_rounds.truths import Truths
from runtime.measuring_rounds.truths import truths_of as known_truths
from runtime.memory import truths_of as sealed_truths
from runtime.round import Memory, Round
from runtime.rounds import last_number
from runtime.schema import answers, results
from runtime.steps.measure import MeasureQuality
from runtime.values import KEY, Decisions, Measures, Outcomes, Predictions, Value

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Card, Flow
    from flows.ports import Port
    from flows.step import Step
    from runtime.store import Book, Store

V = TypeVar("V", bound=Value)
AT_ONCE = 10_000
"""Answers are loaded in portions: a database takes only so many names in one question."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """A book of a flow, as its last round left it. Nothing is written."""

    store: Store
    book: Book
    flow: Flow
    catalog: Catalog

    @cached_property
    def steps(self) -> tuple[tuple[Card, Step], ...]:
        """Return the steps whose kind and settings are understood, in the order of the file."""
        read = ((card, self.catalog.read(card)[0]) for card in self.flow.steps.values())
        return tuple((card, step) for card, step in read if step is not None)

    @cached_property
    def measuring(self) -> tuple[Card, MeasureQuality] | None:
        """Return the first step that measures how well model, people and team do."""
        return next(((card, step) for card, step in self.steps if isinstance(step, MeasureQuality)), None)

    @cached_property
    def last(self) -> int:
        """Return the number of the last round, 0 where none has begun."""
        return last_number(self.store, self.book)

    @cached_property
    def predicting(self) -> End | None:
        """Return where the predictions come from that are measured; else the first there are."""
        if self.measuring is not None:
            link = next(iter(self.flow.into(self.measuring[0].id, "predictions")), None)
            if link is not None:
                return link.source
        return next(iter(self._ends(Predictions)), None)

    @cached_property
    def predictions(self) -> Predictions | None:
        """Return the last predictions."""
        return self.given(self.predicting, Predictions, self.last) if self.predicting else None

    @cached_property
    def rule(self) -> Rule | None:
        """Return how probabilities become decisions in this flow."""
        return rule_of(self.predictions, self._decisions()) if self.predictions else None

    @cached_property
    def answers(self) -> pl.DataFrame:
        """Return all answers that can no longer be undone, with the columns of `runtime.answers.COLUMNS`."""
        query = (
            select(answers.c.id)
            .where(answers.c.book == self.book.id, answers.c.withdrawn.is_(None))
            .where(answers.c.undo_until <= self.store.moment())
            .order_by(answers.c.at, answers.c.question, answers.c.person, answers.c.id)
        )
        with self.store.reading() as connection:
            ids = list(connection.execute(query).scalars())
            parts = [ids[at : at + AT_ONCE] for at in range(0, max(len(ids), 1), AT_ONCE)]
            return pl.concat([frame_of(connection, part, None) for part in parts]).select(ANSWERED)

    @cached_property
    def truths(self) -> Truths:
        """Return what is true of each case: outcomes, known labels, in a rehearsal the hidden truth."""
        if self.predictions is None:
            return Truths(pl.DataFrame(schema={KEY: pl.String, "place": pl.Int32, "source": pl.String}))
        step = self.measuring[1] if self.measuring else MeasureQuality()
        memory = Memory(truth=sealed_truths(self.store, self.book))
        looking = Round(0, self.store.artifacts, rehearsal=self.book.rehearsal, opens_truth=True, memory=memory)
        return known_truths(step, looking, self.predictions, self.outcomes)

    @cached_property
    def outcomes(self) -> Outcomes:
        """Return all outcomes known by now, also those that no log holds yet."""
        found: list[Value] = []
        with self.store.reading() as connection:
            for end in self._ends(Outcomes):
                step, port = self.flow.steps[end.step].memory, self._port(end)
                found += sealed(connection, self.store.artifacts, self.book.id, step, end.port, Outcomes)
                fresh = new_entries(connection, self.store, self.book, step, port, self.last + 1)
                found += [fresh] if fresh is not None else []
        whole = joined(Outcomes, [each for each in found if each.count], self.store.artifacts)
        assert isinstance(whole, Outcomes)
        return whole

    def ground(self, predictions: Predictions) -> Ground:
        """Return what figures stand on: groups that share one fate, the rule, the truth."""
        groups = tuple(self.measuring[1].group) if self.measuring else ()
        return Ground(predictions, self.rule or Rule(predictions.classes), self.truths, groups)

    def measured(self) -> Mapping[int, Measures]:
        """Return the tables of figures by round."""
        if self.measuring is None:
            return {}
        card, step = self.measuring
        port = step.outputs()[0].name
        return {
            number: Measures.read(outputs[port], self.store.artifacts)
            for number, outputs in self._outputs(card.memory).items()
            if port in outputs
        }

    def given(self, end: End, kind: type[V], number: int) -> V | None:
        """Return what a step gave at a port in the last round up to `number`; None where it gave nothing."""
        outputs = self._outputs(self.flow.steps[end.step].memory)
        rounds = [each for each in outputs if each <= number and end.port in outputs[each]]
        return kind.read(outputs[max(rounds)][end.port], self.store.artifacts) if rounds else None

    def rounds_of(self, end: End) -> tuple[int, ...]:
        """Return the rounds in which a step gave something at a port."""
        outputs = self._outputs(self.flow.steps[end.step].memory)
        return tuple(sorted(number for number in outputs if end.port in outputs[number]))

    def _decisions(self) -> tuple[Decisions, ...]:
        found = (self.given(end, Decisions, self.last) for end in self._ends(Decisions))
        return tuple(each for each in found if each is not None)

    def _ends(self, kind: type[Value]) -> Iterator[End]:
        for card, step in self.steps:
            yield from (End(card.id, port.name) for port in step.outputs() if port.type is kind)

    def _port(self, end: End) -> Port:
        step = next(step for card, step in self.steps if card.id == end.step)
        return next(port for port in step.outputs() if port.name == end.port)

    def _outputs(self, step: str) -> dict[int, dict[str, dict[str, object]]]:
        query = select(results.c.round, results.c.outputs).where(results.c.book == self.book.id, results.c.step == step)
        with self.store.reading() as connection:
            return {row.round: row.outputs for row in connection.execute(query) if row.outputs}
