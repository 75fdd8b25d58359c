"""How far two people agree beyond chance.

    kappa = (observed - expected) / (1 - expected)

where `observed` is the share of cases on which both say the same, and `expected` the share on which they
would if each kept to the own shares of labels: sum over labels of first[l] * second[l]. Cohen, Educational
and Psychological Measurement 20, 1960.

Arrays: `first` and `second` are (n,) int64, what each says of a case, codes from 0, -1 where there is no
answer: such a case does not enter. float64. 1 is full agreement, 0 is what chance gives, -1 is the least.
NaN without a case, and where both always say the same single label: chance explains all of that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Kappa(NamedTuple):
    """Agreement beyond chance.

    value: float in -1..1, or NaN. observed, expected: shares in 0..1 (NaN without a case). pull: (n,) how much
    each case moves the value, to first order; it sums to 0, and its squares to the variance of Fleiss, Cohen and
    Everitt, Psychological Bulletin 72, 1969. cases: how many enter.
    """

    value: float
    observed: float
    expected: float
    pull: Floats
    cases: int


def reference(first: Integers, second: Integers, labels: int) -> Kappa:
    """Return the agreement of two people; O(n), from the counts of pairs of labels."""
    both = (first >= 0) & (second >= 0)
    cases, pull = int(np.count_nonzero(both)), np.zeros(len(first))
    if cases == 0:
        return Kappa(np.nan, np.nan, np.nan, pull, 0)
    a, b = first[both], second[both]
    one, other = (np.bincount(said, minlength=labels) / cases for said in (a, b))
    observed, expected = float(np.mean(a == b)), float(one @ other)
    if expected >= 1.0:
        return Kappa(np.nan, observed, expected, pull, cases)
    value = (observed - expected) / (1 - expected)
    # The value moves with what is observed, and with the shares of labels of both.
    by_chance = other[a] + one[b] - 2 * expected
    pull[both] = ((a == b) - observed - (1 - value) * by_chance) / (1 - expected) / cases
    return Kappa(value, observed, expected, pull, cases)


def example(n: int, rng: np.random.Generator) -> tuple[Integers, Integers, int]:
    """Return what two people say of n cases with 5 labels, alike on about two thirds of them."""
    first = rng.integers(0, 5, n)
    second = np.where(rng.random(n) < 0.6, first, rng.integers(0, 5, n))
    return first, second, 5
