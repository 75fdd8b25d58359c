"""How each field of a form is filled in: one small drawing for each way to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui

from editor.fields import Choice, Field
from editor.pages.boxes import Picker, Switch, TextBox, chips
from editor.pages.deadline_choice import deadline_choice
from editor.pages.desk import Desk, named
from editor.pages.file_choice import file_choice
from editor.pages.keep_focus import keep_focus
from editor.pages.parts import either, entries, mapping, nested
from editor.pages.people_choice import people_choice
from editor.wording import is_empty, spoken
from flows.slots import Slot
from flows.step import Plain

Give = Callable[[Plain], str]
"""Puts a value into the flow, and returns the sentence why it cannot be; nothing when it is there."""
_NONE = "none"
_OTHER = "another name …"


def draw(field: Field, desk: Desk, give: Give) -> None:
    """Draw what a field is filled in with; what a person gives goes to `give` at once."""
    match field.control:
        case "choice":
            _choice(field, give)
        case "switch":
            Switch(named(field), field.value is True, give)
        case "column":
            _one(field, desk.column_choices(field.port), give)
        case "columns":
            _several(field, desk.column_choices(field.port), give)
        case "label":
            _one(field, [Choice(label, label) for label in desk.labels], give)
        case "labels" | "words":
            _several(field, [Choice(label, label) for label in desk.labels if field.control == "labels"], give)
        case "step":
            Picker(named(field), desk.steps, field.value, give, prompt=field.prompt or _NONE)
        case "file":
            file_choice(field, desk, give)
        case "people":
            people_choice(field, desk, give)
        case "deadline":
            deadline_choice(field, desk, give)
        case "nested":
            nested(field, desk, give, draw)
        case "list":
            entries(field, desk, give, draw)
        case "mapping":
            mapping(field, desk, give)
        case "either":
            either(field, desk, give, draw)
        case _:
            _box(field, give)


def _box(field: Field, give: Give) -> None:
    numeric = field.control in ("number", "money")
    TextBox(
        named(field),
        _shown(field.value),
        give,
        prompt=field.prompt,
        lines=3 if field.control == "long text" else 0,
        numeric=numeric,
    )


def _choice(field: Field, give: Give) -> None:
    told = [Choice(one.value, one.says) for one in field.choices]
    needed = field.prompt if is_empty(field.value) and not any(is_empty(one.value) for one in told) else ""
    Picker(named(field), told, field.value, give, prompt=needed)


def _one(field: Field, choices: Sequence[Choice], give: Give) -> None:
    """Draw a list of what there is; a box to type in while nothing is known."""
    if not choices:
        TextBox(named(field), _shown(field.value), give, prompt=field.prompt)
        return
    place = ui.element("div").classes("td-several")

    def chosen(value: Plain) -> None:
        if value != _OTHER:
            give(value)
            return
        with place:
            TextBox(f"{named(field)}: another name", "", give, prompt="write it, then Enter")

    with place:
        Picker(named(field), [*choices, Choice(_OTHER, _OTHER)], field.value, chosen, prompt=field.prompt or _NONE)


def _several(field: Field, choices: Sequence[Choice], give: Give) -> None:
    place = ui.element("div").classes("td-several")

    def add(chosen: list[str], value: Plain) -> None:
        if not is_empty(value) and value not in chosen:
            put([*chosen, str(value)])

    def put(chosen: list[str]) -> None:
        if not give(list(chosen)):
            show(chosen)
            keep_focus(place)

    def show(chosen: list[str]) -> None:
        place.clear()
        left = [choice for choice in choices if choice.value not in chosen]
        with place:
            if chosen:
                chips(chosen, lambda gone: put([one for one in chosen if one != gone]))
            name, more = f"Add to {named(field)}", f"add {'another' if chosen else 'one'}"
            if left and field.control == "columns":
                Picker(name, left, None, partial(add, chosen), prompt=f"{more} …")
            elif not choices or field.control != "columns":
                offers = [choice.says for choice in left]
                prompt = field.prompt if not chosen and field.prompt else f"{more}, then Enter"
                TextBox(name, "", partial(add, chosen), prompt=prompt, offers=offers, empties=True)

    show([str(one) for one in field.value] if isinstance(field.value, list) else [])


def _shown(value: Plain) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    return value if isinstance(value, str) else "" if value is None else spoken(value, Slot())
