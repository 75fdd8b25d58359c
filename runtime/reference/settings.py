"""The settings of a kind in words: what each one takes, what it is by itself, and its help."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.step import Plain, Step

Schema = Mapping[str, Any]

_WORDS = {
    "string": "words",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
    "object": "with settings of its own",
}


@dataclass(frozen=True)
class Setting:
    """One setting as a user writes it; a part of another one is named `cost.missed`.

    `default` is plain data; it says nothing where `required` is true.
    """

    name: str
    takes: str
    required: bool
    default: Plain
    help: str

    @property
    def by_itself(self) -> str:
        """Return in words what the setting is when nobody gives it."""
        if self.required:
            return "must be given"
        return "empty" if self.default in (None, "", [], {}) else f"`{_written(self.default)}`"


def settings_of(kind: type[Step]) -> tuple[Setting, ...]:
    """Return the settings of a kind in the order of its declaration, each followed by its parts."""
    schema = kind.model_json_schema(by_alias=True)
    return tuple(_settings(schema, schema.get("$defs", {}), ""))


def _settings(schema: Schema, parts: Schema, within: str) -> Iterator[Setting]:
    required = schema.get("required", ())
    for name, said in schema.get("properties", {}).items():
        yield Setting(
            within + name, takes(said), name in required, said.get("default"), said.get("description", "")
        )
        for part in _parts_in(said):
            yield from _settings(parts[part], parts, f"{within}{name}.")


def takes(said: Schema) -> str:
    """Return in words what a JSON Schema lets through, such as "a number from 0 to 1"."""
    if "$ref" in said:
        return _WORDS["object"]
    if "anyOf" in said:
        return _alternatives(said["anyOf"])
    if "enum" in said or "const" in said:
        choices = said.get("enum") or [said["const"]]
        return " or ".join(f"`{_written(choice)}`" for choice in choices)
    if said.get("type") == "array":
        return f"a list, each entry {takes(said.get('items', {}))}{_length(said)}"
    if isinstance(said.get("additionalProperties"), Mapping):
        return f"for each name {takes(said['additionalProperties'])}"
    several = said.get("type", "anything")
    kinds = several if isinstance(several, list) else [several]
    return " or ".join(_WORDS.get(kind, "anything") for kind in kinds) + _limits(said)


def _alternatives(several: list[Schema]) -> str:
    words = [takes(one) for one in several if one.get("type") != "null"]
    if words == ["words", "a list, each entry words"]:
        return "a name, or a list of names"
    return ", or ".join(words)


def _limits(said: Schema) -> str:
    low, high = said.get("minimum"), said.get("maximum")
    above, below = said.get("exclusiveMinimum"), said.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    words = {"from": low, "above": above, "up to": high, "below": below}
    return "".join(f" {word} {_number(limit)}" for word, limit in words.items() if limit is not None)


def _length(said: Schema) -> str:
    low, high = said.get("minItems"), said.get("maxItems")
    words = {"at least": low, "at most": high}
    told = " and ".join(f"{word} {_number(limit)}" for word, limit in words.items() if limit is not None)
    return f" ({told})" if told else ""


def _parts_in(said: Schema) -> list[str]:
    named = [said, *said.get("anyOf", ()), said.get("items", {})]
    return [one["$ref"].rsplit("/", 1)[-1] for one in named if "$ref" in one]


def _number(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"


def _written(plain: Plain) -> str:
    return plain if plain and isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
