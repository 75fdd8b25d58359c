"""Where people and model differ: for which values of which column, and for which reason of asking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from runtime.insight.encounters import Encounters
from runtime.insight.finding import Finding, share_of, unknown
from runtime.insight.reliance import Cases

REASON = "why it was asked"
MOST_VALUES = 12
"""A column of words with more different values is text: its values are no groups."""
LEAST_ROWS = 10
MOST_GROUPS = 200
Kind = Literal["column", "reason"]


@dataclass(frozen=True)
class Group:
    """Cases alike in one column: how often the first answer differed from the model, and who was right then.

    kind: a column of the data, or the reason of asking. model_right, person_right: of the disagreements
    whose truth is known; the rest were both wrong.
    """

    kind: Kind
    column: str
    value: str
    rows: int
    differed: int
    model_right: int
    person_right: int
    share: Finding


@dataclass(frozen=True)
class Differences:
    """Groups of cases, those with most disagreement first.

    cases: drawn at random, or all that were asked, which are no picture of the population. The intervals hold
    for all groups at once: alpha is split among them. overall: the share of disagreement in all rows.
    """

    cases: Cases
    overall: Finding
    groups: tuple[Group, ...]
    says: str


def differences(encounters: Encounters, cases: Cases, alpha: float) -> Differences:
    """Return where first answers differ from the model, by the values of each column and by reason."""
    rows = encounters.random() if cases == "random" else encounters.asked()
    told = rows.filter(pl.col("first").is_not_null() & pl.col("advice").is_not_null())
    told = told.with_columns(differ=pl.col("first") != pl.col("advice"))
    noun = encounters.noun if encounters.origin == "table" else f"answers to {_called(cases)}"
    if not told.height:
        missing = unknown(f"too few yet: no {noun} in which both a person and the model named a label")
        return Differences(cases, missing, (), f"Where they differ is not known: {missing.says}.")
    cut = list(_cut(encounters, told))[:MOST_GROUPS]
    found = [_group(kind, column, value, part, alpha / len(cut), noun) for kind, column, value, part in cut]
    groups = tuple(sorted(found, key=lambda group: (-(group.share.low or 0.0), -group.differed)))
    overall = share_of(told, told["differ"].to_numpy(), alpha, noun)
    return Differences(cases, overall, groups, _sentence(overall, groups))


def _cut(encounters: Encounters, told: pl.DataFrame) -> Iterator[tuple[Kind, str, str, pl.DataFrame]]:
    """Yield groups of at least ten rows: by reason, then by column."""
    if told["reason"].drop_nulls().n_unique() > 1:
        for value, part in _parts(told, told["reason"]):
            yield "reason", REASON, value, part
    for name in encounters.columns.columns:
        words = _grouped(encounters.columns[name].gather(told["row"]))
        if words is not None:
            for value, part in _parts(told, words):
                yield "column", name, value, part


def _parts(told: pl.DataFrame, words: pl.Series) -> Iterator[tuple[str, pl.DataFrame]]:
    named = told.with_columns(words.alias("\0value")).drop_nulls("\0value")
    for (value,), part in named.group_by("\0value", maintain_order=True):
        if part.height >= LEAST_ROWS:
            yield str(value), part


def _grouped(cells: pl.Series) -> pl.Series | None:
    """Return the group of each cell: its word, or its third among the numbers; None where there are no groups."""
    if cells.dtype == pl.Boolean or cells.dtype == pl.String or cells.n_unique() <= MOST_VALUES:
        words = cells.cast(pl.String)
        return words if 1 < words.drop_nulls().n_unique() <= MOST_VALUES else None
    if not cells.dtype.is_numeric():
        return None
    low, high = (cells.drop_nulls().quantile(share, "nearest") for share in (1 / 3, 2 / 3))
    if low is None or high is None or low == high:
        return None
    names = (f"up to {low:,.6g}", f"above {low:,.6g} up to {high:,.6g}", f"above {high:,.6g}")
    number = pl.col(cells.name)
    third = pl.when(number <= low).then(pl.lit(names[0])).when(number <= high).then(pl.lit(names[1]))
    frame = cells.to_frame().select(pl.when(number.is_not_null()).then(third.otherwise(pl.lit(names[2]))).alias("\0"))
    return frame["\0"]


def _group(kind: Kind, column: str, value: str, part: pl.DataFrame, alpha: float, noun: str) -> Group:
    differing = part.filter("differ")
    known = differing.drop_nulls("truth")
    return Group(
        kind=kind,
        column=column,
        value=value,
        rows=part.height,
        differed=differing.height,
        model_right=known.filter(pl.col("advice") == pl.col("truth")).height,
        person_right=known.filter(pl.col("first") == pl.col("truth")).height,
        share=share_of(part, part["differ"].to_numpy(), alpha, noun),
    )


def _called(cases: Cases) -> str:
    return "cases drawn at random" if cases == "random" else "asked cases"


def _sentence(overall: Finding, groups: tuple[Group, ...]) -> str:
    if not overall.known:
        return f"How often people and model differ: {overall.says}."
    told = f"People and model differ in {overall.says}."
    above = [group for group in groups if (group.share.low or 0.0) > (overall.high or 1.0)]
    if not above:
        return f"{told} No group is shown to differ more than all together."
    most = above[0]
    return f"{told} Most where {most.column} is “{most.value}”: in {most.share.says}."
