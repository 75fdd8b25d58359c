"""Spans of time in words: `2 h`, `30 min`, `1 day`."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {
    "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "minutes": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "hours": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
    "days": timedelta(days=1),
    "week": timedelta(weeks=1),
    "weeks": timedelta(weeks=1),
}
_SHAPE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$")


def span(text: str) -> timedelta | None:
    """Return the span that a text says, or None when it says none."""
    found = _SHAPE.match(text)
    if not found or found.group(2) not in _UNITS:
        return None
    try:
        return float(found.group(1)) * _UNITS[found.group(2)]
    except OverflowError:
        return None
