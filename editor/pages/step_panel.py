"""The form of a card: what it does, each setting with its help, and what is wrong in its own place."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from editor.canvas import Payload
from editor.fields import Field
from editor.form import Form, Section, commit, form_of, limits_in_words
from editor.pages.boxes import TextBox
from editor.pages.buttons import Button, Words
from editor.pages.connections import Connections
from editor.pages.controls import draw
from editor.pages.desk import Desk, named
from editor.pages.icons import icon, sign
from editor.pages.keep_focus import focus_row, keep_focus, watch_focus
from editor.state import PageState, Selected
from flows.commands import Retitle
from flows.problems import Problem
from flows.step import Plain


class StepPanel:
    """The side panel of the selected card."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._form: Form | None = None
        self._rows: dict[str, Row] = {}
        self._told: dict[str, tuple[str, str]] = {}

    def build(self) -> None:
        """Draw the panel into the current place."""
        watch_focus()
        self._place = ui.element("section").classes("td-panel")
        self._place.props["aria-label"] = "The selected step"
        self.state.on_select.add(self._selected)
        self.state.on_change.add(lambda change: self._changed())
        self.state.on_status.add(self._status)
        self._draw()

    def _selected(self, selected: Selected) -> None:
        if self._form is None or self._form.step != selected.card:
            self._draw()
        if selected.setting in self._rows:
            self._rows[selected.setting].focus()

    def _changed(self) -> None:
        form = self._now()
        if form is None or self._form is None or _skeleton(form) != _skeleton(self._form):
            self._draw()
            return
        self._form = form
        self._head.show(form)
        self._links.show()
        for section in form.sections:
            for field in section.fields:
                self._rows[field.name].show(field)

    def _status(self, batch: Payload) -> None:
        cards = batch.get("cards")
        for card, told in cards.items() if isinstance(cards, dict) else ():
            self._told[card] = (str(told["text"]), str(told.get("why", "")))
        if self._form is not None:
            self._head.status(*self._told.get(self._form.step, ("", "")))

    def _now(self) -> Form | None:
        session, card = self.state.session, self.state.selected.card
        if card not in session.flow.steps:
            return None
        return form_of(session.flow, session.catalog, card, session.problems())

    def _draw(self) -> None:
        self._form, self._rows = self._now(), {}
        self._place.clear()
        with self._place:
            if self._form is None:
                Words("Select a step to see what it does and to change it.", "p").classes("td-empty")
                return
            self._head = Head(self.state, self._form)
            self._head.status(*self._told.get(self._form.step, ("", "")))
            for section in self._form.sections:
                self._section(section)
            self._links = Connections(self.state, self._form.step)
            self._foot(self._form.step)

    def _section(self, section: Section) -> None:
        frame = ui.element("details" if section.folded else "div").classes("td-section")
        with frame:
            Words(section.title, "summary" if section.folded else "h3").classes("td-section-title")
            for field in section.fields:
                self._rows[field.name] = Row(self.state, self._form.step if self._form else "", field)

    def _foot(self, step: str) -> None:
        with ui.element("div").classes("td-panel-foot"):
            Button("Remove", partial(self._remove, step), icon_name="remove", look="danger").classes("td-small")

    def _remove(self, step: str) -> None:
        self.state.intent({"id": "remove", "type": "remove", "cards": [step], "notes": [], "heal": True})


class Head:
    """The top of the panel: what the step is called, how it stands, and what is wrong with it as a whole."""

    def __init__(self, state: PageState, form: Form) -> None:
        self.state, self.step = state, form.step
        kind = state.session.catalog.get(form.kind)
        with ui.element("header").classes("td-panel-head"):
            with ui.element("div").classes("td-panel-kind"):
                sign(kind.family if kind else None)
                Words(form.title)
            self._title = TextBox("Title of the step", "", self._retitle).classes("td-title")
            Words(form.says, "p").classes("td-help")
            self._stands = Words("", "p").classes("td-stands")
            self._problems = ui.element("div")
        self._shown: object = None
        self.show(form)

    def show(self, form: Form) -> None:
        """Show the title and the problems as they are now."""
        card = self.state.session.flow.steps[self.step]
        self._title.props["value"] = card.title or card.id.replace("-", " ").capitalize()
        if form.problems != self._shown:
            self._shown = form.problems
            self._problems.clear()
            with self._problems:
                for problem in form.problems:
                    self._problem(problem)

    def status(self, text: str, why: str) -> None:
        """Say how the step stands in the run, and why."""
        self._stands.set_text(". ".join(part.rstrip(".") for part in (text[:1].upper() + text[1:], why) if part))
        self._stands.set_visibility(bool(text))

    def _problem(self, problem: Problem) -> None:
        with ui.element("div").classes(f"td-said td-{problem.level}"):
            icon(problem.level, 14)
            Words(problem.message)
            if problem.fix is not None:
                fix = problem.fix
                label = problem.fix_says.rstrip(".") or "Mend it"
                Button(label, lambda: self.state.do(fix), look="outlined").classes("td-small")

    def _retitle(self, title: str) -> None:
        self.state.do(Retitle(step=self.step, title=title.strip()))


class Row:
    """One setting: its name, what it is filled in with, its help, and why a value was refused."""

    def __init__(self, state: PageState, step: str, field: Field) -> None:
        self.state, self.step, self.field = state, step, field
        self._frame = ui.element("div").classes("td-row")
        self._frame.props["data-row"] = field.name
        self._draw()

    def show(self, field: Field) -> None:
        """Show the setting as it is now; what is unchanged is left alone, so that nobody loses the place."""
        if field == self.field:
            self._says.set_text(field.problem)
            return
        self.field = field
        self._frame.clear()
        self._draw()
        keep_focus(field.name)

    def focus(self) -> None:
        """Put the cursor into the setting."""
        focus_row(self.field.name)

    def _draw(self) -> None:
        field = self.field
        with self._frame:
            with ui.element("div").classes("td-row-head"):
                Words(named(field)).classes("td-row-label")
                if field.required:
                    Words("needed").classes("td-needed")
            if field.help:
                Words(_help(field), "p").classes("td-help")
            draw(field, Desk(self.state, self.step), self._give)
            self._says = Words(field.problem, "p").classes("td-problem-text")
            self._says.props["role"] = "alert"

    def _give(self, value: Plain) -> str:
        session = self.state.session
        made = commit(session.flow, session.catalog, self.step, self.field.name, value)
        problem = made if isinstance(made, Problem) else self.state.attempt(made)
        says = problem.message if problem else ""
        self._says.set_text(says or self.field.problem)
        return says


def _help(field: Field) -> str:
    limits, says = field.limits, field.help.replace("`", "'")
    if field.control not in ("number", "money") or (limits.low is None and limits.high is None):
        return says
    return f"{says} {limits_in_words(limits).capitalize()}."


def _skeleton(form: Form) -> object:
    """Return what the panel is made of; a setting stays in its section while the card is looked at."""
    return form.step, form.kind, {one.name for section in form.sections for one in section.fields}
