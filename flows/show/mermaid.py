"""A flow as a Mermaid diagram, which GitHub and many wikis draw from text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flows.show.cards import Face, faces
from flows.show.theme import LIGHT, Kin
from flows.show.wording import visible

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow, Link

SHAPES: dict[Kin, tuple[str, str]] = {
    "source": ("[(", ")]"),
    "prepare": ("[", "]"),
    "model": ("{{", "}}"),
    "choose": ("{", "}"),
    "people": ("([", "])"),
    "learn": ("(", ")"),
    "measure": ("[[", "]]"),
    "deliver": ("[/", "/]"),
    "unknown": (">", "]"),
}
"""The brackets that give a card its outline."""


def mermaid(flow: Flow, catalog: Catalog) -> str:
    """Return a flow as the text of a Mermaid flowchart; feedback is dotted and labelled with its port.

    Words of the flow only ever stand inside quotes and with marks spelled as codes, so that no
    title can end a label or start a command. Cards are called n1, n2, ... for the same reason.
    """
    drawn = faces(flow, catalog)
    names = {step: f"n{index}" for index, step in enumerate(drawn, 1)}
    return "\n".join(
        [
            "flowchart LR",
            *(f"    {names[face.id]}{_node(face)}" for face in drawn.values()),
            *(f"    {_link(link, names, drawn)}" for link in flow.links),
            *(f"    {line}" for line in _classes(drawn, names)),
            "",
        ]
    )


def _node(face: Face) -> str:
    opening, closing = SHAPES[face.family or "unknown"]
    unknown = "" if face.family else "<br/>cannot run"
    return f'{opening}"{_safe(face.heading)}<br/>{_safe(face.byline)}{unknown}"{closing}'


def _link(link: Link, names: dict[str, str], drawn: dict[str, Face]) -> str:
    """Return one line; a port is named when feedback leaves by it, or when it is one of several."""
    source, target = names[link.source.step], names[link.target.step]
    label = f'|"{_safe(link.source.port)}"|'
    if link.feedback:
        return f"{source} -.->{label} {target}"
    return f"{source} -->{label if len(drawn[link.source.step].outputs) > 1 else ''} {target}"


def _classes(drawn: dict[str, Face], names: dict[str, str]) -> list[str]:
    """Return a light tint and a border for each family that is drawn, readable on light and dark pages."""
    lines = []
    for family, colour in LIGHT.families.items():
        members = [names[face.id] for face in drawn.values() if (face.family or "unknown") == family]
        if members:
            dashed = ",stroke-dasharray:4 4" if family == "unknown" else ""
            lines.append(f"classDef {family} fill:{_tint(colour)},stroke:{colour},color:{LIGHT.ink}{dashed}")
            lines.append(f"class {','.join(members)} {family}")
    return lines


def _tint(colour: str) -> str:
    """Return a colour at one part in eight on white."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{255 - (255 - part) // 8:02x}" for part in parts)


def _safe(text: str) -> str:
    """Return a text with every mark that Mermaid could read as its own spelled as a code.

    A dot before a blank and a leading dash are marks too: Mermaid 10 takes them for Markdown lists.
    """
    return re.sub(r"[!-+/:-@\[-`{-~]|\.(?=\s)|^-", lambda mark: f"#{ord(mark[0])};", visible(text))
