"""The form of a card: what it does, each setting with its help, and what is wrong in its own place."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from editor.canvas import Payload
from editor.form import Form, Section, form_of
from editor.pages.boxes import TextBox
from editor.pages.buttons import Button, Words
from editor.pages.connections import Connections
from editor.pages.desk import Desk
from editor.pages.icons import sign
from editor.pages.keep_focus import enter_panel, keep_focus, scroll_up
from editor.pages.people_choice import give_group, group_fields, players
from editor.pages.said import said
from editor.pages.setting_row import SettingRow
from editor.state import PageState, Selected, Side
from editor.watching import Change
from flows.commands import Retitle
from flows.titles import title_of


class StepPanel:
    """The side panel of the selected card."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._form: Form | None = None
        self._rows: dict[str, SettingRow] = {}
        self._people: PeopleSection | None = None
        self._told: dict[str, tuple[str, str]] = {}
        self._meant: tuple[object, ...] = (None, None, None)
        self._stale, self._wanted = False, ""

    def build(self) -> None:
        """Draw the panel into the current place."""
        self._place = ui.element("section").classes("td-panel")
        self._place.props["aria-label"] = "The selected step"
        self.state.on_select.add(self._selected)
        self.state.on_side.add(self._opened)
        self.state.on_change.add(self._changed)
        self.state.on_status.add(self._status)
        self._draw()

    def _opened(self, side: Side) -> None:
        self._look()
        if side == "step":
            enter_panel(self._place)

    def _selected(self, selected: Selected) -> None:
        self._wanted = selected.setting
        self._look()

    def _changed(self, change: Change) -> None:
        flow = self.state.session.flow
        meant = (flow.steps, flow.links, flow.people)
        if change.origin != "check" and all(now is seen for now, seen in zip(meant, self._meant, strict=False)):
            return  # a move changes nothing here
        self._meant, self._stale = meant, True
        self._look()

    def _look(self) -> None:
        """Bring the panel up to date while it is seen; what happens behind its back waits until then."""
        if self.state.side != "step":
            return
        if self._form is None or self._form.step != self.state.selected.card:
            self._draw()
        elif self._stale:
            self._refresh(self._form)
        if self._wanted in self._rows:
            self._rows[self._wanted].focus()
        self._wanted = ""

    def _refresh(self, before: Form) -> None:
        form, self._stale = self._now(), False
        if form is None or _skeleton(form) != _skeleton(before):
            self._draw()
            return
        self._form = form
        self._head.show(form)
        self._links.show()
        desk = Desk(self.state, form.step)
        for section in form.sections:
            for field in section.fields:
                self._rows[field.name].show(desk, field)
        if self._people is not None:
            self._people.show(desk)

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
        before = self._form
        self._form, self._rows, self._people, self._stale = self._now(), {}, None, False
        self._place.clear()
        if before is None or self._form is None or before.step != self._form.step:
            scroll_up(self._place)
        keep_focus(self._place)
        with self._place:
            if self._form is None:
                Words("Select a step to see what it does and to change it.", "p").classes("td-empty")
                return
            self._head = Head(self.state, self._form)
            self._head.status(*self._told.get(self._form.step, ("", "")))
            desk = Desk(self.state, self._form.step)
            for section in self._form.sections:
                self._section(desk, section)
            group = _group(self._form)
            self._people = PeopleSection(desk, group) if group else None
            self._links = Connections(self.state, self._form.step)
            self._foot(self._form.step)

    def _section(self, desk: Desk, section: Section) -> None:
        frame = ui.element("details" if section.folded else "div").classes("td-section")
        with frame:
            Words(section.title, "summary" if section.folded else "h3").classes("td-section-title")
            for field in section.fields:
                self._rows[field.name] = SettingRow(desk, field, f"steps.{desk.step}")

    def _foot(self, step: str) -> None:
        with ui.element("div").classes("td-panel-foot"):
            Button("Remove", partial(self._remove, step), icon_name="remove", look="danger").classes("td-small")

    def _remove(self, step: str) -> None:
        self.state.intent({"id": "remove", "type": "remove", "cards": [step], "notes": [], "heal": True})


class PeopleSection:
    """Who a group of people is, below the form of the step that asks them."""

    def __init__(self, desk: Desk, group: str) -> None:
        self._group = group
        with ui.element("details").classes("td-section"):
            self._title = Words(players(group, desk), "summary").classes("td-section-title")
            put = partial(give_group, group)
            self._rows = [SettingRow(desk, one, f"people.{group}", put) for one in group_fields(group, desk)]

    def show(self, desk: Desk) -> None:
        """Show the group as it is now."""
        self._title.set_text(players(self._group, desk))
        for row, field in zip(self._rows, group_fields(self._group, desk), strict=True):
            row.show(desk, field)


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
        self._title.props["value"] = title_of(card)
        if form.problems != self._shown:
            self._shown = form.problems
            self._problems.clear()
            with self._problems:
                for problem in form.problems:
                    said(self.state, problem)

    def status(self, text: str, why: str) -> None:
        """Say how the step stands in the run, and why."""
        self._stands.set_text(". ".join(part.rstrip(".") for part in (text[:1].upper() + text[1:], why) if part))
        self._stands.set_visibility(bool(text))

    def _retitle(self, title: str) -> None:
        self.state.do(Retitle(step=self.step, title=title.strip()))


def _group(form: Form) -> str:
    """Return the group of people that a step asks."""
    fields = (one for section in form.sections for one in section.fields if one.control == "people")
    return next((one.value for one in fields if isinstance(one.value, str)), "")


def _skeleton(form: Form) -> object:
    """Return what the panel is made of; a setting stays in its section while the card is looked at."""
    return form.step, form.kind, _group(form), {one.name for section in form.sections for one in section.fields}
