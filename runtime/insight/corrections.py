"""What each correction changed: which version first learned from it, and which cases then turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

import polars as pl
from sqlalchemy import select

from flows.flow import End
from runtime.answers import FINAL
from runtime.insight.turning import Change, change_in, only
from runtime.logs import sealed
from runtime.schema import answers as answers_table
from runtime.schema import logs
from runtime.values import KEY, Outcomes, Predictions

if TYPE_CHECKING:
    from runtime.insight.shelf import Shelf

Kind = Literal["the model", "an answer", "an outcome"]


@dataclass(frozen=True)
class Correction:
    """Somebody or something said otherwise than was said before.

    of: what was corrected: the model's label by a person, a person's earlier answer, or an answer or an earlier
    outcome by an outcome. person: who did, empty for an outcome. before, after: the labels. sealed_in: the round
    that could first learn from it; None while that is to come. changes: what that round's models made of it.
    """

    of: Kind
    case: str
    person: str
    before: str
    after: str
    at: str
    sealed_in: int | None
    changes: tuple[Change, ...]
    says: str


@dataclass(frozen=True)
class Corrections:
    """All corrections, the latest first, and one sentence about them."""

    each: tuple[Correction, ...]
    says: str


def corrections(shelf: Shelf, person: str = "") -> Corrections:
    """Return what was corrected and what came of it; with a name, only what this person corrected.

    For one person the cases that turned are named only where they have answered them themselves: of others
    they may still be asked, and must not know what the model thinks.
    """
    learning = _Learning(shelf)
    found = [*learning.by_people()]
    if person:
        theirs = frozenset(shelf.answers.filter(pl.col("person") == person)[KEY])
        mine = [one for one in found if one.person == person]
        found = [replace(one, changes=tuple(only(change, theirs) for change in one.changes)) for one in mine]
    else:
        found += learning.by_outcomes()
    each = tuple(sorted(found, key=lambda one: (one.at, one.case), reverse=True))
    return Corrections(each, _summary(each, bool(person)))


class _Learning:
    """The models of a book, and what entered their logs in which round."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.models = {
            card.id: (End(card.id, port.name), step)
            for card, step in shelf.steps
            for port in step.outputs()
            if step.teaches == "model" and port.type is Predictions
        }
        self.sealed = _sealed_rounds(shelf)
        self.given = shelf.answers
        self.outcomes = {end: dict(_outcomes(shelf, end)) for end in self._sources(Outcomes)}
        self.change, self.readers = cache(self._change), cache(self._readers)

    def by_people(self) -> Iterator[Correction]:
        """Yield answers that differ from the model, or from what the same person said before."""
        earlier = {row["answer"]: row for row in self.given.iter_rows(named=True)}
        for row in self.given.filter(~pl.col("probe") & (pl.col("outcome") == "answered")).iter_rows(named=True):
            before = earlier.get(row["supersedes"])
            if before is not None and before["label"] and before["label"] != row["label"]:
                yield self._by_person(row, "an answer", before["label"])
            elif before is None and not row["advised"] and _leaned(row) and row["model_label"] != row["label"]:
                yield self._by_person(row, "the model", row["model_label"])

    def by_outcomes(self) -> Iterator[Correction]:
        """Yield outcomes that differ from what people said, or from an earlier outcome."""
        said = _last_said(self.given)
        for end, rounds in self.outcomes.items():
            known: dict[str, str] = {}
            for number, frame in sorted(rounds.items()):
                for key, label, at in frame.sort("known_at").select(KEY, "label", "known_at").iter_rows():
                    before = known.get(key, said.get(key, label))
                    known[key] = label
                    if before != label:
                        moment = f"{at:%Y-%m-%dT%H:%M:%S}Z"
                        changes = tuple(self._changes(end.step, number))
                        says = _says("", number, changes, self.readers(end.step))
                        yield Correction("an outcome", key, "", before, label, moment, number, changes, says)

    def _by_person(self, row: Mapping[str, object], of: Kind, before: str) -> Correction:
        number = self.sealed.get(str(row["answer"]))
        step = next((card.id for card, _ in self.shelf.steps if card.memory == row["step"]), "")
        readers = self.readers(step)
        why = self._never(row, step)
        changes = () if why or number is None else tuple(self._changes(step, number))
        says = _says(why, number, changes, readers)
        return Correction(
            of, str(row[KEY]), str(row["person"]), before, str(row["label"]), str(row["at"]), number, changes, says
        )

    def _never(self, row: Mapping[str, object], step: str) -> str:
        """Return why no model learns from an answer, or nothing."""
        if row["held_out"]:
            return "The case is held out for measuring, so no model learns from it."
        use = any(getattr(self.models[name][1], "advised_answers", "use") == "use" for name in self.readers(step))
        if row["advised"] and not use:
            return "It was said after the model's advice was seen, and the model learns from what people say unaided."
        if row["advised"] and row["stage"] == "final" and row["learn_from"] != FINAL:
            return "The model learns from first answers, so this one decides the case and teaches nothing."
        return ""

    def _readers(self, step: str) -> tuple[str, ...]:
        """Return the models that learn from a step."""
        targets = (link.target.step for link in self.shelf.flow.feedback() if link.source.step == step)
        return tuple(dict.fromkeys(name for name in targets if name in self.models))

    def _changes(self, step: str, number: int) -> Iterator[Change]:
        for name in self.readers(step):
            found = self.change(name, number)
            if found is not None:
                yield found

    def _change(self, model: str, number: int) -> Change | None:
        sources = {link.source.step for link in self.shelf.flow.feedback() if link.target.step == model}
        happened = sum(
            rounds[number].height for end, rounds in self.outcomes.items() if end.step in sources and number in rounds
        )
        taught = sum(self.taught[step, number] for step in sources)
        return change_in(self.shelf, self.models[model][0], number, taught, happened)

    @cached_property
    def taught(self) -> Counter[tuple[str, int]]:
        """Return how many answers of each step a model first learned from in each round."""
        found: Counter[tuple[str, int]] = Counter()
        steps = {card.memory: card.id for card, _ in self.shelf.steps}
        told = self.given.filter(~pl.col("probe") & (pl.col("outcome") == "answered"))
        for row in told.iter_rows(named=True):
            number, step = self.sealed.get(row["answer"]), steps.get(row["step"], "")
            if number is not None and not self._never(row, step):
                found[step, number] += 1
        return found

    def _sources(self, kind: type[Outcomes]) -> list[End]:
        return [
            End(card.id, port.name) for card, step in self.shelf.steps for port in step.outputs() if port.type is kind
        ]


def _says(why: str, number: int | None, changes: tuple[Change, ...], readers: tuple[str, ...]) -> str:
    if why:
        return why
    if not readers:
        return "No model learns from this step."
    if number is None:
        return "It counts from the next round on."
    if not changes:
        return f"Round {number} is the first that can learn from it; no model has run in it yet."
    return " ".join(change.sentence() for change in changes)


def _leaned(row: Mapping[str, object]) -> bool:
    chances = row["probability"]
    if not isinstance(chances, list) or len(chances) < 2:
        return False
    first, second = sorted(chances, reverse=True)[:2]
    return bool(first > second)


def _last_said(given: pl.DataFrame) -> dict[str, str]:
    """Return the label that most people last said of each case."""
    last = given.filter(~pl.col("answer").is_in(given["supersedes"].drop_nulls().implode()))
    votes: dict[str, Counter[str]] = {}
    for key, label in last.filter(pl.col("outcome") == "answered").select(KEY, "label").iter_rows():
        votes.setdefault(key, Counter())[label] += 1
    return {key: count.most_common(1)[0][0] for key, count in votes.items()}


def _sealed_rounds(shelf: Shelf) -> dict[str, int]:
    query = select(answers_table.c.id, answers_table.c.sealed).where(
        answers_table.c.book == shelf.book.id, answers_table.c.sealed.is_not(None)
    )
    with shelf.store.reading() as connection:
        return {row.id: row.sealed for row in connection.execute(query)}


def _outcomes(shelf: Shelf, end: End) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the outcomes that entered a log, by the round at whose opening they did."""
    step = shelf.flow.steps[end.step].memory
    query = select(logs.c.round).where(logs.c.book == shelf.book.id, logs.c.step == step, logs.c.port == end.port)
    with shelf.store.reading() as connection:
        numbers = list(connection.execute(query.order_by(logs.c.round)).scalars())
        pieces = sealed(connection, shelf.store.artifacts, shelf.book.id, step, end.port, Outcomes)
    for number, piece in zip(numbers, pieces, strict=True):
        if piece.count:
            yield number, piece.table.frame()


def _summary(each: tuple[Correction, ...], mine: bool) -> str:
    if not each:
        return "You have corrected nothing yet." if mine else "Nothing was corrected yet."
    kinds = Counter(one.of for one in each)
    parts = [f"{count:,} of {of}" if of != "an outcome" else f"{count:,} by an outcome" for of, count in kinds.items()]
    turned = {(change.step, change.round): len(change.turned) for one in each for change in one.changes}
    whose = "You made" if mine else "There were"
    plural = "correction" if len(each) == 1 else "corrections"
    told = f"{whose} {len(each):,} {plural} ({', '.join(parts)})."
    return f"{told} In the rounds that learned from them, {sum(turned.values()):,} decisions of the model turned."
