"""Running from the top bar: rehearse, one round, up to here, stop, and the way to going live."""

from __future__ import annotations

from nicegui import ui

from editor.binding import begin, stop
from editor.pages.boxes import TextBox
from editor.pages.buttons import Button, Words
from editor.pages.going_live_dialog import GoingLiveDialog
from editor.run_state import RunState
from editor.runner import Wanted
from editor.state import PageState, Selected

ROUNDS = 8
"""Rounds of a rehearsal unless a person wants another number."""
MOST = 1_000


class RunControls:
    """The middle of the top bar."""

    def __init__(self, state: PageState) -> None:
        self.state, self.rounds = state, ROUNDS
        self.dialog = GoingLiveDialog(state, self.rehearse)

    def build(self) -> None:
        """Draw the controls."""
        with ui.element("div").classes("td-run") as place:
            place.props["role"], place.props["aria-label"] = "group", "Run"
            self._idle = ui.element("div").classes("td-run-idle")
            with self._idle:
                self._starting()
            self._busy = ui.element("div").classes("td-run-busy")
            with self._busy:
                self._going()
        self.state.on_run_state.add(self._show)
        self.state.on_select.add(self._selected)
        self._show(self.state.run)
        self._selected(self.state.selected)

    def rehearse(self) -> None:
        """Play so many rounds with simulated people."""
        self._begin(Wanted.rehearsal(self.rounds))

    def _starting(self) -> None:
        with ui.element("div").classes("td-rehearse"):
            rehearse = Button("Rehearse", self.rehearse, icon_name="play", look="primary")
            rehearse.tip("Play the flow with simulated people. Nobody is asked, and nothing real is written.")
            self._rounds = TextBox("Rounds of the rehearsal", str(ROUNDS), self._counted, numeric=True)
            Words("rounds").classes("td-rounds")
        one = Button("One round", lambda: self._begin(Wanted.rehearsal(1))).classes("td-run-more")
        one.tip("Rehearse the next round only")
        self._here = Button("Up to here", self._up_to_here).classes("td-run-more")
        live = Button("Go live …", self._live, icon_name="live", look="outlined")
        live.tip("Says first who is asked and what is written where")

    def _going(self) -> None:
        self._bar = ui.element("div").classes("td-run-bar")
        self._bar.props["role"] = "progressbar"
        with self._bar:
            self._done = ui.element("div").classes("td-run-done")
        self._says = Words("").classes("td-run-says")
        self._says.props["role"] = "status"
        Button("Stop", self._stop, icon_name="stop", look="danger").tip("Stop at once. Nothing is lost.")

    def _show(self, run: RunState) -> None:
        self._idle.set_visibility(not run.works)
        self._busy.set_visibility(run.works)
        self._says.set_text(run.says.rstrip("."))
        share = (run.nth - 1) / run.of if run.of and run.nth else 0.0
        self._done.style(f"width: {max(share, 0.04):.0%}")
        self._bar.props["aria-valuenow"] = round(share * 100)

    def _selected(self, selected: Selected) -> None:
        self._here.can(bool(selected.card))
        tried = f"Try '{selected.card}' with what was learned so far: play what it needs, and deliver nothing"
        self._here.tip(tried if selected.card else "Select a step first")

    def _counted(self, text: str) -> None:
        plain = text.strip()
        if plain.isdecimal() and 1 <= int(plain[:6]) <= MOST:
            self.rounds = int(plain)
        else:
            self.state.notify(f"'{plain:.20}' is no number of rounds. Take a whole number from 1 to {MOST:,}.", "error")
        self._rounds.props["value"] = str(self.rounds)

    def _up_to_here(self) -> None:
        if self.state.selected.card:
            self._begin(self.state.live.trial(self.state.selected.card))
        else:
            self.state.notify("Select the step that you want to try, then press 'Up to here'.")

    def _begin(self, wanted: Wanted) -> None:
        if begin(self.state, wanted):
            self.state.running(self.state.live.state)
            if not wanted.up_to:
                self.state.show("results")

    def _live(self) -> None:
        self.dialog.open()

    def _stop(self) -> None:
        stop(self.state)
