"""Whether a case is still what people answered about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from runtime.values import KEY, digest_of


def row_digest(row: Mapping[str, object]) -> str:
    """Return a short digest of all columns of a case, the same while nothing about it changes."""
    said = {name: plain(value) for name, value in row.items() if name != KEY}
    return digest_of(said)[:16]


def plain(value: object) -> object:
    """Return a cell as plain data: moments as text, and 7 instead of 7.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
