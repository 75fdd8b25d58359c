"""Moments in UTC as the store writes them: text that sorts as time passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """Return a moment as text, such as `2026-01-05T06:00:00.000000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def read(text: str) -> datetime:
    """Return the moment that `written` wrote."""
    return datetime.fromisoformat(text)
