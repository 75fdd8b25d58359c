"""A person meets a case: what they said first, what the model advised, what they said in the end, what was true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Origin = Literal["book", "table"]

COLUMNS: dict[str, type[pl.DataType]] = {
    "person": pl.String,
    "case": pl.String,
    "cluster": pl.String,
    "round": pl.Int64,
    "first": pl.String,
    "first_confidence": pl.Float64,
    "advice": pl.String,
    "advice_confidence": pl.Float64,
    "seen": pl.Boolean,
    "final": pl.String,
    "truth": pl.String,
    "weight": pl.Float64,
    "reason": pl.String,
    "probe": pl.Boolean,
    "blind": pl.Boolean,
    "seconds": pl.Float64,
}
"""The columns of `Encounters.frame`, one row a person and a case; what is not known is null.

cluster: what shares one fate with the case. round: in which it was asked. first: the person's own label,
given before the model's advice. first_confidence: how sure they were of it, 0..1. advice: the label that the
model named, advice_confidence its probability, 0..1. seen: whether the person saw it after their first
answer. final: their last word. weight: one over the chance with which the case was drawn at random, shared
among those who answered it; null for cases picked otherwise. reason: why it was asked. probe: a hidden case
whose label was known. blind: false where the way of picking told something. seconds: for all answers together.
"""


@dataclass(frozen=True, eq=False)
class Encounters:
    """What people and model said of the same cases.

    columns: what is known of each row's case beside that, one row for each of `frame`, to tell where the
    two differ. labels: all labels there are. positive: the label that matters, or nothing.
    noun: the rows in words.
    """

    frame: pl.DataFrame
    columns: pl.DataFrame
    labels: tuple[str, ...]
    positive: str = ""
    origin: Origin = "book"
    noun: str = "answers"

    def random(self) -> pl.DataFrame:
        """Return the rows that stand for all cases: drawn at random, each with its weight."""
        return self.numbered().filter(pl.col("weight").is_not_null() & ~pl.col("probe"))

    def asked(self) -> pl.DataFrame:
        """Return all rows but hidden known cases, each counting the same: not the population."""
        return self.numbered().filter(~pl.col("probe")).with_columns(weight=pl.lit(1.0))

    def numbered(self) -> pl.DataFrame:
        """Return all rows with their number, `row`, which finds them in `columns`."""
        return self.frame.with_row_index("row")


def framed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the columns of `COLUMNS` in their order, null where one is missing; empty labels are null."""
    there = [pl.col(name) if name in rows.columns else pl.lit(None).alias(name) for name in COLUMNS]
    typed = rows.select(there).cast({name: kind() for name, kind in COLUMNS.items()})
    labels = ("first", "advice", "final", "truth")
    return typed.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in labels)
