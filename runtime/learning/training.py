"""Answered cases to learn from, checked and put into an order of their own."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from flows.problems import refuse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Training:
    """Answered cases to learn from, n rows in any order."""

    x: csr_matrix | Floats
    """(n, features), finite."""

    labels: Ints
    """(n,) place of each label in the classes."""

    weights: Floats
    """(n,) how many answers a row counts as; rows of weight zero are left out."""

    groups: npt.NDArray[np.str_]
    """(n,) rows of one group are never on both sides of a cross-fit."""

    audit: Floats
    """(n,) probability with which the row was drawn at random, NaN when it was picked for being hard."""

    @property
    def random(self) -> Floats:
        """Return (n,) weights by which random rows stand for the population, zero for picked rows.

        One over the probability of being drawn (Horvitz and Thompson 1952), scaled to add up to the
        number of equally weighted rows that would tell as much (Kish 1965).
        """
        picked = np.isnan(self.audit)
        drawn = np.where(picked, 0.0, self.weights / np.where(picked, 1.0, self.audit))
        total, squares = drawn.sum(), (drawn**2).sum()
        return np.asarray(drawn * (total / squares) if squares else drawn)


def in_order(training: Training, classes: int) -> tuple[Training, str]:
    """Return the rows in an order that depends on their content only, and a hash of that content.

    Raises Refused with `model-training` when arrays do not fit together.
    """
    _check(training, classes)
    x = csr_matrix(training.x, dtype=np.float64, copy=True)
    x.sum_duplicates()
    x.eliminate_zeros()
    labels = np.asarray(training.labels, dtype=np.int64)
    weights, audit = (np.asarray(part, dtype=np.float64) for part in (training.weights, training.audit))
    groups = np.asarray(training.groups, dtype=np.str_)
    prints = [_print(x, row, labels, weights, groups, audit) for row in range(len(labels))]
    kept = [row for row in range(len(labels)) if weights[row] > 0]
    order = np.array(sorted(kept, key=prints.__getitem__), dtype=np.int64)
    content = blake2b(b"".join(prints[row] for row in order), digest_size=16).hexdigest()
    return Training(x[order], labels[order], weights[order], groups[order], audit[order]), content


def _print(
    x: csr_matrix, row: int, labels: Ints, weights: Floats, groups: npt.NDArray[np.str_], audit: Floats
) -> bytes:
    """Return a hash of one row; the same row twice sorts side by side."""
    part = slice(x.indptr[row], x.indptr[row + 1])
    told = blake2b(digest_size=16)
    told.update(x.indices[part].astype(np.int64).tobytes())
    told.update(x.data[part].tobytes())
    told.update(np.array([labels[row], weights[row], audit[row]], dtype=np.float64).tobytes())
    told.update(str(groups[row]).encode("utf-8", "surrogatepass"))
    return told.digest()


def _check(training: Training, classes: int) -> None:
    n = training.x.shape[0]
    for name in ("labels", "weights", "groups", "audit"):
        if (shape := np.shape(getattr(training, name))) != (n,):
            raise refuse("model-training", f"{name} has shape {shape} where {n} rows need ({n},).")
    if n and (training.labels.min() < 0 or training.labels.max() >= classes):
        raise refuse("model-training", f"labels must be places from 0 to {classes - 1}, one for each class.")
    if not (np.isfinite(training.weights).all() and (training.weights >= 0).all()):
        raise refuse("model-training", "weights must be finite and not below zero.")
    drawn = training.audit[~np.isnan(training.audit)]
    if not ((drawn > 0) & (drawn <= 1)).all():
        raise refuse("model-training", "audit must be a probability above 0 and up to 1, or NaN for a picked row.")
    data = training.x if isinstance(training.x, np.ndarray) else training.x.data
    if not np.isfinite(data).all():
        raise refuse("model-training", "features must be finite: encode missing values first.")
