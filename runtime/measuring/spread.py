"""How far a figure could lie from the truth: cases of a cluster move together, weights cost precision."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from runtime.measuring.sample import Flags, Floats, Integers, Sample


@dataclass(frozen=True, eq=False)
class Reading:
    """The value of a measure, and the pull of each case on it.

    pull: (n,) float, the influence of a case: how much the value moves with it, to first order. It sums to 0.
        The variance of the value is the sum over clusters of their squared pull (linearisation; Binder,
        International Statistical Review 51, 1983; for AUC, Obuchowski, Biometrics 53, 1997).
    rests_on: (n,) bool, the cases that enter the value at all.
    unit: how much one unseen cluster could move the value; used where nothing varied.
    """

    value: float
    pull: Floats
    rests_on: Flags
    unit: float


def cluster_numbers(sample: Sample) -> Integers:
    """Return (n,) integer: the clusters of a sample, numbered from 0; mixed names are read as text."""
    named = sample.cluster.astype(np.str_) if sample.cluster.dtype.kind == "O" else sample.cluster
    _, numbers = np.unique(named, return_inverse=True)
    return numbers


def by_cluster(clusters: Integers, values: Floats) -> Floats:
    """Return the sum of `values` in each cluster, (clusters,) float64."""
    return np.bincount(clusters, weights=values).astype(np.float64, copy=False)


def effective(weight: Floats) -> float:
    """Return how many equal parts tell as much as these unequal ones (Kish, Survey Sampling, 1965)."""
    return float(weight.sum() ** 2 / (weight @ weight))


def effective_clusters(clusters: Integers, weight: Floats, rests_on: Flags) -> float:
    """Return the effective number of clusters among the cases that a figure rests on."""
    return effective(by_cluster(clusters, np.where(rests_on, weight, 0.0)))


def variance(clusters: Integers, pull: Floats, rests_on: Flags) -> float:
    """Return the variance of the figure whose pulls these are; one cluster alone gives 0."""
    count = len(np.unique(clusters[rests_on]))
    pulls = by_cluster(clusters, pull)
    return float(pulls @ pulls) * count / max(count - 1, 1)


def t_bound(alpha: float, freedom: float) -> float:
    """Return the two-sided bound of Student's t; few clusters make it wide.

    freedom: effective clusters - 1, so that one dominating cluster counts for what it tells (after Carter,
    Schnepel and Steigerwald, Review of Economics and Statistics 99, 2017).
    """
    from scipy.special import stdtrit

    return float(stdtrit(max(freedom, 0.5), 1 - alpha / 2))


def half_width(clusters: Integers, found: Reading, alpha: float, freedom: float) -> float:
    """Return half the width of an interval: t standard errors, with room for what was not seen.

    Where few clusters carry the variance, it is itself badly known, and 0 where none does. So the square of
    the half width also holds that of -log(alpha / 2) unseen clusters, as large as a carrying one; one cluster
    of size `unit` is mixed in. Where nothing varied among n cases this is -log(alpha / 2) / n, the two-sided
    "rule of three" (Hanley and Lippman-Hand, JAMA 249, 1983); where many carry, it vanishes. It is the
    continuous form of adding discordant pairs (Bonett and Price, Journal of Educational and Behavioral
    Statistics 37, 2012).
    """
    pulls = by_cluster(clusters, found.pull)
    total = float(pulls @ pulls)
    carrying = effective(pulls**2) if total > 1e-24 else 0.0
    typical = math.sqrt(total / carrying) if carrying else 0.0
    unseen = -math.log(alpha / 2) * (carrying * typical + found.unit) / (carrying + 1)
    seen = t_bound(alpha, freedom) ** 2 * variance(clusters, found.pull, found.rests_on)
    return math.sqrt(seen + unseen**2)
