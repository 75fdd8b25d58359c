"""Balanced accuracy: the mean of how well each class is found."""

from __future__ import annotations

import math

import numpy as np

from runtime.measuring.sample import Flags, Floats, Integers
from runtime.measuring.shares import Share, share, share_interval
from runtime.measuring.spread import Reading, by_cluster


def recalls(hit: Flags, truth: Integers, weight: Floats, clusters: Integers) -> tuple[Share, ...]:
    """Return the recall of each class that occurs in the truth."""
    return tuple(share(hit, truth == each, weight, clusters) for each in np.unique(truth))


def mean_reading(shares: tuple[Share, ...]) -> Reading:
    """Return the mean of shares with its pulls."""
    count = len(shares)
    pull = np.sum([each.reading.pull for each in shares], axis=0) / count
    rests_on = np.any([each.reading.rests_on for each in shares], axis=0)
    value = sum(each.reading.value for each in shares) / count
    unit = math.hypot(*(each.reading.unit for each in shares)) / count
    return Reading(value, pull, rests_on, unit)


def mean_interval(shares: tuple[Share, ...], clusters: Integers, alpha: float) -> tuple[float, float]:
    """Return the interval of the mean of shares from the intervals of each.

    The distances to the bounds add up like standard errors (MOVER; Zou and Donner, Statistics in Medicine 27,
    2008), with the correlation between classes of one cluster where it is above 0. It holds when a class has
    no miss, where the variance alone would say that its recall is certain.
    """
    bounds = np.array([share_interval(each, alpha) for each in shares])
    values = np.array([each.reading.value for each in shares])
    together = _correlation(shares, clusters)
    down, up = values - bounds[:, 0], bounds[:, 1] - values
    low = values.mean() - math.sqrt(down @ together @ down) / len(shares)
    high = values.mean() + math.sqrt(up @ together @ up) / len(shares)
    return max(float(low), 0.0), min(float(high), 1.0)


def _correlation(shares: tuple[Share, ...], clusters: Integers) -> Floats:
    pulls = np.array([by_cluster(clusters, each.reading.pull) for each in shares])
    products = pulls @ pulls.T
    scale = np.sqrt(np.diag(products))
    scale[scale < 1e-12] = np.inf
    together: Floats = np.clip(products / np.outer(scale, scale), 0.0, 1.0)
    np.fill_diagonal(together, 1.0)
    return together
