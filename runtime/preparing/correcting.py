"""Adjusting a number as people corrected it: the work of `apply-corrections`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from flows.problems import refuse
from runtime.changes import plain
from runtime.choosing.wording import adjusted_by
from runtime.experience import in_force
from runtime.partitions import map_partitions
from runtime.question_kinds import Said, question_kind
from runtime.round import Round
from runtime.values import KEY, Answers, Records

if TYPE_CHECKING:
    from runtime.steps.correct import ApplyCorrections

_BY, _TO = "\0by", "\0to"


@dataclass(frozen=True)
class Correction:
    """What people said together about the number of one case.

    `group` is (column, value in words) where it holds for all cases that are alike, and then `total` is what is
    added to the number as the source has it: their adjustment, and the one that was in it already.
    """

    key: str
    was: float | None
    right: float
    already: float = 0.0
    group: tuple[str, str] | None = None
    expires: str = ""

    @property
    def total(self) -> float:
        """Return what is added to the number as the source has it."""
        return self.right - (self.was or 0.0) + self.already


def apply_corrections(step: ApplyCorrections, round: Round, records: Records, answers: Answers) -> Records:
    """Return the records with the number adjusted, and the column that says by how much."""
    says = adjusted_by(step.column)
    _refuse_unfit(step.column, says, records)
    every = list(corrections(answers, step.column))
    today = round.now.date()
    live = [one for one in every if not one.expires or date.fromisoformat(one.expires) >= today]
    counts = {"number": 0}

    def adjusted(frame: pl.DataFrame) -> pl.DataFrame:
        made = _adjusted(frame, step.column, says, live)
        counts["number"] += made[says].count()
        return made

    table = round.table(map_partitions(adjusted, records.table))
    if every:
        expired = len(every) - len(live)
        went = f" {expired} corrections have expired." if expired else ""
        round.say(f"{counts['number']:,} numbers are adjusted, by {len(live)} corrections in force.{went}")
    return replace(
        records,
        table=table,
        types={**records.types, says: "number"},
        ancestry={**records.ancestry, says: (step.column,)},
    )


def corrections(answers: Answers, column: str) -> Iterator[Correction]:
    """Yield what people said together about a column of numbers, the oldest first."""
    told = in_force(answers).filter((pl.col("outcome") == "answered") & pl.col("value").is_not_null())
    each = [pl.col("sealed_in").max(), pl.col("at").max(), pl.col(KEY).first(), pl.col("value", "why_said")]
    asked = told.group_by("question", maintain_order=True).agg(each).sort("sealed_in", "at", KEY)
    for row in asked.iter_rows(named=True):
        said = [Said("", json.loads(value), why) for value, why in zip(row["value"], row["why_said"], strict=True)]
        mine = [one for one in said if one.value is not None and one.value.get("column") == column]
        together = question_kind("correct-number").settle({}, mine)
        if together is not None and together.value is not None:
            yield _correction(row[KEY], together.value)


def _correction(key: str, value: Any) -> Correction:
    group = value.get("group")
    return Correction(
        key,
        value["from"],
        value["to"],
        value.get("already") or 0.0,
        (group["column"], str(group["value"])) if group else None,
        value.get("expires") or "",
    )


def _adjusted(frame: pl.DataFrame, column: str, says: str, live: Sequence[Correction]) -> pl.DataFrame:
    """Return a partition with its numbers adjusted; what was said of a case itself goes before what holds for many."""
    with_groups = frame.with_columns(_by_group(frame, live).alias(_BY))
    one_by_one = _one_by_one(with_groups, column, [one for one in live if one.group is None])
    joined = with_groups.join(one_by_one, on=KEY, how="left", maintain_order="left")
    number = pl.col(column)
    by_group = pl.when(number.is_not_null()).then(pl.col(_BY))
    return joined.with_columns(
        pl.coalesce(pl.col(_TO), number + pl.col(_BY), number).alias(column),
        pl.coalesce(pl.col(_TO) - number.fill_null(0.0), by_group).alias(says),
    ).drop(_BY, _TO)


def _by_group(frame: pl.DataFrame, live: Sequence[Correction]) -> pl.Series:
    """Return what is added to each row as one of a group, or nothing; the newest correction of a group counts."""
    found = pl.Series(_BY, [None] * frame.height, dtype=pl.Float64)
    by_column: dict[str, dict[str, float]] = {}
    for one in live:
        if one.group is not None and one.group[0] in frame.columns:
            by_column.setdefault(one.group[0], {})[one.group[1]] = one.total
    for name, added in by_column.items():
        cells = frame[name]
        words = cells if cells.dtype == pl.String else pl.Series([_words(cell) for cell in cells], dtype=pl.String)
        more = words.replace_strict(added, default=None, return_dtype=pl.Float64)
        found = found.zip_with(more.is_null(), more)
    return found


def _one_by_one(frame: pl.DataFrame, column: str, live: Sequence[Correction]) -> pl.DataFrame:
    """Return (key, right number) of the cases that were corrected themselves and whose number is what it was then."""
    by_key: dict[str, list[Correction]] = {}
    for one in live:
        by_key.setdefault(one.key, []).append(one)
    keys = pl.Series(list(by_key), dtype=pl.String).implode()
    rows = frame.filter(pl.col(KEY).is_in(keys)).select(KEY, column, _BY).iter_rows()
    right = {key: _followed(number, by or 0.0, by_key[key]) for key, number, by in rows}
    found = [(key, number) for key, number in right.items() if number is not None]
    return pl.DataFrame(found, schema={KEY: pl.String, _TO: pl.Float64}, orient="row")


def _followed(number: float | None, by: float, said: Sequence[Correction]) -> float | None:
    """Return the number after the corrections of a case, each of which counts if it is about a number it had."""
    begins = [number] if number is None else [number, number + by]
    now: float | None = None
    for one in said:
        before = one.was if one.was is None else one.was - one.already
        known = [*begins, *([] if now is None else [now])]
        if any(_same(one.was, each) or _same(before, each) for each in known):
            now = one.right
    return now


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def _refuse_unfit(column: str, says: str, records: Records) -> None:
    kind = records.types.get(column)
    if kind != "number":
        found = "is not there" if kind is None else f"holds no numbers but {kind}"
        raise refuse("number-no-numbers", f"'{column}' {found}. Name a column of numbers.", "column")
    if says in records.types:
        raise refuse("column-taken", f"There is a column called '{says}' already. Leave it out before.", "column")


def _words(cell: object) -> str | None:
    return None if cell is None else str(plain(cell))
