"""Which label more people gave to a case than any other.

    label[c] = argmax over l of #{answers to c that say l}; -1 on a tie and without answers

Arrays: `case` and `label` are (n,) int64, one row an answer, in any order. Codes count from 0; nothing is
missing in them: an answer without a label is left out before. The result is exact, whole numbers only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


class Majority(NamedTuple):
    """What most people said of each case.

    label: (cases,) int64, -1 on a tie and where nobody answered. votes: (cases,) int64, how many answers the
    most frequent label has, tied or not. answers: (cases,) int64, how many answers there are.
    """

    label: Integers
    votes: Integers
    answers: Integers


def reference(case: Integers, label: Integers, cases: int, labels: int) -> Majority:
    """Return the majority of each case; O(answers + cases x labels), one table of counts."""
    counts = np.bincount(case * labels + label, minlength=cases * labels).reshape(cases, labels)
    if labels == 0:
        nobody = np.zeros(cases, dtype=np.int64)
        return Majority(nobody - 1, nobody, nobody)
    votes = counts.max(axis=1)
    alone = (counts == votes[:, None]).sum(axis=1) == 1
    return Majority(np.where(alone & (votes > 0), counts.argmax(axis=1), -1), votes, counts.sum(axis=1))


def example(n: int, rng: np.random.Generator) -> tuple[Integers, Integers, int, int]:
    """Return about n answers of 5 people a case to 5 labels, the right one said by most."""
    cases = max(n // 5, 1)
    case = np.repeat(np.arange(cases), 5)
    truth = rng.integers(0, 5, cases)
    label = np.where(rng.random(len(case)) < 0.7, truth[case], rng.integers(0, 5, len(case)))
    return case, label, cases, 5
