"""One setting in a form: its name, what it is filled in with, its help, and why a value was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nicegui import ui

from editor.fields import Field
from editor.form import commit, in_its_place, limits_in_words
from editor.pages.buttons import Words
from editor.pages.controls import draw
from editor.pages.desk import Desk, named
from editor.pages.keep_focus import focus_row, keep_focus
from editor.pages.said import said
from flows.problems import Problem
from flows.step import Plain

Put = Callable[[Desk, str, Plain], str]
"""Puts a value under a name into the flow, and returns why it cannot be; nothing when it is there."""

_SHOWN_ALREADY = ("choice", "switch", "step", "column", "label", "columns", "labels", "words", "nested")
"""Controls that show by themselves what was just given: drawn anew, they would lose what is typed ahead."""


def put_setting(desk: Desk, name: str, value: Plain) -> str:
    """Put a value into a setting of the card."""
    session = desk.state.session
    made = commit(session.flow, session.catalog, desk.step, name, value)
    problem = made if isinstance(made, Problem) else desk.state.attempt(made)
    return problem.message if problem else ""


class SettingRow:
    """A row of the form; it is drawn anew only when what it shows is something else.

    `place` is where its problems are said to be, `put` how a value gets there.
    """

    def __init__(self, desk: Desk, field: Field, place: str, put: Put = put_setting) -> None:
        self._desk, self._field, self._offers = desk, field, desk.offers(field)
        self._place, self._put = f"{place}.{field.name}", put
        self._given: Plain = field.value
        self._frame = ui.element("div").classes("td-row")
        self._frame.props["data-row"] = self._place
        self._draw()

    def show(self, desk: Desk, field: Field) -> None:
        """Show the setting as it is now; what is unchanged is left alone, so that nobody loses the place."""
        offers, before = desk.offers(field), self._field
        kept = offers == self._offers and self._shows(field, before)
        self._desk, self._field, self._offers, self._given = desk, field, offers, field.value
        if kept:
            self._trouble()
            return
        self._frame.clear()
        self._draw()
        keep_focus(self._frame)

    def focus(self) -> None:
        """Put the cursor into the setting."""
        focus_row(self._frame, self._place)

    def _shows(self, field: Field, before: Field) -> bool:
        """Return whether what is drawn shows a field already."""
        if field.control in _SHOWN_ALREADY and field.value == self._given:
            before = replace(before, value=field.value, given=field.given, prompt=field.prompt, fields=field.fields)
        return replace(before, problem=field.problem) == field

    def _draw(self) -> None:
        field = self._field
        with self._frame:
            with ui.element("div").classes("td-row-head"):
                Words(named(field)).classes("td-row-label")
                Words("needed" if field.required else "").classes("td-needed")
            if field.help:
                Words(_help(field), "p").classes("td-help")
            draw(field, self._desk, self._give)
            self._says = Words("", "p").classes("td-problem-text")
            self._says.props["role"] = "alert"
            self._problems = ui.element("div")
            self._trouble()

    def _trouble(self) -> None:
        """Say what is wrong with the setting as it stands in the flow."""
        session = self._desk.state.session
        found, card = session.problems(), session.flow.steps.get(self._desk.step)
        self._says.set_text("")
        self._problems.clear()
        with self._problems:
            for problem in found:
                if problem.place == self._place or problem.place.startswith(f"{self._place}."):
                    said(self._desk.state, problem, in_its_place(problem, card) if card else "")

    def _give(self, value: Plain) -> str:
        self._given = value
        says = self._put(self._desk, self._field.name, value)
        self._says.set_text(says)
        return says


def _help(field: Field) -> str:
    limits, says = field.limits, field.help
    if field.control not in ("number", "money") or (limits.low is None and limits.high is None):
        return says
    return f"{says} {limits_in_words(limits).capitalize()}."
