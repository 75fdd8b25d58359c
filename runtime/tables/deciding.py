"""Which type a column has, decided from all of its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from runtime.tables.dates import which_first
from runtime.tables.settings import ColumnType, TableSettings
from runtime.tables.survey import DISTINCT, NOTES, Evidence

MOSTLY = 0.5
"""A column is of numbers or dates when at least half of its known values are."""
DATES_BESIDE_NOTES = 0.1
"""A tenth is enough for dates when all other values are a handful of notes such as `Date Not Captured`."""
CATEGORY_SHARE = 0.02
CATEGORY_AT_LEAST = 20
CATEGORY_LENGTH = 100  # characters; longer words are read, not compared

Decimal = Literal["point", "comma"]
Order = Literal["day-first", "month-first"]
YES_NO = ({"yes", "no"}, {"true", "false"})
SHORT_YES_NO = ({"y", "n"}, {"t", "f"})  # both must occur: a column of T alone says nothing


@dataclass(frozen=True)
class Decision:
    """How one column is read: its type, and the marks by which its words are understood."""

    column: str
    type: ColumnType
    native: bool = False
    decimal: Decimal = "point"
    decimal_guessed: bool = False
    order: Order = "day-first"
    lower: bool = False
    codes: bool = False
    noted: bool = False


def decide(found: Mapping[str, Evidence], rows: int, settings: TableSettings) -> tuple[Decision, ...]:
    """Return one decision per column; raises `table-date-order` where a column leaves the order open."""
    shared = _shared_decimal(found)
    return tuple(_decide(name, evidence, rows, settings, shared) for name, evidence in found.items())


def _decide(column: str, evidence: Evidence, rows: int, settings: TableSettings, shared: Decimal | None) -> Decision:
    if evidence.native is not None and column not in settings.text_columns:
        return _native(column, evidence)
    if evidence.native is None and column not in settings.text_columns and evidence.filled:
        decimal, guessed = _decimal(evidence, settings, shared)
        if _mostly_numbers(evidence, decimal):
            if evidence.counts["leading_zero"] or evidence.counts["long_digits"]:
                return Decision(column, _words(evidence, rows), codes=True)
            noted = evidence.counts[f"not_{decimal}"] > 0
            return Decision(column, "number", decimal=decimal, decimal_guessed=guessed, noted=noted)
        if _dates(evidence):
            return _date(column, evidence, settings)
        if pair := _yes_no(evidence):
            return Decision(column, "yes-no", lower=len(evidence.words) > pair)
    return Decision(column, _words(evidence, rows), native=evidence.native is not None)


def _native(column: str, evidence: Evidence) -> Decision:
    kind = evidence.native
    if kind == pl.Boolean:
        return Decision(column, "yes-no", native=True)
    if kind == pl.Date:
        return Decision(column, "date", native=True)
    if isinstance(kind, pl.Datetime):
        return Decision(column, "datetime" if evidence.counts["timed"] else "date", native=True)
    if evidence.counts["long_digits"]:
        return Decision(column, "text", native=True, codes=True)
    return Decision(column, "number", native=True)


def _mostly_numbers(evidence: Evidence, decimal: Decimal) -> bool:
    known = evidence.filled - evidence.counts["not_finite"]
    return evidence.counts[decimal] > 0 and evidence.counts[decimal] >= MOSTLY * known


def _shared_decimal(found: Mapping[str, Evidence]) -> Decimal | None:
    """Return the decimal mark on which all columns that show one agree, for columns that show none."""
    numeric = [each for each in found.values() if _mostly_numbers(each, "point") or _mostly_numbers(each, "comma")]
    sure: set[Decimal] = set()
    sure |= {"point"} if any(each.counts["point_sure"] for each in numeric) else set()
    sure |= {"comma"} if any(each.counts["comma_sure"] for each in numeric) else set()
    return sure.pop() if len(sure) == 1 else None


def _decimal(evidence: Evidence, settings: TableSettings, shared: Decimal | None) -> tuple[Decimal, bool]:
    """Return the mark, and whether the values of this column leave it open."""
    if settings.decimal != "auto":
        return settings.decimal, False
    point, comma = evidence.counts["point_sure"], evidence.counts["comma_sure"]
    if point or comma:
        return ("comma" if comma > point else "point"), False
    return shared or "point", evidence.counts["point_or_comma"] > 0


def _dates(evidence: Evidence) -> bool:
    dates = evidence.counts["date"]
    few = len(evidence.notes) <= NOTES and dates >= DATES_BESIDE_NOTES * evidence.filled
    return dates > 0 and (few or dates >= MOSTLY * evidence.filled)


def _date(column: str, evidence: Evidence, settings: TableSettings) -> Decision:
    order = _order(column, evidence, settings)
    name = "day_first" if order == "day-first" else "month_first"
    kind: ColumnType = "datetime" if evidence.counts["timed"] else "date"
    return Decision(column, kind, order=order, noted=evidence.counts[f"not_{name}"] > 0)


def _order(column: str, evidence: Evidence, settings: TableSettings) -> Order:
    if settings.dates != "ask":
        return settings.dates
    day, month = evidence.counts["day_sure"], evidence.counts["month_sure"]
    if (day and month) or (evidence.counts["day_or_month"] and not day and not month):
        shown = evidence.examples
        raise which_first(column, shown["day_sure"], shown["month_sure"], shown["day_or_month"])
    return "month-first" if month else "day-first"


def _yes_no(evidence: Evidence) -> int:
    """Return how many different words the pair has in this column, 0 if it is no yes-no column."""
    lower = {word.lower() for word in evidence.words}
    is_pair = any(lower <= pair for pair in YES_NO) or lower in SHORT_YES_NO
    return len(lower) if is_pair else 0


def _words(evidence: Evidence, rows: int) -> ColumnType:
    at_most = min(DISTINCT, max(CATEGORY_AT_LEAST, int(CATEGORY_SHARE * rows)))
    few = 0 < len(evidence.words) <= at_most
    return "category" if few and evidence.longest <= CATEGORY_LENGTH else "text"
