"""The calendar of a rehearsal: which moment each of its rounds is played at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flows.flow import Flow
from flows.problems import refuse
from flows.spans import span

# Far enough from the ends of the calendar that thousands of rounds fit on either side.
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2500, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Calendar:
    """Round 1 is played at `begins`, each later one a `step` after."""

    begins: datetime
    step: timedelta

    def moment(self, number: int) -> datetime:
        """Return the fixed time of a round."""
        return self.begins + (number - 1) * self.step


def calendar_of(flow: Flow) -> Calendar | None:
    """Return the calendar that a flow's `rehearsal:` states, or None: rehearsals then use the clock.

    Raises `Refused` when it is stated but cannot be read.
    """
    plain = flow.rehearsal
    if not plain:
        return None
    try:
        begins = datetime.fromisoformat(str(plain["begins"]))
    except (KeyError, ValueError):
        raise _unreadable() from None
    if begins.tzinfo is None:
        begins = begins.replace(tzinfo=UTC)
    step = span(str(plain.get("every", "1 day")))
    if step is None or set(plain) - {"begins", "every"} or not _EARLIEST <= begins.replace(tzinfo=UTC) <= _LATEST:
        raise _unreadable()
    return Calendar(begins.astimezone(UTC), step)


def _unreadable() -> Exception:
    return refuse(
        "rehearsal-unreadable",
        "'rehearsal' needs the moment of its first round and the time between rounds, such as "
        "{begins: 2026-03-02 06:00, every: 1 day}.",
        "rehearsal",
    )
