"""Before real people are asked and real files are written: who, how many, where, and what guards it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from nicegui import background_tasks, run, ui

from editor.asked_now import AskedNow, asked_now
from editor.binding import begin
from editor.going_live import GoingLive, Missing, going_live
from editor.pages.buttons import Button, Words
from editor.pages.dialogs import dialog
from editor.pages.icons import icon
from editor.runner import Wanted
from editor.state import PageState
from runtime.moments import wall_clock


class GoingLiveDialog:
    """The dialog behind the button 'Go live …'; `rehearse` starts the rehearsal that it offers instead."""

    def __init__(self, state: PageState, rehearse: Callable[[], None]) -> None:
        self.state, self._rehearse = state, rehearse

    def open(self) -> None:
        """Say what going live means for the flow as it is drawn now, and offer it.

        What would be asked now is counted beside the page's work, and said as soon as it is known.
        """
        means = self._means()
        with dialog("Go live", broad=True) as shown:
            place = ui.element("div").style("display: contents")
            self._draw(place, means, shown, counting=bool(means.asked))
            instead = self._foot(means, shown)
        if means.asked:
            background_tasks.create(self._count(place, shown, instead), name="count what would be asked")

    async def _count(self, place: ui.element, shown: ui.dialog, instead: Button) -> None:
        """Say what was counted. The buttons stay, since somebody may be about to press one."""
        session = self.state.session
        store = self.state.live.store()
        found = await run.io_bound(asked_now, session.flow, session.catalog, session.folder, store, wall_clock())
        if not place.is_deleted:
            means = self._means(found or {})
            self._draw(place, means, shown)
            instead.set_visibility(means.nobody)

    def _means(self, now: Mapping[str, AskedNow] = MappingProxyType({})) -> GoingLive:
        session, results = self.state.session, self.state.results
        rehearsed = results if results is not None and results.rehearsal else None
        return going_live(session.flow, session.catalog, session.path, rehearsed=rehearsed, now=now)

    def _draw(self, place: ui.element, means: GoingLive, shown: ui.dialog, counting: bool = False) -> None:
        place.clear()
        with place:
            Words(means.says, "p").classes("td-lead").props["aria-live"] = "polite"
            if counting:
                Words("Counting what can be asked now …", "p").classes("td-help")
            self._content(means, shown)

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

    def _foot(self, means: GoingLive, shown: ui.dialog) -> Button:
        """Draw the buttons, and return the one that offers a rehearsal where nobody would be asked."""
        with ui.element("div").classes("td-dialog-feet"):
            instead = Button("Rehearse instead", lambda: self._instead(shown), icon_name="play", look="outlined")
            instead.set_visibility(means.nobody)
            Button("Not now", shown.close)
            go = Button("Go live: play one round", lambda: self._go(means, shown), icon_name="live", look="primary")
            go.can(means.possible)
            go.tip("" if means.possible else "Mend first what keeps it from running")
        return instead

    def _instead(self, shown: ui.dialog) -> None:
        shown.close()
        self._rehearse()

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
