"""What a book has learned by now, lent to a trial: read as its next round would begin with it, and never written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from runtime.answers import frame_of, unsealed
from runtime.logs import joined, new_entries, sealed
from runtime.rounds import last_number
from runtime.schema import books, rounds, runs
from runtime.values import Answers, Table, Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.flow import Flow, Link
    from flows.ports import Port
    from runtime.plan import Plan
    from runtime.store import Book, Store


@dataclass(frozen=True)
class Learned:
    """What one book has learned up to the end of a round, by the feedback input that it reaches (`risk.answers`).

    Without a name nothing is lent: there is no other book, or what is tried takes no feedback.
    """

    book: str = ""
    round: int = 0
    logs: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, to be kept with the order."""
        return {"book": self.book, "round": self.round, "logs": dict(self.logs)}

    def log(self, place: str, port: Port, store: Store) -> Value | None:
        """Return what is lent to a feedback input; None when that is nothing."""
        assert issubclass(port.type, Value)
        return port.type.read(self.logs[place], store.artifacts) if place in self.logs else None

    def sentence(self) -> str:
        """Return in words what is tried with; nothing when nothing can be learned."""
        if not self.book:
            return ""
        if not self.logs:
            return f"Nothing was learned before: '{self.book}' has no feedback for it yet."
        return f"What '{self.book}' had learned by the end of round {self.round} was used."


NOTHING = Learned()


def learned_in(store: Store, flow: Flow, trial: Plan, book: Book | None) -> Learned:
    """Return what a book has learned for the steps of a trial, as if its next round opened now.

    `flow` is the whole flow, whose feedback links say what reaches which step. The open round of the book,
    if there is one, is looked at as it began.
    """
    drawn = (link for link in flow.feedback() if link.source.step in flow.steps)
    links = [link for link in drawn if link.target.step in trial.flow.steps]
    if book is None or not links:
        return NOTHING
    with store.reading() as connection:
        is_open = select(rounds.c.number).where(rounds.c.book == book.id, rounds.c.state == "open")
        behind = last_number(store, book) - (connection.execute(is_open).first() is not None)
        reading = _Reading(connection, store, book, flow, behind, sealed_only=behind < last_number(store, book))
        found = {
            f"{planned.card.id}.{entry.port.name}": value.plain()
            for planned in trial.steps
            for entry in planned.inputs
            if entry.port.feedback
            and (value := reading.log(_into(links, planned.card.id, entry.port), entry.port)).count
        }
    return Learned(book.name, behind, found)


def lent_to(store: Store, run: int) -> Learned:
    """Return what was lent to the rounds of an order when it was made."""
    with store.reading() as connection:
        wanted = connection.execute(select(runs.c.wanted).where(runs.c.id == run)).scalar() or {}
    kept = wanted.get("learned")
    return Learned(kept["book"], kept["round"], kept["logs"]) if kept else NOTHING


def played_last(store: Store, flow: str, besides: str) -> Book | None:
    """Return the book of a flow in which a round was opened last, leaving out trials and one by its name."""
    query = (
        select(books.c.name, runs.c.wanted)
        .join(rounds, rounds.c.book == books.c.id)
        .join(runs, runs.c.id == rounds.c.run)
        .where(books.c.flow == flow, books.c.name != besides)
        .order_by(rounds.c.opened.desc(), rounds.c.book.desc())
    )
    with store.reading() as connection:
        name = next((row.name for row in connection.execute(query) if not row.wanted.get("up_to")), None)
    return store.find_book(flow, name) if name else None


@dataclass(frozen=True)
class _Reading:
    connection: Connection
    store: Store
    book: Book
    flow: Flow
    behind: int
    sealed_only: bool

    def log(self, links: Iterable[Link], port: Port) -> Value:
        """Return the whole log of one input."""
        assert issubclass(port.type, Value)
        chunks: list[Value] = []
        for link in links:
            source = replace(port, name=link.source.port)
            step = self.flow.steps[link.source.step].memory
            chunks += sealed(self.connection, self.store.artifacts, self.book.id, step, source.name, port.type)
            fresh = None if self.sealed_only else self._unsealed(step, source)
            chunks += [fresh] if fresh is not None and fresh.count else []
        return joined(port.type, chunks, self.store.artifacts)

    def _unsealed(self, step: str, source: Port) -> Value | None:
        """Return what the next round would seal of one output."""
        if source.type is not Answers:
            return new_entries(self.connection, self.store, self.book, step, source, self.behind + 1)
        identities = unsealed(self.connection, self.book.id, step, self.store.moment())
        if not identities:
            return None
        frame = frame_of(self.connection, identities, sealed_in=self.behind + 1)
        return Answers(Table.store(self.store.artifacts, [frame]))


def _into(links: Iterable[Link], step: str, port: Port) -> list[Link]:
    return [link for link in links if (link.target.step, link.target.port) == (step, port.name)]
