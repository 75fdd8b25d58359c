"""A desk with real people at it: a live flow of light kinds that has asked its questions."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from light_kinds import FLOW, parcels
from playing import Playground

from runtime.directory import Person
from runtime.inbox import CaseView, Desk, Filled, Inbox, Kept

ASKING = FLOW.replace("at_most: 3, audit: 1", "at_most: {cases}, audit: 0").replace(
    "  limits:\n    - planners.questions <= 5\n", ""
)


@dataclass
class Staff:
    """A directory of a few people."""

    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        return self.people.get(name, Person(name))

    def members(self, team: str) -> Collection[str]:
        return self.teams.get(team, ())


@dataclass
class Office:
    """A place where people answer, with the store's clock in hand."""

    place: Playground
    staff: Staff | None = None

    @classmethod
    def with_cases(
        cls, folder: Path, cases: int = 4, settings: str = "", people: str = "", staff: Staff | None = None
    ) -> Office:
        """Return a place whose live round asks about so many cases; `settings` are those of the step."""
        flow = ASKING.replace("{cases}", str(cases))
        flow = flow.replace("kind: ask-people,", f"kind: ask-people, {settings + ', ' if settings else ''}")
        if people:
            flow = flow.replace("  planners: {simulated: {people: 3, accuracy: 0.9}}\n", people)
        office = cls(Playground(folder, flow, parcels(max(20, 4 * cases))), staff)
        office.place.live()
        return office

    def desk(self) -> Desk:
        """Return the desk as a new process would open it."""
        store = self.place.store()
        inbox = Inbox(store, store.book("parcels", "live"), self.place.catalog)
        return Desk(inbox, self.staff) if self.staff else Desk(inbox)

    def answer(self, person: str, case: CaseView | str, label: str = "yes", **more: Any) -> Kept:
        """Answer a case as the browser would send it."""
        name = case if isinstance(case, str) else case.question
        more.setdefault("id", uuid.uuid4().hex)
        return self.desk().answer(person, Filled(question=name, filled={"answer": label}, **more))

    def model_says(self, question: str) -> str:
        """Return what the model thinks of a case."""
        row = next(row for row in self.place.rows("questions") if row["id"] == question)
        return str(row["context"]["label"])

    def answers(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the answers that have some values, as they came; what was corrected before what corrects it."""
        rows = [row for row in self.place.rows("answers") if all(row[name] == part for name, part in wanted.items())]
        return sorted(rows, key=lambda row: (str(row["at"]), row["supersedes"] is not None))
