"""Excel workbooks, one sheet as a table."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

import fastexcel
import polars as pl

from flows.problems import Refused, refuse
from runtime.tables.headings import headings, numbered, too_wide
from runtime.tables.native import plain
from runtime.tables.oddities import Oddity, quoted
from runtime.tables.settings import TableSettings
from runtime.tables.stage import Stage
from runtime.tables.unpacking import CHUNK, too_large

CELLS = 100_000_000  # the reader lays a sheet out densely: one stray cell at XFD1048576 would cost 400 GB
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)  # what damage raises
CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')


def stage_excel(path: Path, name: str, settings: TableSettings, stage: Stage) -> tuple[Oddity, ...]:
    """Put every row of one sheet on the stage; cells keep their types, mixed columns become words.

    The first sheet is taken and reported where none is named. Raises `table-sheet` for an unknown one.
    """
    if zipfile.is_zipfile(path):
        _judge(path, name, settings)
    try:
        workbook = fastexcel.read_excel(path)
        if not workbook.sheet_names:
            raise _unreadable(name)
        sheet, report = _chosen(workbook.sheet_names, name, settings)
        return (*report, *_stage(workbook, sheet, name, settings, stage))
    except fastexcel.FastExcelError as error:
        raise _unreadable(name) from error


def _stage(
    workbook: fastexcel.ExcelReader, sheet: str, name: str, settings: TableSettings, stage: Stage
) -> tuple[Oddity, ...]:
    first = _loaded(workbook, sheet, 0, 1)
    if not first.width or not first.height:
        raise refuse("table-empty", f"The sheet {sheet} of {name} is empty.")
    if first.width > settings.at_most_columns:
        raise too_wide(name, first.width, settings.at_most_columns)
    names, report = numbered(first.width), tuple[Oddity, ...]()
    if settings.header:
        names, report = headings([word or "" for word in first.row(0)])
    body = _loaded(workbook, sheet, 1 if settings.header else 0, None)
    stage.begin(names)
    if body.width == len(names):
        body.columns = list(names)
        stage.begin(())
        stage.add(plain(body))
    return report


def _loaded(workbook: fastexcel.ExcelReader, sheet: str, skip: int, rows: int | None) -> pl.DataFrame:
    """Return rows of the sheet; the very first one, wanted for its names, comes as words."""
    return workbook.load_sheet(
        sheet,
        header_row=None,
        skip_rows=skip,
        n_rows=rows,
        schema_sample_rows=None,
        dtypes="string" if rows == 1 else None,
    ).to_polars()


def _chosen(sheets: list[str], name: str, settings: TableSettings) -> tuple[str, tuple[Oddity, ...]]:
    if settings.sheet:
        if settings.sheet not in sheets:
            message = f"{name} has no sheet called {settings.sheet}. Its sheets are {quoted(sheets, 20)}."
            raise refuse("table-sheet", message)
        return settings.sheet, ()
    if len(sheets) == 1:
        return sheets[0], ()
    says = f"The file has {len(sheets)} sheets; the first, {sheets[0]}, was read. Set `sheet` for another."
    return sheets[0], (Oddity("", "sheets", len(sheets), tuple(sheets[:3]), says),)


def _judge(path: Path, name: str, settings: TableSettings) -> None:
    """Refuse a workbook that unpacks to too much, or whose cells span too wide a sheet."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > settings.at_most_bytes:
                raise too_large(name, settings.at_most_bytes)
            for member in archive.infolist():
                if member.filename.startswith("xl/worksheets/"):
                    _judge_span(archive, member, name)
    except BROKEN as error:
        raise _unreadable(name) from error


def _judge_span(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    wide, tall, rest = 0, 0, b""
    with archive.open(member) as file:
        while chunk := file.read(CHUNK):
            for letters, digits in CELL.findall(rest + chunk):
                wide, tall = max(wide, _position(letters)), max(tall, int(digits))
            rest = chunk[-200:]
    if wide * tall > CELLS:
        message = f"A sheet of {name} spans {wide:,} columns and {tall:,} rows, more than can be read at once."
        what = "Delete the stray cells at its far end, or save it as CSV."
        raise refuse("table-too-large", f"{message} {what}")


def _position(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unreadable(name: str) -> Refused:
    message = f"{name} is no Excel file that can be read (.xlsx, .xlsm or .xls without a password)."
    return refuse("table-format", f"{message} Save it again, or as CSV.")
