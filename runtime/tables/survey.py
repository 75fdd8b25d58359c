"""What the words of a whole column show, gathered part by part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from runtime.tables.dates import read_dates
from runtime.tables.numbers import read_numbers
from runtime.tables.oddities import SHOWN
from runtime.tables.settings import TableSettings

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

    def add(self, series: pl.Series, missing: Sequence[str]) -> None:
        """Take in the words of one part."""
        words = distinct(series, missing)
        self.filled += int(words["n"].sum())
        longest = words["word"].str.len_chars().max()
        self.longest = max(self.longest, longest if isinstance(longest, int) else 0)
        words = words.hstack(read_numbers(words["word"])).hstack(read_dates(words["word"]))
        self._mark(words)
        _grow(self.words, words["word"], DISTINCT)
        if self.counts["date"] and len(self.notes) <= NOTES:
            _grow(self.notes, generalised(words.filter(~(_DAY | _MONTH))["word"]), NOTES)

    def _mark(self, words: pl.DataFrame) -> None:
        met = words.select(mark.fill_null(False).alias(name) for name, mark in MARKS.items())
        for name in MARKS:
            count = int(words["n"].filter(met[name]).sum())
            self.counts[name] += count
            if count and len(self.examples[name]) < SHOWN:
                found = words["word"].filter(met[name]).head(SHOWN).to_list()
                self.examples[name] = tuple(dict.fromkeys((*self.examples[name], *found)))[:SHOWN]


def survey(
    parts: Iterable[pl.DataFrame], schema: dict[str, pl.DataType], settings: TableSettings
) -> dict[str, Evidence]:
    """Return the evidence of every column of the schema, after one pass over the parts."""
    found = {name: Evidence(None if kind == pl.String else kind) for name, kind in schema.items()}
    for part in parts:
        for name, evidence in found.items():
            series = part[name]
            if evidence.native is None:
                evidence.add(series, settings.missing)
            else:
                _add_native(evidence, series)
    return found


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


def distinct(series: pl.Series, missing: Sequence[str]) -> pl.DataFrame:
    """Return the different trimmed words that are not missing, with `n` and whether any was `spaced`."""
    raw = pl.DataFrame({"raw": series}).drop_nulls()
    words = raw.select(word=pl.col("raw").str.strip_chars(), spaced=pl.col("raw").str.len_bytes())
    words = words.with_columns(spaced=pl.col("spaced") != pl.col("word").str.len_bytes())
    known = words.filter(~pl.col("word").is_in(list(missing)))
    return known.group_by("word", maintain_order=True).agg(n=pl.len(), spaced=pl.col("spaced").any())


def generalised(words: pl.Series) -> pl.Series:
    """Return the words with each run of digits as #: `See ASN-93 (ID#:1281)` is `See ASN-# (ID#:#)`."""
    return words.str.replace_all("[0-9]+", "#")


def _grow(known: dict[str, None], words: pl.Series, bound: int) -> None:
    if len(known) <= bound:
        for word in words:
            known[word] = None
            if len(known) > bound:
                return
