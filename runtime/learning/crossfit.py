"""Scores for rows that the scoring model has not seen, and the penalty that serves them best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from runtime.learning.linear import Linear
from runtime.learning.training import Training
from runtime.learning.trees import Trees

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Learner = Callable[[csr_matrix, Ints, Floats, int, float], Linear | Trees]


@dataclass(frozen=True, eq=False)
class CrossFit:
    """(n, labels) out-of-fold scores and the strength that gave them."""

    scores: Floats
    strength: float


def cross_fit(
    rows: Training, labels: Ints, k: int, parts: Ints, learner: Learner, strengths: tuple[float, ...]
) -> CrossFit:
    """Try the strengths in order until out-of-fold log loss gets worse, and keep the best."""
    best: tuple[float, CrossFit] | None = None
    for strength in strengths:
        scores = _out_of_fold(rows, labels, k, parts, learner, strength)
        told = np.clip(scores[np.arange(len(labels)), labels], -12.0, None)
        loss = -float((rows.weights * told).sum())
        if best is not None and loss >= best[0]:
            break
        best = (loss, CrossFit(scores, strength))
    if best is None:
        raise ValueError("cross_fit needs at least one strength")
    return best[1]


def _out_of_fold(rows: Training, labels: Ints, k: int, parts: Ints, learner: Learner, strength: float) -> Floats:
    scores = np.empty((len(labels), k))
    for part in range(int(parts.max()) + 1):
        inside, outside = parts != part, parts == part
        scorer = learner(rows.x[inside], labels[inside], rows.weights[inside], k, strength)
        scores[outside] = scorer.scores(rows.x[outside])
    return scores
