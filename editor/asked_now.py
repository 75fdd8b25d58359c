"""How many questions going live would really put now: the cases of today's table that can still be asked about."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from editor import statuses
from flows.problems import Refused
from flows.sides import port_at
from runtime.choosing.deadlines import column_of, deadline_of
from runtime.store import LIVE

if TYPE_CHECKING:
    import polars as pl

    from flows.catalog import Catalog
    from flows.flow import End, Flow
    from flows.step import Step
    from runtime.store import Store


@dataclass(frozen=True)
class AskedNow:
    """The cases that come to a step that asks: all of them, and of these each that is not asked about, for one reason.

    `known`: the data says the answer already; `over`: the moment until which it can be asked has passed, `last`
    being the last one; `asked`: people were asked already.
    """

    cases: int
    known: int
    over: int
    asked: int
    last: str = ""

    @property
    def left(self) -> int:
        """Return how many cases can be asked about now."""
        return self.cases - self.known - self.over - self.asked

    def sentence(self) -> str:
        """Return in words how many can be asked about, and why the others cannot."""
        if not self.cases:
            return "No question would be put now: the table has no rows."
        if self.over == self.cases:
            return f"No question would be put now: all deadlines lie in the past, the last one was {self.last}."
        counts = (
            (f"Past their deadline, of which the last was {self.last}", self.over),
            ("Known from the data", self.known),
            ("Asked about already", self.asked),
        )
        told = "".join(f" {words}: {count:,}." for words, count in counts if count)
        if not self.left:
            return f"No question would be put now.{told}"
        return f"{self.left:,} of {self.cases:,} cases can be asked about now.{told}"


def asked_now(
    flow: Flow, catalog: Catalog, folder: Path, store: Store | None, now: datetime, zone: tzinfo | None = None
) -> Mapping[str, AskedNow]:
    """Return for each step that asks what it would find now; a step of which that cannot be told is left out.

    The tables are read anew, as going live would do, and prepared in memory; no model is trained, and nothing
    is kept.
    """
    found = {}
    for id, card in flow.steps.items():
        step = catalog.read(card)[0]
        way = _way(flow, catalog, id) if step is not None and step.waits() else None
        if way is not None:
            frame = _table(flow, catalog, folder, way.table)
            if frame is not None:
                looking = _Looking(way, _keys_asked(flow, store, card.memory), now, zone)
                found[id] = looking.at(frame)
    return found


@dataclass(frozen=True)
class _Way:
    """From which output the cases of a step come, and the steps that they pass, the step itself first."""

    table: End
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Looking:
    way: _Way
    asked: frozenset[str]
    now: datetime
    zone: tzinfo | None

    def at(self, frame: pl.DataFrame) -> AskedNow:
        """Return what is found in a table."""
        from runtime.values import KEY

        none = AskedNow(frame.height, 0, 0, 0)
        last: datetime | None = None
        for row in frame.iter_rows(named=True):
            end = min(self._ends(row), default=None)
            if end is not None and end <= self.now:
                none, last = replace(none, over=none.over + 1), max(end, last or end)
            elif any(row.get(target) is not None for target in self._targets()):
                none = replace(none, known=none.known + 1)
            elif str(row[KEY]) in self.asked:
                none = replace(none, asked=none.asked + 1)
        told = statuses.clock_time(last.isoformat(), self.now, self.zone) if last else ""
        return replace(none, last=told)

    def _ends(self, row: Mapping[str, object]) -> Iterator[datetime]:
        """Yield the moments after which a case is not asked about, or cannot be answered in time."""
        for step in self.way.steps:
            waits_for_all = step.waits() and getattr(step, "wait", "all") == "all"
            text = "" if waits_for_all else str(getattr(step, "deadline" if step.waits() else "until", ""))
            end = deadline_of(text, row, self.now) if column_of(text) in row else None
            if end is not None:
                yield end

    def _targets(self) -> list[str]:
        return [str(step.target) for step in self.way.steps if getattr(step, "target", "")]  # type: ignore[attr-defined]


def _way(flow: Flow, catalog: Catalog, step: str) -> _Way | None:
    """Return the nearest table before a step; None when its cases come from several."""
    from runtime.values import Records

    passed, here = [catalog.read(flow.steps[step])[0]], step
    while True:
        sources = {link.source for link in flow.into(here) if not link.feedback}
        if len(sources) != 1 or len(passed) > len(flow.steps) or None in passed:
            return None
        (source,) = sources
        port = port_at(flow, catalog, source, outgoing=True)
        if port is not None and port.type is Records:
            return _Way(source, tuple(one for one in passed if one is not None))
        here = source.step
        passed.append(catalog.read(flow.steps[here])[0] if here in flow.steps else None)


def _table(flow: Flow, catalog: Catalog, folder: Path, end: End) -> pl.DataFrame | None:
    """Return the rows that would leave by an output now; None when they cannot be told without a run."""
    from runtime.artifacts import Artifacts
    from runtime.plan import make_plan
    from runtime.preview import Preview
    from runtime.trial import trial_of

    try:
        plan = make_plan(trial_of(flow, end.step, catalog), catalog)
        with tempfile.TemporaryDirectory(prefix="tandem-count-") as scratch:
            given = Preview(plan, Artifacts(Path(scratch)), folder).play()
            planned = next(one for one in plan.steps if one.card.id == end.step)
            names = [port.name for port in planned.outputs]
            outputs = given.get(end.step)
            return outputs[names.index(end.port)].table.frame() if outputs else None
    except (Refused, OSError, AssertionError):  # what needs the moment of a round is told by a round only
        return None


def _keys_asked(flow: Flow, store: Store | None, step: str) -> frozenset[str]:
    """Return the cases that people were asked about in the live book."""
    from sqlalchemy import select

    from runtime.schema import questions

    book = store.find_book(flow.id, LIVE) if store else None
    if store is None or book is None:
        return frozenset()
    query = select(questions.c.key).where(
        questions.c.book == book.id, questions.c.step == step, questions.c.closed == ""
    )
    with store.reading() as connection:
        return frozenset(connection.execute(query).scalars())
