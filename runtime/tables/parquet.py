"""Parquet files, one group of rows after the other."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as arrow_parquet

from flows.problems import Refused, refuse
from runtime.tables.headings import headings, too_wide
from runtime.tables.native import nested, plain
from runtime.tables.oddities import Oddity
from runtime.tables.settings import TableSettings
from runtime.tables.stage import Stage

BATCH = 50_000


def stage_parquet(path: Path, name: str, settings: TableSettings, stage: Stage) -> tuple[Oddity, ...]:
    """Put every row on the stage with its own types; nested columns become JSON text and are reported."""
    try:
        with arrow_parquet.ParquetFile(path) as file:
            return _stage(file, name, settings, stage)
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(name) from error


def _stage(file: arrow_parquet.ParquetFile, name: str, settings: TableSettings, stage: Stage) -> tuple[Oddity, ...]:
    schema = file.schema_arrow
    if len(schema.names) > settings.at_most_columns:
        raise too_wide(name, len(schema.names), settings.at_most_columns)
    if not schema.names:
        raise refuse("table-empty", f"{name} has no columns.")
    names, report = headings(schema.names)
    stage.begin(())
    empty = pa.Table.from_batches([], schema.empty_table().rename_columns(list(names)).schema)
    stage.add(plain(pl.DataFrame(empty)))
    for batch in file.iter_batches(BATCH):
        stage.add(plain(pl.DataFrame(pa.Table.from_batches([batch]).rename_columns(list(names)))))
    inner = [column for column, kind in zip(names, schema.types, strict=True) if pa.types.is_nested(kind)]
    return (*report, *nested(inner))


def _unreadable(name: str) -> Refused:
    return refuse("table-format", f"{name} is a Parquet file that is broken or cut off. Export it again.")
