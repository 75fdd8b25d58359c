"""Where accounts are kept: a database of its own beside the store, which only its owner may read."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, select

from flows.problems import Refused, refuse
from runtime.accounts import tables
from runtime.accounts.passwords import Passwords
from runtime.database import READ_ONLY, open_database
from runtime.moments import Clock, wall_clock, written

DATABASE = "people.db"


@dataclass(frozen=True)
class Lasting:
    """How long a session lasts: since it was last used, and since it began."""

    idle: timedelta = timedelta(hours=12)
    absolute: timedelta = timedelta(days=7)


@dataclass(frozen=True)
class Accounts:
    """The accounts of a workspace. All writing happens in `transaction()`, whole or not at all."""

    folder: Path
    engine: Engine
    secret: bytes = field(repr=False)
    passwords: Passwords
    lasting: Lasting
    clock: Clock

    @classmethod
    def open(
        cls,
        folder: Path,
        passwords: Passwords | None = None,
        lasting: Lasting | None = None,
        clock: Clock = wall_clock,
    ) -> Accounts:
        """Open the accounts in a state folder, or begin them there.

        Raises `Refused` (`accounts-too-new`) when a newer program wrote them, and leaves them as they are.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives the files beside a database the rights of the database.
        os.close(os.open(folder / DATABASE, os.O_RDWR | os.O_CREAT, 0o600))
        engine = open_database(folder / DATABASE)
        event.listen(engine, "connect", _overwrite)
        try:
            secret = _prepared(engine, folder)
        except Refused:
            engine.dispose()
            raise
        return cls(folder, engine, secret, passwords or Passwords(), lasting or Lasting(), clock)

    @staticmethod
    def are_in(folder: Path) -> bool:
        """Return whether a state folder has accounts."""
        return (folder / DATABASE).is_file()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection whose writes are kept together when the block ends, or dropped on an error."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading, which never waits for a writer."""
        with self.engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            yield connection

    def now(self) -> datetime:
        """Return the time of the clock, in UTC."""
        return self.clock()

    def moment(self) -> str:
        """Return the time of the clock as text."""
        return written(self.clock())

    def sealed(self, text: str) -> str:
        """Return a digest of a text that only this database can make: 64 hexadecimal digits."""
        return hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def _overwrite(connection: Any, _: object) -> None:
    """Let what is erased be overwritten in the file, where SQLite would only forget its place."""
    connection.execute("PRAGMA secure_delete=ON").close()


def _prepared(engine: Engine, folder: Path) -> bytes:
    """Make the tables where there are none, and return the secret that was drawn with them."""
    kept = _settings(engine)
    if "version" not in kept:
        with engine.begin() as tx:
            tables.schema.create_all(tx)
            if tx.execute(select(tables.settings)).first() is None:
                tx.execute(insert(tables.settings).values(name="version", value=str(tables.VERSION)))
                tx.execute(insert(tables.settings).values(name="secret", value=secrets.token_hex(32)))
        kept = _settings(engine)
    version = int(kept["version"])
    if version > tables.VERSION:
        raise refuse(
            "accounts-too-new",
            f"The accounts in {folder} were written by a newer Tandem (version {version} of their tables; "
            f"this program knows {tables.VERSION}). Nothing was touched. Use the newer program.",
        )
    return bytes.fromhex(kept["secret"])


def _settings(engine: Engine) -> dict[str, str]:
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        if not engine.dialect.has_table(connection, "settings"):
            return {}
        return {row.name: row.value for row in connection.execute(select(tables.settings))}


CODES: tuple[tuple[str, str], ...] = (
    ("accounts-too-new", "A newer Tandem wrote the accounts, and nothing was touched; use the newer program."),
)
