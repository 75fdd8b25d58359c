"""What the model says of a case: its probabilities at the threshold of the flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runtime.choosing.deciding import HELD, spoken
from runtime.measuring.sample import Floats, Integers
from runtime.values import Decisions, Predictions

EQUAL = 1e-6
"""Shares that differ by less are equal: such a model has seen nothing yet, and says nothing."""


@dataclass(frozen=True)
class Rule:
    """How probabilities become a decision; the fields are those of `Decisions`."""

    classes: tuple[str, ...]
    positive: str = ""
    threshold: float | None = None
    at_least: float = 0.0
    mistakes: tuple[float, ...] = ()

    def said(self, chances: Floats) -> Integers:
        """Return (n,) the place of what the model says, -1 where it says nothing.

        chances: (n, k) float; a row of NaN is one without probabilities.
        """
        if not len(chances):
            return np.empty(0, dtype=np.int64)
        known = np.nan_to_num(chances).astype(np.float32)
        said = spoken(known, self.classes, self.positive, self.threshold, self.at_least, self.mistakes)
        silent = np.isnan(chances).any(axis=1) | (known.max(axis=1) - known.min(axis=1) < EQUAL)
        return np.where(silent, HELD, said)


def rule_of(predictions: Predictions, decisions: tuple[Decisions, ...]) -> Rule:
    """Return the rule of the first decisions that state one, else: the most likely label."""
    classes = predictions.classes
    for entry in decisions:
        fits = entry.threshold is None or (len(classes) == 2 and entry.positive in classes)
        if fits and (entry.threshold is not None or entry.at_least > 0):
            return Rule(classes, entry.positive, entry.threshold, entry.at_least, entry.mistakes)
    return Rule(classes)
