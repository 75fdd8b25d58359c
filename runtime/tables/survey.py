"""What the words of a whole column show, gathered part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from runtime.tables.dates import read_dates
from runtime.tables.numbers import read_numbers
from runtime.tables.oddities import SHOWN
from runtime.tables.settings import TableSettings
from runtime.tables.stacks import stacked, stacks

DISTINCT = 1_000
"""How many different words are counted; a column with more is no category."""
NOTES = 20
"""How many different notes are counted among dates."""

_POINT, _COMMA = pl.col("point").is_not_null(), pl.col("comma").is_not_null()
_DAY, _MONTH = pl.col("day_first").is_not_null(), pl.col("month_first").is_not_null()
_NUMBER = _POINT | _COMMA
MARKS: dict[str, pl.Expr] = {
    "point": _POINT,
    "comma": _COMMA,
    "point_sure": _POINT & ~_COMMA,
    "comma_sure": _COMMA & ~_POINT,
    "point_or_comma": pl.col("point") != pl.col("comma"),
    "not_point": ~_POINT & ~pl.col("not_finite"),
    "not_comma": ~_COMMA & ~pl.col("not_finite"),
    "not_finite": pl.col("not_finite"),
    "leading_zero": pl.col("leading_zero"),
    "long_digits": pl.col("long_digits"),
    "money": pl.col("money") & _NUMBER,
    "percent": pl.col("percent") & _NUMBER,
    "bracketed": pl.col("bracketed") & _NUMBER,
    "day_first": _DAY,
    "month_first": _MONTH,
    "date": _DAY | _MONTH,
    "not_day_first": ~_DAY,
    "not_month_first": ~_MONTH,
    "day_sure": pl.col("day_sure"),
    "month_sure": pl.col("month_sure"),
    "day_or_month": pl.col("either"),
    "short_year": pl.col("short_year"),
    "timed": pl.col("timed"),
    "naive": pl.col("naive"),
    "spaced": pl.col("spaced"),
}
_WORD = pl.col("word")
_SHOWN: tuple[pl.Expr, ...] = (
    pl.col("n").sum().alias("filled"),
    _WORD.str.len_chars().max().alias("longest"),
    _WORD.head(DISTINCT + 1).alias("words"),
    *(pl.col("n").filter(pl.col(name)).sum().alias(f"{name}: count") for name in MARKS),
    *(_WORD.filter(pl.col(name)).head(SHOWN).alias(name) for name in MARKS),
)
"""What is gathered of each column in one go."""


@dataclass
class Evidence:
    """What one column shows: how many values carry a mark, the first examples, the distinct words.

    It is filled while the parts pass by and only read afterwards. `words` and `notes` stop growing one past
    their bounds.
    """

    native: pl.DataType | None = None
    filled: int = 0
    longest: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MARKS, 0))
    examples: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(MARKS, ()))
    words: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    def add(self, shown: Mapping[str, Any]) -> None:
        """Take in what the words of one part show."""
        self.filled += shown["filled"]
        self.longest = max(self.longest, shown["longest"])
        for name in MARKS:
            self.counts[name] += shown[f"{name}: count"]
            if len(self.examples[name]) < SHOWN:
                self.examples[name] = tuple(dict.fromkeys((*self.examples[name], *shown[name])))[:SHOWN]
        _grow(self.words, shown["words"], DISTINCT)


def survey(
    parts: Iterable[pl.DataFrame], schema: dict[str, pl.DataType], settings: TableSettings
) -> dict[str, Evidence]:
    """Return the evidence of every column of the schema, after one pass over the parts."""
    found = {name: Evidence(None if kind == pl.String else kind) for name, kind in schema.items()}
    words = [name for name, evidence in found.items() if evidence.native is None]
    for part in parts:
        for names in stacks(words, part.height):
            _add_words([found[name] for name in names], distinct(part, names, settings.missing))
        for name, evidence in found.items():
            if evidence.native is not None:
                _add_native(evidence, part[name])
    return found


def _add_words(found: Sequence[Evidence], words: pl.DataFrame) -> None:
    """Take in the words of several columns; `at` says to which of them each belongs."""
    read = words.hstack(read_numbers(words["word"])).hstack(read_dates(words["word"]))
    marks = (mark.fill_null(False).alias(name) for name, mark in MARKS.items())
    met = read.select("at", "n", "word", *marks)
    for row in met.group_by("at").agg(_SHOWN).iter_rows(named=True):
        found[row["at"]].add(row)
    dated = [at for at, each in enumerate(found) if each.counts["date"] and len(each.notes) <= NOTES]
    odd = met.filter(~pl.col("date"), pl.col("at").is_in(dated)).with_columns(generalised("word"))
    notes = odd.group_by("at").agg(pl.col("word").unique(maintain_order=True).head(NOTES + 1))
    for at, some in notes.iter_rows():
        _grow(found[at].notes, some, NOTES)


def _add_native(evidence: Evidence, series: pl.Series) -> None:
    evidence.filled += len(series) - series.null_count()
    if series.dtype == pl.Float64:
        evidence.counts["not_finite"] += int((~series.is_finite()).sum())
    if series.dtype.is_integer():
        beyond = series.cast(pl.Float64).abs() > 2**53
        evidence.counts["long_digits"] += int(beyond.sum())
        evidence.examples["long_digits"] = tuple(str(value) for value in series.filter(beyond).head(SHOWN))
    if isinstance(series.dtype, pl.Datetime):
        evidence.counts["timed"] += int((series != series.dt.truncate("1d")).sum())


def distinct(part: pl.DataFrame, names: Sequence[str], missing: Sequence[str]) -> pl.DataFrame:
    """Return the different trimmed words of each column that are not missing.

    `at` is the position of the column among the names, `n` how often it holds the word, and `spaced` whether
    any of them had spaces around.
    """
    at = pl.Series("at", np.repeat(np.arange(len(names), dtype=np.uint32), part.height))
    raw = pl.DataFrame([at, stacked(part, names).alias("raw")]).drop_nulls()
    words = raw.select("at", word=pl.col("raw").str.strip_chars(), spaced=pl.col("raw").str.len_bytes())
    words = words.with_columns(spaced=pl.col("spaced") != pl.col("word").str.len_bytes())
    known = words.filter(~pl.col("word").is_in(list(missing)))
    return known.group_by("at", "word", maintain_order=True).agg(n=pl.len(), spaced=pl.col("spaced").any())


def generalised(column: str) -> pl.Expr:
    """Return the words with each run of digits as #: `See ASN-93 (ID#:1281)` is `See ASN-# (ID#:#)`."""
    return pl.col(column).str.replace_all("[0-9]+", "#")


def _grow(known: dict[str, None], words: Iterable[str], bound: int) -> None:
    if len(known) <= bound:
        for word in words:
            known[word] = None
            if len(known) > bound:
                return
