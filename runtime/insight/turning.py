"""What turned between two versions of a model: the same cases, decided otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import select

from flows.flow import End
from runtime.measuring_rounds.rule import Rule
from runtime.schema import models, rounds
from runtime.values import KEY, Predictions

if TYPE_CHECKING:
    from runtime.insight.shelf import Shelf

NOTHING = "nothing"
"""What a model says of a case that it must not decide alone, or while it has learned from nothing."""


class Turned(NamedTuple):
    """A case that the model decided otherwise than a round before."""

    case: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What a model learned in a round, and what turned.

    step, round: of the model. before, after: numbers of its versions, None for none. entries: how many answers
    and outcomes it learned from for the first time. compared: cases that were the same in both rounds. turned:
    those decided otherwise. also: what else changed at the same time, in words.
    """

    step: str
    round: int
    before: int | None
    after: int | None
    answers: int
    outcomes: int
    compared: int
    turned: tuple[Turned, ...]
    also: tuple[str, ...]

    @property
    def alone(self) -> bool:
        """Return whether a single entry was new, so that what turned is its doing."""
        return self.answers + self.outcomes == 1 and not self.also

    def sentence(self) -> str:
        """Return what came of it, in words."""
        if self.before == self.after:
            return f"'{self.step}' stayed as it was in round {self.round}: it learned from nothing that was new."
        version = f"Version {self.after} of '{self.step}' (round {self.round}) was the first to learn from it"
        turned = f"{len(self.turned):,} of {self.compared:,} cases that stayed the same turned"
        if self.alone:
            return f"{version}, and nothing else was new: {turned}, by this alone."
        others = self.answers + self.outcomes - 1
        parts = [f"together with {others:,} other new {'entry' if others == 1 else 'entries'}"] if others > 0 else []
        told = f"{', '.join([version, *parts, *self.also])}: {turned}."
        return f"{told} Which of these turned them cannot be told apart." if self.turned else told


def change_in(shelf: Shelf, end: End, number: int, answers: int, outcomes: int) -> Change | None:
    """Return what a model changed in a round; None while it has not run in it."""
    played = shelf.rounds_of(end)
    if number not in played:
        return None
    after = shelf.given(end, Predictions, number)
    earlier = [each for each in played if each < number]
    before = shelf.given(end, Predictions, earlier[-1]) if earlier else None
    assert after is not None
    step = shelf.flow.steps[end.step].memory
    numbers = _numbers(shelf, step)
    found = _compared(shelf, before, after) if before is not None else pl.DataFrame()
    turned = found.filter(pl.col("before") != pl.col("after")) if found.height else found
    return Change(
        step=end.step,
        round=number,
        before=numbers.get(before.version) if before is not None else None,
        after=numbers.get(after.version),
        answers=answers,
        outcomes=outcomes,
        compared=found.height,
        turned=tuple(Turned(*row) for row in turned.sort(KEY).iter_rows()) if turned.height else (),
        also=tuple(_also(shelf, before, after, number)),
    )


def only(change: Change, cases: frozenset[str]) -> Change:
    """Return the same change naming only some cases: what others are decided would tell who may be asked of them."""
    return replace(change, turned=tuple(turned for turned in change.turned if turned.case in cases))


def _compared(shelf: Shelf, before: Predictions, after: Predictions) -> pl.DataFrame:
    """Return (key, before, after): what is said of the cases whose columns stayed the same."""
    earlier = _said(shelf, before).rename({"said": "before"})
    later = _said(shelf, after).rename({"said": "after"})
    both = earlier.join(later, on=KEY, how="inner", maintain_order="left")
    if before.records.hash != after.records.hash:
        same = _rows(before).join(_rows(after), on=[KEY, "row"], how="semi")
        both = both.join(same, on=KEY, how="semi", maintain_order="left")
    return both.select(KEY, "before", "after")


def _said(shelf: Shelf, predictions: Predictions) -> pl.DataFrame:
    rule = replace(shelf.rule or Rule(predictions.classes), classes=predictions.classes)
    if rule.positive not in predictions.classes:
        rule = Rule(predictions.classes)
    words = np.array([NOTHING, *predictions.classes], dtype=object)
    parts = []
    for frame in predictions.table.frames([KEY, "probability"]):
        chances = frame["probability"].to_numpy().reshape(frame.height, len(predictions.classes))
        said = rule.said(chances) if predictions.learned_from else np.full(frame.height, -1)
        parts.append(frame.select(KEY, said=pl.Series(words[said + 1], dtype=pl.String)))
    return pl.concat(parts) if parts else pl.DataFrame(schema={KEY: pl.String, "said": pl.String})


def _rows(predictions: Predictions) -> pl.DataFrame:
    """Return (key, row): a hash of all columns of each case."""
    parts = [
        frame.select(KEY, row=frame.select(sorted(frame.columns)).hash_rows(seed=1))
        for frame in predictions.records.table.frames()
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema={KEY: pl.String, "row": pl.UInt64})


def _numbers(shelf: Shelf, step: str) -> dict[str, int]:
    query = select(models.c.version, models.c.number).where(models.c.book == shelf.book.id, models.c.step == step)
    with shelf.store.reading() as connection:
        return {row.version: row.number for row in connection.execute(query)}


def _also(shelf: Shelf, before: Predictions | None, after: Predictions, number: int) -> list[str]:
    if before is None:
        return []
    query = select(rounds.c.flow).where(rounds.c.book == shelf.book.id, rounds.c.number.in_([number - 1, number]))
    with shelf.store.reading() as connection:
        flows = set(connection.execute(query).scalars())
    told = ["while the flow was changed"] if len(flows) > 1 else []
    return [*told, "while the data changed"] if before.records.hash != after.records.hash else told
