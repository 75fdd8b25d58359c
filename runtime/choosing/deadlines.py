"""Deadlines in words: a span after asking, or a date column of the case with a span before or after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from flows.spans import span

_COLUMN = re.compile(r"^\s*(?P<column>.+?)\s*(?:(?P<sign>[+-])\s+(?P<span>\d[\d.]*\s*[a-z]+))?\s*$")


def understood(text: str) -> bool:
    """Return whether a text says a deadline."""
    if span(text) is not None:
        return True
    found = _COLUMN.match(text)
    return found is not None and (found["span"] is None or span(found["span"]) is not None)


def column_of(text: str) -> str:
    """Return the column that a deadline names, or nothing."""
    if not text or span(text) is not None:
        return ""
    found = _COLUMN.match(text)
    return found["column"] if found else ""


def deadline_of(text: str, case: Mapping[str, object], now: datetime) -> datetime | None:
    """Return the moment by which a case is to be answered, or None when it has none.

    A date without a time counts from its beginning, in UTC.
    """
    if not text:
        return None
    after_asking = span(text)
    if after_asking is not None:
        return now + after_asking
    found = _COLUMN.match(text)
    assert found is not None
    moment = _moment(case.get(found["column"]))
    if moment is None or found["span"] is None:
        return moment
    by = span(found["span"]) or timedelta()
    return moment - by if found["sign"] == "-" else moment + by


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None
