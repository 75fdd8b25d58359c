"""How a delimited file is laid out, judged by its first megabyte."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import refuse
from runtime.tables.headings import headings, numbered, too_wide
from runtime.tables.oddities import Oddity
from runtime.tables.settings import TableSettings

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
NEVER = "\x1f"  # separates nothing: the file has one column
JUDGED_BYTES = 1 << 20
JUDGED_ROWS = 300


@dataclass(frozen=True)
class Layout:
    """Separator and quote, the names of the columns, and how many lines to skip before the first row."""

    separator: str
    quote: str | None
    names: tuple[str, ...]
    skip: int
    report: tuple[Oddity, ...]


def layout(path: Path, name: str, settings: TableSettings, tabs: bool) -> Layout:
    """Return the layout of a UTF-8 file; `tabs` says that its ending or format asks for tabs.

    Nothing is handed to a parser before this: a million columns would cost it gigabytes.
    """
    text = _start(path)
    quote = '"' if settings.quoting == "auto" else None
    hint, before = _excel_hint(text)
    text = text[len(before) :]
    separator = SEPARATORS.get(settings.separator) or ("\t" if tabs else hint or sniffed(text, quote))
    return _named(text, separator, quote, before.count("\n"), name, settings)


def _named(text: str, separator: str, quote: str | None, before: int, name: str, settings: TableSettings) -> Layout:
    records = (record for record in _records(text, separator, quote) if record[0])
    first, line = next(records, ([], 0))
    if len(first) > settings.at_most_columns:
        raise too_wide(name, len(first), settings.at_most_columns)
    if not first:
        raise refuse("table-quote", f"{name} opens a quote in its first line and never closes it.")
    if not settings.header:
        return Layout(separator, quote, numbered(len(first)), before, ())
    names, report = headings(first)
    return Layout(separator, quote, names, before + line, report)


def sniffed(text: str, quote: str | None) -> str:
    """Return the separator that cuts the first rows into equally many fields, most fields first."""
    ranked = [(_evenness(text, separator, quote), separator) for separator in SEPARATORS.values()]
    (share, fields), best = max(ranked, key=lambda entry: entry[0])
    return best if fields > 1 and share > 0 else NEVER


def _evenness(text: str, separator: str, quote: str | None) -> tuple[float, int]:
    counts = [len(fields) for fields, _ in islice(_records(text, separator, quote), JUDGED_ROWS) if fields]
    usual = [(times, fields) for fields, times in Counter(counts).items() if fields > 1]
    if not usual:
        return (0.0, 1)
    times, fields = max(usual)
    return (round(times / len(counts), 1), fields)


def _records(text: str, separator: str, quote: str | None) -> Iterator[tuple[Sequence[str], int]]:
    reader = reader_of(StringIO(text, newline=""), separator, quote)
    try:
        for fields in reader:
            yield fields, reader.line_num
    except csv.Error:  # a field longer than the parser allows: with another separator it may not be one
        return


def reader_of(lines: Iterable[str], separator: str, quote: str | None) -> Reader:
    """Return the plain parser, which knows its line number and takes ragged lines."""
    if quote is None:
        return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=separator, quotechar=quote)


def _start(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(JUDGED_BYTES)
        whole = not file.read(1)
    cut = len(start) if whole else start.rfind(b"\n") + 1 or len(start)
    return start[:cut].decode("utf-8-sig", errors="ignore")


def _excel_hint(text: str) -> tuple[str, str]:
    """Return the separator that Excel's line `sep=;` names, and the text up to the end of that line."""
    line, end, _ = text.partition("\n")
    if len(line.strip("\r")) == 5 and line.startswith("sep="):
        return line[4], line + end
    return "", ""
