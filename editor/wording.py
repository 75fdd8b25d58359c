"""Settings in everyday words: what they are called, what their values say, what an empty one asks for."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from flows.slots import Slot, slot_of
from flows.step import Step
from flows.titles import label, slot_in

_PROMPTS: Mapping[str, str] = {
    "column": "choose a column",
    "label": "choose a label",
    "file": "choose a file",
    "new file": "name a file",
    "people": "choose whom",
    "step": "choose a step",
    "deadline": "no deadline",
}
_MOST_NAMED = 3
_LONGEST = 80


def summary(thing: object) -> str:
    """Return the first sentence of what a class says of itself."""
    return (thing.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")


def what_flows(thing: object) -> str:
    """Return the first sentence of what a value's class says of itself, without what follows a colon."""
    return summary(thing).split(". ")[0].split(":")[0].rstrip(".") + "."


def prompt(name: str, slot: Slot) -> str:
    """Return what an empty slot asks for."""
    return slot.prompt or _PROMPTS.get(slot.names) or f"choose {label(name, slot)}"


def is_empty(value: object) -> bool:
    """Return whether a setting says nothing."""
    return value is None or value == "" or (isinstance(value, tuple | list | dict) and not value)


def spoken(value: object, slot: Slot) -> str:
    """Return the value of a setting in words, on one short line."""
    return _cut(_spoken(value, slot))


def slots_of(kind: type[Step]) -> Mapping[str, Slot]:
    """Return how each setting of a kind is asked for."""
    return {name: slot_of(kind, name) for name in kind.model_fields}


def _spoken(value: object, slot: Slot) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    if isinstance(value, tuple | list):
        return _listed([_spoken(one, slot) for one in value])
    if isinstance(value, BaseModel):
        return _model(value)
    if isinstance(value, dict):
        return _listed([f"{name} {_spoken(one, slot)}" for name, one in value.items() if not is_empty(one)])
    return slot.words.get(str(value)) or str(value)


def _model(value: BaseModel) -> str:
    sentence = getattr(value, "sentence", None)
    if callable(sentence):
        return str(sentence())
    slots = {name: slot_in(info) for name, info in type(value).model_fields.items()}
    told = [(name, getattr(value, name)) for name in slots if not is_empty(getattr(value, name))]
    return _listed([f"{label(name, slots[name])} {_spoken(one, slots[name])}" for name, one in told])


def _listed(words: list[str]) -> str:
    if len(words) <= _MOST_NAMED:
        return ", ".join(words)
    return f"{', '.join(words[:_MOST_NAMED])} and {len(words) - _MOST_NAMED} more"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
