"""Keeping columns: the work of `keep-columns`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from runtime.partitions import map_partitions
from runtime.preparing.conditions import column
from runtime.round import Round
from runtime.values import KEY, Records

if TYPE_CHECKING:
    from runtime.steps.prepare import KeepColumns


def keep_columns(step: KeepColumns, round: Round, records: Records) -> Records:
    """Return all rows with the columns that go on; what a derived column was made from stays on record."""
    for name in (*step.keep, *step.drop):
        column(name, records.types)
    types = step.kept(records.types)
    wanted = [KEY, *types]
    table = round.table(map_partitions(lambda frame: frame[wanted], records.table))
    return replace(records, table=table, types=types)
