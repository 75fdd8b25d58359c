"""Fitting a model that learns labels: few answers, picked answers and rare labels included."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from importlib.metadata import version
from typing import Literal

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from runtime.learning.calibration import Calibration, calibrate
from runtime.learning.crossfit import CrossFit, Learner, cross_fit
from runtime.learning.fitted import Model
from runtime.learning.folds import deal
from runtime.learning.linear import logistic, naive_bayes
from runtime.learning.model_file import dump, load
from runtime.learning.notes import calibrated_on, notes
from runtime.learning.training import Training, in_order
from runtime.learning.trees import boosted

__all__ = ["Method", "Model", "Training", "dump", "fit", "load"]

Method = Literal["logistic-regression", "naive-bayes", "gradient-boosting"]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEARNERS: dict[Method, tuple[Learner, tuple[float, ...], float]] = {
    "logistic-regression": (logistic, (0.03, 0.1, 0.3, 1.0, 3.0), 0.3),
    "naive-bayes": (naive_bayes, (0.1, 0.3, 1.0), 0.1),
    "gradient-boosting": (boosted, (0.1,), 0.1),
}
"""For each method: how it is fitted, the strengths tried in order, and the one for too few rows to try."""

LEAST_FOR_TREES, LEAST_RARE_FOR_TREES = 60, 10
LEAST_RANDOM, LEAST_RANDOM_RARE = 30, 5
PRIOR_ROWS = 10.0
"""Rows that given shares count as; unknown shares count as one row for each class (Laplace)."""


def fit(
    training: Training,
    classes: tuple[str, ...],
    method: Method,
    seed: int,
    prior: tuple[float, ...] | None = None,
) -> Model:
    """Fit a model whose probabilities speak of all cases, not only of those that were picked.

    Ranking is learned from all rows. How strongly it is held back and how scores become probabilities
    are judged on rows that the scoring model had not seen, group by group. Shares of labels come from
    rows drawn at random, weighted by one over their probability, and from `prior` (default: equal);
    with 30 such rows and 5 of the rarest label they set slope and shift as well.
    The same rows in another order give the same bits. One thread.
    Raises Refused with `model-training` when the arrays do not fit together.
    """
    with threadpool_limits(1):
        rows, content = in_order(training, len(classes))
        made = Model(
            classes=classes,
            version=_version(content, rows.x.shape[1], classes, method, seed, prior),
            notes=notes(rows, classes, prior is not None),
            shares=_shares(rows, len(classes), prior),
            width=rows.x.shape[1],
            seen=np.unique(rows.labels),
            answers=len(rows.labels),
        )
        return made if len(made.seen) < 2 else _learned(made, rows, method, seed)


def _learned(made: Model, rows: Training, method: Method, seed: int) -> Model:
    """Return the model with a scorer for the classes seen, and its calibration."""
    labels = np.searchsorted(made.seen, rows.labels)
    k = len(made.seen)
    method, fallen_back = _able(method, labels)
    learner, strengths, careful = LEARNERS[method]
    parts = deal(labels, rows.groups, seed)
    unseen = None if parts is None else cross_fit(rows, labels, k, parts, learner, strengths)
    scorer = learner(rows.x, labels, rows.weights, k, careful if unseen is None else unseen.strength)
    calibration, said = _calibrated(made, rows, labels, unseen)
    return replace(made, scorer=scorer, calibration=calibration, notes=(*made.notes, *fallen_back, said))


def _calibrated(made: Model, rows: Training, labels: Ints, unseen: CrossFit | None) -> tuple[Calibration, str]:
    """Correct the shares, and with enough rows drawn at random slope and shift too."""
    k = len(made.seen)
    trained = _smoothed(np.bincount(labels, weights=rows.weights, minlength=k))
    random = rows.random
    base = made.shares[made.seen] / made.shares[made.seen].sum()
    count = round(float(random.sum()))
    rare = int(np.bincount(labels[random > 0], minlength=k).min())
    said = calibrated_on(count, LEAST_RANDOM, rare, LEAST_RANDOM_RARE)
    if unseen is None:
        rarest = int(np.bincount(labels).min())
        return Calibration(base, trained, rarest / (rarest + 3), np.zeros(k)), said
    start = Calibration(trained, trained, 1.0, np.zeros(k))
    slope = calibrate(unseen.scores, labels, rows.weights, start, trust_slope=2.0, trust_shift=0.1).slope
    tempered = Calibration(base, trained, slope, np.zeros(k))
    if count < LEAST_RANDOM or rare < LEAST_RANDOM_RARE:
        return tempered, said
    return calibrate(unseen.scores, labels, random, tempered, trust_slope=4.0, trust_shift=0.1), said


def _able(method: Method, labels: Ints) -> tuple[Method, tuple[str, ...]]:
    """Return the method, or logistic regression while trees have too little to grow on."""
    n, rarest = len(labels), int(np.bincount(labels).min())
    if method != "gradient-boosting" or (n >= LEAST_FOR_TREES and rarest >= LEAST_RARE_FOR_TREES):
        return method, ()
    return "logistic-regression", (
        f"Gradient boosting starts at {LEAST_FOR_TREES} answers with {LEAST_RARE_FOR_TREES} "
        f"of the rarest label; there are {n} and {rarest}, so logistic regression stands in.",
    )


def _shares(rows: Training, k: int, prior: tuple[float, ...] | None) -> Floats:
    """Return (k,) shares in the population: of random rows if there are any, else of all, and the prior."""
    weights = rows.random if rows.random.any() else rows.weights
    counted = np.bincount(rows.labels, weights=weights, minlength=k)
    if prior is None:
        return _smoothed(counted)
    given = np.clip(np.asarray(prior, dtype=np.float64), 1e-6, None)
    return np.asarray((counted + PRIOR_ROWS * given / given.sum()) / (counted.sum() + PRIOR_ROWS))


def _smoothed(counted: Floats | Ints) -> Floats:
    return np.asarray((counted + 1) / (counted.sum() + len(counted)))


def _version(
    content: str,
    width: int,
    classes: tuple[str, ...],
    method: Method,
    seed: int,
    prior: tuple[float, ...] | None,
) -> str:
    libraries = tuple(version(name) for name in ("numpy", "scipy", "scikit-learn"))
    made_of = repr((content, width, classes, method, seed, prior, libraries))
    return blake2b(made_of.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
