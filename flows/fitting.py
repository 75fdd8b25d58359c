"""Why a value does not fit its setting, in words instead of those of the library that checks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flows.spelling import listed

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_IS: Mapping[str, str] = {
    "int_type": "no whole number",
    "int_parsing": "no whole number",
    "int_parsing_size": "too large a whole number",
    "int_from_float": "no whole number",
    "float_type": "no number",
    "float_parsing": "no number",
    "finite_number": "no finite number",
    "bool_type": "neither true nor false",
    "bool_parsing": "neither true nor false",
    "string_type": "no text",
    "list_type": "no list such as [one, two]",
    "tuple_type": "no list such as [one, two]",
    "set_type": "no list such as [one, two]",
    "dict_type": "no set of names with values such as {name: value}",
    "model_type": "no set of names with values such as {name: value}",
    "model_attributes_type": "no set of names with values such as {name: value}",
    "none_required": "not empty",
}
_MUST: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "greater_than": lambda limits: f"be more than {_number(limits['gt'])}",
    "greater_than_equal": lambda limits: f"be at least {_number(limits['ge'])}",
    "less_than": lambda limits: f"be less than {_number(limits['lt'])}",
    "less_than_equal": lambda limits: f"be at most {_number(limits['le'])}",
    "multiple_of": lambda limits: f"be a multiple of {_number(limits['multiple_of'])}",
    "too_short": lambda limits: f"have at least {_counted(limits['min_length'], 'entry', 'entries')}",
    "too_long": lambda limits: f"have at most {_counted(limits['max_length'], 'entry', 'entries')}",
    "string_too_short": lambda limits: f"have at least {_counted(limits['min_length'], 'letter', 'letters')}",
    "string_too_long": lambda limits: f"have at most {_counted(limits['max_length'], 'letter', 'letters')}",
    "string_pattern_mismatch": lambda limits: f"fit the pattern {limits['pattern']}",
}


def misfit(details: Sequence[ErrorDetails]) -> str:
    """Return what is wrong with one value, to follow "'at_most' is 'x', ".

    Several details about the same value are those of its alternatives (a number or one of some words):
    where it is of the right type for one of them and only out of its bounds, that is what counts.
    """
    bounds = [_MUST[detail["type"]](detail.get("ctx", {})) for detail in details if detail["type"] in _MUST]
    if bounds:
        return f"but it must {' and '.join(dict.fromkeys(bounds))}."
    known = [said for said in map(_is, details) if said]
    if known:
        return f"which is {' and '.join(dict.fromkeys(known))}."
    said = details[0]["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"but it {said.rstrip('.')}."


def found(value: object) -> str:
    """Return what stands in the place of a value, in words for a sentence."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, str):
        return f"'{value:.80}'"
    if isinstance(value, bool | int | float):
        return str(value).lower()[:80]
    if isinstance(value, Mapping):
        return f"a set of names ({listed([str(name) for name in value])})" if value else "an empty set of names"
    if isinstance(value, list | tuple | set):
        return f"a list ({listed([str(one) for one in value]):.80})" if value else "an empty list"
    return f"{value!r:.80}"


def place_of(detail: ErrorDetails, settings: Mapping[str, object]) -> tuple[int | str, ...]:
    """Return where in the settings a detail is about, without the names of alternative types in between."""
    found: object = settings
    place: list[int | str] = []
    for part in detail["loc"]:
        inner = _inside(found, part)
        if inner or (detail["type"] == "missing" and part == detail["loc"][-1]):
            place.append(part)
            found = inner[0] if inner else found
    return tuple(place) or detail["loc"][:1]


def _inside(found: object, part: int | str) -> tuple[object, ...]:
    """Return what lies in a value at a name or a number, or nothing."""
    if isinstance(found, Mapping):
        return (found[part],) if part in found else ()
    return (found[part],) if isinstance(found, (list, tuple)) and part in range(len(found)) else ()  # type: ignore[index]


def _is(detail: ErrorDetails) -> str:
    if detail["type"] == "literal_error":
        # The library writes 'a', 'b' or 'c'; a choice itself may hold the word or.
        expected: str = detail["ctx"]["expected"]
        return "none of: " + expected.replace("' or '", "', '")
    return _IS.get(detail["type"], "")


def _counted(count: object, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _number(value: object) -> str:
    return f"{value:,.12g}" if isinstance(value, (int, float)) else str(value)
