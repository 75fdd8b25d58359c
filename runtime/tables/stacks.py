"""Columns put one below another, so that many narrow ones are read in one go and not one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

CELLS = 200_000
"""How many cells are stacked at most: a call costs a few milliseconds, whether for 50 words or for 5,000."""


def stacks(names: Sequence[str], height: int) -> Iterator[Sequence[str]]:
    """Yield the names in groups of columns that hold at most `CELLS` cells together; one at least."""
    each = max(1, CELLS // max(1, height))
    for start in range(0, len(names), each):
        yield names[start : start + each]


def stacked(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Return the words of these columns, one column below the other."""
    return pl.concat([frame[name].alias("word") for name in names])
