"""The directory of a workspace with accounts: what the desk asks about people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from runtime.accounts.accounts import Accounts
from runtime.accounts.teams import members_in
from runtime.accounts.users import find
from runtime.directory import Person


@dataclass(frozen=True)
class Colleagues:
    """People as their accounts tell of them; a `Directory`."""

    accounts: Accounts

    def person(self, name: str) -> Person:
        """Return what is known of a person: without roles when disabled, with a name only when not known."""
        return find(self.accounts, name) or Person(name)

    def members(self, team: str) -> Collection[str]:
        """Return the names of a team's members, without those who are disabled."""
        with self.accounts.reading() as connection:
            return members_in(connection, team)
