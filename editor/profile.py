"""What a column looks like: how much is missing, its range or its commonest words, and its shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

BARS = 12
"""Bars of a histogram."""
COMMON = 5
_LONGEST = 80

Shape = Literal["number", "date", "yes-no", "words"]


@dataclass(frozen=True)
class ColumnLook:
    """One column. `missing` is a share from 0 to 1; `low`, `middle` and `high` are words.

    `bars` counts the values between `low` and `high` in 12 equal steps, for numbers and dates;
    `common` holds the commonest words with their counts, for everything else. `distinct` counts
    different values.
    """

    name: str
    shape: Shape
    missing: float
    distinct: int
    low: str = ""
    middle: str = ""
    high: str = ""
    bars: tuple[int, ...] = ()
    common: tuple[tuple[str, int], ...] = ()


def profile(series: pl.Series) -> ColumnLook:
    """Return what a column looks like, from the rows that are given."""
    import polars as pl

    missing = series.null_count() / len(series) if len(series) else 0.0
    known = series.drop_nulls()
    if series.dtype.is_float():
        known = known.filter(known.is_finite())
    if series.dtype == pl.Boolean or not (series.dtype.is_numeric() or series.dtype.is_temporal()):
        shape: Shape = "yes-no" if series.dtype == pl.Boolean else "words"
        return ColumnLook(series.name, shape, missing, known.n_unique(), common=_common(known))
    shape = "number" if series.dtype.is_numeric() else "date"
    if not len(known):
        return ColumnLook(series.name, shape, missing, 0)
    low, middle, high = (in_words(end) for end in (known.min(), _middle(known), known.max()))
    return ColumnLook(series.name, shape, missing, known.n_unique(), low, middle, high, _bars(known))


def in_words(value: object) -> str:
    """Return one value as it is shown in a table: short, and nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e15 else f"{value:.6g}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _middle(known: pl.Series) -> object:
    """Return a middle value that occurs: half of the others are below it."""
    return known.sort()[len(known) // 2]


def _common(known: pl.Series) -> tuple[tuple[str, int], ...]:
    import polars as pl

    counts = known.cast(pl.String, strict=False).rename("word").value_counts(name="n")
    top = counts.sort(["n", "word"], descending=[True, False]).head(COMMON)
    return tuple((in_words(word), int(count)) for word, count in top.iter_rows())


def _bars(known: pl.Series) -> tuple[int, ...]:
    import polars as pl

    numbers = known.to_physical().cast(pl.Float64)
    low, high = numbers.to_frame("n").select(low=pl.col("n").min(), high=pl.col("n").max()).row(0)
    if not high > low:
        return (len(known),) + (0,) * (BARS - 1)
    place = ((numbers - low) / (high - low) * BARS).floor().clip(0, BARS - 1).cast(pl.Int32)
    counts = dict(place.rename("bar").value_counts(name="n").iter_rows())
    return tuple(int(counts.get(bar, 0)) for bar in range(BARS))
