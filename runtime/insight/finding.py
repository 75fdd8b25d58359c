"""A number with the bounds between which the truth lies, or a sentence that says why there is none yet."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from runtime.measuring import Measure, Pair, Sample, estimate, paired
from runtime.measuring.enough import LEAST_CASES
from runtime.measuring.sample import Flags, Floats, Integers
from runtime.measuring.spread import Reading, effective_clusters, half_width
from runtime.measuring_rounds.answered import crowd
from runtime.measuring_rounds.ground import numbered

Unit = Literal["share", "difference", "money", "minutes", "number"]


@dataclass(frozen=True)
class Finding:
    """A number, and between which bounds the truth lies.

    value, low, high: None while too little is known; of a number that was counted the bounds are the value.
    cases: the rows that entered. says: all of it in words, also why there is no value.
    unit: share (0..1), difference of shares (-1..1), money, minutes, or number.
    """

    value: float | None
    low: float | None
    high: float | None
    cases: int
    says: str
    unit: Unit = "share"

    @property
    def known(self) -> bool:
        """Return whether there is a value to show."""
        return self.value is not None


def unknown(why: str, cases: int = 0, unit: Unit = "share") -> Finding:
    """Return what is not known, and why."""
    return Finding(None, None, None, cases, why, unit)


def counted(value: float, cases: int, says: str, unit: Unit = "number") -> Finding:
    """Return a number that was counted: it has no interval but itself."""
    return Finding(value, value, value, cases, says, unit)


def share_of(rows: pl.DataFrame, hit: Flags, alpha: float, noun: str = "cases") -> Finding:
    """Return the weighted share of hits, with an interval that misses with a chance of at most `alpha`.

    rows: `weight` (above 0), `cluster` (what shares one fate) and `person`. Where the persons are so many
    that they stand for others, the interval is the wider one of clusters of cases and of persons.
    """
    sample = sampled(rows, np.ones(rows.height, dtype=np.int64), hit.astype(np.int64))
    return of_measure("accuracy", sample, crowd(rows), alpha, noun)


def of_measure(
    measure: Measure, sample: Sample, people: Integers | None, alpha: float, noun: str, positive: int | None = None
) -> Finding:
    """Return a measure of one decider; people: (n,) numbers of the persons where they count as a sample."""
    found = estimate(measure, sample, positive, alpha)
    if found.value is None or found.low is None or found.high is None:
        return unknown(found.says, found.cases)
    # Each row counts in one cluster of cases and one of persons: the wider interval allows for both.
    other = estimate(measure, replace(sample, cluster=people), positive, alpha) if people is not None else found
    low = found.low if other.low is None else min(found.low, other.low)
    high = found.high if other.high is None else max(found.high, other.high)
    return Finding(found.value, low, high, found.cases, in_words(found.value, low, high, found.cases, noun))


def difference_of(
    measure: Measure,
    a: Sample,
    b: Sample,
    people: Integers | None,
    alpha: float,
    noun: str,
    positive: int | None = None,
) -> Pair:
    """Return by how much a is better than b on the same cases, bounded by cases and, if many, by persons."""
    found = paired(measure, a, b, positive, alpha)
    if people is None:
        return spoken(found, noun)
    other = paired(measure, replace(a, cluster=people), replace(b, cluster=people), positive, alpha)
    if found.low is None or found.high is None or other.low is None or other.high is None:
        return spoken(found, noun)
    return spoken(replace(found, low=min(found.low, other.low), high=max(found.high, other.high)), noun)


def spoken(pair: Pair, noun: str) -> Pair:
    """Return a difference between two shares that says itself in points of a per cent."""
    if pair.difference is None or pair.low is None or pair.high is None:
        return pair
    return replace(pair, says=in_words(pair.difference, pair.low, pair.high, pair.cases, noun, "difference"))


def of_pair(pair: Pair) -> Finding:
    """Return a difference between two deciders as a finding."""
    return Finding(pair.difference, pair.low, pair.high, pair.cases, pair.says, "difference")


def mean_of(rows: pl.DataFrame, values: Floats, alpha: float, noun: str, unit: Unit, reach: float) -> Finding:
    """Return the weighted mean of a number of each row; rows as for `share_of`.

    reach: by how much one row can move the number; it keeps the interval open where nothing varied yet.
    """
    if rows.height < LEAST_CASES:
        return unknown(f"too few yet: {rows.height} {noun}, {LEAST_CASES} are needed", rows.height, unit)
    weight = rows["weight"].to_numpy().astype(np.float64)
    value = float(weight @ values / weight.sum())
    half = _half(rows["cluster"], weight, values, alpha, reach)
    if crowd(rows) is not None:
        half = max(half, _half(rows["person"], weight, values, alpha, reach))
    low, high = value - half, value + half
    if values.min() >= 0:
        low = max(low, 0.0)
    return Finding(value, low, high, rows.height, in_words(value, low, high, rows.height, noun, unit), unit)


def sampled(rows: pl.DataFrame, truth: Integers, decided: Integers) -> Sample:
    """Return rows with `weight` and `cluster` as a sample to measure on."""
    weight = rows["weight"].to_numpy().astype(np.float64)
    return Sample.of(truth, decided, None, weight, numbered(rows["cluster"]))


def in_words(value: float, low: float, high: float, cases: int, noun: str, unit: Unit = "share") -> str:
    """Return a text such as "46.0 % (43.3 to 48.7, 4,230 disagreements)"; bounds are rounded outward."""
    return f"{in_unit(value, unit)} ({between(low, high, unit)}, {cases:,} {noun})"


def in_unit(value: float, unit: Unit) -> str:
    """Return a value as it is said: "46.0 %", "+3.7 points", "1,250.00", "2.5 min"."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "difference":
        return f"{round(100 * value, 1) + 0.0:+.1f} points".replace("-", "−").replace("+0.0", "0.0")
    words = f"{value:,.2f}" if unit == "money" else f"{value:,.1f}" if unit == "minutes" else f"{value:,.4g}"
    return (f"{words} min" if unit == "minutes" else words).replace("-", "−")


def between(low: float, high: float, unit: Unit) -> str:
    """Return two bounds as they are said, rounded outward: "43.3 to 48.7"."""
    scale = 100.0 if unit in ("share", "difference") else 1.0
    digits = {"money": 2, "number": 3}.get(unit, 1)
    step = 10**digits
    down, up = math.floor(low * scale * step + 1e-9) / step, math.ceil(high * scale * step - 1e-9) / step
    sign = "+" if unit == "difference" else ","
    return f"{down + 0.0:{sign}.{digits}f} to {up + 0.0:{sign}.{digits}f}".replace("-", "−")


def _half(groups: pl.Series, weight: Floats, values: Floats, alpha: float, reach: float) -> float:
    everything, clusters = np.ones(len(values), dtype=np.bool_), numbered(groups)
    count = effective_clusters(clusters, weight, everything)
    pull = weight * (values - weight @ values / weight.sum()) / weight.sum()
    return half_width(clusters, Reading(0.0, pull, everything, reach / count), alpha, count - 1)
