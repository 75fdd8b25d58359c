"""Making a column from others: the work of `derive-column`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from flows.problems import refuse
from runtime.partitions import map_partitions
from runtime.preparing.conditions import DATES, MOMENTS, NUMBERS, Operand, column, compared, value
from runtime.round import Round
from runtime.values import KEY, Records

if TYPE_CHECKING:
    from runtime.steps.derive import DeriveColumn, How

Types = Mapping[str, str]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MICROSECONDS = {"days-between": 86_400_000_000, "hours-between": 3_600_000_000}


def derive_column(step: DeriveColumn, round: Round, records: Records) -> Records:
    """Return all rows with the new column, and remember what it was made from."""
    if step.name in records.types or step.name == KEY:
        raise refuse("column-taken", f"There is a column called '{step.name}' already. Choose another name.", "name")
    made = MAKERS[step.how](step, records.types).alias(step.name)
    table = round.table(map_partitions(lambda frame: frame.with_columns(made), records.table))
    return replace(
        records,
        table=table,
        types={**records.types, step.name: step.type_of(records.types)},
        ancestry={**records.ancestry, step.name: step.parents()},
    )


def _compare(step: DeriveColumn, types: Types) -> pl.Expr:
    left = column(step.column, types)
    passes = compared(left, step.test, _second(step, left, types), "test")
    return pl.when(passes).then(pl.lit("yes")).when(~passes).then(pl.lit("no"))


def _time_between(step: DeriveColumn, types: Types) -> pl.Expr:
    """Return days or hours, float64; a day without a time counts from its beginning, in UTC."""
    sides = (column(name, types) for name in (step.column, step.other))
    start, end = (_of(side, DATES, "dates").cast(MOMENTS) for side in sides)
    return (end - start).dt.total_microseconds() / _MICROSECONDS[step.how]


def _bins(step: DeriveColumn, types: Types) -> pl.Expr:
    number = _of(column(step.column, types), NUMBERS, "numbers")
    word: pl.Expr = pl.when(number.is_not_null()).then(pl.lit(step.bins[0]))
    for edge, name in zip(step.edges, step.bins[1:], strict=True):
        word = pl.when(number >= edge).then(pl.lit(name)).otherwise(word)
    return word


def _join_words(step: DeriveColumn, types: Types) -> pl.Expr:
    words = [_spelled(column(name, types)) for name in step.joined]
    return pl.concat_str(words, separator=step.between)


def _part_of_date(step: DeriveColumn, types: Types) -> pl.Expr:
    when = _of(column(step.column, types), DATES, "dates").cast(MOMENTS).dt
    if step.part == "weekday":
        return _word(when.weekday(), _WEEKDAYS)
    if step.part == "month":
        return _word(when.month(), _MONTHS)
    number: pl.Expr = getattr(when, step.part)()
    return number.cast(pl.Float64)


def _calculate(step: DeriveColumn, types: Types) -> pl.Expr:
    left = column(step.column, types)
    one = _of(left, NUMBERS, "numbers")
    two = _of(_second(step, left, types), NUMBERS, "numbers")
    found = {"plus": one + two, "minus": one - two, "times": one * two, "divided by": one / two}[step.sign]
    return pl.when(found.is_finite()).then(found)


def _copy(step: DeriveColumn, types: Types) -> pl.Expr:
    return column(step.column, types).expression


MAKERS: Mapping[How, Callable[[DeriveColumn, Types], pl.Expr]] = {
    "compare": _compare,
    "days-between": _time_between,
    "hours-between": _time_between,
    "bins": _bins,
    "join-words": _join_words,
    "part-of-date": _part_of_date,
    "calculate": _calculate,
    "copy": _copy,
}
"""How each way to make a column is done."""


def _second(step: DeriveColumn, left: Operand, types: Types) -> Operand:
    return column(step.other, types) if step.other else value(step.value, left, "value")


def _of(side: Operand, kinds: tuple[str, ...], named: str) -> pl.Expr:
    if side.type not in kinds:
        raise refuse("column-unfit", f"{side.called} holds no {named}. Name a column that does.", "column")
    return side.expression


def _spelled(side: Operand) -> pl.Expr:
    """Return a column as words: 12 and not 12.0, days and moments as in a file."""
    if side.type == "number":
        whole = side.expression.cast(pl.Int64, strict=False)
        same = whole.cast(pl.Float64) == side.expression
        return pl.when(same).then(whole.cast(pl.String)).otherwise(side.expression.cast(pl.String))
    if side.type == "datetime":
        return side.expression.dt.strftime("%Y-%m-%d %H:%M")
    return side.expression.cast(pl.String)


def _word(number: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    places = list(range(1, len(words) + 1))
    return number.replace_strict(places, list(words), default=None, return_dtype=pl.String)


CODES: tuple[tuple[str, str], ...] = (
    ("column-taken", "A new column has the name of one that is there. Choose another name."),
    ("column-unfit", "A column is not of the type that this way to make a column needs. Name another one."),
)
