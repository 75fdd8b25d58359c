"""What one person does with questions: get the next ones, answer, undo, skip, hand over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from flows.problems import refuse
from runtime.directory import Directory, Everyone
from runtime.inbox.ask import standing_of
from runtime.inbox.cards import Cards
from runtime.inbox.case_view import CaseView
from runtime.inbox.handing_over import hand_over
from runtime.inbox.inbox import Inbox
from runtime.inbox.keeping import Filled, Keeping, Kept, checked, fresh_id
from runtime.inbox.leases import drop, forget, held_by, hold
from runtime.inbox.left import Left, minutes_for
from runtime.inbox.open_to import OpenTo
from runtime.inbox.room import room_for
from runtime.inbox.screen import Screen
from runtime.inbox.turns import in_turn
from runtime.inbox.who import Who, asked_groups
from runtime.moments import written
from runtime.schema import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from runtime.inbox.ask import Outcome

MOST = 100
"""The most cases that can be put on a screen at once."""
_TRIES = 5
_SPARE = 8


@dataclass(frozen=True)
class Desk:
    """The desk of everybody who answers the questions of one book.

    Every method takes the name of a person, who is known by now: who they are was checked before.
    """

    inbox: Inbox
    directory: Directory = field(default_factory=Everyone)
    _asked: dict[int, tuple[Cards, frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)
    _seen: dict[str, tuple[datetime, list[dict[str, object]]]] = field(default_factory=dict, compare=False, repr=False)

    def next(self, person: str, count: int = 2) -> tuple[CaseView, ...]:
        """Return the cases to be put on the screen now: those that are there already, then others, at most `count`.

        Each is taken for a quarter of an hour. Nothing may be left, or nothing may fit: `left` says why.
        """
        at, count = self.inbox.store.now(), min(max(count, 0), MOST)
        who = Who(self.inbox.cards, self.directory, at)
        held: list[str] = []
        for _ in range(_TRIES):
            with self.inbox.store.reading() as connection:
                mine = self._open_to(connection, who, person)
                held = self._held(connection, mine)
                wanted = self._wanted(connection, who, mine, held, count)
            if not wanted:
                break
            held, missed = self._take(mine, wanted, count)
            if not missed or len(held) >= count:
                break
        return self._views(person, held[:count], at)

    def view(self, question: str, person: str) -> CaseView:
        """Return one case and take it; raises `Refused` where it is closed, or where others have it."""
        at = self.inbox.store.now()
        who = Who(self.inbox.cards, self.directory, at)
        with self.inbox.store.transaction() as tx:
            self._refuse_closed(self._mine(tx, who, question, person))
            if (question, person) not in standing_of(tx, [question], {person}):
                self._hold(tx, who, question, person)
        return self._views(person, [question], at)[0]

    def renew(self, question: str, person: str) -> str:
        """Leave a case with a person who still has it on the screen, and return until when."""
        who = Who(self.inbox.cards, self.directory, self.inbox.store.now())
        with self.inbox.store.transaction() as tx:
            self._refuse_closed(self._mine(tx, who, question, person))
            return self._hold(tx, who, question, person)

    def release(self, question: str, person: str) -> None:
        """Take a case from a person's screen, so that others may have it."""
        with self.inbox.store.transaction() as tx:
            drop(tx, question, person)

    def answer(self, person: str, filled: Filled) -> Kept:
        """Keep an answer, once for its key; raises `Refused` with a sentence where it cannot be kept.

        It can be undone for ten seconds. Where the model's answer is shown after it, it is committed at once.
        An answer that comes after the case was given to others counts as long as one more is wanted.
        """
        return self._keep(person, filled, "answered")

    def skip(self, person: str, question: str, reason: str = "", id: str = "") -> Kept:
        """Keep that a person does not answer a case, and why."""
        return self._keep(person, Filled(id or fresh_id(), question), "skipped", reason)

    def cannot_tell(self, person: str, question: str, reason: str = "", id: str = "", seconds: float = 0.0) -> Kept:
        """Keep that a person cannot tell, and why."""
        return self._keep(person, Filled(id or fresh_id(), question, seconds=seconds), "cannot-tell", reason)

    def undo(self, person: str, answer: str) -> CaseView:
        """Take back an answer within its ten seconds, and return its case; what it corrected counts again."""
        at = self.inbox.store.now()
        with self.inbox.store.transaction() as tx:
            keeping = Keeping(tx, self.inbox.book, self.inbox.cards, person, at)
            back = keeping.undo(answer)
            for question in back:
                hold(tx, question, person, at)
        return self._views(person, back[:1], at)[0]

    def hand_over(self, person: str, question: str, to: str, reason: str = "") -> str:
        """Give a case to a colleague, who sees it first, and return a sentence; the giver is no longer asked."""
        who = Who(self.inbox.cards, self.directory, self.inbox.store.now())
        with self.inbox.store.transaction() as tx:
            row = self._mine(tx, who, question, person)
            return hand_over(tx, self.inbox.book, who, row, person, to, reason)

    def same_group(self, question: str, person: str) -> tuple[CaseView, ...]:
        """Return the open cases that share one fate with a case, itself in front, and take them all.

        They can be decided at once: `Filled.also` names the others.
        """
        at = self.inbox.store.now()
        who = Who(self.inbox.cards, self.directory, at)
        with self.inbox.store.transaction() as tx:
            row = self._mine(tx, who, question, person)
            self._refuse_closed(row)
            mine = self._open_to(tx, who, person)
            others = mine.together(tx, row.step, row.together) if row.together else []
            found = [question, *(other for other in others if other != question)]
            for name in found:
                self._hold(tx, who, name, person)
        return self._views(person, found, at)

    def left(self, person: str) -> Left:
        """Return how much is left for a person, and why nothing is given now where that is so."""
        who = Who(self.inbox.cards, self.directory, self.inbox.store.now())
        with self.inbox.store.reading() as connection:
            return self._left(connection, who, person)

    def _keep(self, person: str, filled: Filled, outcome: Outcome, reason: str = "") -> Kept:
        filled = checked(filled)
        who = Who(self.inbox.cards, self.directory, self.inbox.store.now())
        with self.inbox.store.transaction() as tx:
            for question in (filled.question, *filled.also):
                self._mine(tx, who, question, person)
            return Keeping(tx, self.inbox.book, who.cards, person, who.at).keep(filled, outcome, reason)

    def _open_to(self, connection: Connection, who: Who, person: str) -> OpenTo:
        return OpenTo(self.inbox.book, person, who.barred(self._groups(connection, who.cards), person), who.at)

    def _groups(self, connection: Connection, cards: Cards) -> frozenset[str]:
        """Return the groups that are asked, read once for each flow that rounds began with."""
        known = self._asked.get(self.inbox.book.id)
        if known is None or known[0] is not cards:
            known = self._asked[self.inbox.book.id] = (cards, asked_groups(connection, self.inbox.book, cards))
        return known[1]

    def _held(self, connection: Connection, mine: OpenTo) -> list[str]:
        held = held_by(connection, self.inbox.book.id, mine.person, written(mine.at))
        return [question for question in held if mine.has(connection, question)]

    def _wanted(
        self, connection: Connection, who: Who, mine: OpenTo, held: Sequence[str], count: int
    ) -> list[Row[Any]]:
        """Return what could be taken, the next one in front, with some to spare that others may take first."""
        room = room_for(connection, self.directory.person(mine.person), who.at)
        if len(held) >= count or (room.free <= 0 and not room.given):
            return []
        again = [row for row in mine.among(connection, room.given) if row.id not in held]
        most = count + len(held) + _SPARE
        candidates = [row for row in mine.first(connection, most) if row.id not in held] if room.free > 0 else []
        known = {row.id for row in again}
        candidates = [*again, *(row for row in candidates if row.id not in known)]
        allowed: set[str] = set()
        for step in {row.step for row in candidates}:
            rows = [row for row in candidates if row.step == step]
            if who.members(rows[0].group):
                there = {*who.there(connection, rows[0].group), mine.person}
                rows = in_turn(connection, self.inbox.book, mine.person, there, step, rows, who.at)
            allowed.update(row.id for row in rows)
        return [row for row in candidates if row.id in allowed]

    def _take(self, mine: OpenTo, wanted: Sequence[Row[Any]], count: int) -> tuple[list[str], bool]:
        """Take what is still there, and return all that is on the screen, and whether others were faster."""
        missed = False
        with self.inbox.store.transaction() as tx:
            forget(tx, mine.at)
            held = self._held(tx, mine)
            room = room_for(tx, self.directory.person(mine.person), mine.at)
            free = room.free
            for place, row in enumerate(wanted):
                costs = row.id not in room.given
                if len(held) >= count or (costs and free <= 0):
                    break
                if row.id in held or not mine.has(tx, row.id):
                    missed = missed or row.id not in held
                    continue
                # A moment apart, so that they are found again in the order in which they were given.
                hold(tx, row.id, mine.person, mine.at + place * timedelta(microseconds=1))
                held.append(row.id)
                free -= costs
        return held, missed

    def _hold(self, tx: Connection, who: Who, question: str, person: str) -> str:
        if not self._open_to(tx, who, person).has(tx, question):
            raise refuse(
                "case-taken",
                "Somebody else has this case on the screen or has answered it meanwhile. Take the next one.",
            )
        return hold(tx, question, person, who.at)

    def _mine(self, tx: Connection, who: Who, question: str, person: str) -> Any:
        """Return a question that this person is asked; raises `Refused` for any other."""
        query = select(questions).where(questions.c.id == question, questions.c.book == self.inbox.book.id)
        row = tx.execute(query).first()
        escalated = row is not None and bool(row.escalate_to) and (row.escalates or "~") <= written(who.at)
        if row is None or not (who.may(person, row.group) or (escalated and who.may(person, row.escalate_to))):
            raise refuse("not-asked", "There is no such question for you. Open the inbox anew and take what is there.")
        return row

    def _refuse_closed(self, row: Any) -> None:
        if row.closed:
            raise refuse("question-closed", f"This case is no longer asked. {row.closed} Take the next one.")

    def _left(self, connection: Connection, who: Who, person: str) -> Left:
        by_step = self._open_to(connection, who, person).by_step(connection)
        count = sum(by_step.values())
        minutes = minutes_for(connection, self.inbox.book, person, by_step)
        says = room_for(connection, self.directory.person(person), who.at).says
        return Left(count, minutes, {self.inbox.book.flow: count} if count else {}, says)

    def _views(self, person: str, found: Sequence[str], at: datetime) -> tuple[CaseView, ...]:
        if not found:
            return ()
        who = Who(self.inbox.cards, self.directory, at)
        with self.inbox.store.reading() as connection:
            left = self._left(connection, who, person)
            screen = Screen(
                connection, self.inbox.book, who.cards, person, self._open_to(connection, who, person), left
            )
            views = [screen.view(question, self._seen) for question in found]
        shown = [(view.question, view.advice) for view in views if view.advice is not None]
        if shown:
            with self.inbox.store.transaction() as tx:
                Screen.record(tx, self.inbox.book, person, shown, at)
        return tuple(views)


CODES: tuple[tuple[str, str], ...] = (
    ("case-taken", "Others have this case on the screen, or have answered it. Take the next one."),
    ("not-asked", "There is no such question for this person. Open the inbox anew."),
    ("question-closed", "The case is no longer asked; the sentence says why. Take the next one."),
)
