"""Two deciders on the same cases: by how much one is better than the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from runtime.measuring.enough import what_is_missing
from runtime.measuring.estimate import estimate, reading
from runtime.measuring.losses import WORST_LOSS
from runtime.measuring.sample import LESS_IS_BETTER, Flags, Measure, Sample
from runtime.measuring.spread import Reading, cluster_numbers, effective_clusters, half_width
from runtime.measuring.wording import interval_words


@dataclass(frozen=True)
class Pair:
    """By how much a is better than b; above 0: a is better, also where less is better (log loss).

    difference, low, high: None while there is too little data. cases: those that both decided.
    says: in words, such as "+0.08 (+0.01 to +0.15, 120 cases)".
    """

    difference: float | None
    low: float | None
    high: float | None
    cases: int
    says: str


def paired(measure: Measure, a: Sample, b: Sample, positive: int | None, alpha: float) -> Pair:
    """Return how much better a is than b on the cases that both decided.

    The difference is taken case by case, summed over clusters, and bounded with Student's t.
    Raises ValueError when a and b are not the same cases in the same order, with the same truth, weight and
    cluster, or when alpha is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1 (0.05 for a 95 % interval), not {alpha}.")
    _same_cases(a, b)
    both = a.answered(measure) & b.answered(measure)
    silent = int(np.count_nonzero(~both))
    left, right = a.rows(both), b.rows(both)
    cases = len(left.truth)
    missing = what_is_missing(measure, left, positive) or what_is_missing(measure, right, positive)
    if missing:
        return Pair(None, None, None, cases, missing + _without(silent))
    bounds = _apart if measure == "calibration_error" else _together
    difference, low, high = bounds(measure, left, right, positive, alpha)
    if measure in LESS_IS_BETTER:
        difference, low, high = 0.0 - difference, 0.0 - high, 0.0 - low
    says = f"{interval_words(difference, low, high, signed=True)[:-1]}, {cases:,} cases){_without(silent)}"
    return Pair(difference, low, high, cases, says)


def _together(measure: Measure, a: Sample, b: Sample, positive: int | None, alpha: float) -> tuple[float, float, float]:
    """Return a - b with bounds from what each case pulls at the difference."""
    one, other = reading(measure, a, positive), reading(measure, b, positive)
    clusters, rests_on = cluster_numbers(a), one.rests_on | other.rests_on
    apart = Reading(one.value - other.value, one.pull - other.pull, rests_on, max(one.unit, other.unit))
    half = half_width(clusters, apart, alpha, effective_clusters(clusters, a.weight, rests_on) - 1)
    widest = WORST_LOSS if measure == "log_loss" else 1.0
    return apart.value, max(apart.value - half, -widest), min(apart.value + half, widest)


def _apart(measure: Measure, a: Sample, b: Sample, positive: int | None, alpha: float) -> tuple[float, float, float]:
    """Return a - b with bounds from the interval of each (MOVER), as if they were independent.

    The calibration error is no smooth function of its cases, so pulls do not carry over. Deciders on the same
    cases err together rather than against each other, which makes these bounds wide.
    """
    one, other = (estimate(measure, each, positive, alpha) for each in (a, b))
    numbers = (one.value, one.low, one.high, other.value, other.low, other.high)
    value, low, high, value_b, low_b, high_b = (float(each or 0.0) for each in numbers)
    difference = value - value_b
    down, up = math.hypot(value - low, high_b - value_b), math.hypot(high - value, value_b - low_b)
    return difference, difference - down, difference + up


def _same_cases(a: Sample, b: Sample) -> None:
    for name, left, right in (
        ("truth", a.truth, b.truth),
        ("weight", a.weight, b.weight),
        ("cluster", a.cluster, b.cluster),
    ):
        if len(left) != len(right):
            raise ValueError(f"A pair needs the same cases on both sides; there are {len(left)} and {len(right)}.")
        differing: Flags = np.asarray(left != right)
        if differing.any():
            raise ValueError(
                f"A pair needs the same cases in the same order on both sides; '{name}' differs in "
                f"{int(differing.sum())} of {len(left)}, first in case {int(differing.argmax())} (from 0)."
            )


def _without(silent: int) -> str:
    if not silent:
        return ""
    return f"; {silent} more {'case' if silent == 1 else 'cases'} not decided by both"
