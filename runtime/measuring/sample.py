"""The cases that a measure is taken on: what was true, what was decided, and how each case was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Measure = Literal["accuracy", "balanced_accuracy", "f1", "auc", "log_loss", "calibration_error", "recall", "precision"]

Floats = npt.NDArray[np.floating]
Integers = npt.NDArray[np.integer]
Flags = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.integer] | npt.NDArray[np.str_] | npt.NDArray[np.object_]

FROM_PROBABILITY: tuple[Measure, ...] = ("auc", "log_loss", "calibration_error")
LESS_IS_BETTER: tuple[Measure, ...] = ("log_loss", "calibration_error")
NEEDS_POSITIVE: tuple[Measure, ...] = ("recall", "precision", "f1", "auc")


@dataclass(frozen=True, eq=False)
class Sample:
    """Cases with a known truth; one row is one case.

    truth: (n,) integer, index into the classes, from 0.
    decided: (n,) integer, the hard decision; -1 says that there was none. Such a case is neither right nor
        wrong: it lowers `covered`.
    probability: (n, k) float, rows sum to 1; a row of NaN says that there was none; None: nobody gave any.
    weight: (n,) float > 0, one over the probability with which the case was drawn.
    cluster: (n,) integer or text; cases of one cluster (a delivery, a person) share a fate.
    Raises ValueError with a sentence when the parts do not fit together.
    """

    truth: Integers
    decided: Integers
    probability: Floats | None
    weight: Floats
    cluster: Groups

    def __post_init__(self) -> None:
        _check_lengths(self)
        _check_classes(self)
        if self.weight.dtype.kind not in "fiu":
            raise ValueError(f"'weight' must hold numbers, not {self.weight.dtype}.")
        # The bounds keep squares of sums finite; a NaN fails them as well.
        if not np.all((self.weight >= 1e-12) & (self.weight <= 1e12)):
            raise ValueError(
                "Each weight must be a number above 0 (1e-12 to 1e12): one over its chance of being drawn."
            )
        if self.probability is not None:
            _check_probability(self.probability, self.truth)

    @classmethod
    def of(
        cls,
        truth: Integers,
        decided: Integers,
        probability: Floats | None = None,
        weight: Floats | None = None,
        cluster: Groups | None = None,
    ) -> Sample:
        """Return a sample in which all cases weigh the same and stand alone, unless said otherwise."""
        rows = len(truth)
        return cls(
            truth,
            decided,
            probability,
            np.ones(rows) if weight is None else weight,
            np.arange(rows) if cluster is None else cluster,
        )

    def rows(self, keep: Flags) -> Sample:
        """Return the cases that are marked in `keep`, (n,) bool."""
        probability = None if self.probability is None else self.probability[keep]
        return Sample(self.truth[keep], self.decided[keep], probability, self.weight[keep], self.cluster[keep])

    def answered(self, measure: Measure) -> Flags:
        """Return (n,) bool: whether a case has the decision, or the probabilities, that `measure` reads."""
        if measure not in FROM_PROBABILITY:
            return self.decided >= 0
        if self.probability is None:
            return np.zeros(len(self.truth), dtype=np.bool_)
        answered: Flags = np.logical_not(np.isnan(self.probability).any(axis=1))
        return answered


def _check_lengths(sample: Sample) -> None:
    parts = {
        "truth": sample.truth,
        "decided": sample.decided,
        "weight": sample.weight,
        "cluster": sample.cluster,
    }
    for name, part in parts.items():
        if part.ndim != 1:
            raise ValueError(f"'{name}' must be a plain list of one value a case, not of shape {part.shape}.")
    lengths = {name: len(part) for name, part in parts.items()}
    if sample.probability is not None:
        lengths["probability"] = len(sample.probability)
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {count}" for name, count in lengths.items())
        raise ValueError(f"All parts of a sample need one value a case; the number of values is: {found}.")


def _check_classes(sample: Sample) -> None:
    for name, part, least in (("truth", sample.truth, 0), ("decided", sample.decided, -1)):
        if len(part) and part.dtype.kind not in "iu":
            raise ValueError(f"'{name}' must hold class numbers (integers), not {part.dtype}.")
        if len(part) and part.min() < least:
            raise ValueError(f"'{name}' holds the class number {part.min()}; the smallest is {least}.")


def _check_probability(probability: Floats, truth: Integers) -> None:
    if probability.ndim != 2 or probability.dtype.kind != "f":
        raise ValueError(
            f"'probability' must hold floats in the shape (cases, classes), not {probability.dtype} in "
            f"{probability.shape}."
        )
    if len(truth) and truth.max() >= probability.shape[1]:
        raise ValueError(f"'truth' names class {truth.max()}, but 'probability' has {probability.shape[1]} classes.")
    given = probability[~np.isnan(probability).any(axis=1)]
    # 1e-3 admits float32 rows over some thousand classes and rejects percentages and raw scores.
    fits = (given >= 0).all() and (given <= 1.001).all() and (abs(given.sum(axis=1) - 1) < 1e-3).all()
    if not fits:
        raise ValueError("Each row of 'probability' must hold numbers from 0 to 1 that sum to 1.")
