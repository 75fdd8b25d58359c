"""What the flow is for, always in sight: the goal, the aims with their latest figures, the limits and how near."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui

from editor.pages.boxes import TextBox
from editor.pages.buttons import Button, Words
from editor.pages.icons import icon
from editor.pages.keep_focus import keep_focus
from editor.pages.target_dialog import Section, TargetDialog
from editor.results import AimLine, LimitLine
from editor.state import PageState
from editor.targets import latest
from flows.aims import measured, short, shown
from flows.commands import SetGoal
from flows.flow import Flow
from flows.intent import Intent

NEAR = 0.9
"""The share of a limit from which on it is said by colour that little is left."""
_MARKS = {"kept": ("done", "met"), "broken": ("circle", "not shown yet"), "unknown": ("circle", "no figure yet")}


class IntentStrip:
    """The strip below the bar; a click on a part of it changes that part."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._drawn: object = None
        self._editing = False

    def build(self) -> None:
        """Draw the strip."""
        self._place = ui.element("section").classes("td-strip")
        self._place.props["aria-label"] = "What the flow is for"
        self._place.props["data-row"] = "intent"
        self.state.on_change.add(lambda change: self.show())
        self.state.on_results.add(lambda results: self.show())
        self.show()

    def show(self) -> None:
        """Draw it again when what it shows is something else."""
        flow, results = self.state.session.flow, self.state.results
        now = (flow.intent, tuple(flow.steps.items()), results and (results.aims, results.limits), self._editing)
        if now == self._drawn:
            return
        self._drawn = now
        self._place.clear()
        with self._place:
            self._goal(flow.intent)
            self._aims(flow)
            self._limits(flow)
        keep_focus(self._place)

    def _goal(self, intent: Intent) -> None:
        with ui.element("div").classes("td-goal"):
            icon("goal")
            if self._editing:
                prompt = "What should be reached? Say it in your own words"
                field = TextBox("Goal of the flow", intent.goal, self._say_goal, prompt=prompt)
                field.props["autofocus"] = True
                # Leaving it tells first what was typed, and then that it was left: Enter and Escape leave it too.
                field.on("keydown.enter", js_handler="(event) => event.target.blur()")
                field.on("keydown.esc", js_handler="(event) => event.target.blur()")
                field.on("blur", lambda: self._edit(False), [])
                return
            words = intent.goal or "What should be reached? Say it in your own words"
            button = Button(words, lambda: self._edit(True), tip="Change the goal").classes("td-goal-words")
            if not intent.goal:
                button.classes("td-quiet")

    def _edit(self, editing: bool) -> None:
        self._editing = editing
        self.show()

    def _say_goal(self, text: str) -> None:
        if not self._editing:
            return
        self._editing = False
        if text.strip() != self.state.session.flow.intent.goal:
            self.state.do(SetGoal(goal=text.strip()))
        self.show()

    def _aims(self, flow: Flow) -> None:
        known = {line.text: line for line in self.state.results.aims} if self.state.results else {}
        with ui.element("div").classes("td-targets"):
            Words("Aims").classes("td-targets-title")
            for index, aim in enumerate(flow.intent.aims):
                measure = measured(flow, self.state.session.catalog, aim)
                self._aim(index, short(aim, measure), known.get(str(aim)), measure.unit if measure else "")
            self._adder("aims", "Add an aim")

    def _aim(self, index: int, words: str, line: AimLine | None, unit: str) -> None:
        verdict = line.met if line else "unknown"
        sign, says = _MARKS[verdict]
        with self._chip("aims", index, f"td-{verdict}", line.says if line else "It has no figure yet: rehearse first."):
            icon(sign, 14)
            Words(words).classes("td-target-words")
            if line and line.figure and line.figure.value is not None:
                value, _, interval = latest(line.figure, unit).partition(" (")
                Words(value).classes("td-target-figure")
                if interval:
                    Words(f"({interval}").classes("td-target-figure td-target-interval")
            Words(says).classes("td-target-mark")

    def _limits(self, flow: Flow) -> None:
        known = {line.text: line for line in self.state.results.limits} if self.state.results else {}
        with ui.element("div").classes("td-targets"):
            Words("Limits").classes("td-targets-title")
            for index, limit in enumerate(flow.intent.limits):
                measure = measured(flow, self.state.session.catalog, limit)
                self._limit(index, short(limit, measure), known.get(str(limit)), measure.unit if measure else "")
            self._adder("limits", "Add a limit")

    def _limit(self, index: int, words: str, line: LimitLine | None, unit: str) -> None:
        verdict = line.kept if line else "unknown"
        tip = line.says if line else "It has no figure yet. It is watched as soon as the flow runs."
        with self._chip("limits", index, f"td-{verdict}", tip):
            icon("limit" if verdict != "broken" else "error", 14)
            Words(words).classes("td-target-words")
            if line and line.value is not None:
                Words(f"now {shown(line.value, unit)}").classes("td-target-figure")
                _gauge(line.share)
            if verdict == "broken":
                Words("broken").classes("td-target-mark")

    def _chip(self, section: Section, index: int, look: str, tip: str) -> ui.element:
        chip = ui.element("button").classes(f"td-target {look}").mark(f"{section}-{index}")
        chip.props["type"] = "button"
        chip.props["data-tip"] = tip
        chip.on("click", partial(self._change, section, index), [])
        return chip

    def _adder(self, section: Section, words: str) -> None:
        Button(words if not self._has(section) else "", self._adds(section), icon_name="add", look="quiet", tip=words)

    def _has(self, section: Section) -> bool:
        intent = self.state.session.flow.intent
        return bool(intent.aims if section == "aims" else intent.limits)

    def _adds(self, section: Section) -> Callable[[], None]:
        return lambda: TargetDialog(self.state, section).open()

    def _change(self, section: Section, index: int) -> None:
        TargetDialog(self.state, section, index).open()


def _gauge(share: float | None) -> None:
    """Draw how much of a limit is used; beyond the limit the bar is full."""
    if share is None:
        return
    bar = ui.element("span").classes("td-gauge td-near" if share >= NEAR else "td-gauge")
    bar.props["role"] = "img"
    bar.props["aria-label"] = f"{min(share, 9.99):.0%} of the limit is used"
    with bar:
        ui.element("span").style(f"width: {min(share, 1):.0%}")
