"""Who changed what about people: a log to which lines are only ever added.

It holds numbers of accounts and no names, addresses or passwords, so that erasing a person leaves it whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, insert, select

from runtime.accounts.accounts import Accounts
from runtime.accounts.names import key_of
from runtime.accounts.tables import changes, users

What = Literal[
    "added", "changed", "disabled", "enabled", "erased", "password-set", "invited", "invitation-used",
    "joined-team", "left-team", "absence-said", "absences-ended",
]  # fmt: skip
TERMINAL = ""
"""Who did it, where it was done at the terminal of the machine and not by an account."""


@dataclass(frozen=True)
class Change:
    """One line: `by` and `user` are names as they are today, a pseudonym for who was erased; both may be empty."""

    number: int
    at: str
    by: str
    what: str
    user: str
    body: Mapping[str, object]


def note(tx: Connection, at: str, by: str, what: What, user: int | None, **body: object) -> None:
    """Add a line in the transaction of what it tells. `by` is the name of an account, or `TERMINAL`."""
    doer = tx.execute(select(users.c.id).where(users.c.key == key_of(by))).scalar() if by else None
    tx.execute(insert(changes).values(at=at, by=doer, what=what, user=user, body=body))


def history(accounts: Accounts, most: int = 1_000) -> tuple[Change, ...]:
    """Return the latest lines, the oldest of them first."""
    query = select(changes).order_by(changes.c.number.desc()).limit(most)
    with accounts.reading() as connection:
        names = {row.id: row.name for row in connection.execute(select(users.c.id, users.c.name))}
        lines = [
            Change(
                row.number,
                row.at,
                names.get(row.by, TERMINAL),
                row.what,
                names.get(row.user, ""),
                _told(row.body, names),
            )
            for row in connection.execute(query)
        ]
    return tuple(reversed(lines))


def _told(body: Mapping[str, object], names: Mapping[int, str]) -> Mapping[str, object]:
    """Return what a line tells, with the name of a stand-in in the place of a number."""
    return {
        key: names.get(value) if key == "stand_in" and isinstance(value, int) else value for key, value in body.items()
    }
