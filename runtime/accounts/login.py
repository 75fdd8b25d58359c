"""Saying who one is: the password is looked at, and a session begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select, update

from flows.problems import Refused, refuse
from runtime.accounts import passwords
from runtime.accounts.accounts import Accounts
from runtime.accounts.attempts import claim, forgive
from runtime.accounts.history import TERMINAL, note
from runtime.accounts.managing import end_sessions, void_invitations
from runtime.accounts.names import key_of
from runtime.accounts.sessions import begin
from runtime.accounts.tables import users
from runtime.accounts.users import User, row_of, user, user_of


@dataclass(frozen=True)
class SignedIn:
    """A session that has begun. `token` is for the browser alone."""

    user: User
    token: str = field(repr=False)


def log_in(accounts: Accounts, name: str, password: str, address: str = "") -> SignedIn:
    """Begin a session for whoever knows the password.

    Raises `Refused`: `login-wrong`, the same and after the same work for a name that does not exist, a
    disabled account and a wrong password; `login-wait` after too many failures of the name or the address.
    """
    claim(accounts, name, address)
    with accounts.reading() as connection:
        row = _able(connection, name)
    if not accounts.passwords.fits(password, row.password if row else None) or row is None:
        raise _wrong()
    newer = accounts.passwords.kept(password) if accounts.passwords.is_old(row.password) else row.password
    with accounts.transaction() as tx:
        again = _able(tx, name)
        if again is None or again.password != row.password:  # changed while the hash was made
            raise _wrong()
        if newer != row.password:
            tx.execute(update(users).where(users.c.id == row.id).values(password=newer))
        found, token = user_of(tx, row.id), begin(accounts, tx, row.id)
    forgive(accounts, name, address)
    if found is None:
        raise _wrong()
    return SignedIn(found, token)


def set_password(accounts: Accounts, name: str, password: str, by: str = TERMINAL) -> User:
    """Give an account a password; its sessions and invitations end. Raises `Refused` (`password-weak`, ...)."""
    found = user(accounts, name)
    passwords.check(password, about(found.name, found.full_name, found.mail))
    kept = accounts.passwords.kept(password)
    with accounts.transaction() as tx:
        put_password(accounts, tx, row_of(tx, name).id, kept, by)
    return user(accounts, name)


def change_password(accounts: Accounts, name: str, old: str, new: str, address: str = "") -> SignedIn:
    """Change one's own password: the old one is asked, all sessions end and a new one begins.

    Raises `Refused` as `log_in` does, and `password-weak`; then the old password and all sessions stay.
    """
    claim(accounts, name, address)
    with accounts.reading() as connection:
        row = _able(connection, name)
    if not accounts.passwords.fits(old, row.password if row else None) or row is None:
        raise refuse("login-wrong", "The old password is not right. Type it again.")
    forgive(accounts, name, address)
    passwords.check(new, about(row.name, row.full_name, row.mail))
    kept = accounts.passwords.kept(new)
    with accounts.transaction() as tx:
        again = _able(tx, name)
        if again is None or again.password != row.password:
            raise _wrong()
        put_password(accounts, tx, row.id, kept, row.name)
        token = begin(accounts, tx, row.id)
    return SignedIn(user(accounts, name), token)


def put_password(accounts: Accounts, tx: Connection, number: int, kept: str, by: str) -> None:
    """Write the hash of a new password; sessions and invitations of the account end."""
    tx.execute(update(users).where(users.c.id == number).values(password=kept))
    end_sessions(tx, number)
    void_invitations(tx, number)
    note(tx, accounts.moment(), by, "password-set", number)


def about(name: str, full_name: str, mail: str) -> tuple[str, ...]:
    """Return the words that a password should not be made of."""
    return (name, mail, mail.split("@")[0], full_name, *full_name.split())


def _able(connection: Connection, name: str) -> Row[Any] | None:
    """Return the row of an account that may sign in."""
    able = (users.c.key == key_of(name), users.c.disabled.is_(None), users.c.erased.is_(None), users.c.password != "")
    return connection.execute(select(users).where(*able)).first()


def _wrong() -> Refused:
    return refuse("login-wrong", "This name and this password do not belong together. Look at both and try again.")


CODES: tuple[tuple[str, str], ...] = (
    ("login-wrong", "The name and the password do not belong together. Look at both and try again."),
)
