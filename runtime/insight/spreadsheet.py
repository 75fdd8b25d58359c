"""Tables as CSV files that a spreadsheet opens and never computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from runtime.insight.insight import Insight
from runtime.insight.sheets import Sheet, expanded, sheets

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def write_csv(insight: Insight, folder: Path) -> tuple[Path, ...]:
    """Write each table as a CSV file (UTF-8 with a mark, CRLF) into a folder, and return where they lie."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for sheet in sheets(insight):
        path = folder / f"{sheet.name}.csv"
        path.write_bytes(as_csv(sheet))
        made.append(path)
    return tuple(made)


def as_csv(sheet: Sheet) -> bytes:
    """Return one table as CSV; words that would be a formula get an apostrophe in front, numbers stay numbers."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerows(map(_safe, expanded(sheet)))
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def _safe(row: Sequence[str | int | float]) -> list[str | int | float]:
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell for cell in row]
