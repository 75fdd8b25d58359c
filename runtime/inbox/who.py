"""Which groups a person belongs to: by the flow's accounts, by teams, as a stand-in, and by skills."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from runtime.inbox.cards import Cards
from runtime.inbox.room import room_for
from runtime.schema import questions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.directory import Directory, Person
    from runtime.store import Book


@dataclass(frozen=True)
class Who:
    """Who may answer for which group at a moment."""

    cards: Cards
    directory: Directory
    at: datetime

    def members(self, group: str) -> frozenset[str]:
        """Return the accounts of a group, those of the team of that name included; none: it is open to everyone."""
        described = self.cards.groups.get(group)
        return frozenset((*(described.accounts if described else ()), *self.directory.members(group)))

    def may(self, name: str, group: str) -> bool:
        """Return whether a person may answer for a group, by membership and by the skills that it needs."""
        members, person = self.members(group), self.directory.person(name)
        if members and name not in members and not self._stands_in(name, members):
            return False
        return person.can(self.skills(group))

    def skills(self, group: str) -> tuple[str, ...]:
        """Return the skills that a group needs."""
        described = self.cards.groups.get(group)
        return described.skills if described else ()

    def barred(self, asked: Collection[str], name: str) -> frozenset[str]:
        """Return those of some groups for which a person may not answer."""
        return frozenset(group for group in asked if not self.may(name, group))

    def there(self, connection: Connection, group: str) -> Collection[str]:
        """Return the members of a group who could be given a case now."""
        return [person.name for person in self._people(group) if room_for(connection, person, self.at).free > 0]

    def _people(self, group: str) -> Iterator[Person]:
        needed = self.skills(group)
        for name in sorted(self.members(group)):
            person = self.directory.person(name)
            if person.can(needed):
                yield person

    def _stands_in(self, name: str, members: Collection[str]) -> bool:
        absences = (self.directory.person(member).absence(self.at) for member in members)
        return any(absence is not None and absence.stand_in == name for absence in absences)


def asked_groups(connection: Connection, book: Book, cards: Cards) -> frozenset[str]:
    """Return all groups that a book asks: those of the flow, and those of questions from before it was changed."""
    mine = questions.c.book == book.id, questions.c.closed == ""
    rows = connection.execute(select(questions.c.group, questions.c.escalate_to).where(*mine).distinct())
    return frozenset((*cards.asked_groups(), *(name for row in rows for name in row if name)))
