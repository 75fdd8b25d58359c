"""A live round that waited for people goes on by itself, once, when its waiting is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from editor.runner import Run, Runs
from flows.problems import Refused
from runtime.awaited import Awaited, awaited
from runtime.store import LIVE, Store

if TYPE_CHECKING:
    from flows.catalog import Catalog

EVERY = 1.0
"""Seconds between two looks at what people have answered."""


class GoingOn:
    """Looks after the live run of one flow, while its editor is open.

    Only a run that was started in the editor goes on by itself: who went live there, said so. One that a
    person stopped does not, nor does one that failed.
    """

    def __init__(self, runs: Runs, catalog: Catalog, clock: Callable[[], float] = time.monotonic) -> None:
        self.runs, self.catalog, self._clock = runs, catalog, clock
        self._next = float("-inf")
        self._tried: tuple[Awaited, ...] = ()
        self._store: Store | None = None

    def look(self, flow: str) -> Run | None:
        """Start the next run when the waiting is over, and return it; to be called often."""
        if self._clock() < self._next:
            return None
        self._next = self._clock() + EVERY
        run = waiting_run(self.runs)
        if run is None or self.runs.current() or self.runs.elsewhere(flow):
            self.close()
            return None
        over = self._over(run, flow)
        # What made no difference when it was tried makes none now.
        if not over or over == self._tried:
            return None
        self._tried = over
        try:
            return self.runs.start(replace(run.wanted, because=_because(over)), flow)
        except Refused:
            return None

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _over(self, run: Run, flow: str) -> tuple[Awaited, ...]:
        """Return the steps of the run's round whose waiting is over."""
        try:
            self._store = self._store or Store.open(self.runs.state)
            book = self._store.find_book(flow, LIVE)
            found = awaited(self._store, book, self.catalog) if book else ()
        except (Refused, SQLAlchemyError):  # a store that cannot be read is said on the page
            return ()
        return tuple(one for one in found if one.over) if found and found[0].round == run.round() else ()


def waiting_run(runs: Runs, round: int | None = None) -> Run | None:
    """Return the live run that goes on by itself after its waiting; with a round, only if it waits in that one."""
    run = runs.last(LIVE)
    if run is None or not run.waits() or round not in (None, run.round()):
        return None
    return run


def _because(over: tuple[Awaited, ...]) -> str:
    told = ", ".join(f"{one.step}: {one.sentence()}" for one in over)
    return f"Round {over[0].round} goes on by itself. {told[:1].upper()}{told[1:]}."
