"""What flowed on a link: how many rows, the first of them, and what each column looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nicegui import background_tasks, run, ui

from editor.pages.buttons import Words
from editor.peek import Peek, peek
from editor.profile import ColumnLook
from editor.small_charts import histogram
from editor.state import PageState
from flows.problems import Refused
from flows.reading import link_of

_SHAPES = {"number": "number", "date": "date", "yes-no": "yes or no", "words": "words"}


class PeekPanel:
    """The side panel of the link that is peeked at."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._wanted = ""

    def build(self) -> None:
        """Draw the panel into the current place."""
        self._place = ui.element("section").classes("td-panel")
        self._place.props["aria-label"] = "What flows on the link"
        self.state.on_peek.add(self._look)
        self.state.on_results.add(lambda results: self._again())
        self._say("Click a link to see what flowed on it.")

    def _again(self) -> None:
        if self.state.side == "peek":
            self._look(self.state.peeked)

    def _look(self, link: str) -> None:
        self._wanted = link
        background_tasks.create(self._show(link), name="peek")

    async def _show(self, link: str) -> None:
        """Read beside the page's own work; what was asked for later counts."""
        try:
            seen = await run.io_bound(read_peek, self.state, link)
        except Refused as refused:
            self._say(str(refused))
            return
        if link != self._wanted or self._place.is_deleted:
            return
        if seen is None:
            self._say("Nothing has flowed here yet. Rehearse the flow, or run it up to here, and look again.")
            return
        self._place.clear()
        with self._place:
            _head(seen, self._title(link))
            if seen.rows:
                _first_rows(seen)
                _columns(seen.columns)

    def _title(self, text: str) -> str:
        link, cards = link_of(text), self.state.session.picture.cards
        if link is None:
            return text
        titles = [cards[end.step]["title"] if end.step in cards else end.step for end in (link.source, link.target)]
        return f"{titles[0]} {'⇢' if link.feedback else '→'} {titles[1]}"

    def _say(self, says: str) -> None:
        self._place.clear()
        with self._place:
            Words(says, "p").classes("td-empty")


def read_peek(state: PageState, text: str) -> Peek | None:
    """Return a look at a link of the flow as it is now; None when nothing has flowed on it."""
    link, store, session = link_of(text), state.live.store(), state.session
    if link is None or store is None or link not in session.flow.links:
        return None
    found = peek(store, session.flow, session.catalog, link)
    return replace(found, link=text) if found else None


def _head(seen: Peek, title: str) -> None:
    with ui.element("header").classes("td-panel-head"):
        Words(title, "h3").classes("td-panel-title")
        Words(f"{seen.rows:,} {'row' if seen.rows == 1 else 'rows'} of {seen.type}").classes("td-figure")
        Words(seen.says, "p").classes("td-help")


def _first_rows(seen: Peek) -> None:
    with ui.element("section").classes("td-section"):
        Words("First rows", "h3").classes("td-section-title")
        frame = ui.element("div").classes("td-scroll")
        frame.props["tabindex"], frame.props["role"], frame.props["aria-label"] = 0, "region", "First rows"
        with frame, ui.element("table").classes("td-table"):
            with ui.element("thead"), ui.element("tr"):
                for name in seen.names:
                    Words(name, "th").props["scope"] = "col"
            with ui.element("tbody"):
                for row in seen.first:
                    with ui.element("tr"):
                        for cell in row:
                            Words(cell, "td")


def _columns(columns: Sequence[ColumnLook]) -> None:
    with ui.element("section").classes("td-section"):
        Words(f"{len(columns)} columns", "h3").classes("td-section-title")
        for column in columns:
            with ui.element("div").classes("td-column"):
                with ui.element("div").classes("td-row-head"):
                    Words(column.name).classes("td-row-label")
                    Words(_described(column)).classes("td-help")
                _shape(column)


def _described(column: ColumnLook) -> str:
    share = f"{column.missing:.0%}" if column.missing >= 0.005 else "few"
    missing = f", {share} missing" if column.missing else ""
    return f"{_SHAPES[column.shape]}, {column.distinct:,} different{missing}"


def _shape(column: ColumnLook) -> None:
    if column.bars and column.low != column.high:
        title = f"{column.name} from {column.low} to {column.high}"
        ui.html(histogram(_named(column), title, width=312, height=52), sanitize=False)
        Words(f"half are below {column.middle}").classes("td-help")
    elif column.low:
        Words(f"always {column.low}").classes("td-help")
    elif column.common and column.common[0][1] == 1:
        Words(f"each its own, such as {column.common[0][0]}").classes("td-help td-path")
    elif column.common:
        most = column.common[0][1]
        with ui.element("ul").classes("td-common"):
            for word, count in column.common:
                with ui.element("li").style(f"--share: {count / most:.3f}"):
                    Words(word or "(empty)")
                    Words(f"{count:,}")


def _named(column: ColumnLook) -> list[tuple[str, int]]:
    """Return the bars with names: the ends of the range at the first and the last, their place at the others."""
    last = len(column.bars) - 1
    names = {0: column.low, last: column.high}
    return [(names.get(at, f"bar {at + 1} of {last + 1}"), rows) for at, rows in enumerate(column.bars)]
