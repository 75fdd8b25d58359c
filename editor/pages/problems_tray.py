"""What is wrong, at the foot of the page: counts that open to sentences; a click goes there, a button mends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.icons import icon
from editor.state import PageState
from flows.problems import Level, Problem

LEVELS: Mapping[Level, tuple[str, str]] = {
    "error": ("problem keeps it from running", "problems keep it from running"),
    "warning": ("warning", "warnings"),
    "hint": ("hint", "hints"),
}
MOST = 200


class ProblemsTray:
    """The tray; it never keeps anybody from saving."""

    def __init__(self, state: PageState) -> None:
        self.state, self._open = state, False
        self._drawn: object = None

    def build(self) -> None:
        """Draw the tray."""
        self._place = ui.element("footer").classes("td-tray")
        self._place.props["aria-label"] = "Problems"
        self.state.on_change.add(lambda change: self.show())
        self.show()

    def show(self) -> None:
        """Draw it again when the problems are others."""
        problems = self.state.session.problems()
        if (problems, self._open) == self._drawn:
            return
        self._drawn = (problems, self._open)
        self._place.clear()
        with self._place:
            self._counts(problems)
            if self._open and problems:
                with ui.element("ul").classes("td-problems"):
                    for problem in sorted(problems, key=lambda one: list(LEVELS).index(one.level))[:MOST]:
                        self._problem(problem)

    def _counts(self, problems: tuple[Problem, ...]) -> None:
        counts = Counter(problem.level for problem in problems)
        bar = ui.element("button").classes("td-tray-bar").mark("tray")
        bar.props["type"] = "button"
        bar.props["aria-expanded"] = str(self._open and bool(problems)).lower()
        bar.on("click", self._toggle, [])
        with bar:
            if not problems:
                icon("done", 14).classes("td-good")
                Words(self._fine())
                return
            for level, (one, many) in LEVELS.items():
                if counts[level]:
                    with ui.element("span").classes(f"td-count td-{level}"):
                        icon(level, 14)
                        Words(f"{counts[level]} {one if counts[level] == 1 else many}")
            icon("down" if self._open else "up", 14).classes("td-tray-fold")

    def _fine(self) -> str:
        if not self.state.session.flow.steps:
            return "Nothing is drawn yet"
        return "Nothing is wrong with this flow"

    def _problem(self, problem: Problem) -> None:
        card, setting = place_of(problem)
        with ui.element("li").classes(f"td-problem td-{problem.level}"):
            icon(problem.level)
            there = card in self.state.session.flow.steps
            words = Words(problem.message, "button" if there else "span").classes("td-problem-words")
            if there:
                words.props["type"] = "button"
                words.on("click", partial(self.state.go_to, card, setting), [])
            line = f"line {problem.line}" if problem.line else ""
            Words(line).classes("td-problem-line")
            if problem.fix is not None:
                label = problem.fix_says.rstrip(".") or "Mend it"
                Button(label, partial(self._mend, problem), look="outlined").classes("td-small")

    def _mend(self, problem: Problem) -> None:
        if problem.fix is not None:
            self.state.do(problem.fix)

    def _toggle(self) -> None:
        self._open = not self._open
        self.show()


def place_of(problem: Problem) -> tuple[str, str]:
    """Return the card that a problem is on and the setting that it is about; empty where it is on none."""
    section, _, rest = problem.place.partition(".")
    card, _, setting = rest.partition(".")
    return (card, setting.split(".")[0]) if section == "steps" else ("", "")
