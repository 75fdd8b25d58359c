"""What a step gave when it last ran: the newest kept result, in whichever book it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.catalog import Catalog
from flows.flow import End, Flow
from flows.sides import port_at

if TYPE_CHECKING:
    from runtime.store import Store
    from runtime.values import Value


@dataclass(frozen=True)
class Kept:
    """A value that left by a port: in which book and round, and which round really made it."""

    value: Value
    book: str
    rehearsal: bool
    round: int
    made_in: int

    def sentence(self) -> str:
        """Return where the value is from, in words."""
        where = f"the rehearsal '{self.book}'" if self.rehearsal else f"'{self.book}'"
        made = "" if self.made_in == self.round else f", kept from round {self.made_in}"
        return f"From round {self.round} of {where}{made}."


def store_in(folder: Path) -> Store | None:
    """Return the memory of a workspace, or None when nothing has run there yet."""
    if not (folder / ".tandem" / "store.db").is_file():
        return None
    from runtime.store import Store

    return Store.open(folder / ".tandem")


def kept_at(store: Store, flow: Flow, catalog: Catalog, end: End, book: str | None = None) -> Kept | None:
    """Return what last left by an output port, in one book or in the one that was played last; else None.

    What a step learned under a former id counts as its own.
    """
    from sqlalchemy import select

    from runtime.schema import books, results, rounds
    from runtime.values import Value

    port, card = port_at(flow, catalog, end, outgoing=True), flow.steps.get(end.step)
    if port is None or card is None or not issubclass(port.type, Value):
        return None
    query = (
        select(results.c.outputs, results.c.round, results.c.reused_from, books.c.name, books.c.rehearsal)
        .join(books, results.c.book == books.c.id)
        .join(rounds, (rounds.c.book == results.c.book) & (rounds.c.number == results.c.round))
        .where(books.c.flow == flow.id, results.c.step == card.memory)
        .order_by(rounds.c.opened.desc())
        .limit(1)
    )
    if book is not None:
        query = query.where(books.c.name == book)
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None or port.name not in row.outputs:
        return None
    value = port.type.read(row.outputs[port.name], store.artifacts)
    return Kept(value, row.name, row.rehearsal, row.round, row.reused_from or row.round)
