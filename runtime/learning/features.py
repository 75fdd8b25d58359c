"""From a table to numbers that a model can learn from, each with a name that a person can read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Literal

import polars as pl
from scipy.sparse import csr_matrix, hstack

from flows.problems import Refused, refuse
from runtime.learning.amounts import NumberColumn, floats, learn_numbers
from runtime.learning.categories import CategoryColumn, learn_categories
from runtime.learning.dates import DateColumn, DayGap, days_since_1970, learn_dates, learn_gaps
from runtime.learning.texts import TextColumn, learn_texts

_Column = NumberColumn | CategoryColumn | DateColumn | TextColumn
ColumnType = Literal["number", "date", "datetime", "yes-no", "category", "text"]


@dataclass(frozen=True)
class Features:
    """A fitted encoder: learned once from a reference table, it never sees a target.

    The same table gives the same matrix, bit for bit, and each row depends on itself alone.
    """

    numbers: tuple[NumberColumn, ...] = ()
    categories: tuple[CategoryColumn, ...] = ()
    dates: tuple[DateColumn, ...] = ()
    gaps: tuple[DayGap, ...] = ()
    texts: tuple[TextColumn, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the table's columns that are used."""
        used: tuple[_Column, ...] = (*self.numbers, *self.categories, *self.dates, *self.texts)
        paired = (column for gap in self.gaps for column in (gap.first, gap.second))
        return tuple(dict.fromkeys((*(part.column for part in used), *paired)))

    @cached_property
    def names(self) -> list[str]:
        """Return a human name for each column of the matrix: "Country = Nigeria", "Weight"."""
        gaps = (gap.days for gap in self.gaps)
        parts: tuple[_Column, ...] = (*self.numbers, *self.categories, *self.dates, *gaps, *self.texts)
        return [name for part in parts for name in part.names]

    @cached_property
    def digest(self) -> str:
        """Return a short hash of everything that was learned."""
        return blake2b(repr(self).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def encode(self, frame: pl.DataFrame) -> csr_matrix:
        """Return (n, features) float64, finite throughout.

        Missing values have a feature of their own, unseen categories count as "other".
        Raises Refused with `model-column-vanished` when a column is no longer there.
        """
        if vanished := column_missing(self, frame):
            raise _vanished(vanished, frame)
        days = {column: days_since_1970(frame[column]) for column in self._dated()}
        blocks = [
            csr_matrix((frame.height, 0)),
            *(number.encode(floats(frame[number.column])) for number in self.numbers),
            *(category.encode(frame[category.column]) for category in self.categories),
            *(date.encode(days[date.column]) for date in self.dates),
            *(gap.days.encode(days[gap.second] - days[gap.first]) for gap in self.gaps),
            *(text.encode(frame[text.column]) for text in self.texts),
        ]
        return hstack(blocks, format="csr")

    def _dated(self) -> set[str]:
        return {
            *(date.column for date in self.dates),
            *(column for gap in self.gaps for column in (gap.first, gap.second)),
        }


def learn_features(frame: pl.DataFrame, types: Mapping[str, ColumnType], leave_out: Collection[str] = ()) -> Features:
    """Learn how to encode the columns that have a type and are not left out.

    Raises Refused with `model-column-vanished` when a typed column is not in the table.
    """
    used = {column: kind for column, kind in types.items() if column not in leave_out}
    if vanished := [column for column in used if column not in frame.columns]:
        raise _vanished(vanished, frame)
    of = {kind: [column for column in used if used[column] == kind] for kind in set(used.values())}
    dates = sorted((*of.get("date", ()), *of.get("datetime", ())))
    days = {column: days_since_1970(frame[column]) for column in dates}
    return Features(
        tuple(learn_numbers(column, floats(frame[column])) for column in sorted(of.get("number", ()))),
        tuple(
            learn_categories(column, frame[column])
            for column in sorted((*of.get("category", ()), *of.get("yes-no", ())))
        ),
        tuple(learn_dates(column, days[column]) for column in dates),
        learn_gaps(days),
        tuple(learn_texts(column, frame[column], len(used)) for column in sorted(of.get("text", ()))),
    )


def column_missing(features: Features, frame: pl.DataFrame) -> list[str]:
    """Return the columns that the features need and the table no longer has."""
    return [column for column in features.columns if column not in frame.columns]


def _vanished(columns: list[str], frame: pl.DataFrame) -> Refused:
    gone = ", ".join(f"“{column}”" for column in columns)
    there = ", ".join(f"“{column}”" for column in frame.columns) or "none"
    verb = "a column that is" if len(columns) == 1 else "columns that are"
    return refuse(
        "model-column-vanished",
        f"The model needs {verb} not in the table: {gone}. Columns that are there: {there}. "
        "Bring the column back under this name, or leave it out in the model's settings.",
    )
