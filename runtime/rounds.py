"""Opening and closing the rounds of a book: at most one is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, insert, select, update

from runtime import events
from runtime.logs import seal
from runtime.moments import read, written
from runtime.plan import Plan
from runtime.questions import asked_keys
from runtime.schema import rounds
from runtime.values import canonical, digest_of

if TYPE_CHECKING:
    from runtime.store import Book, Store

People = Literal["simulated", "store", "none"]


@dataclass(frozen=True)
class OpenRound:
    """A round that is being played: all that was fixed when it opened."""

    number: int
    run: int
    now: str
    seed: int
    people: str
    flow: str
    overrides: Mapping[str, Any]
    asked_before: str
    stuck: str = ""
    """Why it could not go on when it was last played; empty when it was not hindered."""

    @cached_property
    def moment(self) -> datetime:
        """Return the round's fixed time."""
        return read(self.now)

    @property
    def day(self) -> str:
        """Return the day of the round's fixed time."""
        return self.now[:10]


def find_open(store: Store, book: Book) -> OpenRound | None:
    """Return the round that is open in a book, or None."""
    query = select(rounds).where(rounds.c.book == book.id, rounds.c.state == "open")
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    return OpenRound(
        row.number, row.run, row.now, row.seed, row.people, row.flow, row.overrides, row.asked_before, row.sentence
    )


def last_number(store: Store, book: Book) -> int:
    """Return the number of a book's last round, or 0."""
    with store.reading() as connection:
        found = connection.execute(select(func.max(rounds.c.number)).where(rounds.c.book == book.id)).scalar()
    return found or 0


def open_next(
    store: Store,
    book: Book,
    plan: Plan,
    run: int,
    seed: int,
    people: str,
    flow: str,
    overrides: Mapping[str, Any],
    now: datetime | None = None,
    asked_in: Book | None = None,
) -> OpenRound:
    """Open the next round: in one transaction, all experience so far is sealed and everything is fixed.

    `asked_in` is the book whose questions count as asked before; without one, none were.
    """
    at = store.moment()
    number = last_number(store, book) + 1
    with store.transaction() as tx:
        asked_before = store.artifacts.put(canonical(asked_keys(tx, asked_in.id if asked_in else 0)))
        row = OpenRound(number, run, written(now) if now else at, seed, people, flow, overrides, asked_before)
        seal(tx, store, book, plan, number, at)
        tx.execute(
            insert(rounds).values(
                book=book.id,
                number=number,
                run=run,
                state="open",
                now=row.now,
                seed=seed,
                people=people,
                flow=flow,
                overrides=dict(overrides),
                asked_before=asked_before,
                opened=at,
                sentence="",
            )
        )
        events.append(
            tx, book.id, at, "round-opened", round=number, now=row.now, seed=seed, flow=flow, people=people,
            overrides=digest_of(dict(overrides)), asked_before=asked_before,
        )  # fmt: skip
    return row


def hinder(store: Store, book: Book, number: int, sentence: str) -> None:
    """Note on an open round why it could not go on."""
    with store.transaction() as tx:
        tx.execute(update(rounds).where(rounds.c.book == book.id, rounds.c.number == number).values(sentence=sentence))


def close(store: Store, book: Book, number: int, state: str, sentence: str, run: int, left: int) -> None:
    """Close a round as done or stopped, and note how many rounds are left of the order that is worked on."""
    from runtime.schema import runs

    at = store.moment()
    with store.transaction() as tx:
        tx.execute(
            update(rounds)
            .where(rounds.c.book == book.id, rounds.c.number == number)
            .values(state=state, closed=at, sentence=sentence)
        )
        tx.execute(update(runs).where(runs.c.id == run).values(left=left))
        events.append(tx, book.id, at, f"round-{state}", round=number, says=digest_of(sentence))
