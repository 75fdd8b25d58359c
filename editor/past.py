"""How the last round of a book left each step and link, read from the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from editor import statuses
from editor.statuses import CardStatus, LinkStatus, State
from flows.graph import descendants, order
from flows.problems import Refused
from runtime.overview import RoundLine, delivered_of, rounds_of, waiting_of
from runtime.run import flow_from
from runtime.schema import books, events, results, rounds

if TYPE_CHECKING:
    from pathlib import Path

    from flows.flow import Card, Flow
    from runtime.store import Book, Store


@dataclass(frozen=True)
class Past:
    """The last round of a book and how it left every card and link; without a round, nothing is known."""

    book: str = ""
    round: RoundLine | None = None
    cards: Mapping[str, CardStatus] = field(default_factory=dict)
    links: Mapping[str, LinkStatus] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """From where the past is looked at: the drawing as it is now, its folder, the time and its zone."""

    flow: Flow
    folder: Path
    now: datetime
    zone: tzinfo | None = None

    def time(self, moment: str) -> str:
        """Return a stored moment in words."""
        return statuses.clock_time(moment, self.now, self.zone)


def latest_book(store: Store, flow: str) -> str:
    """Return the book of a flow in which a round was opened last; empty when nothing ever ran."""
    query = (
        select(books.c.name)
        .join(rounds, rounds.c.book == books.c.id)
        .where(books.c.flow == flow)
        .order_by(rounds.c.opened.desc())
        .limit(1)
    )
    with store.reading() as connection:
        return connection.execute(query).scalar() or ""


def newest(store: Store, flow: str) -> tuple[str, str]:
    """Return when a round of a flow was last opened and last closed, to tell whether anything ran meanwhile."""
    query = (
        select(func.max(rounds.c.opened), func.max(rounds.c.closed))
        .join(books, rounds.c.book == books.c.id)
        .where(books.c.flow == flow)
    )
    with store.reading() as connection:
        opened, closed = connection.execute(query).one()
    return opened or "", closed or ""


def last_played(store: Store, flow: str, book: str) -> str:
    """Return when a round of a book was last worked on; answers that arrive do not count."""
    found = store.find_book(flow, book)
    if found is None:
        return ""
    worked = events.c.what.in_(("round-opened", "round-closed", "round-stopped", "step-done", "step-reused"))
    query = select(events.c.at).where(events.c.book == found.id, worked).order_by(events.c.number.desc()).limit(1)
    with store.reading() as connection:
        return connection.execute(query).scalar() or ""


def past_of(
    store: Store, book: str, look: Look, working: bool = False, failed: Mapping[str, str] | None = None
) -> Past:
    """Return how the last round of a book stands.

    `working`: somebody plays that round now, so that what has no result yet waits for its turn.
    `failed`: the sentences of steps that are known to have failed.
    """
    found = store.find_book(look.flow.id, book)
    lines = rounds_of(store, found) if found else ()
    if found is None or not lines:
        return Past(book)
    last = _LastRound(store, found, look, lines[-1])
    cards = last.finished()
    cards |= last.delivered(cards)
    cards |= last.unfinished({*cards}, working, dict(failed or {}))
    cards |= last.changed_since(cards)
    links = {
        str(link): LinkStatus(rows=cards[link.source.step]["counts"].get(link.source.port))
        for link in look.flow.links
        if link.source.step in cards
    }
    return Past(book, lines[-1], cards, links)


def waiting_cards(store: Store, book: Book, look: Look) -> dict[str, CardStatus]:
    """Return the cards that wait for people, with how many cases are answered by now."""
    asked: dict[str, list[Any]] = {}
    for waiting in waiting_of(store, book):
        asked.setdefault(waiting.step, []).append(waiting)
    found = {}
    for id, card in look.flow.steps.items():
        several = asked.get(card.memory)
        if several:
            until = min((one.deadline for one in several if one.deadline), default="")
            groups = ", ".join(one.group for one in several)
            total, answered = sum(one.asked for one in several), sum(one.answered for one in several)
            found[id] = statuses.asking(total, answered, groups, look.time(until) if until else "")
    return found


def made_at(store: Store, book: Book, number: int) -> dict[str, str]:
    """Return when each step of a round made its result, by the name under which the step is kept."""
    line = next((one for one in rounds_of(store, book) if one.number == number), None)
    if line is None:
        return {}
    query = select(events.c.at, events.c.body).where(
        events.c.book == book.id, events.c.what.in_(("step-done", "step-reused")), events.c.at >= line.opened
    )
    if line.closed:
        query = query.where(events.c.at <= line.closed)
    with store.reading() as connection:
        return {json.loads(row.body)["step"]: row.at for row in connection.execute(query.order_by(events.c.number))}


class _LastRound:
    """One round as the store holds it, told as the status of each card."""

    def __init__(self, store: Store, book: Book, look: Look, line: RoundLine) -> None:
        self.store, self.book, self.look, self.line = store, book, look, line
        self._times: dict[int, dict[str, str]] = {}

    def finished(self) -> dict[str, CardStatus]:
        """Return the cards that have a result: what ran, and what was kept from when."""
        mine = (results.c.book == self.book.id) & (results.c.round == self.line.number)
        with self.store.reading() as connection:
            made = {row.step: row for row in connection.execute(select(results).where(mine))}
        return {
            id: self._finished(card.memory, made[card.memory])
            for id, card in self.look.flow.steps.items()
            if card.memory in made
        }

    def delivered(self, cards: Mapping[str, CardStatus]) -> dict[str, CardStatus]:
        """Return the cards that wrote files, with the names of the files."""
        files: dict[str, list[str]] = {}
        times: dict[str, str] = {}
        for file in delivered_of(self.store, self.book, self.look.folder):
            if file.round == self.line.number:
                files.setdefault(file.step, []).append(file.path.name)
                times[file.step] = file.published
        return {
            id: statuses.delivered(files[card.memory], self.look.time(times[card.memory]), cards[id]["why"])
            for id, card in self.look.flow.steps.items()
            if id in cards and card.memory in files
        }

    def unfinished(self, finished: set[str], working: bool, failed: dict[str, str]) -> dict[str, CardStatus]:
        """Return the cards without a result: asking, failed, held back, or waiting for their turn."""
        missing = [id for id in _in_order(self.look.flow) if id not in finished]
        if self.line.state == "closed":
            return {}
        if self.line.state == "stopped":
            held = statuses.status("blocked", "not run: the round was stopped", None, {}, self.line.sentence)
            return dict.fromkeys(missing, held)
        asking = waiting_cards(self.store, self.book, self.look)
        if working:
            return {id: asking.get(id, statuses.status("waiting")) for id in missing}
        if not failed and self.line.sentence:
            failed = dict.fromkeys(missing[:1], self.line.sentence)
        return self._held_back(missing, asking, failed)

    def changed_since(self, cards: Mapping[str, CardStatus]) -> dict[str, CardStatus]:
        """Return the cards whose kind or settings are no longer those that the round was played with."""
        try:
            then = self._played()
        except (Refused, OSError):
            return {}
        found = {}
        for id, card in self.look.flow.steps.items():
            before = then.get(card.memory)
            alike = before is None or (before.kind, before.settings) == (card.kind, card.settings)
            if id in cards and not alike and cards[id]["state"] in ("done", "kept"):
                why = "The step was changed after its last result, so it runs anew in the next round."
                found[id] = statuses.status("idle", "changed since it ran", None, cards[id]["counts"], why)
        return found

    def _finished(self, step: str, row: Any) -> CardStatus:
        counts = {port: sum(rows for _, rows in value["table"]["parts"]) for port, value in row.outputs.items()}
        why = " ".join([row.reason, *row.notes])
        at = self.look.time(self._times_of(row.reused_from or self.line.number).get(step, ""))
        return statuses.kept(counts, why, at) if row.reused_from else statuses.done(counts, why, at)

    def _held_back(
        self, missing: list[str], asking: Mapping[str, CardStatus], failed: Mapping[str, str]
    ) -> dict[str, CardStatus]:
        flow = self.look.flow
        behind = {after: id for id in {**asking, **failed} for after in descendants(flow, id)}
        found = {id: statuses.status("idle", "not run yet in this round") for id in missing}
        for id in missing:
            if id in behind:  # behind people it is its turn later; behind a failure it is held back
                state: State = "blocked" if behind[id] in failed else "waiting"
                found[id] = statuses.status(state, f"waits for {_title(flow.steps[behind[id]])}")
        found |= {id: asking[id] for id in missing if id in asking}
        told = {id: says for id, says in failed.items() if id in found}
        return found | {id: statuses.status("failed", says, None, {}, says) for id, says in told.items()}

    def _times_of(self, number: int) -> Mapping[str, str]:
        if number not in self._times:
            self._times[number] = made_at(self.store, self.book, number)
        return self._times[number]

    def _played(self) -> dict[str, Card]:
        """Return the cards with which the round is played, by the name under which each is kept."""
        query = select(rounds.c.flow, rounds.c.overrides).where(
            rounds.c.book == self.book.id, rounds.c.number == self.line.number
        )
        with self.store.reading() as connection:
            row = connection.execute(query).one()
        flow = flow_from(self.store.artifacts.get(row.flow), self.book.flow, row.overrides)
        return {card.memory: card for card in flow.steps.values()}


def _in_order(flow: Flow) -> tuple[str, ...]:
    try:
        return order(flow)
    except Refused:
        return tuple(flow.steps)


def _title(card: Card) -> str:
    return card.title or card.id.replace("-", " ")
