"""The model on the half of the held-out cases that only reports: no answer on them ever trained it."""

from __future__ import annotations

import polars as pl

from runtime.measuring_rounds.ground import Ground, sampled
from runtime.measuring_rounds.taken import Taken, truth_words

REPORTS = 2


def held_out(ground: Ground) -> Taken:
    """Return the model, as it is now, on the reporting half of the held-out cases whose truth is known."""

    def reporting(frame: pl.DataFrame) -> pl.DataFrame:
        return ground.truths.of(frame.filter(pl.col("held_out") == REPORTS))

    rows = ground.scored(reporting)
    sample = sampled(rows, ground.said(rows), ground.chances(rows))
    return Taken("model", "held-out", truth_words(rows), "cases held out", sample)
