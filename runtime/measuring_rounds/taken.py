"""Who is measured on which cases, and what comes out as one row of the table of figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

import polars as pl

from runtime.measuring import Estimate, Measure, Sample, estimate
from runtime.measuring.sample import FROM_PROBABILITY, Integers
from runtime.measuring_rounds.words import Words

Who = Literal["model", "people", "team"]
Cases = Literal["held-out", "audit", "asked", "all"]


ALL: tuple[Measure, ...] = get_args(Measure)
DECIDED: tuple[Measure, ...] = tuple(measure for measure in ALL if measure not in FROM_PROBABILITY)


class Row(NamedTuple):
    """One row of the table of figures: see `runtime.figures.COLUMNS`."""

    measure: str
    who: str
    cases: str
    truth: str
    value: float | None
    low: float | None
    high: float | None
    cases_count: int
    positives: int
    covered: float | None
    round: int
    says: str


@dataclass(frozen=True, eq=False)
class Taken:
    """One decider on one set of cases.

    truth: what the decisions are held against, in words. noun: the cases in words, such as "cases held out".
    people: (n,) numbers of the persons, where they are so many that they stand for others like them.
    """

    who: Who
    cases: Cases
    truth: str
    noun: str
    sample: Sample
    people: Integers | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return what can be measured: people and team state no probabilities."""
        return DECIDED if self.sample.probability is None else ALL


@dataclass(frozen=True)
class Look:
    """How a round looks at its figures; `alpha` is None when no chance of error is left for it."""

    round: int
    positive: int | None
    alpha: float | None
    words: Words

    def row(self, measure: Measure, taken: Taken, name: str = "") -> Row:
        """Return a measure of one decider on one set of cases."""
        found = self._found(measure, taken)
        says = self.words.of(found, taken.noun, taken.truth)
        return Row(
            name or measure, taken.who, taken.cases, taken.truth, found.value, found.low, found.high,
            found.cases, found.positives, found.covered, self.round, says,
        )  # fmt: skip

    def _found(self, measure: Measure, taken: Taken) -> Estimate:
        if self.alpha is None:
            over = "not known: all announced rounds are over"
            return Estimate(measure, None, None, None, len(taken.sample.truth), 0, 0.0, over)
        found = estimate(measure, taken.sample, self.positive, self.alpha)
        if taken.people is None or found.low is None or found.high is None:
            return found
        # Each case counts in one cluster of cases and one of persons: the wider interval allows for both.
        other = estimate(measure, replace(taken.sample, cluster=taken.people), self.positive, self.alpha)
        if other.low is None or other.high is None:
            return found
        return replace(found, low=min(found.low, other.low), high=max(found.high, other.high))


def truth_words(frame: pl.DataFrame) -> str:
    """Return what the truths of these cases are, such as "outcome" or "known case and outcome"."""
    return " and ".join(sorted(frame["source"].unique()))
