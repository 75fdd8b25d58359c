"""All flows that are open, shared by every page: the document lives here, since pages come and go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from editor.going_on import GoingOn
from editor.runner import Runs
from editor.seat import Seat
from editor.session import EditSession
from flows.catalog import Catalog


class Registry:
    """The open flows by their files; two pages on one file share one session."""

    def __init__(self, catalog: Catalog, clock: Callable[[], float] = time.monotonic) -> None:
        self.catalog, self._clock = catalog, clock
        self._sessions: dict[Path, EditSession] = {}
        self._live: dict[Path, GoingOn] = {}

    def __iter__(self) -> Iterator[EditSession]:
        return iter(tuple(self._sessions.values()))

    def open(self, path: Path) -> EditSession:
        """Return the session of a flow file, opened when it is not open yet."""
        real = path.resolve()
        if real not in self._sessions:
            self._live[real] = GoingOn(Runs(real), self.catalog, self._clock)
            self._sessions[real] = EditSession(real, self.catalog, self._clock, Seat(real))
        return self._sessions[real]

    def tick(self) -> None:
        """Save what is due, look for files changed elsewhere, say what is wrong, and go on where people answered.

        To be called often.
        """
        for session in self:
            session.share()
            session.autosave()
            session.look()
            if session.settled:
                session.review()
            if not session.elsewhere:
                self._live[session.path].look(session.flow.id)

    def close(self) -> None:
        """Save all that is not saved, as when the program ends; what fails is kept for the next start."""
        for session in self:
            session.save_now()
            session.leave()
            self._live[session.path].close()
        self._sessions.clear()
