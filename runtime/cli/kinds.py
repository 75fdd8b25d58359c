"""`tandem kinds`: the kinds of step that a flow can have, and all about one of them."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from flows.problems import refuse
from flows.spelling import instead
from runtime.cli.opening import catalog_of
from runtime.cli.printing import columns, paint, say, say_json

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.ports import Port
    from flows.step import Step

SUMMARY = "List the kinds of step, or tell all about one of them."
GROUP = "Make and look"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="One kind, such as predict-label.")
    parser.add_argument("--json", action="store_true", help="Write one line of JSON for each kind.")
    parser.epilog = "Examples:\n  tandem kinds\n  tandem kinds predict-label"


def execute(options: argparse.Namespace) -> int:
    """List kinds."""
    catalog = catalog_of(options)
    wanted = [_named(catalog, options.name)] if options.name else list(catalog)
    if options.json:
        for kind in wanted:
            say_json(_plain(kind))
        for name, fault in catalog.broken.items() if not options.name else ():
            say_json({"kind": name, "broken": fault})
    else:
        for line in _whole(wanted[0]) if options.name else _listed(catalog):
            say(line)
    return 0


def _named(catalog: Catalog, name: str) -> type[Step]:
    kind = catalog.get(name)
    if kind is None and name in catalog.broken:
        raise refuse("kind-broken", catalog.broken[name])
    if kind is None:
        raise refuse("kind-unknown", f"There is no kind '{name:.80}'. {instead(name, catalog.names(), 'Kinds are')}")
    return kind


def _listed(catalog: Catalog) -> Iterator[str]:
    from flows.step import Family

    width = max((len(name) for name in catalog.names()), default=0)
    for family in get_args(Family):
        members = [kind for kind in catalog if kind.family == family]
        if members:
            yield paint(family, "bold")
        for kind in members:
            yield _hung(f"  {kind.kind:{width}}  ", _says(kind))
    if catalog.broken:
        yield paint("cannot be used", "bold")
    for name, fault in catalog.broken.items():
        yield _hung(f"  {name:{width}}  ", fault)
    yield ""
    yield "All about one of them: tandem kinds NAME"


def _whole(kind: type[Step]) -> Iterator[str]:
    yield f"{paint(kind.kind, 'bold')}  ({kind.family}, version {kind.version})"
    yield _says(kind)
    yield ""
    yield from _ports(kind)
    schema = kind.model_json_schema(by_alias=True)
    settings = schema.get("properties", {})
    if settings:
        yield paint("Settings", "bold")
    for name, said in settings.items():
        need = "needed" if name in schema.get("required", ()) else f"default {_spoken(said.get('default'))}"
        yield _hung(f"  {name}: ", f"{_type(said, schema.get('$defs', {}))} ({need})", 8)
        for paragraph in said.get("description", "").split("\n\n"):
            yield _hung("      ", paragraph)
    if kind.measures:
        yield paint("Measures, for aims and limits", "bold")
    for measure in kind.measures:
        yield _hung(f"  {measure.name}: ", f"{measure.says} ({measure.unit}, per {measure.per})", 6)


def _hung(first: str, text: str, indent: int | None = None) -> str:
    """Return a text behind its heading, wrapped to the width with a hanging indent."""
    below = " " * (len(first) if indent is None else indent)
    return textwrap.fill(text, columns(), initial_indent=first, subsequent_indent=below)


def _ports(kind: type[Step]) -> Iterator[str]:
    """Yield the ports of a kind; those that depend on settings are told for a step without any."""
    blank = kind.model_construct()
    for title, ports in (("Takes", blank.inputs()), ("Gives", blank.outputs())):
        if ports:
            yield paint(title, "bold")
            yield from (f"  {port.name}: {_port(port)}" for port in ports)


def _port(port: Port) -> str:
    marks = [
        word
        for word, true in (
            ("several links", port.many),
            ("may stay empty", port.optional),
            ("feedback, next round", port.feedback),
        )
        if true
    ]
    return f"{port.type_name} ({', '.join(marks)})" if marks else port.type_name


_WORDS = {
    "integer": "whole number", "number": "number", "string": "words", "boolean": "true or false",
    "array": "list", "object": "mapping", "null": "nothing",
}  # fmt: skip


def _type(said: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """Return what a setting takes, in words."""
    if "$ref" in said:
        return _type(parts[said["$ref"].rsplit("/", 1)[1]], parts)
    if "anyOf" in said:
        return " or ".join(dict.fromkeys(_type(entry, parts) for entry in said["anyOf"]))
    if "enum" in said:
        return ", ".join(_spoken(choice) for choice in said["enum"])
    if "const" in said:
        return _spoken(said["const"])
    if "properties" in said:
        return "{" + ", ".join(f"{name}: {_type(part, parts)}" for name, part in said["properties"].items()) + "}"
    if "items" in said:
        return f"list of {_type(said['items'], parts)}"
    return _WORDS.get(said.get("type", ""), "anything") + _range(said)


def _range(said: Mapping[str, Any]) -> str:
    words = (
        ("minimum", "from"), ("exclusiveMinimum", "above"), ("maximum", "to"), ("exclusiveMaximum", "below"),
    )  # fmt: skip
    return "".join(f" {word} {said[key]:,}" for key, word in words if key in said)


def _spoken(value: object) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _says(kind: type[Step]) -> str:
    return (kind.__doc__ or "").strip().split("\n")[0]


def _plain(kind: type[Step]) -> dict[str, object]:
    return {
        "kind": kind.kind,
        "family": kind.family,
        "version": kind.version,
        "says": _says(kind),
        "settings": kind.model_json_schema(by_alias=True),
        "measures": [
            {"name": entry.name, "unit": entry.unit, "per": entry.per, "says": entry.says} for entry in kind.measures
        ],
    }
