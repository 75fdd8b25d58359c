"""Whom a step asks: a group of the flow, who plays it in a rehearsal, and who answers for it live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nicegui import ui

from editor.fields import Choice, Field, fields_of
from editor.pages.boxes import Picker, TextBox
from editor.pages.buttons import Words
from editor.pages.desk import Desk, named
from editor.pages.parts import Draw, nested
from flows.commands import SetPeople
from flows.people import Group, Simulated, groups
from flows.problems import Refused
from flows.step import Plain

_NEW = "a new group …"


def people_choice(field: Field, desk: Desk, give: Callable[[Plain], str], draw: Draw) -> None:
    """Draw the groups to choose from, and what is said of the chosen one."""
    group = field.value if isinstance(field.value, str) else ""
    known = list(dict.fromkeys([*desk.groups, *([group] if group else [])]))
    place = ui.element("div").classes("td-several")

    def chosen(value: Plain) -> None:
        if value == _NEW:
            with place:
                TextBox("Name of the new group", "", give, prompt="name it, then Enter")
        else:
            give(value)

    with place:
        choices = [*(Choice(name, name) for name in known), Choice(_NEW, _NEW)]
        Picker(named(field), choices, group or None, chosen, prompt=field.prompt)
        if group:
            _described(group, desk, draw)


def _described(group: str, desk: Desk, draw: Draw) -> None:
    """Draw who plays a group in a rehearsal, and whose accounts answer live."""
    plain = desk.state.session.flow.people.get(group)
    said = dict(plain) if isinstance(plain, dict) else {}

    def put(name: str, value: Plain) -> str:
        rest = {key: old for key, old in said.items() if key != name}
        return _set(desk, group, {**rest, name: value} if value is not None else rest)

    simulated, accounts = fields_of(Group, said)
    inside = said.get("simulated")
    parts = fields_of(Simulated, inside if isinstance(inside, dict) else {}, "simulated.")
    parts = tuple(replace(one, control="step") if one.name == "simulated.truth" else one for one in parts)
    with ui.element("details").classes("td-more"):
        Words(_players(group, inside), "summary").classes("td-section-title")
        whole = replace(simulated, value=inside, fields=parts, required=False)
        nested(whole, desk, lambda value: put("simulated", value), draw)
        Words("Live, answered by (names of accounts)").classes("td-part-label")
        draw(replace(accounts, control="words", prompt=""), desk, lambda value: put("accounts", value or None))


def _players(group: str, simulated: Plain) -> str:
    """Return in a few words who plays a group in a rehearsal."""
    if not isinstance(simulated, dict):
        return f"Who are the {group}? Nobody plays them in a rehearsal yet"
    people = simulated.get("people", Simulated.model_fields["people"].default)
    return f"In a rehearsal, {people} simulated people play the {group}"


def _set(desk: Desk, group: str, people: dict[str, Plain]) -> str:
    session = desk.state.session
    command = SetPeople(group=group, people=people)
    try:
        wrong = [one.message for one in groups(command.apply(session.flow, session.catalog))[1] if group in one.place]
    except Refused as refused:
        return str(refused)
    problem = None if wrong else desk.state.attempt(command)
    return wrong[0] if wrong else problem.message if problem else ""
