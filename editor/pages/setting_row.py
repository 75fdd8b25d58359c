"""One setting in a form: its name, what it is filled in with, its help, and why a value was refused."""

from __future__ import annotations

from dataclasses import replace

from nicegui import ui

from editor.fields import Field
from editor.form import commit, limits_in_words
from editor.pages.buttons import Words
from editor.pages.controls import draw
from editor.pages.desk import Desk, named
from editor.pages.keep_focus import focus_row, keep_focus
from flows.problems import Problem
from flows.step import Plain

_PICKED = ("choice", "switch", "step", "column", "label")
"""Controls that show by themselves what was just chosen in them: drawn anew, they would lose what is typed ahead."""


class SettingRow:
    """A row of the form; it is drawn anew only when what it shows is something else."""

    def __init__(self, desk: Desk, field: Field) -> None:
        self._desk, self._field, self._offers = desk, field, desk.offers(field)
        self._given: Plain = field.value
        self._frame = ui.element("div").classes("td-row")
        self._frame.props["data-row"] = field.name
        self._draw()

    def show(self, desk: Desk, field: Field) -> None:
        """Show the setting as it is now; what is unchanged is left alone, so that nobody loses the place."""
        offers, before = desk.offers(field), self._field
        kept = offers == self._offers and self._shows(field, before)
        self._desk, self._field, self._offers, self._given = desk, field, offers, field.value
        if kept:
            self._says.set_text(field.problem)
            return
        self._frame.clear()
        self._draw()
        keep_focus(field.name)

    def focus(self) -> None:
        """Put the cursor into the setting."""
        focus_row(self._field.name)

    def _shows(self, field: Field, before: Field) -> bool:
        """Return whether what is drawn shows a field already."""
        if field.control in _PICKED and field.value == self._given:
            before = replace(before, value=field.value, given=field.given, prompt=field.prompt)
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
            self._says = Words(field.problem, "p").classes("td-problem-text")
            self._says.props["role"] = "alert"

    def _give(self, value: Plain) -> str:
        state, self._given = self._desk.state, value
        session = state.session
        made = commit(session.flow, session.catalog, self._desk.step, self._field.name, value)
        problem = made if isinstance(made, Problem) else state.attempt(made)
        says = problem.message if problem else ""
        self._says.set_text(says or self._field.problem)
        return says


def _help(field: Field) -> str:
    limits, says = field.limits, field.help.replace("`", "'")
    if field.control not in ("number", "money") or (limits.low is None and limits.high is None):
        return says
    return f"{says} {limits_in_words(limits).capitalize()}."
