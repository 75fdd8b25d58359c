"""Log loss: how surprised the probabilities were by the truth, in nats."""

from __future__ import annotations

import math

import numpy as np

from runtime.measuring.sample import Floats, Integers
from runtime.measuring.spread import Reading, effective_clusters, half_width

WORST_LOSS = float(-np.log(np.finfo(np.float64).eps))
"""The largest loss of one case, in nats: 36.04."""


def loss(probability: Floats, truth: Integers, weight: Floats, clusters: Integers) -> Reading:
    """Return the mean of -log(probability of the truth).

    Probabilities are kept at the float type's epsilon from 0, so that one certain miss costs 16 (float32) or
    36 (float64) nats and not infinity.
    """
    given = np.clip(probability, np.finfo(probability.dtype).eps, 1).astype(np.float64)
    each = -np.log(given[np.arange(len(truth)), truth])
    value = min(float(weight @ each / weight.sum()), WORST_LOSS)
    everything = np.ones(len(truth), dtype=np.bool_)
    worst = float(-np.log(given.min()))
    unit = worst / effective_clusters(clusters, weight, everything)
    return Reading(value, weight * (each - value) / weight.sum(), everything, unit)


def loss_interval(reading: Reading, clusters: Integers, weight: Floats, alpha: float) -> tuple[float, float]:
    """Return the interval of the mean loss, on the log scale, since losses are skewed."""
    freedom = effective_clusters(clusters, weight, reading.rests_on) - 1
    half = half_width(clusters, reading, alpha, freedom)
    stretch = math.exp(min(half / max(reading.value, 1e-9), 50.0))
    return reading.value / stretch, min(max(reading.value * stretch, half), WORST_LOSS)
