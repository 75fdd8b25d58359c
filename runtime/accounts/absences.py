"""Days on which people are away, and who stands in for them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, update

from flows.problems import refuse
from runtime.accounts.accounts import Accounts
from runtime.accounts.history import TERMINAL, note
from runtime.accounts.tables import absences
from runtime.accounts.users import User, row_of, user
from runtime.directory import Absence

LONGEST = timedelta(days=2 * 366)


def say_away(accounts: Accounts, name: str, absence: Absence, by: str = TERMINAL) -> User:
    """Say that somebody is away, the first and the last day included.

    Raises `Refused` (`absence-wrong`) for days in the wrong order, for more than two years, and for a
    stand-in who is the same person or disabled.
    """
    if absence.until < absence.since:
        says = f"The last day {absence.until} lies before the first day {absence.since}. Name them the other way round."
        raise refuse("absence-wrong", says)
    if absence.until - absence.since > LONGEST:
        raise refuse("absence-wrong", "An absence is at most two years long. Disable the account instead.")
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        other = row_of(tx, absence.stand_in) if absence.stand_in else None
        if other is not None and (other.id == row.id or other.disabled is not None):
            reason = "is disabled" if other.disabled is not None else "is the one who is away"
            raise refuse("absence-wrong", f"'{other.name}' {reason} and cannot stand in. Name somebody else.")
        instead = other.id if other is not None else None
        days = {"since": absence.since.isoformat(), "until": absence.until.isoformat()}
        same = (absences.c[column] == value for column, value in days.items())
        tx.execute(delete(absences).where(absences.c.user == row.id, *same))
        tx.execute(insert(absences).values(user=row.id, stand_in=instead, **days))
        note(tx, accounts.moment(), by, "absence-said", row.id, stand_in=instead)
    return user(accounts, name)


def say_back(accounts: Accounts, name: str, by: str = TERMINAL) -> User:
    """Say that somebody is here again: what they have been away stays, what would come is dropped."""
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        today = accounts.now().astimezone(ZoneInfo(row.zone)).date()
        yesterday = (today - timedelta(days=1)).isoformat()
        mine = absences.c.user == row.id
        dropped = tx.execute(delete(absences).where(mine, absences.c.since > yesterday)).rowcount
        cut = tx.execute(update(absences).where(mine, absences.c.until > yesterday).values(until=yesterday)).rowcount
        if dropped or cut:
            note(tx, accounts.moment(), by, "absences-ended", row.id)
    return user(accounts, name)


CODES: tuple[tuple[str, str], ...] = (
    ("absence-wrong", "An absence is not possible as it was said. The sentence says why."),
)
