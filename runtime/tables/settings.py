"""How a table is to be read, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["auto", "csv", "tsv", "parquet", "json-lines", "excel"]
ColumnType = Literal["number", "date", "datetime", "yes-no", "category", "text"]
KEY = "__key__"
"""The name of the key column in every frame."""


@dataclass(frozen=True)
class TableSettings:
    """How to read a table where its own content does not say.

    `missing` lists words that mean "not known" (compared after trimming spaces, in every column).
    `text_columns` stay words whatever they look like. `dates` says how 06/02/2006 is read where a column
    itself does not show it. `at_most_bytes` bounds what gzip, zip or an Excel file may unpack to.
    """

    format: Format = "auto"
    separator: Literal["auto", "comma", "semicolon", "tab", "pipe"] = "auto"
    encoding: Literal["auto", "utf-8", "utf-16", "windows-1252", "latin-1"] = "auto"
    decimal: Literal["auto", "point", "comma"] = "auto"
    dates: Literal["ask", "day-first", "month-first"] = "ask"
    missing: tuple[str, ...] = ("", "NA", "N/A", "n/a", "null", "NULL", "None", "-")
    text_columns: tuple[str, ...] = ()
    sheet: str = ""
    quoting: Literal["auto", "none"] = "auto"
    header: bool = True
    at_most_bytes: int = 2_000_000_000
    at_most_columns: int = 5_000


CODES: tuple[tuple[str, str], ...] = (
    ("table-file", "The file is not there or cannot be read; check the path and the permissions."),
    ("table-empty", "The file holds nothing; it needs at least a line with the names of its columns."),
    ("table-format", "The content is not a table in the format named, or in any known one; set the format."),
    (
        "table-packed",
        "A gzip or zip file is broken, encrypted, or does not hold exactly one table; repack it.",
    ),
    ("table-too-large", "The file unpacks to more than is allowed; raise `at_most_bytes` if it is meant."),
    ("table-too-wide", "There are more columns than allowed, often a wrong separator; set `separator`."),
    ("table-encoding", "Some bytes are no text in this encoding; set `encoding`, or save the file as UTF-8."),
    (
        "table-nul",
        "The file holds NUL bytes, so it is no text, or UTF-16; export it again or set `encoding`.",
    ),
    (
        "table-ragged",
        "Some lines have more fields than there are columns; put quotes around the text in them.",
    ),
    ("table-quote", "A quote is opened and never closed; close it, or set `quoting: none`."),
    ("table-line", "A line is not a JSON object; correct the line that is named."),
    ("table-sheet", "The Excel file has no sheet of this name; set `sheet` to one of those it has."),
    ("table-column", "A column that is named in the settings is not in the file; use one of its names."),
    ("table-reserved", "A column is called __key__, which is reserved for the key; rename it in the file."),
    ("table-key-missing", "Some rows have no key; fill it in, or name other columns as the key."),
    (
        "table-key-twice",
        "Some keys stand on more than one row; name more columns, so that each row has its own.",
    ),
    ("table-date-order", "A column does not show whether the day or the month comes first; set `dates`."),
)
