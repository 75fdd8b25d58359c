"""Turning the words of a part into typed columns, as decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from runtime.tables.dates import read_dates
from runtime.tables.deciding import Decision
from runtime.tables.native import spelled
from runtime.tables.numbers import read_numbers
from runtime.tables.settings import KEY, ColumnType
from runtime.tables.survey import generalised

TYPES: dict[ColumnType, pl.DataType] = {
    "number": pl.Float64(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
    "yes-no": pl.String(),
    "category": pl.String(),
    "text": pl.String(),
}


@dataclass(frozen=True)
class Columns:
    """Columns of a table with what was decided about them, and the names under which notes are kept."""

    decisions: tuple[Decision, ...]
    notes: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns as they are staged, without notes."""
        return tuple(decision.column for decision in self.decisions)

    def types(self) -> dict[str, ColumnType]:
        """Return the type of each column that a frame has, notes next to the column that they belong to."""
        found: dict[str, ColumnType] = {}
        for decision in self.decisions:
            found[decision.column] = decision.type
            if decision.noted:
                found[self.notes[decision.column]] = "category"
        return found

    def frame(self, key: pl.Series, part: pl.DataFrame, missing: Sequence[str]) -> pl.DataFrame:
        """Return the key and the typed columns of a part."""
        columns = [key]
        for decision in self.decisions:
            value, note = typed(part[decision.column], decision, missing)
            columns.append(value)
            if note is not None:
                columns.append(note.rename(self.notes[decision.column]))
        return pl.DataFrame(columns)

    def empty(self) -> pl.DataFrame:
        """Return a frame with these columns and no rows."""
        types = {name: TYPES[kind] for name, kind in self.types().items()}
        return pl.DataFrame(schema={KEY: pl.String(), **types})


def typed(series: pl.Series, decision: Decision, missing: Sequence[str]) -> tuple[pl.Series, pl.Series | None]:
    """Return the column with its type, and where it has notes the column of them, else None.

    Numbers are float64, dates Date, datetimes Datetime[us, UTC], all others String; missing is null.
    """
    kind = TYPES[decision.type]
    if decision.native:
        return _native(series, kind), None
    words = _known(series, missing)
    if decision.type == "text":
        untrimmed = pl.DataFrame({"raw": series, "word": words})
        known = pl.when(pl.col("word").is_not_null()).then("raw")
        return untrimmed.select(known.alias(series.name)).to_series(), None
    if decision.type in ("category", "yes-no"):
        return (words.str.to_lowercase() if decision.lower else words), None
    read = _read(words, decision)
    value = read["value"].cast(kind).rename(series.name)
    return value, read["note"] if decision.noted else None


def _read(words: pl.Series, decision: Decision) -> pl.DataFrame:
    """Return value and note of each word, having read each different word once."""
    name = "day_first" if decision.order == "day-first" else "month_first"
    reader: Callable[[pl.Series], pl.DataFrame] = read_dates
    if decision.type == "number":
        reader, name = read_numbers, decision.decimal
    different = words.drop_nulls().unique(maintain_order=True)
    known = reader(different).with_columns(word=different).with_columns(value=name)
    odd = known["value"].is_null()
    if decision.type == "number":
        odd = odd & ~known["not_finite"]
    told = different.filter(odd)
    notes = pl.DataFrame({"word": told, "note": generalised(told)}, schema={"word": pl.String, "note": pl.String})
    known = known.select("word", "value").join(notes, on="word", how="left", maintain_order="left")
    return pl.DataFrame({"word": words}).join(known, on="word", how="left", maintain_order="left")


def _known(series: pl.Series, missing: Sequence[str]) -> pl.Series:
    """Return the trimmed words, null where they mean missing."""
    word = pl.col("word").str.strip_chars()
    frame = pl.DataFrame({"word": series})
    return frame.select(pl.when(~word.is_in(list(missing))).then(word).alias(series.name)).to_series()


def _native(series: pl.Series, kind: pl.DataType) -> pl.Series:
    if kind == pl.String:
        return spelled(series)
    values = series.cast(kind)
    if kind != pl.Float64:
        return values
    return pl.DataFrame({"v": values}).select(pl.when(pl.col("v").is_finite()).then("v").alias(series.name)).to_series()
