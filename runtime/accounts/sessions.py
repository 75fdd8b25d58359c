"""Sessions: who a browser speaks for, until it was idle too long, or lasted too long, or was ended."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from runtime.accounts.accounts import Accounts
from runtime.accounts.tables import sessions
from runtime.accounts.users import User, user_of
from runtime.moments import read, written

_SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept: a page that asks every second writes once a minute."""


def begin(accounts: Accounts, tx: Connection, number: int) -> str:
    """Begin a session of an account and return its token, of which only a digest is kept."""
    now, token = accounts.now(), secrets.token_urlsafe(32)
    over = or_(
        sessions.c.seen < written(now - accounts.lasting.idle),
        sessions.c.begun < written(now - accounts.lasting.absolute),
    )
    tx.execute(delete(sessions).where(over))
    tx.execute(insert(sessions).values(token=digest_of(token), user=number, begun=written(now), seen=written(now)))
    return token


def who(accounts: Accounts, token: str, used: bool = True) -> User | None:
    """Return whose session a token is, with the roles of now; None when it is over or never was.

    A look with `used=False`, such as that of a page which only waits, does not make the session last longer.
    """
    with accounts.reading() as connection:
        row = connection.execute(select(sessions).where(sessions.c.token == digest_of(token))).first()
        found = user_of(connection, row.user) if row else None
    if row is None or found is None or found.disabled:
        return None
    now, seen = accounts.now(), read(row.seen)
    if now - seen >= accounts.lasting.idle or now - read(row.begun) >= accounts.lasting.absolute:
        end(accounts, token)
        return None
    if used and now - seen >= _SEEN_EVERY:
        with accounts.transaction() as tx:
            tx.execute(update(sessions).where(sessions.c.token == row.token).values(seen=written(now)))
    return found


def end(accounts: Accounts, token: str) -> None:
    """End a session; one that is over already stays so."""
    with accounts.transaction() as tx:
        tx.execute(delete(sessions).where(sessions.c.token == digest_of(token)))


def digest_of(token: str) -> str:
    """Return the digest under which a token is kept. Tokens are drawn at random, so that it needs no slow hash."""
    return hashlib.sha256(token[:200].encode("utf-8", "surrogatepass")).hexdigest()
