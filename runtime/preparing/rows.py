"""Keeping the rows that meet conditions: the work of `keep-rows`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import polars as pl

from runtime.partitions import map_partitions
from runtime.preparing.conditions import column, passed
from runtime.round import Round
from runtime.values import Records

if TYPE_CHECKING:
    from runtime.steps.prepare import Condition, KeepRows


def keep_rows(step: KeepRows, round: Round, records: Records) -> Records:
    """Return the rows that meet the conditions, and say how many went and for which a value was missing."""
    tests = [_test(condition, records, f"where.{place}") for place, condition in enumerate(step.where)]
    wanted = reduce(and_ if step.match == "all" else or_, tests)
    missing: Counter[str] = Counter()

    def kept(frame: pl.DataFrame) -> pl.DataFrame:
        passing = frame.select(passes=wanted)["passes"]
        missing.update(_missing(step, frame.filter(~passing)))
        return frame.filter(passing)

    table = round.table(map_partitions(kept, records.table))
    round.say(f"{table.count:,} of {records.count:,} rows are kept.")
    for name, count in missing.items():
        round.say(f"'{name}' is missing in {count:,} of the rows left out: it passes no comparison there.")
    return replace(records, table=table)


def _test(condition: Condition, records: Records, place: str) -> pl.Expr:
    said = condition.values or (condition.value,)
    return passed(column(condition.column, records.types), condition.test, said, place)


def _missing(step: KeepRows, left_out: pl.DataFrame) -> dict[str, int]:
    compared = [each.column for each in step.where if each.test not in ("is missing", "is known")]
    counted = {name: left_out[name].null_count() for name in compared}
    return {name: count for name, count in counted.items() if count}
