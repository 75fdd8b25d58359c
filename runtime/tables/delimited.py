"""CSV, TSV and their relatives: a fast parser for clean files, a patient one for ragged ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv

from flows.problems import Refused, refuse
from runtime.tables.encodings import as_utf8
from runtime.tables.layout import Layout, layout, reader_of
from runtime.tables.oddities import Oddity, counted
from runtime.tables.settings import TableSettings
from runtime.tables.stage import Stage
from runtime.tables.workspace import Workspace

BLOCK = 8 << 20
BATCH = 50_000
LINES_SHOWN = 5


def stage_delimited(
    path: Path, name: str, settings: TableSettings, tabs: bool, stage: Stage, space: Workspace
) -> tuple[Oddity, ...]:
    """Put every row on the stage as words and return what was odd.

    A line with too few fields is filled with missing. Raises `table-ragged` for lines with too many, naming
    them, and `table-quote` for a quote that is never closed.
    """
    text = as_utf8(path, name, settings, space)
    lay = layout(text.path, name, settings, tabs)
    stage.begin(lay.names)
    report = (*text.report, *lay.report)
    if text.quotes_pair or lay.quote is None:
        try:
            last = _stage_clean(text.path, lay, stage)
            if lay.quote is None or not _may_end_open(text.path, last):
                return report
        except pa.ArrowInvalid:
            pass  # ragged, or a field larger than a block: the patient parser says which line
        stage.begin(lay.names)
    return (*report, *_stage_ragged(text.path, name, lay, stage))


def _stage_clean(path: Path, lay: Layout, stage: Stage) -> str:
    """Stage what the fast parser reads, and return the very last field."""
    last = ""
    reading = arrow_csv.ReadOptions(block_size=BLOCK, column_names=list(lay.names), skip_rows=lay.skip)
    parsing = arrow_csv.ParseOptions(
        delimiter=lay.separator, quote_char=lay.quote or False, newlines_in_values=lay.quote is not None
    )
    words = {column: pa.string() for column in lay.names}
    converting = arrow_csv.ConvertOptions(column_types=words, strings_can_be_null=False, check_utf8=False)
    with arrow_csv.open_csv(path, reading, parsing, converting) as batches:
        for batch in batches:
            frame = pl.DataFrame(pa.Table.from_batches([batch]))
            stage.add(frame)
            last = frame[-1, -1] if frame.height else last
    return last


def _may_end_open(path: Path, last: str) -> bool:
    """Return whether a quote may be open at the end of the file, which the fast parser takes silently."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - BLOCK))
        end = file.read().rstrip(b"\r\n").rpartition(b"\n")[2]
    return "\n" in last or "\r" in last or end.count(b'"') % 2 == 1


@dataclass
class _Ragged:
    """What the patient parser has met so far."""

    short: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    long: list[tuple[int, int]] = field(default_factory=list)


def _stage_ragged(path: Path, name: str, lay: Layout, stage: Stage) -> tuple[Oddity, ...]:
    met = _Ragged()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(lay.skip):
            file.readline()
        rows: list[list[str | None]] = []
        for fields, line in _records(file, name, lay):
            rows.append(_fitted(fields, line, len(lay.names), met))
            if len(rows) == BATCH:
                stage.add(_frame(rows, lay.names))
                rows = []
        stage.add(_frame(rows, lay.names))
    if met.long:
        raise _too_many_fields(name, lay, met.long)
    return tuple(_told(met))


def _records(file: Iterator[str], name: str, lay: Layout) -> Iterator[tuple[list[str], int]]:
    """Yield the fields of each row that is not blank, with the line on which it begins."""
    kept: list[str] = []

    def remembered() -> Iterator[str]:
        for line in file:
            kept.append(line)
            yield line

    reader = reader_of(remembered(), lay.separator, lay.quote)
    begins = lay.skip + 1
    try:
        for fields in reader:
            if len(kept) > 1 and _is_open(kept, lay):
                raise _never_closed(name, begins)
            if fields:
                yield fields, begins
            begins = lay.skip + reader.line_num + 1
            kept.clear()
    except csv.Error as error:
        raise _never_closed(name, begins) from error


def _is_open(lines: list[str], lay: Layout) -> bool:
    """Return whether the record ends inside a quote, which only the end of the file can bring about."""
    if lay.quote is None or sum(line.count(lay.quote) for line in lines) % 2 == 0:
        return False
    try:
        list(csv.reader(lines, delimiter=lay.separator, quotechar=lay.quote, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _fitted(fields: list[str], line: int, width: int, met: _Ragged) -> list[str | None]:
    if len(fields) < width:
        met.short.append(line)
        return [*fields, *([None] * (width - len(fields)))]
    if len(fields) > width:
        if any(word.strip() for word in fields[width:]):
            met.long.append((line, len(fields)))
        else:
            met.surplus.append(line)
    return [*fields[:width]]


def _frame(rows: list[list[str | None]], names: tuple[str, ...]) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pl.DataFrame({name: pl.Series(name, column, pl.String) for name, column in zip(names, columns, strict=True)})


def _told(met: _Ragged) -> Iterator[Oddity]:
    if met.short:
        lines = tuple(f"line {line:,}" for line in met.short[:3])
        says = f"{counted(len(met.short), 'line')} had too few fields; the rest of each is missing."
        yield Oddity("", "short-lines", len(met.short), lines, says)
    if met.surplus:
        lines = tuple(f"line {line:,}" for line in met.surplus[:3])
        says = f"{counted(len(met.surplus), 'line')} had surplus fields, all empty; they were left out."
        yield Oddity("", "surplus-fields", len(met.surplus), lines, says)


def _too_many_fields(name: str, lay: Layout, long: list[tuple[int, int]]) -> Refused:
    shown = ", ".join(f"line {line:,} has {fields:,}" for line, fields in long[:LINES_SHOWN])
    more = f" and {len(long) - LINES_SHOWN:,} more lines have too many" if len(long) > LINES_SHOWN else ""
    message = f"{name} has {counted(len(lay.names), 'column')}, but {shown}{more}."
    what = "Put quotes around text that holds the separator, or check `separator` and `quoting`."
    return refuse("table-ragged", f"{message} {what}", line=long[0][0])


def _never_closed(name: str, line: int) -> Refused:
    message = f"{name} opens a quote in line {line:,} that is never closed."
    return refuse("table-quote", f"{message} Close it, or set `quoting: none` if quotes mean nothing.", line=line)
