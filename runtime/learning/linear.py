"""Logistic regression and naive Bayes: one weight for each feature and label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from scipy.special import logsumexp

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Linear:
    """Scores are x @ weights + start; `split` says that each feature counts apart above and below zero."""

    weights: Floats
    """(features, labels), or (2 features, labels) when split."""

    start: Floats
    """(labels,)"""

    split: bool = False

    def scores(self, x: csr_matrix) -> Floats:
        """Return (n, labels) logarithms of probability."""
        raw = (_split(x) if self.split else x) @ self.weights + self.start
        return np.asarray(raw - logsumexp(raw, axis=1, keepdims=True))


def logistic(x: csr_matrix, labels: Ints, weights: Floats, k: int, strength: float) -> Linear:
    """Fit multinomial logistic regression with an L2 penalty, by L-BFGS (Liu and Nocedal 1989).

    Minimises the weighted log loss plus |weights|^2 / (2 strength); the start of each label is free
    but for a trace that makes the optimum unique. Two labels give half the penalty that scikit-learn's
    C = strength would, since both labels carry a weight vector.
    """
    filled = np.flatnonzero(np.bincount(x.indices, minlength=x.shape[1]))  # an empty feature's weight is 0
    used = x[:, filled]
    n, p = used.shape
    target = np.zeros((n, k))
    target[np.arange(n), labels] = 1.0
    turned = used.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        theta = flat.reshape(p + 1, k)
        raw = used @ theta[:p] + theta[p]
        log_p = raw - logsumexp(raw, axis=1, keepdims=True)
        miss = weights[:, None] * (np.exp(log_p) - target)
        penalty = theta / strength
        penalty[p] = 1e-3 * theta[p]
        value = -float((weights * log_p[np.arange(n), labels]).sum()) + 0.5 * float((penalty * theta).sum())
        return value, (np.vstack([turned @ miss, miss.sum(axis=0)]) + penalty).ravel()

    options = {"maxiter": 300, "gtol": 1e-3, "ftol": 1e-7}
    found = minimize(loss, np.zeros((p + 1) * k), jac=True, method="L-BFGS-B", options=options)
    theta = np.asarray(found.x).reshape(p + 1, k)
    spread = np.zeros((x.shape[1], k))
    spread[filled] = theta[:p]
    return Linear(spread, theta[p])


def naive_bayes(x: csr_matrix, labels: Ints, weights: Floats, k: int, strength: float) -> Linear:
    """Fit multinomial naive Bayes (McCallum and Nigam 1998); features below zero count on their own side.

    `strength` is the count that every feature is given in advance for every label.
    """
    member = csr_matrix((weights, (labels, np.arange(len(labels)))), shape=(k, len(labels)))
    counts = np.asarray((member @ _split(x)).todense()) + strength
    share = np.asarray(member.sum(axis=1)).ravel()
    logs = np.log(counts) - np.log(counts.sum(axis=1, keepdims=True))
    return Linear(logs.T, np.log((share + 1) / (share.sum() + k)), split=True)


def _split(x: csr_matrix) -> csr_matrix:
    """Return (n, 2 features), none below zero: naive Bayes counts, and counts have no sign."""
    return hstack([x.maximum(0), (-x).maximum(0)], format="csr")
