"""Who people are: skills, teams, hours and absences, told by whatever keeps them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Absence:
    """Days on which a person is away, both included; `stand_in` is who takes over, or empty."""

    since: date
    until: date
    stand_in: str = ""


@dataclass(frozen=True)
class Quiet:
    """Hours in which a person is not asked; over midnight where `since` is later than `until`."""

    since: time
    until: time

    def holds(self, at: time) -> bool:
        """Return whether a time of the day lies in these hours; `until` itself does not."""
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


@dataclass(frozen=True)
class Person:
    """What is known of one person.

    `per_hour` is the most questions that they want to answer in an hour, None for any number.
    Hours and days are those of `zone`, an IANA name.
    """

    name: str
    full_name: str = ""
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    per_hour: int | None = None
    quiet: Quiet | None = None
    zone: str = "UTC"
    away: tuple[Absence, ...] = ()

    def can(self, skills: Collection[str]) -> bool:
        """Return whether this person has all of some skills, however they are written."""
        return {skill.casefold() for skill in skills} <= {skill.casefold() for skill in self.skills}

    def is_quiet(self, at: datetime) -> bool:
        """Return whether a moment lies in the hours in which this person is not asked."""
        return self.quiet is not None and self.quiet.holds(at.astimezone(ZoneInfo(self.zone)).time())

    def absence(self, at: datetime) -> Absence | None:
        """Return the absence that a moment lies in, or None while this person is here."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        return next((absence for absence in self.away if absence.since <= today <= absence.until), None)


class Directory(Protocol):
    """Where people are looked up by name."""

    def person(self, name: str) -> Person:
        """Return what is known of a person; somebody who is not known is a person with a name only."""

    def members(self, team: str) -> Collection[str]:
        """Return the names of a team's members in alphabetical order."""


class Anybody(Person):
    """Somebody of whom nothing but the name is known: no skill is missing where none is kept."""

    def can(self, skills: Collection[str]) -> bool:  # noqa: ARG002  # nobody knows what they can
        """Return that nothing stands against it."""
        return True


@dataclass(frozen=True)
class Everyone:
    """The directory without accounts: whoever gives a name is a person without limits or teams."""

    def person(self, name: str) -> Person:
        """Return a person of that name."""
        return Anybody(name)

    def members(self, team: str) -> Collection[str]:  # noqa: ARG002  # no team has members here
        """Return nobody: without accounts there are no teams."""
        return ()
