"""A page follows the run of its flow: cards and links ten times a second, figures after each round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import background_tasks, run, ui

from editor.live import EVERY
from editor.results import Results, results_of
from flows.problems import Refused, errors

if TYPE_CHECKING:
    from editor.run_state import RunState
    from editor.runner import Wanted
    from editor.state import PageState


class Live:
    """Keeps one page informed. All of the page hangs on one timer."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._read: object = None
        self._now: object = None
        self._reading = False

    def start(self) -> None:
        """Show how everything stands now, and follow it from now on."""
        self.state.on_ready.add(lambda ready: self.show())
        self.show()
        ui.timer(EVERY, self._poll)

    def show(self) -> None:
        """Tell the canvas and the panels the whole of how things stand, as for a canvas that was drawn anew."""
        update = self.state.live.whole()
        self.state.status(update.batch)  # type: ignore[arg-type]  # a batch is plain data
        self._told(update.run)

    def _poll(self) -> None:
        update = self.state.live.poll()
        if update is None:
            return
        if update.batch["cards"] or update.batch["links"]:
            self.state.status(update.batch)  # type: ignore[arg-type]
        self._told(update.run)

    def _told(self, run_state: RunState) -> None:
        self.state.running(run_state)
        self._now = (run_state.book, run_state.round, run_state.state)
        if self._now != self._read and not self._reading:
            self._reading = True
            background_tasks.create(self._show_results(), name="results")

    async def _show_results(self) -> None:
        """Read the figures beside the page's own work, again while rounds end meanwhile, so that none is missed."""
        try:
            while self._now != self._read:
                self._read = self._now
                self.state.shown(await run.io_bound(read_results, self.state))
        finally:
            self._reading = False


def read_results(state: PageState) -> Results | None:
    """Return what the book that is looked at has shown; None before anything has run."""
    store, session = state.live.store(), state.session
    book = store.find_book(session.flow.id, state.run.book) if store else None
    if store is None or book is None:
        return None
    return results_of(store, book, session.flow, session.catalog, session.folder)


def begin(state: PageState, wanted: Wanted) -> bool:
    """Save the flow and start a run of it; what keeps it from running is said, with the way to it."""
    wrong = [] if wanted.up_to else errors(state.session.problems())
    if wrong:
        card = wrong[0].place.split(".")[1] if wrong[0].place.startswith("steps.") else ""
        more = f" And {len(wrong) - 1} more." if len(wrong) > 1 else ""
        state.notify(f"{wrong[0].message}{more}", "error", "Show it" if card else "", lambda: state.go_to(card))
        return False
    try:
        if state.session.unsaved or not state.session.path.exists():
            state.session.save()
        state.live.start(wanted)
    except Refused as refused:
        state.notify(str(refused), "error")
        return False
    return True


def stop(state: PageState) -> None:
    """Stop what runs or waits to go on; what cannot be stopped from here says where it can."""
    try:
        state.live.stop()
    except Refused as refused:
        state.notify(str(refused), "error")
