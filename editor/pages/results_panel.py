"""What a rehearsal or the live flow has shown: aims, measures by round, limits, who decided, and what was written."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from editor.binding import begin, stop
from editor.charts import Aimed, line_chart, said_measure
from editor.fields import Choice
from editor.pages.boxes import Picker
from editor.pages.buttons import Button, Words
from editor.pages.dialogs import dialog
from editor.pages.icons import icon
from editor.results import MeasureTable, Results
from editor.run_state import RunState
from editor.runner import Wanted
from editor.small_charts import gauge
from editor.state import PageState
from editor.targets import latest
from flows.aims import measured, sentence, shown
from flows.intent import Target
from flows.problems import Refused
from flows.step import Plain
from runtime.store import LIVE

_VERDICTS = {"kept": "met", "broken": "not shown to be met yet", "unknown": "no figure yet"}
_MARKS = {"kept": ("done", "td-good"), "broken": ("warning", "td-warning"), "unknown": ("circle", "td-muted")}


class ResultsPanel:
    """The side panel with what the book that is looked at has shown so far."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._base: dict[str, str] = {}

    def build(self) -> None:
        """Draw the panel into the current place."""
        with ui.element("section").classes("td-panel td-results") as panel:
            panel.props["aria-label"] = "Results"
            self._stands = Words("", "p").classes("td-stands")
            self._stands.props["role"] = "status"
            # On a phone this panel covers the bar with the other one.
            self._stop = Button("Stop", lambda: stop(self.state), icon_name="stop", look="danger").classes(
                "td-phone-only"
            )
            self._waiting = ui.element("div").classes("td-verdict")
            with self._waiting:
                self._leave = Button(
                    "Do not go on by itself", lambda: stop(self.state), look="outlined", icon_name="stop"
                )
                self._leave.tip("The questions stay, and answers count; press 'Go on' when it is to go on.")
                self._go_on = Button("Go on", self._on, icon_name="play", look="outlined")
                self._go_on.tip("Plays the round to its end with the answers that are there, or waits on.")
            self._place = ui.element("div")
        self.state.on_run_state.add(self._run)
        self.state.on_results.add(lambda results: self._show())
        self._run(self.state.run)
        self._show()

    def _run(self, run: RunState) -> None:
        self._stands.set_text(run.says)
        self._stop.set_visibility(run.works)
        waits = run.state == "waiting" and run.book == LIVE
        self._waiting.set_visibility(waits)
        self._leave.set_visibility(run.goes_on)
        self._go_on.set_visibility(waits and not run.goes_on)
        self._stands.classes(replace=f"td-stands td-stands-{run.state}")

    def _on(self) -> None:
        if begin(self.state, Wanted.live()):
            self.state.running(self.state.live.state)

    def _show(self) -> None:
        results = self.state.results
        self._place.clear()
        with self._place:
            if results is None:
                says = "Rehearse the flow, and see here how well model, people and both together do, round by round."
                Words(says, "p").classes("td-empty")
                return
            self._book(results)
            self._aims(results)
            for table in results.tables:
                self._table(results, table)
            self._limits(results)
            _decided(results.decided or {})
            _files(results)
            _models(results)

    def _book(self, results: Results) -> None:
        store = self.state.live.store()
        names = [book.name for book in store.books(self.state.session.flow.id)] if store else [results.book]
        with ui.element("div").classes("td-book"):
            what = "simulated" if results.rehearsal else "live"
            Words(what).classes(f"td-tag td-tag-{what}")
            Words(f"{results.rounds:,} {'round' if results.rounds == 1 else 'rounds'}").classes("td-help")
            if len(names) > 1:
                books = [Choice(name, name) for name in names]
                Picker("Which book is shown", books, results.book, self._choose).classes("td-small-picker")

    def _choose(self, book: Plain) -> None:
        self.state.live.choose(str(book))

    def _table(self, results: Results, table: MeasureTable) -> None:
        bases = table.bases()
        base = self._base.get(table.step, _first(results, table))
        if base not in bases:
            return
        with ui.element("section").classes("td-section"):
            with ui.element("div").classes("td-row-head"):
                Words(f"{table.title} by round", "h3").classes("td-section-title")
                larger = Button(icon_name="larger", tip="Larger", on_click=lambda: _enlarged(results, table, base))
                larger.classes("td-small td-tip-left")
            choices = [Choice(one, said_measure(one)) for one in bases]
            Picker("Measure", choices, base, lambda one: self._measure(table.step, one))
            chart = line_chart(table, base, _aimed(results, table, base), width=400, height=264)
            ui.html(chart.svg, sanitize=False)
            for says in chart.unknown:
                Words(says, "p").classes("td-help")
            with ui.element("details"):
                Words("As a table", "summary").classes("td-help")
                ui.html(chart.table(), sanitize=False).classes("td-scroll")

    def _aims(self, results: Results) -> None:
        if not results.aims:
            return
        with ui.element("section").classes("td-section"):
            Words("Aims", "h3").classes("td-section-title")
            for aim in results.aims:
                name, look = _MARKS[aim.met]
                says, unit = self._target(aim.text)
                known = aim.figure is not None and aim.figure.value is not None
                now = f" Now {latest(aim.figure, unit)}" if known else ""
                verdict = f"{now}: {_VERDICTS[aim.met]}" if now else f" {_VERDICTS[aim.met].capitalize()}"
                with ui.element("div").classes("td-verdict"):
                    icon(name).classes(look)
                    Words(f"{says}{verdict}.").props["title"] = aim.says

    def _limits(self, results: Results) -> None:
        if not results.limits:
            return
        with ui.element("section").classes("td-section"):
            Words("Limits", "h3").classes("td-section-title")
            for limit in results.limits:
                says, unit = self._target(limit.text)
                value = "no value yet" if limit.value is None else shown(limit.value, unit)
                Words(f"{says} Now {value}.", "p").props["title"] = limit.says
                ui.html(gauge(limit.share, limit.text, width=400), sanitize=False)

    def _target(self, text: str) -> tuple[str, str]:
        """Return an aim or a limit as a sentence, with the unit in which it is measured."""
        session = self.state.session
        try:
            target = Target.read(text)
        except Refused:
            return text, ""
        measure = measured(session.flow, session.catalog, target)
        return (sentence(target, measure), measure.unit) if measure else (f"{text}.", "")

    def _measure(self, step: str, base: Plain) -> None:
        self._base[step] = str(base)
        self._show()


def _enlarged(results: Results, table: MeasureTable, base: str) -> None:
    with dialog(f"{said_measure(base)} by round", broad=True):
        ui.html(line_chart(table, base, _aimed(results, table, base), width=760, height=400).svg, sanitize=False)


def _first(results: Results, table: MeasureTable) -> str:
    """Return the measure to show first: one that an aim is about, else one of which something is known."""
    bases = table.bases()
    aimed = [aim.text.split()[0].partition(".") for aim in results.aims]
    names = [name for step, _, name in aimed if step == table.step]
    about = [series.base for series in table.series if series.name in names]
    return next(iter(about), bases[0] if bases else "")


def _aimed(results: Results, table: MeasureTable, base: str) -> list[Aimed]:
    found = []
    names = {series.name for series in table.of(base)}
    for aim in results.aims:
        place, comparison, number = aim.text.split()[:3]
        if place.partition(".")[0] == table.step and place.partition(".")[2] in names:
            found.append(Aimed(float(number), comparison))
    return found


def _decided(decided: Mapping[str, Mapping[str, int]]) -> None:
    for file, counts in decided.items():
        whole = sum(counts.values()) or 1
        with ui.element("section").classes("td-section"):
            Words(f"Who decided, in {file}", "h3").classes("td-section-title")
            with ui.element("ul").classes("td-common"):
                for who, rows in counts.items():
                    with ui.element("li").style(f"--share: {rows / whole:.3f}"):
                        Words(who)
                        Words(f"{rows:,}")


def _files(results: Results) -> None:
    if not results.files:
        return
    with ui.element("section").classes("td-section"):
        Words("What was written", "h3").classes("td-section-title")
        for file in results.files:
            with ui.element("div").classes("td-verdict"):
                icon("file")
                Words(str(file.path) if file.there else f"{file.path} (not there)").classes("td-path")


def _models(results: Results) -> None:
    if not results.models:
        return
    with ui.element("details").classes("td-section"):
        count = len(results.models)
        Words("1 version of the model" if count == 1 else f"{count:,} versions of the model", "summary").classes(
            "td-section-title"
        )
        for one in reversed(results.models):
            learned = f", learned from {one.learned_from:,} answers" if one.learned_from is not None else ""
            Words(f"Version {one.number} of {one.step}, made in round {one.round}{learned}.", "p").classes("td-help")
