"""Which format a file is in, by its content first and its ending second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from flows.problems import refuse
from runtime.tables.settings import TableSettings

Known = Literal["csv", "tsv", "parquet", "json-lines", "excel"]
ENDINGS: dict[str, Known] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "json-lines",
    ".ndjson": "json-lines",
}
MAGIC: tuple[tuple[bytes, Known], ...] = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "excel"),
    (b"\xd0\xcf\x11\xe0", "excel"),
)


def format_of(path: Path, name: str, settings: TableSettings) -> Known:
    """Return the format of an unpacked file; `name` is what it was called.

    Parquet and Excel are known by their first bytes, whatever the ending says.
    """
    with path.open("rb") as file:
        start = file.read(65_536)
    if not start:
        raise refuse("table-empty", f"{name} is empty: 0 bytes.")
    if start.startswith(b"%PDF"):
        raise refuse("table-format", f"{name} is a PDF document, not a table. Export the table as CSV.")
    found = next((kind for magic, kind in MAGIC if start.startswith(magic)), None)
    if settings.format != "auto":
        return _agreed(settings.format, found, name)
    return found or ENDINGS.get(Path(name).suffix.lower()) or _by_content(start, name)


def _agreed(wanted: Known, found: Known | None, name: str) -> Known:
    binary = wanted in ("parquet", "excel")
    if (binary and found != wanted) or (not binary and found is not None):
        looks = f"looks like {found}" if found else "does not look like that"
        raise refuse("table-format", f"{name} should be {wanted}, but it {looks}. Set `format: auto`.")
    return wanted


def _by_content(start: bytes, name: str) -> Known:
    ending = Path(name).suffix.lower()
    if ending in (".parquet", ".xlsx", ".xls", ".xlsm"):
        raise refuse("table-format", f"{name} is not what its ending {ending} says. Export it again.")
    line = start.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
    if line.startswith(b"{"):
        try:
            json.loads(line)
        except ValueError:
            return "csv"
        return "json-lines"
    return "csv"
