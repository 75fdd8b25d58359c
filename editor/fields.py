"""The fields of a form, read from a model's declaration: what each one takes, in plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel

from editor.wording import is_empty, prompt
from flows.slots import Slot
from flows.step import Plain
from flows.titles import chosen, label, slot_in, without_code

Control = Literal[
    "text", "long text", "number", "choice", "switch", "column", "columns", "label", "labels", "words", "file",
    "new file", "people", "step", "deadline", "money", "nested", "list", "mapping", "either",
]  # fmt: skip
"""How a field is asked for. `nested` has fields of its own, `list` has those of one entry, `mapping` that of
one value; `either` has one field for each way to say it."""

_SEVERAL: Mapping[str, Control] = {"column": "columns", "label": "labels"}


@dataclass(frozen=True)
class Choice:
    """One value to choose, and how it is said."""

    value: Plain
    says: str


@dataclass(frozen=True)
class Limits:
    """The range of a number; an end that is `open` does not belong to it."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Field:
    """One field: how it is asked for, what it holds, and what is wrong with it.

    `name` is the setting's name in the file, with the names around it (`cost.missed`). `given` tells a
    value that stands in the file from one that holds by itself.
    """

    name: str
    label: str
    help: str
    control: Control
    value: Plain = None
    default: Plain = None
    given: bool = False
    required: bool = False
    prompt: str = ""
    port: str = ""
    limits: Limits = Limits()
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class _Place:
    """Where a field stands: its full name, how it is asked for, and its help."""

    name: str
    slot: Slot
    help: str = ""
    metadata: tuple[object, ...] = field(default=())


def fields_of(model: type[BaseModel], values: Mapping[str, Plain], within: str = "") -> tuple[Field, ...]:
    """Return the fields of a model with the values that stand in the file."""
    return tuple(_field(model, name, values, within) for name in model.model_fields)


def _field(model: type[BaseModel], name: str, values: Mapping[str, Plain], within: str) -> Field:
    info = model.model_fields[name]
    key = info.alias or name
    slot = slot_in(info)
    given = key in values
    default = None if info.is_required() else _plain(info.get_default(call_default_factory=True))
    place = _Place(within + key, slot, without_code(model, info.description or ""), tuple(info.metadata))
    found = _typed(info.annotation, place, values[key] if given else default)
    empty = _prompt(found.control, key, slot, info.is_required()) if is_empty(found.value) else ""
    return replace(found, default=default, given=given, required=info.is_required(), prompt=empty)


def _prompt(control: Control, key: str, slot: Slot, required: bool) -> str:
    """Return what an empty field asks for: what is typed is not chosen."""
    if slot.prompt or control not in ("text", "number", "money", "words"):
        return prompt(key, slot)
    return "" if control == "words" else prompt(key, slot) if required else "not set"


def _typed(annotation: Any, place: _Place, value: Plain) -> Field:
    """Return the field for a type."""
    if get_origin(annotation) is Annotated:
        inside, *metadata = get_args(annotation)
        return _typed(inside, _Place(place.name, place.slot, place.help, (*place.metadata, *metadata)), value)
    if get_origin(annotation) in (Union, UnionType):
        return _union(tuple(one for one in get_args(annotation) if one is not NoneType), place, value)
    if get_origin(annotation) is Literal:
        choices = tuple(Choice(one, chosen(one, place.slot)) for one in get_args(annotation))
        return _named(place, "choice", value, choices=choices)
    if get_origin(annotation) in (tuple, list):
        return _several(get_args(annotation)[0], place, value)
    if get_origin(annotation) in (dict, Mapping):
        inside = _typed(get_args(annotation)[1], _Place(f"{place.name}.*", Slot()), None)
        return _named(place, "mapping", value, fields=(inside,))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        values = value if isinstance(value, dict) else {}
        return _named(place, "nested", value, fields=fields_of(annotation, values, f"{place.name}."))
    return _single(annotation, place, value)


def _union(several: tuple[Any, ...], place: _Place, value: Plain) -> Field:
    if len(several) == 1:
        return _typed(several[0], place, value)
    ways = (_typed(one, place, value) for one in several)
    said = tuple(way if matches(way, value) else replace(way, value=None) for way in ways)
    return _named(place, "either", value, fields=said)


def matches(way: Field, value: Plain) -> bool:
    """Return whether a value is said in this way."""
    if way.control == "nested":
        return isinstance(value, dict)
    if way.control in ("number", "money"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if way.control == "choice":
        return value in [choice.value for choice in way.choices]
    return isinstance(value, list) if way.control in ("columns", "labels", "words", "list") else isinstance(value, str)


def _several(inside: Any, place: _Place, value: Plain) -> Field:
    several: Plain = [value] if isinstance(value, str) else value
    if isinstance(inside, type) and issubclass(inside, BaseModel):
        return _named(place, "list", several, fields=fields_of(inside, {}, f"{place.name}.*."))
    return _named(place, _SEVERAL.get(place.slot.names, "words"), several)


def _single(annotation: Any, place: _Place, value: Plain) -> Field:
    if annotation is bool:
        return _named(place, "switch", value)
    if annotation in (int, float):
        control: Control = "money" if place.slot.names == "money" else "number"
        return _named(place, control, value, limits=_limits(place.metadata, annotation is int))
    return _named(place, place.slot.names or "text", value)


def _limits(metadata: tuple[object, ...], whole: bool) -> Limits:
    ends: dict[str, Any] = {"whole": whole}
    for said in metadata:
        match said:
            case annotated_types.Ge(ge=low):
                ends["low"] = low
            case annotated_types.Gt(gt=low):
                ends |= {"low": low, "low_open": True}
            case annotated_types.Le(le=high):
                ends["high"] = high
            case annotated_types.Lt(lt=high):
                ends |= {"high": high, "high_open": True}
    return Limits(**ends)


def _named(place: _Place, control: Control, value: Plain, **parts: Any) -> Field:
    name = place.name.rsplit(".", maxsplit=1)[-1]
    return Field(place.name, label(name, place.slot), place.help, control, value=value, port=place.slot.port, **parts)


def _plain(value: object) -> Plain:
    if isinstance(value, BaseModel):
        dumped: dict[str, Plain] = value.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return dumped
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value if isinstance(value, bool | int | float | str) else None
