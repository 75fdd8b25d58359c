"""Turning the words of a part into typed columns, as decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from runtime.tables.dates import read_dates
from runtime.tables.deciding import Decision
from runtime.tables.native import spelled
from runtime.tables.numbers import read_numbers
from runtime.tables.settings import KEY, ColumnType
from runtime.tables.stacks import stacked, stacks
from runtime.tables.survey import generalised

Way = Literal["point", "comma", "day_first", "month_first"]
READ: tuple[ColumnType, ...] = ("number", "date", "datetime")

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
        """Return the key and the typed columns of a part.

        Numbers are Float64, dates Date, datetimes Datetime[us, UTC], all others String; missing is null.
        """
        known = part.select(_known(decision, missing) for decision in self.decisions if not decision.native)
        values = {name: known[name] for name in known.columns}
        for decision in self.decisions:
            if decision.native:
                values[decision.column] = _native(part[decision.column], TYPES[decision.type])
        for way, columns in self._read_alike().items():
            for names in stacks(columns, part.height):
                values |= self._read(known, names, way)
        return pl.DataFrame([key, *(values[name] for name in self.types())])

    def _read_alike(self) -> dict[Way, list[str]]:
        """Return the columns of numbers and dates by the way in which their words are understood."""
        found: dict[Way, list[str]] = {}
        for decision in self.decisions:
            if decision.type in READ and not decision.native:
                found.setdefault(way_of(decision), []).append(decision.column)
        return found

    def _read(self, known: pl.DataFrame, names: Sequence[str], way: Way) -> dict[str, pl.Series]:
        """Return the values of columns that are read alike, and their notes."""
        read, height, types = _read(stacked(known, names), way), known.height, self.types()
        found: dict[str, pl.Series] = {}
        for at, name in enumerate(names):
            part = read.slice(at * height, height)
            found[name] = part["value"].cast(TYPES[types[name]]).alias(name)
            if name in self.notes:
                found[self.notes[name]] = part["note"].alias(self.notes[name])
        return found

    def empty(self) -> pl.DataFrame:
        """Return a frame with these columns and no rows."""
        types = {name: TYPES[kind] for name, kind in self.types().items()}
        return pl.DataFrame(schema={KEY: pl.String(), **types})


def way_of(decision: Decision) -> Way:
    """Return how the words of a column of numbers or dates are read."""
    if decision.type == "number":
        return decision.decimal
    return "day_first" if decision.order == "day-first" else "month_first"


def _known(decision: Decision, missing: Sequence[str]) -> pl.Expr:
    """Return the words of a column, null where they mean missing; only text keeps the spaces around it."""
    raw = pl.col(decision.column)
    word = raw.str.strip_chars()
    shown = raw if decision.type == "text" else word.str.to_lowercase() if decision.lower else word
    return pl.when(~word.is_in(list(missing))).then(shown).alias(decision.column)


def _read(words: pl.Series, way: Way) -> pl.DataFrame:
    """Return value and note of each word, having read each different word once."""
    different = words.drop_nulls().unique(maintain_order=True)
    read = (read_numbers if way in ("point", "comma") else read_dates)(different)
    odd = pl.col(way).is_null()
    if "not_finite" in read.columns:
        odd = odd & ~pl.col("not_finite")
    known = read.with_columns(word=different).select("word", value=way, note=pl.when(odd).then(generalised("word")))
    return pl.DataFrame({"word": words}).join(known, on="word", how="left", maintain_order="left")


def _native(series: pl.Series, kind: pl.DataType) -> pl.Series:
    if kind == pl.String:
        return spelled(series)
    values = series.cast(kind)
    if kind != pl.Float64:
        return values
    return pl.DataFrame({"v": values}).select(pl.when(pl.col("v").is_finite()).then("v").alias(series.name)).to_series()
