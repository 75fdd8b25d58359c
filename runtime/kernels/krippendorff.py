"""How far people agree beyond chance when some answers are missing, and when near misses count less.

    alpha = 1 - observed / expected

where `observed` is the mean difference between two different answers to one case, and `expected` that between
two answers to any cases. Cases with fewer than two answers do not enter. The difference between two labels is
  nominal   1 where they differ;
  ordinal   the square of the distance of their middle ranks among all answers, labels in the order of their codes;
  interval  the square of the distance of their numbers.
Krippendorff, Content Analysis, 2004, chapter 11; Computing Krippendorff's Alpha-Reliability, 2011. The sum over
all g from k to l of n[g], less half of n[k] and n[l], is the distance of middle ranks: so ordinal is interval on
ranks, and no table of cases by labels is needed.

Arrays: `case` and `label` are (n,) int64, one row an answer, codes from 0, in any order; `number` is (labels,)
float64, read for `interval` only, finite. float64. 1 is full agreement, 0 is what chance gives. NaN where no
case has two answers, and where all answers are one label.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval"]


class Alpha(NamedTuple):
    """Agreement beyond chance.

    value: float up to 1, or NaN. expected: mean difference by chance, as a share of the largest one (NaN without a
    case). pull: (cases,) how much each case moves the value, to first order; it sums to 0, and its squares to the
    variance. enters: (cases,) bool, which cases have two answers or more. answers: how many those are.
    """

    value: float
    expected: float
    pull: Floats
    enters: npt.NDArray[np.bool_]
    answers: int


def reference(case: Integers, label: Integers, cases: int, number: Floats, level: Level) -> Alpha:
    """Return the agreement of all people; O(answers log answers), or one table of counts for `nominal`."""
    given = np.bincount(case, minlength=cases)
    enters = given >= 2
    kept = enters[case]
    case, label = case[kept], label[kept]
    total, counts = len(case), np.bincount(label, minlength=len(number)).astype(np.float64)
    if np.count_nonzero(counts) < 2:
        return Alpha(np.nan, 0.0 if total else np.nan, np.zeros(cases), enters, total)
    partners = np.maximum(given - 1, 1).astype(np.float64)
    if level == "nominal":
        parts = _nominal(case, label, given, partners, counts)
    else:
        place = number if level == "interval" else np.cumsum(counts) - counts / 2
        parts = _placed(case, label, given, partners, counts, place, level == "ordinal")
    within, among = float(parts.within.sum()), parts.among
    if among <= 0:  # labels that are the same number
        return Alpha(np.nan, 0.0, np.zeros(cases), enters, total)
    value = 1 - (total - 1) * within / among
    moves = parts.within + parts.within_moves - within * parts.among_moves / among
    pull = np.where(enters, -(np.where(enters, given, 0) * within + (total - 1) * moves) / among, 0.0)
    pull -= np.where(enters, pull.sum() / np.count_nonzero(enters), 0.0)
    return Alpha(value, among / (total * (total - 1) * parts.widest), pull, enters, total)


class _Parts(NamedTuple):
    """Differences within each case and among all answers, what else a case moves of either, and the largest one."""

    within: Floats
    among: float
    within_moves: Floats
    among_moves: Floats
    widest: float


def _nominal(case: Integers, label: Integers, given: Integers, partners: Floats, counts: Floats) -> _Parts:
    cases, labels, total = len(given), len(counts), len(case)
    table = np.bincount(case * labels + label, minlength=cases * labels).reshape(cases, labels)
    answers = table.sum(axis=1)
    within = (answers**2 - (table**2).sum(axis=1)) / partners
    among_moves = 2 * (total * answers - table @ counts)
    return _Parts(within, float(total**2 - counts @ counts), np.zeros(cases), among_moves, 1.0)


def _placed(
    case: Integers, label: Integers, given: Integers, partners: Floats, counts: Floats, place: Floats, ranked: bool
) -> _Parts:
    cases, total = len(given), len(case)
    # Measured from their mean: squares of large numbers that lie close together would lose their digits.
    place = place - (counts @ place) / total
    at, answers = place[label], np.bincount(case, minlength=cases)
    sums, squares = (np.bincount(case, weights=each, minlength=cases) for each in (at, at**2))
    within: Floats = np.maximum(answers * squares - sums**2, 0.0).astype(np.float64) * 2 / partners
    spread = float(counts @ place**2)
    within_moves: Floats = np.zeros(cases)
    among_moves: Floats = (answers * spread + total * squares).astype(np.float64) * 2
    if ranked:
        apart = (answers[case] * at - sums[case]) / partners[case]
        slopes = np.bincount(label, weights=4 * apart, minlength=len(counts)).astype(np.float64)
        within_moves = _lifted(slopes, case, label, cases)
        among_moves += _lifted(4 * total * counts * place, case, label, cases)
    seen = place[counts > 0]
    return _Parts(within, 2 * total * spread, within_moves, among_moves, float((seen.max() - seen.min()) ** 2))


def _lifted(slopes: Floats, case: Integers, label: Integers, cases: int) -> Floats:
    """Return what each case moves through the ranks: an answer lifts all labels above it by 1, its own by 1/2."""
    above = slopes[::-1].cumsum()[::-1] - slopes / 2
    return np.bincount(case, weights=above[label], minlength=cases).astype(np.float64)


def example(n: int, rng: np.random.Generator) -> tuple[Integers, Integers, int, Floats, Level]:
    """Return about n answers of 3 to 7 people a case to 5 labels in an order."""
    cases = max(n // 5, 1)
    case = np.repeat(np.arange(cases), rng.integers(3, 8, cases))
    truth = rng.integers(0, 5, cases)
    label = np.clip(truth[case] + rng.integers(-1, 2, len(case)), 0, 4)
    return case, label, cases, np.arange(5.0), "ordinal"
