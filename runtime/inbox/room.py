"""How many more cases a person may be given now: their hours, absences and the most they want in an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from runtime.moments import read, written
from runtime.schema import answers, leases, questions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.directory import Person

HOUR = timedelta(hours=1)
ALL = 1_000_000


@dataclass(frozen=True)
class Room:
    """How many more cases fit, and where none does, why; a sentence for the person.

    `given` are the cases of the last hour that they have not answered: these can come back at any time.
    """

    free: int
    says: str = ""
    given: tuple[str, ...] = ()


def room_for(connection: Connection, person: Person, at: datetime) -> Room:
    """Return how many more cases a person may be given.

    What was given within the hour counts as well as what was answered, so that the most they want is
    never exceeded; a group that was answered at once counts as one.
    """
    absence = person.absence(at)
    if absence is not None:
        return Room(0, f"You are away until {absence.until:%Y-%m-%d}, so nothing is asked of you. Enjoy it.")
    if person.is_quiet(at):
        until = f" until {person.quiet.until:%H:%M}" if person.quiet else ""
        return Room(0, f"These are your quiet hours{until}: nothing is asked of you.")
    if person.per_hour is None:
        return Room(ALL)
    counted, unanswered = _given(connection, person.name, at)
    free = person.per_hour - len(counted)
    if free > 0:
        return Room(free, "", unanswered)
    back = min(counted.values(), default=at) + HOUR
    noun = "question" if person.per_hour == 1 else "questions"
    return Room(
        0,
        f"You want at most {person.per_hour} {noun} an hour, and they were given to you. "
        f"The next one comes at {back.astimezone(ZoneInfo(person.zone)):%H:%M}.",
        unanswered,
    )


def _given(connection: Connection, person: str, at: datetime) -> tuple[dict[str, datetime], tuple[str, ...]]:
    """Return what was asked of a person within the last hour, in all books, and when; and what is unanswered."""
    since = written(at - HOUR)
    said = select(answers.c.question, answers.c.at, answers.c.value["group_answer"].as_string().label("group")).where(
        answers.c.person == person, answers.c.at > since
    )
    found = {row.group or row.question: read(row.at) for row in connection.execute(said.order_by(answers.c.at.desc()))}
    counted = {row.question for row in connection.execute(said)}
    held = (
        select(leases.c.question, leases.c.taken, questions.c.step, questions.c.together)
        .join(questions, questions.c.id == leases.c.question)
        .where(leases.c.person == person, or_(leases.c.taken > since, leases.c.until > written(at)))
    )
    unanswered = [row for row in connection.execute(held) if row.question not in counted]
    for row in unanswered:
        found[f"{row.step}\n{row.together}" if row.together else row.question] = read(row.taken)
    return found, tuple(row.question for row in unanswered)
