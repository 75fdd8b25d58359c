"""How far several people agree beyond chance, whoever they are.

    kappa = (observed - expected) / (1 - expected)

where `observed` is the chance that two different answers to a case are alike, averaged over cases, and
`expected` the sum of squares of the labels' shares. Fleiss, Psychological Bulletin 76, 1971, with the same number
of answers to every case. Where the numbers differ, each case weighs the same in both parts (Gwet, Handbook of
Inter-Rater Reliability, 4th edition, 2014, chapter 2), and a case with fewer than two answers does not enter.

Arrays: `case` and `label` are (n,) int64, one row an answer, codes from 0, in any order. float64. 1 is full
agreement, 0 is what chance gives. NaN where no case has two answers, and where all say one label.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Kappa(NamedTuple):
    """Agreement beyond chance.

    value: float up to 1, or NaN. observed, expected: shares in 0..1 (NaN without a case). pull: (cases,) how
    much each case moves the value, to first order; it sums to 0, and its squares to the variance. enters:
    (cases,) bool, which cases have two answers or more.
    """

    value: float
    observed: float
    expected: float
    pull: Floats
    enters: npt.NDArray[np.bool_]


def reference(case: Integers, label: Integers, cases: int, labels: int) -> Kappa:
    """Return the agreement of all people; O(answers + cases x labels), one table of counts."""
    counts = np.bincount(case * labels + label, minlength=cases * labels).reshape(cases, labels)
    answers = counts.sum(axis=1)
    enters, pull = answers >= 2, np.zeros(cases)
    if not enters.any():
        return Kappa(np.nan, np.nan, np.nan, pull, enters)
    counts, answers = counts[enters], answers[enters]
    alike = ((counts**2).sum(axis=1) - answers) / (answers * (answers - 1))
    parts = counts / answers[:, None]
    shares = parts.mean(axis=0)
    observed, expected = float(alike.mean()), float(shares @ shares)
    if expected >= 1.0 or np.count_nonzero(shares) < 2:
        return Kappa(np.nan, observed, expected, pull, enters)
    value = (observed - expected) / (1 - expected)
    by_chance = 2 * (parts @ shares - expected)
    pull[enters] = (alike - observed - (1 - value) * by_chance) / (1 - expected) / len(alike)
    return Kappa(value, observed, expected, pull, enters)


def example(n: int, rng: np.random.Generator) -> tuple[Integers, Integers, int, int]:
    """Return about n answers of 5 people a case to 5 labels."""
    cases = max(n // 5, 1)
    case = np.repeat(np.arange(cases), 5)
    truth = rng.integers(0, 5, cases)
    label = np.where(rng.random(len(case)) < 0.7, truth[case], rng.integers(0, 5, len(case)))
    return case, label, cases, 5
