"""Agreement beyond chance, each coefficient with its interval or a sentence that says why there is none yet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from runtime.kernels import cohen as cohen_kernel
from runtime.kernels import fleiss as fleiss_kernel
from runtime.kernels import krippendorff as krippendorff_kernel
from runtime.kernels.krippendorff import Level
from runtime.measuring.enough import LEAST_CLUSTERS
from runtime.measuring.spread import Reading, effective_clusters, half_width
from runtime.measuring.wording import interval_words
from runtime.reliability.said import Integers, Said

LEAST_CASES = 40
"""Cases that two people or more answered. With 20, intervals of 95 % held only 87 to 91 % where a label is rare."""
Name = Literal["cohen", "fleiss", "krippendorff"]
TITLES: dict[Name, str] = {
    "cohen": "Cohen's kappa",
    "fleiss": "Fleiss' kappa",
    "krippendorff": "Krippendorff's alpha",
}


@dataclass(frozen=True)
class Coefficient:
    """How far people agree beyond chance: 1 always, 0 as often as by chance, below 0 less than that.

    value, low, high: None while there is too little. cases: those that two people or more answered.
    says: all of it in words, such as "0.62 (0.51 to 0.73, 140 cases, 5 people)".
    """

    name: Name
    value: float | None
    low: float | None
    high: float | None
    cases: int
    people: int
    says: str


def cohen(said: Said, one: str, other: str, alpha: float = 0.05, clusters: Integers | None = None) -> Coefficient:
    """Return how far two people agree on the cases that both answered.

    clusters: (cases,) numbers, cases of one cluster share a fate; without any, each stands alone. Somebody
    who answered nothing, or no case together with the other, gives "too few yet".
    """
    found = cohen_kernel.reference(said.of(one), said.of(other), len(said.labels))
    enters = (said.of(one) >= 0) & (said.of(other) >= 0)
    return _told("cohen", found.value, found.pull, enters, found.expected, 2, alpha, clusters)


def fleiss(said: Said, alpha: float = 0.05, clusters: Integers | None = None) -> Coefficient:
    """Return how far all people agree; every case weighs the same, however many answered it."""
    found = fleiss_kernel.reference(said.case, said.label, len(said.cases), len(said.labels))
    people = _people(said, found.enters)
    return _told("fleiss", found.value, found.pull, found.enters, found.expected, people, alpha, clusters)


def krippendorff(
    said: Said, level: Level = "nominal", alpha: float = 0.05, clusters: Integers | None = None
) -> Coefficient:
    """Return how far all people agree; every answer weighs the same, and some may be missing.

    level: `nominal`, where labels are alike or not; `ordinal`, where they have the order of `said.labels`;
    `interval`, where they are numbers. Raises ValueError for `interval` when a label is no number.
    """
    number = _numbers(said.labels) if level == "interval" else np.arange(len(said.labels), dtype=np.float64)
    found = krippendorff_kernel.reference(said.case, said.label, len(said.cases), number, level)
    people = _people(said, found.enters)
    by_chance = 1 - found.expected
    return _told("krippendorff", found.value, found.pull, found.enters, by_chance, people, alpha, clusters)


def _told(
    name: Name,
    value: float,
    pull: npt.NDArray[np.float64],
    enters: npt.NDArray[np.bool_],
    by_chance: float,
    people: int,
    alpha: float,
    clusters: Integers | None,
) -> Coefficient:
    """Return a coefficient with its interval: linearised by case, as all measures are (see `half_width`)."""
    groups = np.arange(len(pull)) if clusters is None else clusters
    cases = int(np.count_nonzero(enters))
    missing = _missing(value, cases, len(np.unique(groups[enters])), people)
    if missing:
        return Coefficient(name, None, None, None, cases, people, missing)
    freedom = effective_clusters(groups, np.ones(len(pull)), enters) - 1
    # One unseen case on which they differ as much as can be moves the value by so much.
    unit = 1 / ((freedom + 1) * (1 - by_chance))
    half = half_width(groups, Reading(value, pull, enters, unit), alpha, freedom)
    low, high = max(value - half, -1.0), min(value + half, 1.0)
    says = f"{interval_words(value, low, high)[:-1]}, {cases:,} cases, {people:,} people)"
    return Coefficient(name, value, low, high, cases, people, says)


def _missing(value: float, cases: int, groups: int, people: int) -> str:
    if people < 2 or not cases:
        return "too few yet: no case was answered by two people"
    if cases < LEAST_CASES:
        words = "1 case was" if cases == 1 else f"{cases} cases were"
        return f"too few yet: {words} answered by two people, {LEAST_CASES} are needed"
    if groups < LEAST_CLUSTERS:
        words = "1 group" if groups == 1 else f"{groups} groups"
        return f"too few yet: the cases come from {words}, {LEAST_CLUSTERS} are needed"
    if math.isnan(value):
        return "not known: everybody always said the same, and chance alone would explain that"
    return ""


def _people(said: Said, enters: npt.NDArray[np.bool_]) -> int:
    return len(np.unique(said.person[enters[said.case]]))


def _numbers(labels: tuple[str, ...]) -> npt.NDArray[np.float64]:
    try:
        found = np.array([float(label) for label in labels], dtype=np.float64)
    except ValueError as error:
        raise ValueError("Only labels that are numbers have distances; choose 'nominal' or 'ordinal'.") from error
    if not np.isfinite(found).all():
        raise ValueError("Only finite numbers have distances; choose 'nominal' or 'ordinal'.")
    return found
