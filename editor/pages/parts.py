"""Fields with parts: they are put into the flow once all that they need is there, and kept on the page until then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nicegui import ui

from editor.fields import Choice, Field, matches
from editor.form import typed
from editor.pages.boxes import Picker, TextBox
from editor.pages.buttons import Button, Words
from editor.pages.desk import Desk, named
from editor.pages.keep_focus import keep_focus
from editor.wording import is_empty
from flows.step import Plain

Give = Callable[[Plain], str]
Draw = Callable[[Field, Desk, Give], None]
Parts = dict[str, Plain]


def nested(field: Field, desk: Desk, give: Give, draw: Draw) -> None:
    """Draw the parts of one thing, and a button that takes it away where it may be absent."""
    there = isinstance(field.value, dict)
    place = ui.element("div").classes("td-nested")

    def show(parts: Parts) -> None:
        place.clear()
        with place:
            _parts(field, parts, desk, give, draw)
            if not field.required:
                Button("Take away", away, icon_name="remove").classes("td-small td-quiet")
        keep_focus(place)

    def away() -> None:
        if not give(None):
            closed()

    def closed() -> None:
        place.clear()
        with place:
            Button("Set", lambda: show({}), icon_name="add").classes("td-small td-outlined")

    if there or field.required:
        show(_as_parts(field.value))
    else:
        closed()


def entries(field: Field, desk: Desk, give: Give, draw: Draw) -> None:
    """Draw a list of things with parts; a new one joins the others once it is complete."""
    known = [_as_parts(one) for one in field.value] if isinstance(field.value, list) else []
    place = ui.element("div").classes("td-several")

    def put(at: int, parts: Plain) -> str:
        several: list[Plain] = list(known)
        several[at : at + 1] = [] if parts is None else [parts]
        return give(several or None)

    def show(count: int) -> None:
        place.clear()
        with place:
            for at in range(count):
                with ui.element("div").classes("td-nested"):
                    parts = known[at] if at < len(known) else {}
                    _parts(field, parts, desk, partial(put, at), draw)
                    if at < len(known):
                        gone = Button("Take away", partial(put, at, None), icon_name="remove")
                        gone.classes("td-small td-quiet")
            if count == len(known):
                add = Button("Add", lambda: show(count + 1), icon_name="add")
                add.classes("td-small td-outlined")

    show(max(len(known), 1 if field.required else 0))


def mapping(field: Field, desk: Desk, give: Give) -> None:
    """Draw one box for each label, and a line for another one."""
    values = _as_parts(field.value)
    inside = field.fields[0]

    def put(name: str, text: str) -> str:
        value = typed(inside, text)
        rest = {key: old for key, old in values.items() if key != name}
        return give(({**rest, name: value} if not is_empty(value) else rest) or None)

    def add(name: Plain) -> None:
        if isinstance(name, str) and name.strip():
            with place:
                line(name.strip(), "")

    def line(name: str, value: str) -> None:
        with ui.element("div").classes("td-pair"):
            Words(name).classes("td-pair-name")
            TextBox(f"{named(field)} of {name}", value, lambda text: put(name, text), numeric=True)

    with ui.element("div").classes("td-several") as frame:
        place = ui.element("div").classes("td-several")
        with place:
            for name, value in values.items():
                line(name, f"{value:.6g}" if isinstance(value, int | float) else str(value))
        with frame:
            left = [Choice(label, label) for label in desk.labels if label not in values]
            if left:
                Picker(f"Add to {named(field)}", left, None, add, prompt="add one …")
            elif not desk.labels:
                TextBox(f"Add to {named(field)}", "", add, prompt="add a label, then Enter", empties=True)


def either(field: Field, desk: Desk, give: Give, draw: Draw) -> None:
    """Draw the ways to say something as choices, and the parts of the way that is chosen."""
    ways = list(field.fields)
    now = next((at for at, way in enumerate(ways) if matches(way, field.value)), 0)
    choices = [choice for at, way in enumerate(ways) for choice in _ways(at, way)]
    place = ui.element("div").classes("td-several")

    def chosen(value: Plain) -> None:
        at, _, word = str(value).partition(" ")
        if word:
            give(word)
        elif at.isdigit():
            show(int(at))

    def show(at: int) -> None:
        place.clear()
        way = ways[at]
        with place:
            if len(choices) > 1:
                Picker(named(field), choices, f"{at} {field.value}" if way.choices else str(at), chosen)
            if not way.choices:
                own = way if at == now else replace(way, value=None)
                draw(replace(own, label=field.label, required=True), desk, give)

    show(now)


def _ways(at: int, way: Field) -> list[Choice]:
    if way.choices:
        return [Choice(f"{at} {one.value}", one.says) for one in way.choices]
    if way.control in ("number", "money"):
        return [Choice(str(at), "a number")]
    return [Choice(str(at), " and ".join(part.label for part in way.fields) or way.label)]


def _parts(field: Field, parts: Parts, desk: Desk, give: Give, draw: Draw) -> None:
    """Draw the parts, gathering what is given until nothing that is needed is missing."""
    gathered = dict(parts)
    needed = [_last(one.name) for one in field.fields if one.required]
    says = Words("", "p").classes("td-problem-text")
    says.props["role"] = "alert"

    def put(part: Field, value: Plain) -> str:
        plain = typed(part, value)
        gathered.pop(_last(part.name), None)
        if not is_empty(plain):
            gathered[_last(part.name)] = plain
        missing = [one for one in needed if one not in gathered]
        refused = "" if missing else give(dict(gathered))
        says.set_text(refused)
        return refused

    for part in field.fields:
        own = replace(part, value=parts.get(_last(part.name), part.default))
        with ui.element("div").classes("td-part"):
            with ui.element("div").classes("td-row-head"):
                Words(named(part)).classes("td-part-label")
                Words("needed" if part.required else "").classes("td-needed")
            Words(part.help, "p").classes("td-help")
            draw(own, desk, partial(put, part))
    says.move(target_index=-1)


def _as_parts(value: Plain) -> Parts:
    return dict(value) if isinstance(value, dict) else {}


def _last(name: str) -> str:
    return name.rsplit(".", maxsplit=1)[-1]
