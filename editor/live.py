"""A flow seen live: its run followed line by line, its last round when nothing runs, ten messages a second at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from editor import run_state, statuses
from editor.following import Following
from editor.going_on import waiting_run
from editor.past import Look, Past, last_played, latest_book, made_at, newest, past_of, waiting_cards
from editor.run_log import RunLog
from editor.run_state import RunState
from editor.runner import Run, Runs, Wanted
from editor.statuses import Batch, Board
from flows.problems import Refused, refuse
from runtime.moments import Clock, wall_clock
from runtime.store import LIVE, Store
from runtime.trial import BOOK as TRYING
from runtime.trial import trial_of

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow

EVERY = 0.1
"""Seconds between two messages to the canvas, however fast the run."""
LOOK_EVERY = 1.0
"""Seconds between two looks into the store for answers, and for runs that were started elsewhere."""


@dataclass(frozen=True)
class Update:
    """What changed: cards and links for the canvas, and how the run stands."""

    batch: Batch
    run: RunState


class Live:
    """Starts, stops and follows the runs of one flow for all pages that show it.

    `flow` returns the drawing as it is now, `clock` seconds, `now` the time of day.
    """

    def __init__(
        self,
        path: Path,
        catalog: Catalog,
        flow: Callable[[], Flow],
        state: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Clock = wall_clock,
        zone: tzinfo | None = None,
    ) -> None:
        self.runs, self.catalog = Runs(path, state), catalog
        self._flow, self._clock, self._now, self._zone = flow, clock, now, zone
        self._board, self._run, self.state = Board(), self.runs.current(), RunState()
        self._opened: Store | None = None
        self._unreadable = ""
        self._book, self._sent, self._shown = "", RunState(), self._flow()
        self._newest = ("", "")
        self._next = self._next_look = float("-inf")
        self._times: dict[tuple[str, int], dict[str, str]] = {}
        self._follow(self._run) if self._run else self._recall()

    def start(self, wanted: Wanted) -> Run:
        """Start a run and follow it. Raises `Refused` when one works already. Save the flow before."""
        self._run = self.runs.start(wanted, self._flow().id)
        self._follow(self._run)
        return self._run

    def stop(self) -> None:
        """Stop the run that works now, at once; one that waits for people no longer goes on by itself.

        Raises `Refused` when it was started elsewhere, such as in a terminal.
        """
        run, waiting = self.runs.current(), waiting_run(self.runs)
        other = self.runs.elsewhere(self._flow().id)
        if run is not None:
            run.stop()
        elif other:
            says = f"The run belongs to {other}, which was not started here. Stop it there, such as with Ctrl+C."
            raise refuse("run-elsewhere", f"{says} Nothing is lost.")
        elif waiting is not None:
            waiting.stop()
            self._recall()

    def trial(self, step: str) -> Wanted:
        """Return what tries one step with what the book that is looked at has learned."""
        store = self.store()
        there = store.find_book(self._flow().id, self._book) if store and self._book != TRYING else None
        return Wanted.trial(step, there.name if there else "")

    def choose(self, book: str) -> None:
        """Show the last round of another book while nothing runs."""
        self._book = book
        if self._run is None:
            self._recall()

    def poll(self) -> Update | None:
        """Return what changed since the last message; None when nothing did or it is too early for one."""
        now = self._clock()
        if now < self._next:
            return None
        if self._run is not None:
            self._read(self._run)
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            self._look()
        batch = self._board.changes()
        if not batch["cards"] and not batch["links"] and self.state == self._sent:
            return None
        self._next, self._sent = now + EVERY, self.state
        return Update(batch, self.state)

    def whole(self) -> Update:
        """Return how everything stands, for a page that opens."""
        return Update(self._board.whole(), self.state)

    def close(self) -> None:
        """Let go of the store; a run goes on."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def store(self) -> Store | None:
        """Return the memory of the flow; None before anything ran, or when it cannot be read."""
        if self._opened is None and (self.runs.state / "store.db").is_file():
            try:
                self._opened = Store.open(self.runs.state)
            except Refused as refused:
                self._unreadable = str(refused)
            except SQLAlchemyError:
                self._unreadable = "What ran before cannot be shown: the store is damaged. Bring back a backup of it."
        return self._opened

    def _follow(self, run: Run) -> None:
        flow, wanted = self._flow(), run.wanted
        self._shown, self._book = flow, wanted.book
        self._log = RunLog(run.lines)
        self._following = Following(self._board, flow, self._taking_part(flow, wanted), wanted.rounds, self._kept_from)
        if wanted.because:
            self._goes_on_now(wanted.because)
        else:
            self._board.show({}, {})
        self.state = run_state.starting(wanted)

    def _goes_on_now(self, because: str) -> None:
        """Leave the cards as they stand, and say on those that waited that it goes on."""
        for id, card in self._board.cards.items():
            if card["state"] == "asking":
                self._board.put(id, statuses.status("asking", "goes on by itself", card["progress"], {}, because))

    def _taking_part(self, flow: Flow, wanted: Wanted) -> tuple[str, ...]:
        try:
            return tuple(trial_of(flow, wanted.up_to, self.catalog).steps if wanted.up_to else flow.steps)
        except Refused:
            return ()

    def _read(self, run: Run) -> None:
        following, works = self._following, run.works()  # asked first, so that all lines of one that ended are there
        begins = following.round == 0
        for line in self._log.new():
            following.tell(line)
        if begins and following.round:
            self._resumed()
        if following.round:
            self.state = run_state.running(following, run.wanted)
        if not works and not self._log.behind():
            self._over(run)

    def _resumed(self) -> None:
        """Show what the open round has done already, when a run goes on with it."""
        past, following = self._past(working=True), self._following
        if past.round is None or past.round.number != following.round:
            return
        for card, known in past.cards.items():
            if card in following.steps and self._board.cards[card]["state"] == "waiting":
                self._board.put(card, known)

    def _over(self, run: Run) -> None:
        end = run.end()
        if end is None:
            return
        self._run, following = None, self._following
        store = self.store()
        self._newest = newest(store, self._flow().id) if store else ("", "")
        failed = {following.working: end.sentence} if end.state == "failed" and following.working else {}
        past = self._past(failed=failed)
        self._board.show(past.cards, past.links)
        self.state = run_state.over(following, run.wanted, end)

    def _recall(self) -> None:
        """Show the last round, and how the last run ended."""
        self._shown = self._flow()
        store = self.store()
        self._newest = newest(store, self._shown.id) if store else ("", "")
        self._book = self._book or (latest_book(store, self._shown.id) if store else "")
        past = self._past()
        self._board.show(past.cards, past.links)
        if store is None and self._unreadable:
            self.state = RunState("failed", self._unreadable)
            return
        last = self.runs.last(past.book)
        end = last.end() if last is not None and (store is None or self._newer(last, store)) else None
        goes_on = past.round is not None and self._goes_on(past.round.number)
        self.state = run_state.remembered(past, end, self._looking(), goes_on)

    def _look(self) -> None:
        """Look for answers that arrived, for edits, and for a run that somebody else started."""
        if self._run is not None:
            self._answers()
            return
        begun = self.runs.current()
        if begun is not None:
            self._run = begun
            self._follow(begun)
            return
        other = self.runs.elsewhere(self._flow().id)
        if other:
            self._outside(other)
        elif self._moved():  # a run came and went between two looks
            self._book = ""
            self._recall()
        elif self.state.state == "running" or self._flow() is not self._shown:
            self._recall()
        else:
            self._answers()

    def _answers(self) -> None:
        """Count again how many cases are answered of those that are waited for."""
        asking = [id for id, card in self._board.cards.items() if card["state"] == "asking"]
        store = self._opened
        book = store.find_book(self._flow().id, self._book) if store and asking else None
        if store is None or book is None:
            return
        found = waiting_cards(store, book, self._looking())
        for id in asking:
            self._board.put(id, found.get(id, statuses.answered()))
        if self.state.state == "waiting":
            told = [found[id]["text"] for id in asking if id in found]
            self.state = run_state.still_waiting(self.state, told, self._goes_on(self.state.round))

    def _moved(self) -> bool:
        store = self.store()
        return store is not None and newest(store, self._flow().id) != self._newest

    def _newer(self, run: Run, store: Store) -> bool:
        """Return whether nobody else has played on in the book since a run ended."""
        return run.ended_at() >= last_played(store, self._shown.id, self._book)

    def _goes_on(self, round: int) -> bool:
        return bool(round) and self._book == LIVE and waiting_run(self.runs, round) is not None

    def _outside(self, who: str) -> None:
        store = self.store()
        self._book = latest_book(store, self._flow().id) if store else ""
        past = self._past(working=True)
        self._board.show(past.cards, past.links)
        self.state = run_state.outside(who, past)

    def _past(self, working: bool = False, failed: dict[str, str] | None = None) -> Past:
        store = self.store()
        return past_of(store, self._book, self._looking(), working, failed) if store else Past()

    def _looking(self) -> Look:
        return Look(self._flow(), self.runs.flow.parent, self._now(), self._zone)

    def _kept_from(self, step: str, number: int) -> str:
        store, flow = self.store(), self._flow()
        book = store.find_book(flow.id, self._book) if store else None
        if store is None or book is None or step not in flow.steps:
            return ""
        if (self._book, number) not in self._times:
            self._times[self._book, number] = made_at(store, book, number)
        return self._looking().time(self._times[self._book, number].get(flow.steps[step].memory, ""))


CODES: tuple[tuple[str, str], ...] = (
    ("run-elsewhere", "The run was started elsewhere, such as in a terminal. Stop it there: nothing is lost."),
)
