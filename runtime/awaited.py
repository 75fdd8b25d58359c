"""Which questions the open round of a book puts to people, and whether it waits for them any longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from flows.problems import Refused
from runtime.asking import in_time
from runtime.questions import Asked, Standing, standing
from runtime.run import flow_from
from runtime.schema import questions, results, rounds
from runtime.values import KEY, Table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.catalog import Catalog
    from runtime.store import Book, Store

PORT = "cases"
"""The port at which every kind that asks people is given what to ask."""


@dataclass(frozen=True)
class Awaited:
    """A step of the open round that has asked people: how its questions stand, and whether its rule is met."""

    round: int
    step: str
    standing: Standing
    over: bool

    def sentence(self) -> str:
        """Return in words how far the answers are."""
        asked, answered, late = self.standing
        if answered == asked:
            return "the only question is answered" if asked == 1 else f"all {asked:,} questions are answered"
        passed = f", and the deadline of {late:,} has passed" if late else ""
        return f"{answered:,} of {asked:,} questions are answered{passed}"


def awaited(store: Store, book: Book, catalog: Catalog) -> tuple[Awaited, ...]:
    """Return the steps of the open round that have asked people and have no result yet.

    The rule is the step's own (`wait`, and `quorum` where that is chosen); a kind without such settings waits
    for all. What the round itself finds counts: this only tells when it is worth to look.
    """
    with store.reading() as connection:
        row = connection.execute(select(rounds).where(rounds.c.book == book.id, rounds.c.state == "open")).first()
        if row is None:
            return ()
        settled = select(results.c.step).where(results.c.book == book.id, results.c.round == row.number)
        ended = set(connection.execute(settled).scalars())
        asked = asked_now(connection, store, book)
        flow = flow_from(store.artifacts.get(row.flow), book.flow, row.overrides) if asked else None
        found = []
        for card in flow.steps.values() if flow else ():
            if card.memory in asked and card.memory not in ended:
                step = catalog.read(card)[0]
                rule, share = str(getattr(step, "wait", "all")), float(getattr(step, "quorum", 1.0))
                now = standing(connection, asked[card.memory], store.moment(), in_time(Asked((), rule)))
                found.append(Awaited(row.number, card.id, now, now.goes_on(rule, share)))
    return tuple(found)


def asked_now(connection: Connection, store: Store, book: Book) -> dict[str, list[str]]:
    """Return the ids of the questions of the open round by step; empty where none is open or none was asked."""
    row = connection.execute(select(rounds).where(rounds.c.book == book.id, rounds.c.state == "open")).first()
    if row is None:
        return {}
    try:
        flow = flow_from(store.artifacts.get(row.flow), book.flow, row.overrides)
        made = select(results.c.step, results.c.outputs).where(results.c.book == book.id, results.c.round == row.number)
        outputs = {result.step: result.outputs for result in connection.execute(made)}
        keys: dict[str, set[str]] = {}
        for link in flow.links:
            source = flow.steps[link.source.step].memory
            if link.target.port == PORT and not link.feedback and source in outputs:
                table = Table.read(outputs[source][link.source.port]["table"], store.artifacts)
                keys.setdefault(flow.steps[link.target.step].memory, set()).update(table.frame([KEY])[KEY])
    except Refused:  # a stored file is gone: what was asked before is all that can be told
        return {}
    found = {step: _newest(connection, book, step, given) for step, given in keys.items()}
    return {step: asked for step, asked in found.items() if asked}


def _newest(connection: Connection, book: Book, step: str, keys: set[str]) -> list[str]:
    """Return for each case the question that was asked last: another wording is another question."""
    query = select(questions.c.key, questions.c.id).where(
        questions.c.book == book.id, questions.c.step == step, questions.c.closed == ""
    )
    last = {row.key: row.id for row in connection.execute(query.order_by(questions.c.asked, questions.c.id))}
    return [identity for key, identity in last.items() if key in keys]
