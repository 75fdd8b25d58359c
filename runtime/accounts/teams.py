"""Teams: who is asked together. A flow that asks `planners` asks the team of that name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select

from flows.problems import refuse
from flows.show.wording import visible
from flows.spelling import instead
from runtime.accounts.accounts import Accounts
from runtime.accounts.history import TERMINAL, note
from runtime.accounts.names import key_of, name_of
from runtime.accounts.tables import memberships, teams, users
from runtime.accounts.users import row_of


@dataclass(frozen=True)
class Team:
    """A team and the names of its members, in alphabetical order, without those who are disabled."""

    name: str
    members: tuple[str, ...]


def join(accounts: Accounts, team: str, name: str, by: str = TERMINAL) -> None:
    """Bring somebody into a team, which is made when it is new. Being in it already is no mistake."""
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        join_in(accounts, tx, team_number(tx, team), row.id, by)


def leave(accounts: Accounts, team: str, name: str, by: str = TERMINAL) -> None:
    """Take somebody out of a team. Raises `Refused` (`team-unknown`) when they are not in it."""
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        theirs = {found.name: found.id for found in tx.execute(_teams_of(row.id))}
        left = next((name for name in theirs if key_of(name) == key_of(team)), None)
        if left is None:
            known = instead(team, list(theirs), "Teams are")
            says = f"'{row.name}' is not in a team '{visible(team[:64])}'. {known}"
            raise refuse("team-unknown", says if theirs else f"'{row.name}' is in no team.")
        tx.execute(delete(memberships).where(memberships.c.team == theirs[left], memberships.c.user == row.id))
        note(tx, accounts.moment(), by, "left-team", row.id, team=left)


def all_teams(accounts: Accounts) -> tuple[Team, ...]:
    """Return all teams by name, those without members as well."""
    with accounts.reading() as connection:
        names = connection.execute(select(teams.c.name).order_by(teams.c.key)).scalars().all()
        return tuple(Team(name, members_in(connection, name)) for name in names)


def members_in(connection: Connection, team: str) -> tuple[str, ...]:
    """Return the names of a team's members, without those who are disabled; nobody where there is no such team."""
    query = select(users.c.name).select_from(users).join(memberships).join(teams).order_by(users.c.key)
    return tuple(connection.execute(query.where(teams.c.key == key_of(team), users.c.disabled.is_(None))).scalars())


def team_number(tx: Connection, team: str) -> int:
    """Return the number of a team, which is made when it is new. Raises `Refused` (`name-wrong`)."""
    name = name_of(team, "name of a team")
    found = tx.execute(select(teams.c.id).where(teams.c.key == key_of(name))).scalar()
    if found is not None:
        return int(found)
    made = insert(teams).values(name=name, key=key_of(name)).returning(teams.c.id)
    return int(tx.execute(made).scalar_one())


def join_in(accounts: Accounts, tx: Connection, team: int, user: int, by: str) -> None:
    """Bring an account into a team by their numbers, once."""
    there = select(memberships).where(memberships.c.team == team, memberships.c.user == user)
    if tx.execute(there).first() is None:
        tx.execute(insert(memberships).values(team=team, user=user))
        name = tx.execute(select(teams.c.name).where(teams.c.id == team)).scalar()
        note(tx, accounts.moment(), by, "joined-team", user, team=name)


def _teams_of(user: int) -> Select[Any]:
    named = select(teams.c.id, teams.c.name).select_from(teams).join(memberships)
    return named.where(memberships.c.user == user).order_by(teams.c.key)


CODES: tuple[tuple[str, str], ...] = (
    ("team-unknown", "The person is not in that team. Take one of those that are named."),
)
