"""Whether to count heads or to weigh people by how they answer, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from runtime.kernels import dawid_skene, majority
from runtime.reliability.said import Integers, Said

Method = Literal["majority", "dawid-skene"]

SMOOTHING = 1.0
TRUST = 4.0
"""Dawid-Skene starts from 4 right answers and one of each label for each person and right label.

Without that it was worse than majority by more than 0.02 in 28 % of simulations with 5 people and 100 cases of
3 answers, with it in 11 %; on the public sets rte and bluebird it is right as often as without, to 0.01.
"""
LEAST_PEOPLE = 3
LEAST_CASES = 100
LEAST_ANSWERS = 10
"""Of each person for every label, on average, on cases that others answered too. Below these numbers majority won
as often as not: bluebird with 3 answers a case, 8 a person: 0.70 against 0.65."""
MOST_LABELS = 50
LEAST_KNOWN = 20
"""Known cases with several answers from which on it counts which way was right on them."""


@dataclass(frozen=True, eq=False)
class People:
    """How people answer, as Dawid-Skene found it.

    confusion: (people, labels, labels), person, right label, said label. average: (labels, labels), for anybody of
    whom nothing is known. prevalence: (labels,). settled: whether it had stopped moving.
    """

    confusion: npt.NDArray[np.float64]
    average: npt.NDArray[np.float64]
    prevalence: npt.NDArray[np.float64]
    settled: bool

    def chances(self, said: Said) -> npt.NDArray[np.float64]:
        """Return (cases, labels) the chance of each label; the people of `said` begin with those that are known."""
        strangers = len(said.people) - len(self.confusion)
        confusion = np.concatenate([self.confusion, np.broadcast_to(self.average, (strangers, *self.average.shape))])
        return dawid_skene.chances(said.case, said.person, said.label, len(said.cases), confusion, self.prevalence)


@dataclass(frozen=True, eq=False)
class Way:
    """How answers become decisions: heads are counted where there are no `people` to weigh, and why."""

    people: People | None
    why: str

    @property
    def method(self) -> Method:
        """Return its name."""
        return "majority" if self.people is None else "dawid-skene"


def way_for(said: Said, known: Integers, method: Literal["by-itself", "majority", "dawid-skene"]) -> Way:
    """Return how to combine answers, having seen what people said so far.

    said: the answers to learn from. known: (cases,) the label where it is known, else -1; these cases say how
    people answer, and by-itself also which way was right on them.
    """
    if method == "majority":
        return Way(None, "as the step is set")
    if len(said.labels) > MOST_LABELS:
        return Way(None, f"people gave {len(said.labels):,} different answers, and it takes labels to compare")
    if method == "dawid-skene":
        return Way(_people(said, known), "as the step is set")
    missing = what_is_missing(said)
    if missing:
        return Way(None, missing)
    beaten = _beaten(said, known)
    return Way(None, beaten) if beaten else Way(_people(said, known), _enough(said))


def what_is_missing(said: Said) -> str:
    """Return what is missing for weighing people, or nothing when there is enough."""
    shared = said.answers_a_case >= 2
    on_shared = shared[said.case]
    people, cases = len(np.unique(said.person[on_shared])), int(np.count_nonzero(shared))
    if people < LEAST_PEOPLE:
        found = _count(people, "person", "people")
        return f"{found} answered cases that others answered too, {LEAST_PEOPLE} are needed"
    if cases < LEAST_CASES:
        found = _count(cases, "case was", "cases were")
        return f"{found} answered by several people so far, {LEAST_CASES} are needed"
    each, needed = np.count_nonzero(on_shared) / people, LEAST_ANSWERS * len(said.labels)
    if each < needed:
        return f"each person has {each:.0f} answers to cases that others answered too, {needed} are needed"
    return ""


def _people(said: Said, known: Integers) -> People:
    found = dawid_skene.reference(
        said.case, said.person, said.label, known, len(said.people), len(said.labels), SMOOTHING, TRUST
    )
    return People(found.confusion, found.average, found.prevalence, found.moved <= dawid_skene.TOLERANCE)


def _enough(said: Said) -> str:
    shared = int(np.count_nonzero(said.answers_a_case >= 2))
    return f"{len(said.people)} people have answered {shared:,} cases together"


def _beaten(said: Said, known: Integers) -> str:
    """Return a reason to count heads: that was right more often on the known cases, none of which was given away."""
    tried = (known >= 0) & (said.answers_a_case >= 2)
    if np.count_nonzero(tried) < LEAST_KNOWN:
        return ""
    counted = majority.reference(said.case, said.label, len(said.cases), len(said.labels)).label[tried]
    weighed = _people(said, np.full_like(known, -1)).chances(said)[tried].argmax(axis=1)
    right = known[tried]
    # A tie is right half of the time.
    by_count = float(np.where(counted < 0, 0.5, counted == right).sum())
    by_weight = float(np.count_nonzero(weighed == right))
    if by_weight >= by_count:
        return ""
    return f"on {len(right):,} known cases it was right {by_count:g} times, and Dawid-Skene {by_weight:g} times"


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
