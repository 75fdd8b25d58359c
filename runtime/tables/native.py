"""Columns that come with a type of their own, brought to the few types that a stage holds."""

from __future__ import annotations

import polars as pl

from runtime.tables.json_lines import as_json
from runtime.tables.oddities import Oddity


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with numbers, booleans, dates, UTC datetimes and words only.

    Lists, structs and objects become JSON text, bytes become hexadecimal, times and durations become words.
    """
    return frame.select(_plain(series) for series in frame.get_columns())


def _plain(series: pl.Series) -> pl.Series:
    kind = series.dtype
    if isinstance(kind, pl.List | pl.Array | pl.Struct | pl.Object):
        words = [None if value is None else as_json(value) for value in series.to_list()]
        return pl.Series(series.name, words, pl.String)
    if isinstance(kind, pl.Datetime):
        zoned = series.dt.convert_time_zone("UTC") if kind.time_zone else series.dt.replace_time_zone("UTC")
        return zoned.dt.cast_time_unit("us")
    if isinstance(kind, pl.Binary):
        return series.bin.encode("hex")
    if isinstance(kind, pl.Decimal | pl.Float32):
        return series.cast(pl.Float64)
    if kind.is_integer() or isinstance(kind, pl.Float64 | pl.Boolean | pl.Date):
        return series
    return series.cast(pl.String)


def nested(names: list[str]) -> tuple[Oddity, ...]:
    """Return the report on columns that held lists or objects."""
    says = "The column {} held lists or objects; they are kept as JSON text."
    return tuple(Oddity(name, "nested", 1, (), says.format(name)) for name in names)


def spelled(series: pl.Series) -> pl.Series:
    """Return the column as words: 1.0 is spelled 1, as a person would type it, so that keys agree."""
    words = series.cast(pl.String)
    return words.str.strip_suffix(".0") if series.dtype.is_float() else words
