"""Accounts of people: what is known of each, and how they are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from flows.problems import Refused, refuse
from flows.show.wording import visible
from flows.spelling import meant
from runtime.accounts.accounts import Accounts
from runtime.accounts.details import quiet_of
from runtime.accounts.names import key_of
from runtime.accounts.tables import absences, memberships, teams, users
from runtime.directory import Absence, Person


@dataclass(frozen=True)
class User(Person):
    """A person with an account. `can_sign_in` is false while no password is set, or the account is disabled."""

    id: int = 0
    mail: str = ""
    digest: str = "daily"
    disabled: bool = False
    erased: bool = False
    can_sign_in: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return what may be shown to whoever sees people, as plain data for JSON."""
        quiet = self.quiet and f"{self.quiet.since:%H:%M}-{self.quiet.until:%H:%M}"
        away = [
            {"since": f"{one.since}", "until": f"{one.until}", "stand_in": one.stand_in or None} for one in self.away
        ]
        names = ("name", "full_name", "mail", "roles", "teams", "skills", "per_hour", "zone", "digest", "disabled")
        plain: dict[str, object] = {name: getattr(self, name) for name in names}
        return {**plain, "can_sign_in": self.can_sign_in, "quiet": quiet, "away": away}


def user(accounts: Accounts, name: str) -> User:
    """Return an account by its name. Raises `Refused` (`user-unknown`), and names one that is alike."""
    found = find(accounts, name)
    if found is None:
        with accounts.reading() as connection:
            raise _unknown(connection, name)
    return found


def find(accounts: Accounts, name: str) -> User | None:
    """Return an account by its name when there is one."""
    with accounts.reading() as connection:
        return next(iter(_read(connection, select(users).where(users.c.key == key_of(name)))), None)


def user_of(connection: Connection, number: int) -> User | None:
    """Return an account by its number when there is one."""
    return next(iter(_read(connection, select(users).where(users.c.id == number))), None)


def all_users(accounts: Accounts) -> tuple[User, ...]:
    """Return all accounts by name, without those that were erased."""
    with accounts.reading() as connection:
        return tuple(_read(connection, select(users).where(users.c.erased.is_(None)).order_by(users.c.key)))


def row_of(tx: Connection, name: str) -> Row[Any]:
    """Return the row of an account that can be changed. Raises `Refused` (`user-unknown`, `user-erased`)."""
    row = tx.execute(select(users).where(users.c.key == key_of(name))).first()
    if row is None:
        raise _unknown(tx, name)
    if row.erased is not None:
        raise refuse("user-erased", f"The account '{row.name}' was erased, which cannot be undone. Add another one.")
    return row


def _unknown(connection: Connection, name: str) -> Refused:
    known = connection.execute(select(users.c.name).where(users.c.erased.is_(None))).scalars().all()
    near = meant(name, known)
    hint = f"Did you mean '{near}'?" if near else "List all with tandem user list."
    return refuse("user-unknown", f"There is no account '{visible(name[:64])}'. {hint}")


def _read(connection: Connection, query: Select[Any]) -> list[User]:
    rows = connection.execute(query).all()
    numbers = [row.id for row in rows]
    in_teams, away = _teams(connection, numbers), _away(connection, numbers)
    return [_user(row, in_teams[row.id], away[row.id]) for row in rows]


def _user(row: Row[Any], in_teams: Collection[str], away: Collection[Absence]) -> User:
    disabled = row.disabled is not None
    return User(
        name=row.name,
        full_name=row.full_name,
        roles=() if disabled else tuple(row.roles),
        teams=tuple(in_teams),
        skills=tuple(row.skills),
        per_hour=row.per_hour,
        quiet=quiet_of(row.quiet),
        zone=row.zone,
        away=tuple(away),
        id=row.id,
        mail=row.mail,
        digest=row.digest,
        disabled=disabled,
        erased=row.erased is not None,
        can_sign_in=bool(row.password) and not disabled,
    )


def _teams(connection: Connection, numbers: Collection[int]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    query = select(memberships.c.user, teams.c.name).select_from(memberships).join(teams).order_by(teams.c.key)
    for row in connection.execute(query.where(memberships.c.user.in_(numbers))):
        found[row.user].append(row.name)
    return found


def _away(connection: Connection, numbers: Collection[int]) -> dict[int, list[Absence]]:
    found: defaultdict[int, list[Absence]] = defaultdict(list)
    instead = users.alias()
    query = select(absences.c.user, absences.c.since, absences.c.until, instead.c.name).join_from(
        absences, instead, absences.c.stand_in == instead.c.id, isouter=True
    )
    for row in connection.execute(query.where(absences.c.user.in_(numbers)).order_by(absences.c.since)):
        dates = date.fromisoformat(row.since), date.fromisoformat(row.until)
        found[row.user].append(Absence(*dates, row.name or ""))
    return found


CODES: tuple[tuple[str, str], ...] = (
    ("user-unknown", "There is no such account. Take the one that is proposed, or list all."),
    ("user-erased", "The account was erased for good. Add another one."),
)
