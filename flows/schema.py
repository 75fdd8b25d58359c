"""The JSON Schema of the flow file, made from the catalog, so that any editor can help to write one."""

from __future__ import annotations

from typing import get_args

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from flows.catalog import Catalog
from flows.flow import SLUG
from flows.intent import Comparison
from flows.people import Group
from flows.reading import FARTHEST, MOST_STEPS
from flows.spelling import LONGEST_ID
from flows.step import Plain, Step
from flows.versions import FORMAT

Schema = dict[str, Plain]

_LINK = r"^\s*[^\s.]+\.[^\s.]+\s*(->|~>)\s*[^\s.]+\.[^\s.]+\s*$"
_TARGET = rf"^\s*[\w-]+\.[\w-]+\s*({'|'.join(get_args(Comparison))})\s*[-+.\d][\d.eE+_-]*\s*$"


def schema(catalog: Catalog) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a flow file whose steps are of the catalog's kinds.

    Whatever can be read without a problem is valid. What a schema cannot say (ends of links, types,
    columns, loops) is said by `check`.
    """
    definitions: Schema = {}
    for kind in catalog:
        definitions |= _kind(kind)
    people = _with_definitions(Group, "people", definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tandem flow",
        "description": "A flow in which people and models work as a pair.",
        "type": "object",
        "required": ["tandem"],
        "additionalProperties": False,
        "properties": {
            "tandem": {"type": "integer", "minimum": 1, "maximum": FORMAT, "description": "The file format."},
            "id": _slug("The name of the flow in the store; without it the name of the file."),
            "name": _words("What the flow is called."),
            "intent": _intent(),
            "starts": _words("When rounds begin, such as: every day at 06:00 Europe/Berlin"),
            "steps": _steps(catalog),
            "people": _or_nothing(
                {
                    "description": "The groups of people who are asked.",
                    "type": "object",
                    "additionalProperties": _or_nothing(people),
                }
            ),
            "rehearsal": _rehearsal(),
            "links": _listing("Work moves on with ->, experience moves back with ~>.", _LINK),
            "notes": _notes(),
            "groups": _groups(),
            "layout": _layout(),
        },
        "$defs": definitions,
    }


def _kind(kind: type[Step]) -> Schema:
    definitions: Schema = {}
    settings = _with_definitions(kind, kind.kind, definitions)
    own = settings.get("properties")
    reserved: Schema = {
        "kind": {"const": kind.kind, "description": _summary(kind)},
        "title": _words("What the card is called instead of its id."),
        "formerly": _slug("The id under which its experience is kept after a renaming."),
        "version": _or_nothing({"type": "integer", "minimum": 1, "maximum": kind.version}),
    }
    settings["properties"] = {**reserved, **(own if isinstance(own, dict) else {})}
    settings["title"] = kind.kind
    return {**definitions, kind.kind: settings}


def _with_definitions(model: type[Step] | type[Group], name: str, into: Schema) -> Schema:
    """Return the schema of a class; its parts go into the definitions under names of their own."""
    found: Schema = TypeAdapter(model).json_schema(ref_template=f"#/$defs/{name}.{{model}}", schema_generator=_Reading)
    parts = found.pop("$defs", {})
    if isinstance(parts, dict):
        into |= {f"{name}.{part}": said for part, said in parts.items()}
    return found


class _Reading(GenerateJsonSchema):
    """Says of words what reading does: a bare number is taken for the word that it looks like."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        said = super().str_schema(schema)
        return {**said, "type": ["string", "number"]} if said.get("type") == "string" else said


def _steps(catalog: Catalog) -> Schema:
    return _or_nothing(
        {
            "description": "The steps by id.",
            "type": "object",
            "maxProperties": MOST_STEPS,
            "propertyNames": {"pattern": SLUG.pattern, "maxLength": LONGEST_ID},
            "additionalProperties": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"enum": list(catalog.names())}},
                "allOf": [_when(kind.kind) for kind in catalog],
            },
        }
    )


def _when(kind: str) -> Schema:
    condition: Schema = {"required": ["kind"], "properties": {"kind": {"const": kind}}}
    return {"if": condition, "then": {"$ref": f"#/$defs/{kind}"}}


def _intent() -> Schema:
    parts: Schema = {
        "goal": _words("What should be reached, in words."),
        "aims": _listing("Figures to reach, such as quality.team_recall >= 0.95", _TARGET),
        "limits": _listing("Figures that the runtime enforces, such as planners.questions <= 40", _TARGET),
    }
    said: Schema = {"type": "object", "additionalProperties": False, "properties": parts}
    return _or_nothing({"description": "What the flow is for.", **said})


def _rehearsal() -> Schema:
    parts: Schema = {
        "begins": {
            "type": "string",
            "description": "The moment of the first round, such as 2026-03-02 06:00",
        },
        "every": {"type": "string", "description": "The time from round to round, such as 1 day"},
    }
    says = "When the rounds of a rehearsal are played; left out, rehearsals use the clock."
    said: Schema = {"type": "object", "additionalProperties": False, "properties": parts}
    return _or_nothing({"description": says, **said})


def _notes() -> Schema:
    parts: Schema = {
        "text": _words("The words of the note."),
        "at": _or_nothing({"description": "Column and row of its corner.", **_pair(-FARTHEST)}),
        "size": _or_nothing({"description": "Columns and rows that it takes.", **_pair(1)}),
    }
    note: Schema = {"type": "object", "additionalProperties": False, "properties": parts}
    says = "Remarks on the canvas, by name."
    return _or_nothing({"description": says, "type": "object", "additionalProperties": note})


def _groups() -> Schema:
    steps: Schema = {"type": "array", "items": _words("A step.")}
    parts: Schema = {
        "title": _words("What the group is called."),
        "steps": _or_nothing({"description": "The steps that belong to it.", **steps}),
        "folded": {"description": "Whether it is drawn as one box.", "type": ["boolean", "null"]},
    }
    group: Schema = {"type": "object", "additionalProperties": False, "properties": parts}
    says = "Steps that belong together on the canvas, by the name of their group."
    return _or_nothing({"description": says, "type": "object", "additionalProperties": group})


def _pair(least: int) -> Schema:
    place: Schema = {"type": "integer", "minimum": least, "maximum": FARTHEST}
    return {"type": "array", "items": place, "minItems": 2, "maxItems": 2}


def _layout() -> Schema:
    pair = _pair(-FARTHEST)
    says = "Grid positions of the cards; left out, the editor lays them out."
    return _or_nothing({"description": says, "type": "object", "additionalProperties": pair})


def _listing(says: str, pattern: str) -> Schema:
    items: Schema = {"type": "string", "pattern": pattern}
    return _or_nothing({"description": says, "type": "array", "items": items})


def _slug(says: str) -> Schema:
    said: Schema = {"type": "string", "pattern": SLUG.pattern, "maxLength": LONGEST_ID}
    return _or_nothing({"description": says, **said})


def _words(says: str) -> Schema:
    return {"description": says, "type": ["string", "number", "boolean", "null"]}


def _or_nothing(said: Schema) -> Schema:
    """Allow a part to be left empty, as reading does."""
    return {**said, "type": [said["type"], "null"]} if isinstance(said.get("type"), str) else said


def _summary(kind: type[Step]) -> str:
    return (kind.__doc__ or kind.kind).strip().splitlines()[0]
