"""A test in words as an expression on a column, judged by the type of the column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite

import polars as pl
from polars.selectors import by_name

from flows.problems import refuse

NUMBERS, DATES = ("number",), ("date", "datetime")
WORDS = ("yes-no", "category", "text")
MOMENTS = pl.Datetime("us", "UTC")

_COMPARED: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "is": lambda left, right: left == right,
    "is not": lambda left, right: left != right,
    "more than": lambda left, right: left > right,
    "after": lambda left, right: left > right,
    "less than": lambda left, right: left < right,
    "before": lambda left, right: left < right,
    "at least": lambda left, right: left >= right,
    "at most": lambda left, right: left <= right,
}
_FITS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("more than", "less than", "at least", "at most", "between"), (*NUMBERS, *DATES)),
    **dict.fromkeys(("after", "before"), DATES),
    "contains": WORDS,
}
"""The types that a test is for; one that is not named is for all."""


@dataclass(frozen=True)
class Operand:
    """One side of a comparison: an expression, the type it has, and how a sentence calls it."""

    expression: pl.Expr
    type: str
    called: str


def column(name: str, types: Mapping[str, str]) -> Operand:
    """Return a column as one side of a comparison; `column-missing` where there is none of that name."""
    if name not in types:
        raise refuse(
            "column-missing",
            f"There is no column called '{name}'. The columns are: {', '.join(types)}.",
        )
    # Not pl.col: it takes a column called * for all columns, and ^a.*$ for a pattern.
    return Operand(by_name(name).as_expr(), types[name], f"'{name}'")


def value(text: str, beside: Operand, place: str) -> Operand:
    """Return a word as the value of the column beside it; `value-unfit` where it is none of that type."""
    if beside.type in NUMBERS:
        return Operand(pl.lit(_number(text, beside, place)), "number", text)
    if beside.type in DATES:
        return _date(text, beside, place)
    return Operand(pl.lit(text), beside.type, text)


def compared(left: Operand, test: str, right: Operand, place: str) -> pl.Expr:
    """Return whether the left passes the test against the right; missing where one of them is missing.

    Numbers are compared with numbers, dates with dates, words with words. Where one side is a day
    without a time, both are compared as days, in UTC.
    """
    fits(left, test, place)
    if _sort(left.type) != _sort(right.type):
        raise refuse(
            "types-differ",
            f"{left.called} holds {_named(left.type)} and {right.called} {_named(right.type)}: they cannot "
            "be compared.",
            place,
        )
    one, two = left.expression, right.expression
    if left.type in DATES:
        whole = "date" in (left.type, right.type)
        one, two = (_in_days(each) if whole else each.expression.cast(MOMENTS) for each in (left, right))
    return _COMPARED[test](one, two)


def passed(left: Operand, test: str, said: Sequence[str], place: str) -> pl.Expr:
    """Return whether a column passes a test against values in words; never missing.

    A missing value passes `is missing` only.
    """
    if test in ("is missing", "is known"):
        return left.expression.is_null() if test == "is missing" else left.expression.is_not_null()
    fits(left, test, place)
    if test == "contains":
        found = left.expression.str.to_lowercase().str.contains(said[0].lower(), literal=True)
    elif test == "between":
        found = _between(left, said, place)
    else:
        test = "is" if test == "one of" else test
        found = pl.any_horizontal(compared(left, test, value(each, left, place), place) for each in said)
    return found.fill_null(False)


def fits(left: Operand, test: str, place: str) -> None:
    """Refuse with `test-unfit` a test that is not for columns of this type."""
    types = _FITS.get(test, (left.type,))
    if left.type not in types:
        tests = (*_COMPARED, "between", "contains")
        may = [each for each in tests if left.type in _FITS.get(each, (left.type,))]
        raise refuse(
            "test-unfit",
            f"{left.called} holds {_named(left.type)}, which cannot be tested with '{test}'. "
            f"Choose one of: {', '.join(may)}.",
            place,
        )


def _between(left: Operand, said: Sequence[str], place: str) -> pl.Expr:
    low, high = (value(each, left, place) for each in said)
    return compared(left, "at least", low, place) & compared(left, "at most", high, place)


def _number(text: str, beside: Operand, place: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or "_" in text:
        raise refuse("value-unfit", f"{beside.called} holds numbers, and '{text}' is none. Write it as 12.5.", place)
    return number


def _date(text: str, beside: Operand, place: str) -> Operand:
    """Return a day, or a moment; a moment without a zone is in UTC."""
    try:
        if len(text.strip()) <= len("2026-03-02"):
            return Operand(pl.lit(date.fromisoformat(text.strip())), "date", text)
        moment = datetime.fromisoformat(text.strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise refuse(
            "value-unfit",
            f"{beside.called} holds dates, and '{text}' is none. Write it as 2026-03-02 or 2026-03-02 14:30.",
            place,
        ) from None
    return Operand(pl.lit(moment, MOMENTS), "datetime", text)


def _in_days(side: Operand) -> pl.Expr:
    return side.expression.dt.date() if side.type == "datetime" else side.expression


def _sort(kind: str) -> str:
    return "date" if kind in DATES else "number" if kind in NUMBERS else "words"


def _named(kind: str) -> str:
    return {"date": "dates", "number": "numbers", "words": "words"}[_sort(kind)]


CODES: tuple[tuple[str, str], ...] = (
    ("column-missing", "A setting names a column that did not arrive. Take one of those that are named."),
    ("value-unfit", "A value is not of the column's type. Write a number or a date as the sentence shows."),
    ("test-unfit", "A test is not for columns of this type. Choose one of those that are named."),
    ("types-differ", "Numbers, dates and words are only compared among themselves. Choose another column."),
)
