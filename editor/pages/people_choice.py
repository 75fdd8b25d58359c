"""Whom a step asks: which group, who plays it in a rehearsal, and who answers for it live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from nicegui import ui

from editor.fields import Choice, Field, fields_of
from editor.pages.boxes import Picker, TextBox
from editor.pages.desk import Desk, named
from flows.commands import SetPeople
from flows.people import Group, Simulated, groups
from flows.problems import Refused
from flows.step import Plain

_NEW = "a new group …"
_ASKS: Mapping[str, tuple[str, str]] = {
    "accounts": ("answered live by", "name of an account, then Enter"),
    "skills": ("what they must know", "name of a skill, then Enter"),
}
"""How the lists that describe a group are called, and what they ask for."""


def people_choice(field: Field, desk: Desk, give: Callable[[Plain], str]) -> None:
    """Draw the groups to choose from, and a way to name another one."""
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


def group_fields(group: str, desk: Desk) -> tuple[Field, ...]:
    """Return the fields that describe a group: who plays it in a rehearsal, whose accounts answer live."""
    said = _described(group, desk)
    inside = said.get("simulated")
    simulated, *others = fields_of(Group, said)
    parts = fields_of(Simulated, inside if isinstance(inside, dict) else {}, "simulated.")
    parts = tuple(replace(one, control="step") if one.name == "simulated.truth" else one for one in parts)
    return (
        replace(simulated, label="played in a rehearsal by", value=inside, fields=parts, required=False),
        *(_asked(one) for one in others),
    )


def _asked(field: Field) -> Field:
    label, prompt = _ASKS.get(field.name, (field.label, field.prompt))
    return replace(field, label=label, prompt=prompt)


def give_group(group: str, desk: Desk, name: str, value: Plain) -> str:
    """Put a part of what describes a group into the flow, and return the sentence why it cannot be."""
    session = desk.state.session
    people = {key: old for key, old in _described(group, desk).items() if key != name}
    if value is not None and value != []:
        people[name] = value
    command = SetPeople(group=group, people=people)
    try:
        wrong = [one.message for one in groups(command.apply(session.flow, session.catalog))[1] if group in one.place]
    except Refused as refused:
        return str(refused)
    problem = None if wrong else desk.state.attempt(command)
    return wrong[0] if wrong else problem.message if problem else ""


def players(group: str, desk: Desk) -> str:
    """Return in a few words who plays a group in a rehearsal."""
    simulated = _described(group, desk).get("simulated")
    if not isinstance(simulated, dict):
        return f"Who the {group} are: nobody plays them in a rehearsal yet"
    people = simulated.get("people", Simulated.model_fields["people"].default)
    return f"Who the {group} are: in a rehearsal, {people} simulated people"


def _described(group: str, desk: Desk) -> dict[str, Plain]:
    plain = desk.state.session.flow.people.get(group)
    return dict(plain) if isinstance(plain, dict) else {}
