"""Turning scores into probabilities that come true as often as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, softmax

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_SLOPE = 0.05
"""Cross-fitted scores that rank no better than chance are flattened, not turned round."""


@dataclass(frozen=True)
class Calibration:
    """log p = log base + slope * (score - log trained) + shift, made to sum to one.

    `trained` are the shares of labels in training, which picking hard cases distorts; `base` are the
    shares in the population. Replacing one by the other is the correction of Saerens et al. (2002).
    """

    base: Floats
    trained: Floats
    slope: float
    shift: Floats

    def probabilities(self, scores: Floats) -> Floats:
        """Return (n, labels) float64 from (n, labels) logarithms of probability."""
        return np.asarray(softmax(self._logits(scores), axis=1))

    def _logits(self, scores: Floats) -> Floats:
        return np.log(self.base) + self.slope * (scores - np.log(self.trained)) + self.shift


def calibrate(
    scores: Floats, labels: Ints, weights: Floats, start: Calibration, trust_slope: float, trust_shift: float
) -> Calibration:
    """Fit slope and shift to out-of-fold scores by damped Newton steps from `start`.

    This is Platt scaling (Platt 1999, with the smoothed targets of Lin, Lin and Weng 2007), for several
    labels with one slope and one shift each. `trust_slope` and `trust_shift` are inverse variances
    that hold the fit to `start` while rows are few. Scores must never come from rows fitted on.
    """
    target = smoothed(labels, weights, scores.shape[1])
    evidence = scores - np.log(start.trained)
    trust = np.concatenate([[trust_slope], np.full(scores.shape[1], trust_shift)])
    first = np.concatenate([[start.slope], start.shift])
    fitted = _newton(evidence, target, weights, np.log(start.base), first, trust)
    if fitted[0] < LEAST_SLOPE:
        trust[0] = 1e12
        first[0] = LEAST_SLOPE
        fitted = _newton(evidence, target, weights, np.log(start.base), first, trust)
    return Calibration(start.base, start.trained, float(fitted[0]), fitted[1:])


def smoothed(labels: Ints, weights: Floats, k: int) -> Floats:
    """Return (n, k) targets: n rows of a label count as (n + 1) / (n + 2) sure of it, the rest is shared."""
    count = np.bincount(labels, weights=weights, minlength=k)[labels]
    target = np.repeat((1 / (count + 2) / max(1, k - 1))[:, None], k, axis=1)
    target[np.arange(len(labels)), labels] = (count + 1) / (count + 2)
    return target


def _newton(evidence: Floats, target: Floats, weights: Floats, base: Floats, first: Floats, trust: Floats) -> Floats:
    """Minimise weighted cross-entropy + trust (theta - first)^2 / 2: convex; steps are halved."""

    def loss(theta: Floats) -> float:
        log_p = log_softmax(base + theta[0] * evidence + theta[1:], axis=1)
        return float(-(weights[:, None] * target * log_p).sum() + 0.5 * (trust * (theta - first) ** 2).sum())

    theta = first.copy()
    for _ in range(50):
        step = _step(evidence, target, weights, base, theta, first, trust)
        before, length = loss(theta), 1.0
        while loss(theta - length * step) > before and length > 1e-6:
            length /= 2
        theta = theta - length * step
        if np.abs(length * step).max() < 1e-9:
            break
    return theta


def _step(
    evidence: Floats,
    target: Floats,
    weights: Floats,
    base: Floats,
    theta: Floats,
    first: Floats,
    trust: Floats,
) -> Floats:
    p = softmax(base + theta[0] * evidence + theta[1:], axis=1)
    miss = weights[:, None] * (p - target)
    pulled = weights[:, None] * p * (evidence - (p * evidence).sum(axis=1, keepdims=True))
    gradient = np.concatenate([[(miss * evidence).sum()], miss.sum(axis=0)]) + trust * (theta - first)
    curve = np.empty((len(theta), len(theta)))
    curve[0, 0] = (pulled * evidence).sum()
    curve[0, 1:] = curve[1:, 0] = pulled.sum(axis=0)
    curve[1:, 1:] = np.diag((weights[:, None] * p).sum(axis=0)) - (weights[:, None] * p).T @ p
    return np.asarray(np.linalg.solve(curve + np.diag(trust), gradient))
