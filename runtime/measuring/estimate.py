"""A measure with its interval, or a sentence that says why there is none yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runtime.measuring.balance import mean_interval, mean_reading, recalls
from runtime.measuring.calibration import calibration
from runtime.measuring.enough import what_is_missing
from runtime.measuring.losses import loss, loss_interval
from runtime.measuring.ranking import ranking
from runtime.measuring.sample import FROM_PROBABILITY, Flags, Floats, Integers, Measure, Sample
from runtime.measuring.shares import Share, share, share_interval
from runtime.measuring.spread import Reading, cluster_numbers
from runtime.measuring.wording import interval_words


@dataclass(frozen=True)
class Estimate:
    """What a measure is on some cases, and between which bounds the truth lies.

    value, low, high: None while there is too little data, else finite; in 0..1, log loss in nats.
    cases: the cases that entered; positives: how many of them are truly positive.
    covered: share in 0..1 (weighted) of all cases that had a decision, or probabilities where these are read.
    says: all of it in words, such as "0.83 (0.71 to 0.92, 60 cases)".
    """

    measure: Measure
    value: float | None
    low: float | None
    high: float | None
    cases: int
    positives: int
    covered: float
    says: str


def estimate(measure: Measure, sample: Sample, positive: int | None, alpha: float) -> Estimate:
    """Return a measure with an interval that misses the truth with a chance of at most `alpha`.

    positive: the class that is looked for; needed for recall, precision, f1 and auc. Without it, the
    calibration error is that of the most probable class.
    f1 is read as 2J / (1 + J), where J is the share of hits among the cases that are positive or decided so;
    the interval of J becomes that of f1, since one grows with the other.
    Raises ValueError when alpha is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1 (0.05 for a 95 % interval), not {alpha}.")
    answered = sample.answered(measure)
    part = sample.rows(answered)
    cases, positives = len(part.truth), int(np.count_nonzero(part.truth == positive))
    covered = float(part.weight.sum() / sample.weight.sum()) if cases else 0.0
    missing = what_is_missing(measure, part, positive)
    silent = len(sample.truth) - cases
    if missing:
        return Estimate(measure, None, None, None, cases, positives, covered, missing + _without(silent, measure))
    value, low, high = _interval(measure, part, positive, alpha)
    says = f"{interval_words(value, low, high)[:-1]}, {cases:,} cases){_without(silent, measure)}"
    return Estimate(measure, value, low, high, cases, positives, covered, says)


def reading(measure: Measure, sample: Sample, positive: int | None) -> Reading:
    """Return the value with the pull of each case, for every measure but the calibration error."""
    clusters = cluster_numbers(sample)
    if measure == "log_loss":
        return loss(_given(sample), sample.truth, sample.weight, clusters)
    if measure == "balanced_accuracy":
        return mean_reading(recalls(sample.decided == sample.truth, sample.truth, sample.weight, clusters))
    found = _share(measure, sample, positive, clusters).reading
    if measure != "f1":
        return found
    # d(2J / (1 + J)) / dJ carries the pulls over.
    slope = 2 / (1 + found.value) ** 2
    return Reading(_f1(found.value), found.pull * slope, found.rests_on, found.unit * slope)


def stated_and_true(sample: Sample, positive: int | None) -> tuple[Floats, Flags]:
    """Return (n,) the stated probability, of `positive` or of the likeliest class, and whether it came."""
    probability = _given(sample).astype(np.float64)
    named = probability.argmax(axis=1) if positive is None else np.full(len(probability), positive)
    return probability[np.arange(len(probability)), named], sample.truth == named


def _interval(measure: Measure, sample: Sample, positive: int | None, alpha: float) -> tuple[float, float, float]:
    clusters, weight = cluster_numbers(sample), sample.weight
    if measure == "calibration_error":
        return calibration(*stated_and_true(sample, positive), weight, clusters, alpha)
    if measure == "log_loss":
        found = loss(_given(sample), sample.truth, weight, clusters)
        return found.value, *loss_interval(found, clusters, weight, alpha)
    if measure == "balanced_accuracy":
        each = recalls(sample.decided == sample.truth, sample.truth, weight, clusters)
        return mean_reading(each).value, *mean_interval(each, clusters, alpha)
    part = _share(measure, sample, positive, clusters)
    low, high = share_interval(part, alpha)
    value = part.reading.value
    return (_f1(value), _f1(low), _f1(high)) if measure == "f1" else (value, low, high)


def _share(measure: Measure, sample: Sample, positive: int | None, clusters: Integers) -> Share:
    truth, decided, weight = sample.truth, sample.decided, sample.weight
    if measure == "auc":
        return ranking(_given(sample)[:, positive or 0], truth == positive, weight, clusters)
    hit = truth == decided
    counts = np.ones(len(truth), dtype=np.bool_)
    if measure == "recall":
        counts = truth == positive
    elif measure == "precision":
        counts = decided == positive
    elif measure == "f1":
        counts = (truth == positive) | (decided == positive)
    return share(hit, counts, weight, clusters)


def _f1(jaccard: float) -> float:
    return 2 * jaccard / (1 + jaccard)


def _given(sample: Sample) -> Floats:
    if sample.probability is None:
        raise ValueError("This measure reads probabilities, and the sample has none.")
    return sample.probability


def _without(silent: int, measure: Measure) -> str:
    if not silent:
        return ""
    lacking = "probabilities" if measure in FROM_PROBABILITY else "a decision"
    return f"; {silent} more {'case' if silent == 1 else 'cases'} without {lacking}"
