"""Columns of dates as features: how late in time, which season, which weekday, and the days between two."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_matrix, hstack

from runtime.learning.amounts import Floats, NumberColumn, learn_numbers

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MOST_PAIRED = 4
"""Date columns between which days are counted: 4 give 6 pairs; more would drown the other features."""


@dataclass(frozen=True)
class DateColumn:
    """A fitted column of dates; its days are counted from 1970-01-01, UTC."""

    days: NumberColumn

    @property
    def column(self) -> str:
        """Return the column's name."""
        return self.days.column

    @property
    def names(self) -> tuple[str, ...]:
        """Return one human name for each feature, in order."""
        season = (f"{self.column} nearer April than October", f"{self.column} nearer January than July")
        weekdays = (f"{self.column} on a {day}" for day in WEEKDAYS)
        return (*self.days.names, *season, *weekdays)

    def encode(self, days: Floats) -> csr_matrix:
        """Return (n, features) float64 from days since 1970-01-01; NaN is missing."""
        known = np.isfinite(days)
        whole = np.where(known, np.floor(np.where(known, days, 0.0)), 0.0)
        months = whole.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
        angle = 2 * np.pi * months / 12
        season = np.column_stack([np.sin(angle), np.cos(angle)]) * known[:, None]
        weekday = np.zeros((len(days), 7))
        weekday[np.arange(len(days)), (whole.astype(np.int64) + 3) % 7] = known
        return hstack([self.days.encode(days), csr_matrix(season), csr_matrix(weekday)], format="csr")


@dataclass(frozen=True)
class DayGap:
    """The days from one date column to another, scaled like any number."""

    first: str
    second: str
    days: NumberColumn


def learn_dates(column: str, days: Floats) -> DateColumn:
    """Learn the scale of a date column from days since 1970-01-01."""
    return DateColumn(learn_numbers(column, days, days=True))


def learn_gaps(days: dict[str, Floats]) -> tuple[DayGap, ...]:
    """Learn the days between every two of the fullest four date columns."""
    fullest = sorted(days, key=lambda column: -int(np.isfinite(days[column]).sum()))[:MOST_PAIRED]
    pairs = combinations([column for column in days if column in fullest], 2)
    return tuple(_gap(first, second, days[second] - days[first]) for first, second in pairs)


def _gap(first: str, second: str, between: Floats) -> DayGap:
    """Count from the date that is mostly the earlier one, so that the name reads forward."""
    if (between < 0).sum() > (between > 0).sum():
        return _gap(second, first, -between)
    return DayGap(first, second, learn_numbers(f"Days from {first} to {second}", between))


def days_since_1970(series: pl.Series) -> Floats:
    """Return a column of dates, times or ISO texts as float days, NaN where missing or no date."""
    if series.dtype == pl.String:
        series = series.str.strip_chars().str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    if series.dtype == pl.Date:
        return _filled(series.cast(pl.Int32).cast(pl.Float64))
    if isinstance(series.dtype, pl.Datetime):
        return _filled(series.dt.epoch("ms").cast(pl.Float64)) / 86_400_000
    return np.full(len(series), np.nan)


def _filled(series: pl.Series) -> npt.NDArray[np.float64]:
    return series.fill_null(np.nan).to_numpy().astype(np.float64)
