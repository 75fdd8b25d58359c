"""The looks of a picture: colours for day and night, one type scale, one sign for each family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zlib import crc32

if TYPE_CHECKING:
    from flows.step import Family

FONT = "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

SMALL, TEXT, HEADING, NAME = 11, 12, 14, 22
"""The type scale, in pixels."""

Kin = Literal["source", "prepare", "model", "choose", "people", "learn", "measure", "deliver", "unknown"]
"""A family, or `unknown` for a step whose kind is not known here."""


@dataclass(frozen=True)
class Theme:
    """The colours of a picture, as hex. Words stand at a contrast of at least 4.5 to their ground."""

    paper: str
    surface: str
    border: str
    ink: str
    muted: str
    families: Mapping[Kin, str]
    types: tuple[str, ...]

    def family(self, family: Family | None) -> str:
        """Return the colour of a family; None is a kind that is not known."""
        return self.families[family or "unknown"]

    def type(self, name: str) -> str:
        """Return the colour of what flows through a port; always the same for the same name."""
        if not name:
            return self.families["unknown"]
        place = _TYPES.index(name) if name in _TYPES else crc32(name.encode())
        return self.types[place % len(self.types)]


_TYPES = ("Records", "Predictions", "Cases", "Decisions", "Answers", "Outcomes", "Measures", "Lessons")

LIGHT = Theme(
    paper="#f6f7f9",
    surface="#ffffff",
    border="#dfe3ea",
    ink="#1b2330",
    muted="#5d6879",
    families={
        "source": "#2f7fc1",
        "prepare": "#16938c",
        "model": "#7657e0",
        "choose": "#b9730a",
        "people": "#d6456b",
        "learn": "#3d9142",
        "measure": "#5a6f92",
        "deliver": "#3b4fb5",
        "unknown": "#818b9a",
    },
    types=("#3f86c4", "#8a6fe6", "#c07a14", "#4a5fc4", "#d65779", "#2f938b", "#6d7f9f", "#4a9650"),
)

DARK = Theme(
    paper="#12161d",
    surface="#1c222c",
    border="#313a48",
    ink="#e8ecf2",
    muted="#9ba6b6",
    families={
        "source": "#5eaee8",
        "prepare": "#3fc1b5",
        "model": "#a48bff",
        "choose": "#eba93f",
        "people": "#f3799a",
        "learn": "#6fc574",
        "measure": "#93a8cb",
        "deliver": "#8596f2",
        "unknown": "#768091",
    },
    types=("#5ea2d8", "#9d86f0", "#dca048", "#7d8eea", "#e67b99", "#46b3a9", "#8b9dbb", "#6cb571"),
)

SIGNS: Mapping[Kin, str] = {
    "source": "M2.5 4c0-2 11-2 11 0v8c0 2-11 2-11 0zM2.5 4c0 2 11 2 11 0M2.5 8c0 2 11 2 11 0",
    "prepare": "M2 3h12l-4.5 5.5v4.5l-3-1.5v-3z",
    "model": "M8 1.5l1.8 4.7 4.7 1.8-4.7 1.8L8 14.5 6.2 9.8 1.5 8l4.7-1.8z",
    "choose": "M1.5 8h3.5c3.5 0 3-4.5 8.5-4.5M5 8c3.5 0 3 4.5 8.5 4.5M11.5 1.5l2 2-2 2M11.5 10.5l2 2-2 2",
    "people": "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c0-3 2.5-4.3 5.5-4.3s5.5 1.3 5.5 4.3",
    "learn": "M1 6l7-3.2 7 3.2-7 3.2zM4 7.6v3.6c1.8 1.8 6.2 1.8 8 0v-3.6",
    "measure": "M2 14h12M4 11.5v-2M8 11.5v-5M12 11.5v-8.5",
    "deliver": "M8 10.5v-8.5M4.8 5l3.2-3.2 3.2 3.2M2.5 9.5v4.5h11v-4.5",
    "unknown": "M5.3 6a2.7 2.7 0 1 1 4 2.4c-.9.5-1.3 1-1.3 2M8 13.2v.4",
}
"""One sign a family, drawn as a line in a square of 16."""
