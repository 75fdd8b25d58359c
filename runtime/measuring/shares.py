"""Measures that are a share of cases: how many of those that count were hits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runtime.measuring.sample import Flags, Floats, Integers
from runtime.measuring.spread import Reading, by_cluster, effective, effective_clusters, t_bound, variance


@dataclass(frozen=True, eq=False)
class Share:
    """A weighted share of hits, and the number of independent, equal cases that would tell as much.

    reading: value in 0..1 with its pulls.
    effective: float, cases after weights and clusters.
    heaviest: float in 0..1, the part of the whole that a single case can make up.
    rows: cases that count. freedom: degrees of freedom of the spread.
    """

    reading: Reading
    effective: float
    heaviest: float
    rows: int
    freedom: float


def share(hit: Flags, counts: Flags, weight: Floats, clusters: Integers) -> Share:
    """Return the share of hits among the cases that count; all arrays are (n,), at least one case counts."""
    weight = np.where(counts, weight, 0.0)
    right, wrong = weight[hit].sum(), weight[~hit].sum()
    value = float(right / (right + wrong))
    pull = weight * (hit - value) / (right + wrong)
    groups = effective_clusters(clusters, weight, counts)
    heaviest = float(weight.max() / (right + wrong))
    reading = Reading(value, pull, counts, max(1 / groups, heaviest))
    cases = effective(weight)
    cases /= _design_effect(reading, hit, clusters, cases, groups)
    return Share(reading, cases, heaviest, int(counts.sum()), groups - 1)


def share_interval(found: Share, alpha: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson on the effective number of cases.

    Biometrika 26, 1934, for surveys by Korn and Graubard, Survey Methodology 24, 1998: the effective number
    shrinks by the squared ratio of the t bounds with rows - 1 and clusters - 1 degrees of freedom. The exact
    bound is what one more miss (for the upper bound, one more hit) would give; here that unseen case has the
    heaviest weight, as Fay and Feuer do for rates, Statistics in Medicine 16, 1997. With equal weights and
    single cases it is the exact interval. It holds at 0 and at n hits.
    """
    ratio = t_bound(alpha, found.rows - 1) / t_bound(alpha, found.freedom)
    cases = found.effective * min(ratio, 1.0) ** 2
    unseen = max(found.heaviest * cases, 1.0)
    hits = found.reading.value * cases
    return _beta_bound(hits, cases - hits, unseen, alpha), 1 - _beta_bound(cases - hits, hits, unseen, alpha)


def _beta_bound(hits: float, misses: float, unseen: float, alpha: float) -> float:
    """Return the lower bound of the share of hits when one more miss, which counts `unseen`, is added."""
    from scipy.special import betaincinv

    if hits <= 0:
        return 0.0
    cases = hits + misses
    scale = (cases + unseen) / (cases + unseen**2)
    return float(betaincinv(hits * scale, (misses + unseen) * scale, alpha / 2))


def _design_effect(reading: Reading, hit: Flags, clusters: Integers, cases: float, groups: float) -> float:
    """Return how many times larger the variance is than that of as many independent cases; at least 1.

    Few misses say little about how misses cluster. So the effect that was seen is mixed with the worst one,
    a cluster counting as a single case, which weighs as much as one more cluster with the rarer result.
    """
    worst = max(cases / groups, 1.0)
    rarer = min(_clusters_with(hit, reading, clusters), _clusters_with(~hit, reading, clusters))
    if rarer == 0:
        return worst
    plain = reading.value * (1 - reading.value) / max(cases - 1, 0.5)
    seen = max(variance(clusters, reading.pull, reading.rests_on) / plain, 1.0)
    return (rarer * seen + worst) / (rarer + 1)


def _clusters_with(result: Flags, reading: Reading, clusters: Integers) -> int:
    return int(np.count_nonzero(by_cluster(clusters, (result & reading.rests_on).astype(np.float64))))
