"""Gradient boosting: small trees, each correcting those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_FEATURES = 256
"""Features that trees look at: those that differ in most training rows. Rare words cannot carry a split."""

CHUNK = 8_192
"""Rows made dense at a time, so that memory does not grow with the table."""


@dataclass(frozen=True)
class Trees:
    """A fitted booster and the places of the features that it looks at."""

    booster: HistGradientBoostingClassifier
    kept: Ints
    k: int

    def scores(self, x: csr_matrix) -> Floats:
        """Return (n, labels) logarithms of probability, at least log 1e-6."""
        p = np.full((x.shape[0], self.k), 1e-6)
        for start in range(0, x.shape[0], CHUNK):
            dense = x[start : start + CHUNK][:, self.kept].toarray()
            p[start : start + CHUNK, self.booster.classes_] = self.booster.predict_proba(dense)
        p = np.clip(p, 1e-6, None)
        return np.asarray(np.log(p / p.sum(axis=1, keepdims=True)))


def boosted(x: csr_matrix, labels: Ints, weights: Floats, k: int, strength: float) -> Trees:
    """Fit histogram gradient boosting (Ke et al. 2017) for small data; `strength` is its learning rate."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    n = x.shape[0]
    filled = np.asarray((x != 0).sum(axis=0)).ravel()
    differs = np.minimum(filled, n - filled)
    everywhere = filled > n // 2  # a scaled number is hardly ever zero, and yet differs
    kept = np.sort(np.argsort(-(differs + n * everywhere), kind="stable")[:MOST_FEATURES])
    booster = HistGradientBoostingClassifier(
        learning_rate=strength,
        max_iter=60,
        max_leaf_nodes=8,
        min_samples_leaf=max(5, n // 50),
        l2_regularization=5.0,
        max_features=0.3,
        early_stopping=False,
        random_state=0,
    )
    booster.fit(x[:, kept].toarray(), labels, sample_weight=weights)
    return Trees(booster, kept, k)
