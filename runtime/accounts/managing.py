"""Adding accounts, changing and disabling them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from flows.problems import refuse
from runtime.accounts.accounts import Accounts
from runtime.accounts.details import Details
from runtime.accounts.history import TERMINAL, note
from runtime.accounts.names import key_of, name_of
from runtime.accounts.tables import invitations, retired, sessions, users
from runtime.accounts.teams import join_in, team_number
from runtime.accounts.users import User, row_of, user


def add(
    accounts: Accounts, name: str, details: Details | None = None, teams: Collection[str] = (), by: str = TERMINAL
) -> User:
    """Add an account without a password; without roles it is a reviewer's. Teams that are new are made.

    Raises `Refused` (`name-wrong`, `account-wrong`, `user-taken`). Big and small letters make no
    difference: where there is an Anna, there is no other anna.
    """
    name = name_of(name)
    columns = {"roles": ["reviewer"], **(details or Details()).columns()}
    with accounts.transaction() as tx:
        new = insert_user(accounts, tx, name, columns)
        note(tx, accounts.moment(), by, "added", new, roles=columns["roles"])
        for team in teams:
            join_in(accounts, tx, team_number(tx, team), new, by)
    return user(accounts, name)


def free_name(accounts: Accounts, name: str) -> str:
    """Return a name as it would be kept. Raises `Refused` (`name-wrong`, `user-taken`)."""
    name = name_of(name)
    with accounts.reading() as connection:
        _not_taken(accounts, connection, name)
    return name


def insert_user(accounts: Accounts, tx: Connection, name: str, columns: Mapping[str, object]) -> int:
    """Add a row and return its number; `name` and `columns` are read already."""
    _not_taken(accounts, tx, name)
    made = insert(users).values(name=name, key=key_of(name), created=accounts.moment(), **columns)
    return int(tx.execute(made.returning(users.c.id)).scalar_one())


def change(accounts: Accounts, name: str, details: Details, teams: Collection[str] = (), by: str = TERMINAL) -> User:
    """Change what is said of an account, and bring it into teams. New roles end its sessions: they hold at once.

    Nobody changes their own roles: `by` is who does it. Raises `Refused` (`user-unknown`, `account-wrong`, ...).
    """
    columns = details.columns()
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        was = {column: getattr(row, column) for column in columns}
        changed = {column: value for column, value in columns.items() if value != was[column]}
        if "roles" in changed:
            _not_oneself(row, by, "Nobody changes their own roles. Ask another operator, or use the terminal.")
            end_sessions(tx, row.id)
        if changed:
            tx.execute(update(users).where(users.c.id == row.id).values(**changed))
            roles = {"was": was["roles"], "roles": changed["roles"]} if "roles" in changed else {}
            note(tx, accounts.moment(), by, "changed", row.id, fields=sorted(changed), **roles)
        for team in teams:
            join_in(accounts, tx, team_number(tx, team), row.id, by)
    return user(accounts, name)


def disable(accounts: Accounts, name: str, by: str = TERMINAL) -> User:
    """Keep an account and let it do nothing more: sessions end, invitations are void. All else stays."""
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        _not_oneself(row, by, "Nobody disables their own account. Ask another operator, or use the terminal.")
        if row.disabled is None:
            tx.execute(update(users).where(users.c.id == row.id).values(disabled=accounts.moment()))
            end_sessions(tx, row.id)
            void_invitations(tx, row.id)
            note(tx, accounts.moment(), by, "disabled", row.id)
    return user(accounts, name)


def enable(accounts: Accounts, name: str, by: str = TERMINAL) -> User:
    """Let a disabled account work again, with the password that it had."""
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        _not_oneself(row, by, "Nobody enables their own account. Ask another operator, or use the terminal.")
        if row.disabled is not None:
            tx.execute(update(users).where(users.c.id == row.id).values(disabled=None))
            note(tx, accounts.moment(), by, "enabled", row.id)
    return user(accounts, name)


def end_sessions(tx: Connection, number: int) -> None:
    """End all sessions of an account."""
    tx.execute(delete(sessions).where(sessions.c.user == number))


def void_invitations(tx: Connection, number: int) -> None:
    """Take back the invitations of an account that nobody used."""
    tx.execute(delete(invitations).where(invitations.c.user == number, invitations.c.used.is_(None)))


def _not_taken(accounts: Accounts, connection: Connection, name: str) -> None:
    # A transaction holds the database alone, so that what is seen here still holds when the row is written.
    there = connection.execute(select(users.c.name).where(users.c.key == key_of(name))).scalar()
    if there is not None:
        raise refuse("user-taken", f"There is an account '{there}' already. Take another name.")
    if connection.execute(select(retired).where(retired.c.name == accounts.sealed(key_of(name)))).first():
        raise refuse("user-taken", f"The name '{name}' was erased, and answers may be kept under it. Take another one.")


def _not_oneself(row: Row[Any], by: str, says: str) -> None:
    if by and key_of(by) == row.key:
        raise refuse("account-own", says)


CODES: tuple[tuple[str, str], ...] = (
    ("user-taken", "The name belongs to somebody already, or did. Take another one."),
    ("account-own", "Nobody changes their own roles or disables themselves. Ask another operator."),
)
