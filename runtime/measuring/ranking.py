"""AUC: how often a positive case stands above a negative one."""

from __future__ import annotations

import numpy as np

from runtime.measuring.sample import Flags, Floats, Integers
from runtime.measuring.shares import Share
from runtime.measuring.spread import Reading, effective, effective_clusters, variance


def ranking(score: Floats, positive: Flags, weight: Floats, clusters: Integers) -> Share:
    """Return the AUC; ties count half. score: (n,) float; both classes are there.

    Pulls are the placement values of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), summed over
    clusters as in Obuchowski (Biometrics 53, 1997). The AUC is then read as a share, so that its interval
    holds at 1 as well: the effective number of cases is what its variance says. Where nothing is out of order
    it is the number of clusters of the rarer class, since the variance of an AUC is at most
    A (1 - A) / min(positives, negatives) (Birnbaum and Klose, Annals of Mathematical Statistics 28, 1957).
    """
    above, below = (np.where(part, weight, 0.0) for part in (positive, ~positive))
    place = _placement(score, above, below)
    value = min(max(float(above @ place / above.sum()), 0.0), 1.0)
    pull = (above / above.sum() + below / below.sum()) * (place - value)
    groups = [effective_clusters(clusters, weight, part) for part in (positive, ~positive)]
    everything = np.ones(len(score), dtype=np.bool_)
    reading = Reading(value, pull, everything, 1 / min(groups))
    cases = _effective(reading, clusters, effective(above), effective(below), min(groups))
    # How much heavier the heaviest case of a class is than its fellows; a rare class alone is no reason.
    uneven = max(float(part.max() / part.sum()) * effective(part) for part in (above, below))
    return Share(reading, cases, uneven / cases, len(score), _freedom(pull, positive, clusters, groups))


def _placement(score: Floats, above: Floats, below: Floats) -> Floats:
    """Return (n,): the weighted share of the other class that stands on the right side of each case."""
    _, level = np.unique(score, return_inverse=True)
    positives, negatives = np.bincount(level, weights=above), np.bincount(level, weights=below)
    under = (np.cumsum(negatives) - negatives / 2) / negatives.sum()
    over = 1 - (np.cumsum(positives) - positives / 2) / positives.sum()
    place: Floats = np.where(above > 0, under[level], over[level])
    return place


def _effective(reading: Reading, clusters: Integers, positives: float, negatives: float, least: float) -> float:
    """Return the cases that a share would need for this variance, at most what a useless ranking needs.

    Without any skill the variance is (P + N) / (12 P N) (Mann and Whitney, 1947), which is that of a share of
    3 P N / (P + N) cases; a smaller variance seen in few cases is luck.
    """
    room = reading.value * (1 - reading.value)
    spread = variance(clusters, reading.pull, reading.rests_on)
    if room < 1e-9 or spread <= room * 1e-12:
        return least
    return min(room / spread, 3 * positives * negatives / (positives + negatives))


def _freedom(pull: Floats, positive: Flags, clusters: Integers, groups: list[float]) -> float:
    """Return the degrees of freedom of Satterthwaite (Biometrics 2, 1946) over the spread of both classes."""
    spreads = [variance(clusters, pull * part, part) for part in (positive, ~positive)]
    if sum(spreads) <= 0:
        return min(groups) - 1
    shares = [spread / sum(spreads) for spread in spreads]
    return 1 / sum(part**2 / max(group - 1, 0.5) for part, group in zip(shares, groups, strict=True))
