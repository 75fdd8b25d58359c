"""The kinds of step on the reference page, family by family."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import get_args

from flows.catalog import Catalog
from flows.ports import Port, inputs_of, outputs_of
from flows.step import Family, Step
from runtime.reference.settings import settings_of
from runtime.reference.tables import table

_FAMILIES = {
    "source": "Read",
    "prepare": "Prepare",
    "model": "Predict",
    "choose": "Choose",
    "people": "Ask people",
    "learn": "Teach",
    "measure": "Measure",
    "deliver": "Deliver",
}
_PURITY = {
    "reads the world": "It reads the world, so it runs anew in every round.",
    "delivers": "It delivers, so it runs last, once every limit is judged.",
}


def kind_section(catalog: Catalog) -> str:
    """Return the part of the page about the kinds of a catalog."""
    parts = ['<a id="kinds"></a>\n\n## The kinds of step\n']
    for family in get_args(Family):
        kinds = [kind for kind in catalog if kind.family == family]
        if kinds:
            parts.append(f"### {_FAMILIES[family]}\n")
            parts += [described(kind) for kind in kinds]
    return "\n".join(parts)


def described(kind: type[Step]) -> str:
    """Return one kind as Markdown: what it does, its ports, settings and measures."""
    return "\n".join(
        [
            f"#### `{kind.kind}`\n",
            f"{inspect.getdoc(kind)}\n",
            f"> {_sentence(kind)}\n",
            *_ports(kind),
            *(f"- {fact}" for fact in _facts(kind)),
            "",
            *_settings(kind),
            *_measures(kind),
        ]
    )


def _sentence(kind: type[Step]) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: f"*{slot[1].replace('_', ' ')}*", kind.says)


def _ports(kind: type[Step]) -> Iterator[str]:
    entry = getattr(kind, "ask" if kind.waits() else "run")
    inputs = inputs_of(entry)
    outputs = outputs_of(getattr(kind, "settle", entry))
    if inputs:
        yield f"- Takes {', '.join(_input(port) for port in inputs)}."
    if outputs:
        yield f"- Gives {', '.join(_port(port) for port in outputs)}."
    if kind.inputs is not Step.inputs or kind.outputs is not Step.outputs:
        yield "- Which ports it has depends on its settings."


def _input(port: Port) -> str:
    marks = {
        "as feedback": port.feedback,
        "one or more": port.many and not port.feedback,
        "may be left out": port.optional and not port.feedback,
    }
    said = ", ".join(mark for mark, holds in marks.items() if holds)
    return f"{_port(port)} ({said})" if said else _port(port)


def _port(port: Port) -> str:
    return f"`{port.name}`: {port.type_name}"


def _facts(kind: type[Step]) -> Iterator[str]:
    if kind.purity in _PURITY:
        yield _PURITY[kind.purity]
    elif kind.by_round:
        yield "It runs anew in every round."
    if kind.teaches:
        yield f"Feedback into it teaches {'the model' if kind.teaches == 'model' else 'people'}."
    if kind.opens_truth:
        yield "It may open the sealed truth of a rehearsal."


def _settings(kind: type[Step]) -> Iterator[str]:
    rows = [
        (f"`{setting.name}`", setting.takes, setting.by_itself, setting.help)
        for setting in settings_of(kind)
    ]
    if rows:
        yield table(("setting", "takes", "by itself", "what it means"), rows)


def _measures(kind: type[Step]) -> Iterator[str]:
    rows = [(f"`{one.name}`", one.unit, one.per, one.says) for one in kind.measures]
    if rows:
        yield table(("measure", "unit", "per", "what it tells"), rows)
