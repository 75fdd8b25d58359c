"""Erasing a person from the accounts, for good."""

from __future__ import annotations

import secrets
from contextlib import closing

from sqlalchemy import delete, insert, update

from runtime.accounts.accounts import Accounts
from runtime.accounts.history import TERMINAL, note
from runtime.accounts.managing import end_sessions, void_invitations
from runtime.accounts.names import key_of
from runtime.accounts.tables import absences, attempts, memberships, retired, users
from runtime.accounts.users import row_of


def erase(accounts: Accounts, name: str, by: str = TERMINAL) -> str:
    """Put a pseudonym in the place of a person and return it; the account can never be used again.

    Gone from the accounts are name, full name, mail address, password, skills, hours, teams, absences,
    sessions and invitations. The log of changes stays whole: it knows accounts by number, and shows the
    pseudonym. Nobody else can get the name, of which a keyed digest is kept for that.

    What stays elsewhere: the stores of the flows hold their answers under the name (with what was on the
    screen, comments and reasons), so do files that were delivered and backups that were made before.
    Whoever erases a person has to see to those too; where answers have to go on counting, put the same
    pseudonym there.
    """
    with accounts.transaction() as tx:
        row = row_of(tx, name)
        pseudonym = f"person-{secrets.token_hex(4)}"
        end_sessions(tx, row.id)
        void_invitations(tx, row.id)
        tx.execute(delete(memberships).where(memberships.c.user == row.id))
        tx.execute(delete(absences).where(absences.c.user == row.id))
        tx.execute(update(absences).where(absences.c.stand_in == row.id).values(stand_in=None))
        tx.execute(delete(attempts).where(attempts.c.key == accounts.sealed(f"name:{row.key}")))
        tx.execute(insert(retired).values(name=accounts.sealed(row.key)))
        moment = accounts.moment()
        note(tx, moment, by, "erased", row.id)
        empty = dict.fromkeys(("full_name", "mail", "password", "quiet"), "")
        gone = {"name": pseudonym, "key": key_of(pseudonym), "zone": "UTC", "digest": "never", "erased": moment}
        blank = update(users).where(users.c.id == row.id).values(**empty, **gone, disabled=moment)
        tx.execute(blank.values(skills=[], roles=[], per_hour=None))
    _empty_journal(accounts)
    return pseudonym


def _empty_journal(accounts: Accounts) -> None:
    """Let go of pages that hold what was there before; SQLite does it outside of any transaction only."""
    with closing(accounts.engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
