"""Which questions the open round of a book puts to people: the cases that its people steps are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from flows.problems import Refused
from runtime.run import flow_from
from runtime.schema import questions, results, rounds
from runtime.values import KEY, Table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book, Store

PORT = "cases"
"""The port at which every kind that asks people is given what to ask."""


def asked_now(connection: Connection, store: Store, book: Book) -> dict[str, list[str]]:
    """Return the ids of the questions of the open round by step; empty where none is open or none was asked."""
    row = connection.execute(select(rounds).where(rounds.c.book == book.id, rounds.c.state == "open")).first()
    if row is None:
        return {}
    try:
        flow = flow_from(store.artifacts.get(row.flow), book.flow, row.overrides)
        made = select(results.c.step, results.c.outputs).where(
            results.c.book == book.id, results.c.round == row.number
        )
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
