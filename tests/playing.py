"""A workspace of light kinds in which tests run rounds, answer as people do, and look at what is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import light_kinds

from flows.catalog import Catalog
from runtime.answers import Answer, accept
from runtime.moments import written
from runtime.notices import Notice
from runtime.run import Order, Ran, Workspace, run
from runtime.store import Book, Store

BEGIN = datetime(2026, 1, 5, 6, tzinfo=UTC)

REAL = """\
tandem: 1
id: parcels
steps:
  shipments: {kind: read-table, path: shipments.csv, key: id, truth: {name: late, column: late}}
  risk: {kind: predict-label, target: late, labels: [yes, no], positive: yes}
  unsure: {kind: pick-cases, at_most: 30, audit: 10}
  planners: {kind: ask-people, who: planners, question: Will it be late?}
  alone: {kind: decide}
  plan: {kind: write-table, path: decided.csv}
people:
  planners: {simulated: {people: 3, accuracy: 0.9}}
rehearsal: {begins: 2026-03-02 06:00, every: 1 day}
links:
  - shipments.records -> risk.records
  - risk.predictions -> unsure.predictions
  - unsure.cases -> planners.cases
  - unsure.rest -> alone.predictions
  - alone.decisions -> plan.decisions
  - planners.decided -> plan.decisions
  - planners.answers ~> risk.answers
"""
"""A flow of the real kinds, played by simulated people with a calendar of its own."""


def shipments(count: int) -> str:
    """Return a table of so many shipments, of which those that go far are late."""
    far = [number * 37 % 900 for number in range(count)]
    rows = [f"S{n:03d},{'ABCD'[n % 4]},{km},{'yes' if km > 600 else 'no'}" for n, km in enumerate(far)]
    return "\n".join(["id,carrier,distance,late", *rows])


@dataclass
class Playground:
    """A flow, its cases and a clock that moves only when told."""

    folder: Path
    flow: str = light_kinds.FLOW
    cases: str = light_kinds.parcels()
    catalog: Catalog = light_kinds.CATALOG
    now: datetime = BEGIN
    told: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True, parents=True)
        self.write(self.flow)
        self.bring(self.cases)

    def write(self, flow: str) -> None:
        """Save the flow file."""
        (self.folder / "flow.yaml").write_text(flow, encoding="utf-8")

    def bring(self, cases: str) -> None:
        """Save the file of cases."""
        (self.folder / "parcels.txt").write_text(cases, encoding="utf-8")

    def run(self, rounds: int = 1, people: str = "simulated", book: str = "rehearsal", **order: Any) -> Ran:
        """Run as a new process would: with a store of its own."""
        self.told = []
        store = self.store()
        workspace = Workspace(self.folder / "flow.yaml", store, self.catalog)
        try:
            return run(workspace, Order(rounds=rounds, people=people, book=book, **order), self.told.append)
        finally:
            store.close()

    def live(self, rounds: int = 1, **order: Any) -> Ran:
        """Run in the live book, where real people answer."""
        return self.run(rounds, people="store", book="live", **order)

    def store(self) -> Store:
        return Store.open(self.folder / ".tandem", lambda: self.now)

    def book(self, name: str = "live") -> Book:
        return self.store().book("parcels", name)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def answer(
        self, question: str, label: str, person: str = "ann", undo: timedelta = timedelta(), identity: str = ""
    ) -> None:
        """Answer one question as a person in the live book."""
        store = self.store()
        identity = identity or f"{question[:20]} {person} {label} {self.now:%H%M}"
        said = Answer(identity, question, person, label, undo_until=written(self.now + undo))
        with store.transaction() as tx:
            accept(tx, self.book(), [said], store.moment())

    def open(self) -> list[str]:
        """Return the ids of the questions nobody has answered yet, by the name of their case."""
        answered = {row["question"] for row in self.rows("answers")}
        asked = sorted(self.rows("questions"), key=lambda row: str(row["key"]))
        return [row["id"] for row in asked if row["id"] not in answered and not row["closed"]]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return all rows of a table."""
        from sqlalchemy import select

        from runtime.schema import schema

        found = schema.tables[table]
        with self.store().reading() as connection:
            return [dict(row._mapping) for row in connection.execute(select(found))]

    def says(self, what: str) -> list[str]:
        """Return the sentences of one sort that the last run told."""
        return [notice.says for notice in self.told if notice.what == what]

    def reason(self, step: str) -> str:
        """Return why a step ran, or was reused, in the last round of the last run."""
        return [
            notice.says
            for notice in self.told
            if notice.step == step and notice.what in ("step-done", "step-reused")
        ][-1]

    def files(self, below: str = ".") -> list[str]:
        """Return the names of the files that lie in the workspace, without the store's own."""
        inside = self.folder / ".tandem"
        top = self.folder / below
        return sorted(
            str(path.relative_to(top))
            for path in top.rglob("*")
            if path.is_file() and (inside not in path.parents or below != ".")
        )
