"""How each card and link stands in a run, in words for the canvas; only what changed is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Literal, TypedDict

State = Literal["idle", "waiting", "running", "kept", "done", "asking", "failed", "blocked"]


class CardStatus(TypedDict):
    """How a card stands: its state and words, how far it is (0 to 1), what left by each port, and why."""

    state: State
    text: str
    progress: float | None
    counts: Mapping[str, int]
    why: str


class LinkStatus(TypedDict):
    """How many rows went along a link; None when nothing did."""

    rows: int | None


class Batch(TypedDict):
    """What a canvas is told at once."""

    cards: Mapping[str, CardStatus]
    links: Mapping[str, LinkStatus]


def status(
    state: State, text: str = "", progress: float | None = None, counts: Mapping[str, int] | None = None, why: str = ""
) -> CardStatus:
    """Return the status of a card."""
    return CardStatus(state=state, text=text, progress=progress, counts=dict(counts or {}), why=why)


IDLE = status("idle")


@dataclass
class Board:
    """How everything stands now, and which of it was not sent yet."""

    cards: dict[str, CardStatus] = field(default_factory=dict)
    links: dict[str, LinkStatus] = field(default_factory=dict)
    _changed: dict[str, None] = field(default_factory=dict)
    _counted: dict[str, None] = field(default_factory=dict)

    def put(self, card: str, new: CardStatus) -> None:
        """Note how a card stands."""
        if self.cards.get(card) != new:
            self.cards[card] = new
            self._changed[card] = None

    def count(self, link: str, rows: int | None) -> None:
        """Note how many rows went along a link."""
        if self.links.get(link, LinkStatus(rows=None)) != {"rows": rows}:
            self.links[link] = LinkStatus(rows=rows)
            self._counted[link] = None

    def show(self, cards: Mapping[str, CardStatus], links: Mapping[str, LinkStatus]) -> None:
        """Note how all stands; what is not named is idle, and counts nothing."""
        for card in list({**self.cards, **cards}):
            self.put(card, cards.get(card, IDLE))
        for link in list({**self.links, **links}):
            self.count(link, links.get(link, LinkStatus(rows=None))["rows"])

    def changes(self) -> Batch:
        """Return what changed since this was last asked."""
        batch = Batch(
            cards={card: self.cards[card] for card in self._changed},
            links={link: self.links[link] for link in self._counted},
        )
        self._changed, self._counted = {}, {}
        return batch

    def whole(self) -> Batch:
        """Return how everything stands, for a page that opens."""
        return Batch(cards=dict(self.cards), links=dict(self.links))


_CALLED = {"rest": "others", "measures": "figures", "passed": "passed on"}
"""How an output is counted where its own name would not be said."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def counted(counts: Mapping[str, int]) -> str:
    """Return what left a step in words: "40 cases, 760 others"."""
    return ", ".join(f"{number:,} {_name(port, number)}" for port, number in counts.items())


def done(counts: Mapping[str, int], why: str, at: str = "") -> CardStatus:
    """Return the status of a step that ran."""
    what = counted(counts)
    text = f"done{f' at {at}' if at else ''}{f': {what}' if what else ''}"
    return status("done", text, None, counts, why)


def delivered(files: list[str], at: str, why: str) -> CardStatus:
    """Return the status of a step that wrote files; without a time they wait to be put in their place."""
    names = ", ".join(files)
    return status("done", f"wrote {names} at {at}" if at else f"will write {names}", None, {}, why)


def kept(counts: Mapping[str, int], why: str, at: str) -> CardStatus:
    """Return the status of a step whose earlier result was taken."""
    return status("kept", f"kept{f' from {at}' if at else ''}, nothing that made it has changed", None, counts, why)


def asking(asked: int, answered: int, group: str, until: str) -> CardStatus:
    """Return the status of a step that waits for people."""
    text = f"{answered:,} of {asked:,} answered"
    more = f"Asked are {group}{f'; the next deadline is {until}' if until else ''}."
    return status("asking", text, answered / asked if asked else None, {}, more)


def answered() -> CardStatus:
    """Return the status of a step whose awaited answers are all there."""
    return status("asking", "all answered", 1.0)


def working(says: str, finished: object, total: object) -> CardStatus:
    """Return the status of a step that tells how far it is."""
    if not isinstance(finished, int | float) or not isinstance(total, int | float):
        return status("running", says)
    if total <= 0:
        return status("running", f"{finished:,} {says}".strip())
    return status("running", f"{finished:,} of {total:,} {says}".strip(), min(max(finished / total, 0.0), 1.0))


def clock_time(moment: str, now: datetime, zone: tzinfo | None = None) -> str:
    """Return a stored moment as people say it: "14:02" today, "3 March, 14:02" on another day."""
    try:
        then = datetime.fromisoformat(moment).astimezone(zone)
    except ValueError:
        return ""
    today = now.replace(tzinfo=now.tzinfo or UTC).astimezone(zone)
    time = f"{then:%H:%M}"
    if then.date() == today.date():
        return time
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then.day} {_MONTHS[then.month - 1]}{year}, {time}"


def _name(port: str, number: int) -> str:
    name = _CALLED.get(port, port.replace("_", " "))
    return name[:-1] if number == 1 and name.endswith("s") else name
