"""What can be said about an account, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import time
from typing import Literal, NoReturn, TypeVar, get_args
from zoneinfo import ZoneInfo

from flows.problems import refuse
from flows.show.wording import visible
from flows.spelling import instead, listed
from runtime.accounts.names import words_of
from runtime.accounts.permissions import ROLES
from runtime.directory import Quiet

Digest = Literal["daily", "deadlines", "never"]
"""When somebody is told of new work: once a day, only when a deadline is near, or never."""
MOST_AN_HOUR = 10_000
_MOST_SKILLS = 50
Value = TypeVar("Value")
Kept = TypeVar("Kept")
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_MAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\]{1,189}")
_HOURS = re.compile(r"(\d\d):(\d\d) ?[-–] ?(\d\d):(\d\d)")


@dataclass(frozen=True)
class Details:
    """What is said of an account; None leaves it as it is.

    `per_hour` counts questions, 0 for any number. `quiet` is written `20:00-07:00`, empty for no quiet
    hours. `zone` is an IANA name such as `Europe/Berlin`.
    """

    full_name: str | None = None
    mail: str | None = None
    roles: Collection[str] | None = None
    skills: Collection[str] | None = None
    per_hour: int | None = None
    quiet: str | None = None
    zone: str | None = None
    digest: str | None = None

    def columns(self) -> dict[str, object]:
        """Return what is said as columns of the table. Raises `Refused` (`name-wrong`, `account-wrong`)."""
        read: dict[str, object] = {
            "full_name": _said(self.full_name, lambda text: words_of(text, "full name")),
            "mail": _said(self.mail, _mail),
            "roles": _said(self.roles, roles_of),
            "skills": _said(self.skills, _skills),
            "quiet": _said(self.quiet, _quiet),
            "zone": _said(self.zone, _zone),
            "digest": _said(self.digest, _digest),
        }
        columns = {name: value for name, value in read.items() if value is not None}
        return columns if self.per_hour is None else {**columns, "per_hour": _per_hour(self.per_hour)}


def roles_of(names: Collection[str]) -> list[str]:
    """Return roles in the order of the table. Raises `Refused` (`account-wrong`) for none, or for others."""
    unknown = next((name for name in names if name not in ROLES), None)
    if unknown is not None:
        says = f"'{visible(unknown[:40])}' is not a role. {instead(unknown, ROLES, 'Roles are')}"
        raise refuse("account-wrong", says)
    if not names:
        raise refuse("account-wrong", f"A person needs a role. Roles are: {listed(ROLES)}.")
    return [role for role in ROLES if role in names]


def quiet_of(text: str) -> Quiet | None:
    """Return the quiet hours that a kept text tells."""
    return Quiet(*(time.fromisoformat(part) for part in text.split("-"))) if text else None


def _said(value: Value | None, read: Callable[[Value], Kept]) -> Kept | None:
    return None if value is None else read(value)


def _mail(text: str) -> str:
    said = words_of(text, "mail address", 254)
    if said and not _MAIL.fullmatch(said):
        raise refuse("account-wrong", f"'{said}' is not a mail address. Write one such as anna@example.org.")
    return said


def _skills(words: Collection[str]) -> list[str]:
    if len(words) > _MOST_SKILLS:
        raise refuse("account-wrong", f"{len(words)} skills are too many. Name up to {_MOST_SKILLS}.")
    return sorted({words_of(word, "skill", 60) for word in words} - {""})


def _per_hour(count: int) -> int | None:
    if not 0 <= count <= MOST_AN_HOUR:
        raise refuse("account-wrong", f"{count} questions an hour are not possible. Name 0 to {MOST_AN_HOUR:,}.")
    return count or None


def _quiet(text: str) -> str:
    if not text.strip():
        return ""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise refuse("account-wrong", f"'{visible(text[:40])}' is not understood. Write hours as 20:00-07:00.")
    hours = [int(part) for part in found.groups()]
    if max(hours[::2]) > 23 or max(hours[1::2]) > 59 or hours[:2] == hours[2:]:
        says = "are no hours of a day. Write the first and the last minute, such as 20:00-07:00."
        raise refuse("account-wrong", f"'{visible(text[:40])}' {says}")
    return "{:02}:{:02}-{:02}:{:02}".format(*hours)


def _zone(text: str) -> str:
    try:
        # The name of a file on some machines: nothing but letters, digits and these may reach it.
        return ZoneInfo(text).key if _ZONE.fullmatch(text) else _no_zone(text)
    except (KeyError, ValueError, OSError):
        return _no_zone(text)


def _no_zone(text: str) -> NoReturn:
    says = f"'{visible(text[:40])}' is not a time zone. Write it as a region and a city, such as Europe/Berlin."
    raise refuse("account-wrong", says)


def _digest(text: str) -> str:
    known = get_args(Digest)
    if text not in known:
        says = f"'{visible(text[:40])}' is no way to be told of new work. {instead(text, known, 'Ways are')}"
        raise refuse("account-wrong", says)
    return text


CODES: tuple[tuple[str, str], ...] = (
    ("account-wrong", "Something said of an account is not possible. The sentence says what is."),
)
