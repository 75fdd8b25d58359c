"""Settings made from what a kind declares: a minimal card, and one for every choice and end of a limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.step import Step

Schema = Mapping[str, Any]

NEEDED: dict[str, dict[str, object]] = {
    "derive-column": {"name": "days", "how": "days-between", "column": "ordered", "other": "arrived"},
    "keep-columns": {"keep": ["mode"]},
    "keep-rows": {"where": [{"column": "mode", "value": "sea"}]},
    "write-table": {"path": "decided.csv"},
}
"""What a minimal card needs where the declared types alone do not tell it."""


def minimal(kind: type[Step]) -> dict[str, object]:
    """Return settings with which a kind has nothing to complain about."""
    schema = kind.model_json_schema(by_alias=True)
    return {**_object(schema, schema.get("$defs", {})), **NEEDED.get(kind.kind, {})}


def variants(kind: type[Step]) -> Iterator[tuple[str, object]]:
    """Give each setting with each value worth trying: choices, ends of limits, parts."""
    schema = kind.model_json_schema(by_alias=True)
    for name, said in schema.get("properties", {}).items():
        for value in _values(said, schema.get("$defs", {})):
            yield name, value


def beyond(kind: type[Step]) -> Iterator[tuple[str, object]]:
    """Give each setting with values that must be refused: past a limit, or no choice of it."""
    for name, said in kind.model_json_schema(by_alias=True).get("properties", {}).items():
        if "minimum" in said:
            yield name, said["minimum"] - 1
        if "maximum" in said:
            yield name, said["maximum"] + 1
        if "exclusiveMinimum" in said:
            yield name, said["exclusiveMinimum"]
        if "exclusiveMaximum" in said:
            yield name, said["exclusiveMaximum"]
        if "enum" in said:
            yield name, "none of these"


def _object(said: Schema, parts: Schema) -> dict[str, object]:
    properties = said.get("properties", {})
    return {name: next(_values(properties[name], parts)) for name in said.get("required", ())}


def _values(said: Schema, parts: Schema) -> Iterator[Any]:
    if "$ref" in said:
        yield _object(parts[said["$ref"].rsplit("/", 1)[-1]], parts)
    elif "anyOf" in said:
        for one in said["anyOf"]:
            yield from _values(one, parts)
    elif "enum" in said or "const" in said:
        yield from said.get("enum") or [said["const"]]
    elif said.get("type") == "array":
        yield from ([value] for value in _values(said.get("items", {}), parts))
    elif isinstance(said.get("additionalProperties"), Mapping):
        yield {"a name": next(_values(said["additionalProperties"], parts))}
    else:
        yield from _scalars(said)


def _scalars(said: Schema) -> Iterator[object]:
    if said["type"] in ("integer", "number"):
        ends = [said[end] for end in ("minimum", "maximum") if end in said]
        low = said.get("exclusiveMinimum", 0)
        yield from ends or [(low + said.get("exclusiveMaximum", low + 2)) / 2]
    else:
        yield from {"boolean": (True, False), "null": (None,)}.get(str(said["type"]), ("word",))
