"""Before real people are asked and real files are written: who, how many, where, and what guards it."""

from __future__ import annotations

from collections.abc import Iterable

from nicegui import ui

from editor.binding import begin
from editor.going_live import GoingLive, Missing, going_live
from editor.pages.buttons import Button, Words
from editor.pages.dialogs import dialog
from editor.pages.icons import icon
from editor.runner import Wanted
from editor.state import PageState


class GoingLiveDialog:
    """The dialog behind the button 'Go live …'."""

    def __init__(self, state: PageState) -> None:
        self.state = state

    def open(self) -> None:
        """Say what going live means for the flow as it is drawn now, and offer it."""
        session, results = self.state.session, self.state.results
        rehearsed = results if results is not None and results.rehearsal else None
        means = going_live(session.flow, session.catalog, session.path, rehearsed=rehearsed)
        with dialog("Go live", broad=True) as shown:
            Words(means.says, "p").classes("td-lead")
            self._content(means, shown)
            self._foot(means, shown)

    def _content(self, means: GoingLive, shown: ui.dialog) -> None:
        for missing in means.missing:
            self._missing(missing, shown)
        _section("Who is asked", (one.says for one in means.asked), "Nobody is asked.")
        _section("What is written, and where", (one.says for one in means.written), "No file is written.")
        _section("What guards it", (one.says for one in means.guards), "No limit is set.")
        with ui.element("section").classes("td-means"):
            Words("The same without the editor", "h3")
            Words(means.command, "code").classes("td-code")

    def _missing(self, missing: Missing, shown: ui.dialog) -> None:
        level = "error" if missing.stops else "warning"
        with ui.element("div").classes(f"td-said td-{level}"):
            icon(level, 14)
            Words(missing.says)
            section, _, rest = missing.place.partition(".")
            card = rest.split(".")[0]
            if section == "steps" and card in self.state.session.flow.steps:
                Button("Show it", lambda: self._show(card, shown), look="outlined").classes("td-small")

    def _show(self, card: str, shown: ui.dialog) -> None:
        shown.close()
        self.state.go_to(card)

    def _foot(self, means: GoingLive, shown: ui.dialog) -> None:
        with ui.element("div").classes("td-dialog-feet"):
            Button("Not now", shown.close)
            go = Button("Go live: play one round", lambda: self._go(means, shown), icon_name="live", look="primary")
            go.can(means.possible)
            go.tip("" if means.possible else "Mend first what keeps it from running")

    def _go(self, means: GoingLive, shown: ui.dialog) -> None:
        if means.possible and begin(self.state, Wanted.live()):
            shown.close()
            self.state.running(self.state.live.state)
            self.state.show("results")


def _section(title: str, lines: Iterable[str], nothing: str) -> None:
    with ui.element("section").classes("td-means"):
        Words(title, "h3")
        told = list(lines)
        if not told:
            Words(nothing, "p")
            return
        with ui.element("ul"):
            for line in told:
                Words(line, "li")
