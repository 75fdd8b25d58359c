"""A model that has learned: it scores cases and says what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from flows.problems import Refused, refuse
from runtime.learning.calibration import Calibration
from runtime.learning.linear import Linear
from runtime.learning.trees import Trees


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted model; without a scorer it gives every case the same shares."""

    classes: tuple[str, ...]
    version: str
    """Hash of what made it: rows, labels, weights, method, seed, prior and library versions."""

    notes: tuple[str, ...]
    """What a person should know about it, in plain sentences."""

    shares: npt.NDArray[np.float64]
    """(classes,) estimated shares in the population, smoothed; they sum to one."""

    width: int
    """Features that it was fitted on."""

    seen: npt.NDArray[np.int64]
    """Places of the classes that occur in training."""

    answers: int
    scorer: Linear | Trees | None = None
    calibration: Calibration | None = None

    def predict(self, x: csr_matrix | npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """Return (n, classes) float32 probabilities; rows sum to one, none is NaN.

        Classes never seen keep their share. After n answers a part of 1 / (n + 2) is the shares, so that
        nothing is ever certain. Raises Refused with `model-other-features` when the
        matrix has another width than the one fitted on.
        """
        if x.shape[1] != self.width:
            raise _other_width(self.width, x.shape[1])
        p = np.repeat(self.shares[None, :], x.shape[0], axis=0)
        if self.scorer is not None and self.calibration is not None and x.shape[0]:
            with threadpool_limits(1):
                known = self.calibration.probabilities(self.scorer.scores(csr_matrix(x)))
            mass = self.shares[self.seen].sum()
            doubt = 1 / (self.answers + 2)
            p[:, self.seen] = (1 - doubt) * mass * known + doubt * self.shares[self.seen]
        return np.asarray(p, dtype=np.float32)


def _other_width(wanted: int, found: int) -> Refused:
    return refuse(
        "model-other-features",
        f"The model was fitted on {wanted} features and is given {found}. "
        "Encode the cases with the features that the model was fitted on.",
    )
