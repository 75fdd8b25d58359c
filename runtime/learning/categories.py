"""A column of categories as features: one for each frequent level, one for the rest, one for missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

MOST_LEVELS = 120
"""Levels kept for one column, most frequent first; the rest share "other"."""


@dataclass(frozen=True)
class CategoryColumn:
    """A fitted column of categories; a level that was not seen in the reference counts as "other"."""

    column: str
    levels: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return one human name for each feature, in order."""
        told = (f"{self.column} = {level}" for level in self.levels)
        return (f"{self.column} is missing", f"{self.column} = other", *told)

    def encode(self, series: pl.Series) -> csr_matrix:
        """Return (n, features) float64 with exactly one 1.0 in each row."""
        texts = labels(series)
        places = pl.DataFrame({"level": self.levels, "place": range(2, 2 + len(self.levels))}).cast(
            {"level": pl.String, "place": pl.Int64}
        )
        found = texts.to_frame("level").join(places, on="level", how="left", maintain_order="left")["place"]
        place = np.where(texts.is_null().to_numpy(), 0, found.fill_null(1).to_numpy())
        n = len(texts)
        return csr_matrix((np.ones(n), place, np.arange(n + 1)), shape=(n, 2 + len(self.levels)))


def learn_categories(column: str, series: pl.Series) -> CategoryColumn:
    """Keep the levels that occur at least twice in the reference, the most frequent first."""
    counts = labels(series).drop_nulls().alias("level").to_frame().group_by("level").len()
    frequent = counts.filter(pl.col("len") >= 2).sort("len", "level", descending=[True, False]).head(MOST_LEVELS)
    return CategoryColumn(column, tuple(sorted(frequent["level"].to_list())))


def labels(series: pl.Series) -> pl.Series:
    """Return a column as trimmed text, null where it is missing or blank; booleans read yes and no."""
    if series.dtype == pl.Boolean:
        series = series.cast(pl.String).replace({"true": "yes", "false": "no"})
    texts = series.cast(pl.String, strict=False).str.strip_chars()
    return texts.set(texts == "", None)
