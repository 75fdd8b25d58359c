"""Whether there are enough cases for a measure to say anything; what is there and what is needed."""

from __future__ import annotations

import numpy as np

from runtime.measuring.sample import FROM_PROBABILITY, NEEDS_POSITIVE, Measure, Sample
from runtime.measuring.spread import cluster_numbers

LEAST_CASES = 10
LEAST_FOR: dict[Measure, int] = {"log_loss": 30, "calibration_error": 50}
LEAST_CLUSTERS = 5
"""With fewer, the spread between clusters is itself unknown and the interval says next to nothing."""


def what_is_missing(measure: Measure, sample: Sample, positive: int | None) -> str:
    """Return the sentence that says what is missing, or "" when there is enough.

    sample: the cases with a decision (or with probabilities) only.
    """
    name = measure.replace("_", " ")
    if measure in FROM_PROBABILITY and sample.probability is None:
        return f"not known: {name} needs probabilities, and there are only decisions"
    if measure in NEEDS_POSITIVE and positive is None:
        return f"not known: {name} needs to know which class is the positive one"
    classes = None if sample.probability is None else sample.probability.shape[1]
    if positive is not None and classes is not None and not 0 <= positive < classes:
        return f"not known: class {positive} is not among the {classes} classes"
    return _too_few(measure, sample, positive)


def _too_few(measure: Measure, sample: Sample, positive: int | None) -> str:
    least = LEAST_FOR.get(measure, LEAST_CASES)
    if len(sample.truth) < least:
        return f"too few yet: {_count(len(sample.truth), 'case')}, {least} are needed"
    for what, number in _parts(measure, sample, positive):
        if number < LEAST_CASES:
            return f"too few yet: {_count(number, what)}, {LEAST_CASES} are needed"
    return _too_few_clusters(measure, sample, positive)


def _parts(measure: Measure, sample: Sample, positive: int | None) -> list[tuple[str, int]]:
    """Return which kinds of cases the measure is taken on, with how many there are."""
    positives = int(np.count_nonzero(sample.truth == positive))
    if measure in ("recall", "f1"):
        return [("positive case", positives)]
    if measure == "precision":
        return [("case decided positive", int(np.count_nonzero(sample.decided == positive)))]
    if measure == "auc":
        return [("positive case", positives), ("negative case", len(sample.truth) - positives)]
    if measure == "balanced_accuracy":
        classes, counts = np.unique(sample.truth, return_counts=True)
        found = [(f"case of class {each}", int(count)) for each, count in zip(classes, counts, strict=True)]
        return found if len(found) > 1 else [*found, ("case of any other class", 0)]
    return []


def _too_few_clusters(measure: Measure, sample: Sample, positive: int | None) -> str:
    clusters = cluster_numbers(sample)
    parts = [np.ones(len(clusters), dtype=np.bool_)]
    if measure in ("recall", "f1"):
        parts = [sample.truth == positive]
    elif measure == "precision":
        parts = [sample.decided == positive]
    elif measure == "auc":
        parts = [sample.truth == positive, sample.truth != positive]
    elif measure == "balanced_accuracy":
        parts = [sample.truth == each for each in np.unique(sample.truth)]
    fewest = min(len(np.unique(clusters[part])) for part in parts)
    if fewest >= LEAST_CLUSTERS:
        return ""
    return f"too few yet: the cases come from {_count(fewest, 'group')}, {LEAST_CLUSTERS} are needed"


def _count(number: int, what: str) -> str:
    first, _, rest = what.partition(" ")
    if number == 1:
        return f"1 {what}"
    if first == "case":
        return f"{number} {' '.join(filter(None, ('cases', rest)))}"
    return f"{number} {what}s"
