"""Where a workspace keeps its runs, answers and events: a database and a folder of artifacts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select

from flows.problems import refuse
from runtime import schema
from runtime.artifacts import Artifacts
from runtime.database import READ_ONLY, open_database
from runtime.moments import Clock, wall_clock, written

LIVE = "live"
_BOOK = re.compile(r"(?!\.)[^/\\:*?\"<>|\x00-\x1f]{1,100}")  # a rehearsal's folder is called like it


@dataclass(frozen=True)
class Book:
    """Where experience counts: `live`, or a named rehearsal."""

    id: int
    flow: str
    name: str
    rehearsal: bool


@dataclass(frozen=True)
class Writer:
    """A connection held open between the transactions of one runner."""

    connection: Connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield the connection; its writes are kept together when the block ends, or dropped on an error."""
        with self.connection.begin():
            yield self.connection


@dataclass(frozen=True)
class Store:
    """A workspace's memory. All writing happens in `transaction()`, whole or not at all."""

    folder: Path
    engine: Engine
    artifacts: Artifacts
    clock: Clock = field(default=wall_clock)

    @classmethod
    def open(cls, folder: Path, clock: Clock = wall_clock) -> Store:
        """Open the store in a folder, or begin one there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = open_database(folder / "store.db")
        store = cls(folder, engine, Artifacts(folder / "artifacts"), clock)
        store._prepare()
        return store

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection whose writes are kept together when the block ends, or dropped on an error."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Yield a writer that keeps its connection over many transactions, for one that commits often."""
        with self.engine.connect() as connection:
            yield Writer(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading, which never waits for a writer."""
        with self.engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            yield connection

    def now(self) -> datetime:
        """Return the time of the store's clock, in UTC."""
        return self.clock()

    def moment(self) -> str:
        """Return the time of the store's clock as text."""
        return written(self.clock())

    def book(self, flow: str, name: str, rehearsal: bool | None = None) -> Book:
        """Return a book of a flow, begun when it is new; `live` is never a rehearsal."""
        found = self.find_book(flow, name)
        if found is not None:
            return found
        if not _BOOK.fullmatch(name):
            raise refuse(
                "book-name",
                f"'{name:.80}' is no name for a book. Use up to 100 letters, digits, hyphens or blanks.",
            )
        wanted = name != LIVE if rehearsal is None else rehearsal
        with self.transaction() as tx:
            row = tx.execute(_book(flow, name)).first()
            if row is None:
                values = {"flow": flow, "name": name, "rehearsal": wanted, "created": self.moment()}
                tx.execute(insert(schema.books).values(**values))
        return self.book(flow, name)

    def find_book(self, flow: str, name: str) -> Book | None:
        """Return a book of a flow when there is one."""
        with self.reading() as connection:
            row = connection.execute(_book(flow, name)).first()
        return Book(row.id, row.flow, row.name, row.rehearsal) if row else None

    def books(self, flow: str | None = None) -> tuple[Book, ...]:
        """Return all books, or those of one flow, in the order of their beginning."""
        query = select(schema.books).order_by(schema.books.c.id)
        if flow is not None:
            query = query.where(schema.books.c.flow == flow)
        with self.reading() as connection:
            return tuple(Book(row.id, row.flow, row.name, row.rehearsal) for row in connection.execute(query))

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _prepare(self) -> None:
        version = self._version()
        if version is None:
            with self.transaction() as tx:
                schema.schema.create_all(tx)
                if tx.execute(select(schema.settings)).first() is None:
                    tx.execute(insert(schema.settings).values(name="version", value=str(schema.VERSION)))
        elif version > schema.VERSION:
            raise refuse(
                "store-too-new",
                f"The store in {self.folder} was written by a newer Tandem (version {version} of its tables; "
                f"this program knows {schema.VERSION}). Nothing was touched. Use the newer program.",
            )
        elif version < schema.VERSION:
            self._migrate()

    def _migrate(self) -> None:
        from runtime.migration import migrate

        with self.transaction() as tx:
            version = _version(tx)  # another process may have been first
            if version is not None and version < schema.VERSION:
                migrate(tx, self.folder, version)

    def _version(self) -> int | None:
        with self.reading() as connection:
            return _version(connection) if self.engine.dialect.has_table(connection, "settings") else None


def _version(connection: Connection) -> int | None:
    found = connection.execute(select(schema.settings.c.value).where(schema.settings.c.name == "version")).scalar()
    return int(found) if found else None


def _book(flow: str, name: str) -> Select[Any]:
    return select(schema.books).where(schema.books.c.flow == flow, schema.books.c.name == name)
