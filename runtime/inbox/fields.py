"""What a person sees of a case: its columns with their types, and what is usual where it is a number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "long", "number", "date", "image", "link", "yesno"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_IMAGE = re.compile(r"[^\s<>\"']+\.(png|jpe?g|gif|webp|svg)", re.IGNORECASE)
_LONG = 120
_FEWEST = 8
"""From how many cases on it is told what is usual."""


@dataclass(frozen=True)
class Usual:
    """Between which numbers nine of ten of the cases asked about lie, and of how many cases."""

    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Field:
    """One column of a case."""

    name: str
    label: str
    type: Type
    value: object
    usual: Usual | None = None


def fields_of(shown: Mapping[str, object], others: Sequence[Mapping[str, object]]) -> tuple[Field, ...]:
    """Return the columns of a case; `others` are cases of the same step, to tell types and what is usual."""
    return tuple(_field(name, value, [case.get(name) for case in others]) for name, value in shown.items())


def _field(name: str, value: object, others: Sequence[object]) -> Field:
    there = [other for other in others if other is not None and other != ""]
    empty = value is None or value == ""
    kind = _type_of(there[0]) if empty and there else _type_of(value)
    label = name.replace("_", " ").strip() or name
    return Field(name, label, kind, value, _usual(there) if kind == "number" else None)


def _type_of(value: object) -> Type:
    if isinstance(value, bool):
        return "yesno"
    if isinstance(value, int | float):
        return "number"
    text = str(value)
    if _DATE.fullmatch(text):
        return "date"
    if _LINK.fullmatch(text):
        return "image" if _IMAGE.fullmatch(text.partition("?")[0]) else "link"
    return "long" if len(text) > _LONG or "\n" in text else "text"


def _usual(others: Sequence[object]) -> Usual | None:
    numbers = sorted(float(other) for other in others if isinstance(other, int | float) and not isinstance(other, bool))
    if len(numbers) < _FEWEST:
        return None
    last = len(numbers) - 1
    return Usual(numbers[round(0.05 * last)], numbers[round(0.95 * last)], len(numbers))
