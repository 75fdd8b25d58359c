"""Invitations: a link that lets somebody in once, to set their own password."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from flows.problems import Refused, refuse
from runtime.accounts import passwords
from runtime.accounts.accounts import Accounts
from runtime.accounts.details import Details, roles_of
from runtime.accounts.history import TERMINAL, note
from runtime.accounts.login import about, put_password
from runtime.accounts.managing import insert_user, void_invitations
from runtime.accounts.names import name_of, words_of
from runtime.accounts.sessions import digest_of
from runtime.accounts.tables import invitations, users
from runtime.accounts.teams import join_in, team_number
from runtime.accounts.users import User, row_of, user
from runtime.moments import written

LONGEST = 90
"""Days that an invitation can be good for."""


@dataclass(frozen=True)
class Invitation:
    """A link that was made: its path behind the address of the program, and until when it is good.

    The token in it is the proof, and nowhere else: only a digest is kept.
    """

    path: str = field(repr=False)
    expires: str
    name: str = ""


@dataclass(frozen=True)
class Invited:
    """What an invitation opens; `name` is empty where whoever opens it chooses one."""

    name: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    expires: str


def invite(accounts: Accounts, name: str, days: int = 7, by: str = TERMINAL) -> Invitation:
    """Invite the owner of an account to set its password; an earlier invitation of theirs is void.

    Raises `Refused` (`user-unknown`, `invitation-wrong`).
    """
    expires = _expires(accounts, days)
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        if row.disabled is not None:
            raise refuse("invitation-wrong", f"The account '{row.name}' is disabled. Enable it first.")
        void_invitations(tx, row.id)
        note(tx, accounts.moment(), by, "invited", row.id)
        return Invitation(_drawn(tx, expires, user=row.id, roles=[], teams=[]), expires, row.name)


def invite_somebody(
    accounts: Accounts, roles: Collection[str], teams: Collection[str] = (), days: int = 7, by: str = TERMINAL
) -> Invitation:
    """Invite whoever gets the link to choose a name, with these roles and teams. Raises `Refused`."""
    expires, known = _expires(accounts, days), roles_of(roles)
    named = [name_of(team, "name of a team") for team in teams]
    with accounts.transaction() as tx:
        note(tx, accounts.moment(), by, "invited", None, roles=known)
        return Invitation(_drawn(tx, expires, user=None, roles=known, teams=named), expires)


def invited(accounts: Accounts, token: str) -> Invited:
    """Return what a token opens, without using it. Raises `Refused` (`invitation-over`)."""
    with accounts.reading() as connection:
        row = _good(accounts, connection, token)
        name = connection.execute(select(users.c.name).where(users.c.id == row.user)).scalar()
    return Invited(name or "", tuple(row.roles), tuple(row.teams), row.expires)


def accept(accounts: Accounts, token: str, password: str, name: str = "", full_name: str = "") -> User:
    """Use an invitation: the password is set, and where nobody is named in it an account is made.

    A refusal (`invitation-over`, `password-weak`, `name-wrong`, `user-taken`) leaves the invitation good.
    """
    opens = invited(accounts, token)
    wanted = opens.name or name_of(name)
    mail = user(accounts, wanted).mail if opens.name else ""
    passwords.check(password, about(wanted, full_name, mail))
    kept = accounts.passwords.kept(password)
    with accounts.transaction() as tx:
        row = _good(accounts, tx, token)
        tx.execute(update(invitations).where(invitations.c.token == row.token).values(used=accounts.moment()))
        number = row.user or _made(accounts, tx, row, wanted, full_name)
        note(tx, accounts.moment(), wanted, "invitation-used", number)
        put_password(accounts, tx, number, kept, wanted)
    return user(accounts, wanted)


def _made(accounts: Accounts, tx: Connection, row: Row[Any], name: str, full_name: str) -> int:
    columns = Details(full_name=words_of(full_name, "full name"), roles=row.roles).columns()
    number = insert_user(accounts, tx, name, columns)
    note(tx, accounts.moment(), name, "added", number, roles=row.roles)
    for team in row.teams:
        join_in(accounts, tx, team_number(tx, team), number, name)
    return number


def _good(accounts: Accounts, connection: Connection, token: str) -> Row[Any]:
    row = connection.execute(select(invitations).where(invitations.c.token == digest_of(token))).first()
    if row is None or row.used is not None or row.expires <= accounts.moment():
        raise _over()
    return row


def _over() -> Refused:
    return refuse("invitation-over", "This invitation was used, is over or was taken back. Ask for a new one.")


def _expires(accounts: Accounts, days: int) -> str:
    if not 1 <= days <= LONGEST:
        raise refuse("invitation-wrong", f"An invitation cannot be good for {days} days. Name 1 to {LONGEST}.")
    return written(accounts.now() + timedelta(days=days))


def _drawn(tx: Connection, expires: str, **columns: object) -> str:
    token = secrets.token_urlsafe(32)
    tx.execute(insert(invitations).values(token=digest_of(token), expires=expires, **columns))
    return f"/invite/{token}"


CODES: tuple[tuple[str, str], ...] = (
    ("invitation-over", "The invitation was used, is over or was taken back. Ask for a new one."),
    ("invitation-wrong", "An invitation is not possible as it was asked for. The sentence says why."),
)
