"""What a rehearsal needs of a flow: the moment of each of its rounds, and a truth for simulated people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flows.drawn import Drawn
from flows.flow import Flow
from flows.people import groups
from flows.problems import Problem, refuse
from flows.spans import span
from flows.spelling import listed
from flows.titles import named, setting_title

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


def silent_people(drawn: Drawn) -> Iterator[Problem]:
    """Yield a hint when simulated people are asked and no source of the flow can tell them what is right.

    Sources that have no setting `truth` may tell it by themselves, and count as telling it.
    """
    described, _ = groups(drawn.flow)
    asked = dict.fromkeys(str(getattr(step, "who", "")) for step in drawn.steps.values())
    silent = [name for name in asked if name in described and described[name].simulated]
    sources = _sources_without_truth(drawn)
    if not silent or not sources:
        return
    kind = drawn.catalog.get(drawn.flow.steps[sources[0]].kind)
    setting = setting_title(kind, ("truth",)) if kind else "truth"
    says = (
        f"In a rehearsal the simulated people ({listed(silent)}) can only answer that they cannot tell, since "
        f"nothing says what is right. If {' or '.join(named(drawn.flow, one) for one in sources[:3])} has a column "
        f"with the right answer, name it there as '{setting}': it stays hidden from the model."
    )
    yield Problem("rehearsal-silent", says, f"steps.{sources[0]}.truth", level="hint")


def _sources_without_truth(drawn: Drawn) -> list[str]:
    """Return the sources if each of them could seal a truth and none does, else nothing."""
    pairs = [(card, drawn.catalog.get(card.kind)) for card in drawn.flow.steps.values()]
    sources = [(card, kind) for card, kind in pairs if kind is None or kind.family == "source"]
    told = (kind is None or "truth" not in kind.model_fields or card.settings.get("truth") for card, kind in sources)
    return [] if any(told) else [card.id for card, _ in sources]


def _unreadable() -> Exception:
    return refuse(
        "rehearsal-unreadable",
        "The calendar of rehearsals is not understood. It needs the moment of the first round and the time between "
        "rounds, such as {begins: 2026-03-02 06:00, every: 1 day}.",
        "rehearsal",
    )


CODES: tuple[tuple[str, str], ...] = (
    ("rehearsal-unreadable", "The calendar of rehearsals is not understood. Write when it begins and how often."),
    (
        "rehearsal-silent",
        "No source tells simulated people what is right. Name the column that does as `truth` of the source.",
    ),
)
