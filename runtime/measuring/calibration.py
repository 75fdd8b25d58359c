"""Calibration error: how far probabilities lie from how often they come true."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from runtime.measuring.sample import Flags, Floats, Integers
from runtime.measuring.spread import by_cluster, effective, effective_clusters, t_bound

CASES_PER_BIN = 10
MOST_BINS = 10


def calibration(
    stated: Floats, came_true: Flags, weight: Floats, clusters: Integers, alpha: float
) -> tuple[float, float, float]:
    """Return the debiased calibration error with its interval: value, low, high in 0..1.

    stated: (n,) float, the probability that was stated; came_true: (n,) bool.
    The error is the expected calibration error over bins of equal mass (Naeini, Cooper and Hauskrecht, AAAI
    2015): 10 cases a bin, at most 10 bins, equal probabilities in one bin. The plain figure S overstates,
    since chance alone moves each bin. With s the standard error of a bin's gap d, E|N(d, s)| lies between |d|
    and |d| + s sqrt(2/pi), and its variance is at most s squared. So the truth lies, conservatively, between
    S - sqrt(2/pi) sum(s) - t sqrt(sum(s squared)) and S + t sqrt(sum(s squared)). The value returned is S
    less its bias at gaps that are shrunk towards 0 (James and Stein, 4th Berkeley Symposium, 1961).
    """
    found = _gaps(stated, came_true, weight, clusters)
    plain = float(abs(found.gaps).sum())
    groups = effective_clusters(clusters, weight, np.ones(len(stated), dtype=np.bool_))
    # Where nothing varied: the rule of three for an unseen cluster, as for pairs; it vanishes otherwise.
    unseen = -math.log(alpha / 2) * max(1 / groups, weight.max() / weight.sum()) / (found.carrying + 1)
    half = math.hypot(t_bound(alpha, groups - 1) * math.sqrt(float(found.errors @ found.errors)), unseen)
    low = max(plain - math.sqrt(2 / math.pi) * float(found.errors.sum()) - half, 0.0)
    value = max(plain - _bias(found), low)
    return value, low, min(plain + half, 1.0)


@dataclass(frozen=True, eq=False)
class _Gaps:
    """gaps: (bins,) came true - stated, times the bin's mass; errors: (bins,) their standard errors.

    carrying: the effective number of cases that carry the spread.
    """

    gaps: Floats
    errors: Floats
    carrying: float


def _gaps(stated: Floats, came_true: Flags, weight: Floats, clusters: Integers) -> _Gaps:
    bins = _bins(stated, weight)
    part = weight / weight.sum()
    residual = came_true - stated
    mass, gaps = by_cluster(bins, part), by_cluster(bins, part * residual)
    # Sums over (cluster, bin): the gap of a bin varies with its clusters.
    where, cell = np.unique(clusters * len(mass) + bins, return_inverse=True)
    pulls = by_cluster(cell, part * (residual - (gaps / mass)[bins]))
    count = np.bincount(where % len(mass))
    seen = np.bincount(where % len(mass), pulls**2) * count / np.maximum(count - 1, 1)
    # A bin in which nothing came true has no spread that is seen, but one that was stated.
    errors: Floats = np.sqrt(np.maximum(seen, np.bincount(bins, part**2 * stated * (1 - stated))))
    return _Gaps(gaps, errors, effective(pulls**2) if abs(pulls).max() > 1e-12 else 0.0)


def _bins(stated: Floats, weight: Floats) -> Integers:
    """Return (n,) integer: bins of equal mass, numbered from 0 without holes."""
    most = min(max(len(stated) // CASES_PER_BIN, 1), MOST_BINS)
    _, level = np.unique(stated, return_inverse=True)
    mass = np.bincount(level, weights=weight)
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    _, bins = np.unique(np.floor(middle * most)[level], return_inverse=True)
    return bins


def _bias(found: _Gaps) -> float:
    """Return the sum of E|N(d, s)| - |d| over bins (Leone, Nelson and Nottingham, Technometrics 3, 1961)."""
    from scipy.special import ndtr

    varied = found.errors > 0
    errors, far = found.errors[varied], abs(found.gaps[varied]) / found.errors[varied]
    far = far * max(1 - max(len(far) - 2, 0) / max(float(far @ far), 1e-12), 0.0)
    folded = math.sqrt(2 / math.pi) * np.exp(-(far**2) / 2) - 2 * far * ndtr(-far)
    return float(errors @ folded)
