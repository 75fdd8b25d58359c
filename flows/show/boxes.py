"""Cards with their place and size on the picture, and where on them links begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from flows.show.cards import Face, Pin, edges
from flows.show.layers import layered
from flows.show.theme import HEADING, TEXT
from flows.show.wording import ems, first_lines

if TYPE_CHECKING:
    from flows.flow import Flow

GRID = 24
"""Pixels in one grid unit of a layout."""
WIDE = 9
"""Width of a card in grid units; columns that the picture places itself stand 4 apart."""

PAD, ICON, ROW, LINE = 14, 28, 20, 17
HEAD_LINES, MOST_LINES = 2, 3


@dataclass(frozen=True)
class Box:
    """One card on the picture, in pixels: its upper left corner, its words already broken into lines."""

    face: Face
    x: float
    y: float
    heading: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        return WIDE * GRID

    @property
    def height(self) -> float:
        rows = max(len(self.face.inputs), len(self.face.outputs))
        return self.ports_top + rows * ROW + (8 if rows else 0)

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def lines_top(self) -> float:
        """Return where the sentence begins below the upper edge."""
        return 38 + LINE * len(self.heading)

    @property
    def ports_top(self) -> float:
        """Return where the ports begin below the upper edge."""
        return self.lines_top + LINE * len(self.lines) + 12

    def entry(self, port: str) -> tuple[float, float]:
        """Return the point at the left edge where an input port sits."""
        return self.x, self.y + self._row(self.face.inputs, port)

    def exit(self, port: str) -> tuple[float, float]:
        """Return the point at the right edge where an output port sits."""
        return self.right, self.y + self._row(self.face.outputs, port)

    def _row(self, pins: tuple[Pin, ...], port: str) -> float:
        place = next(index for index, pin in enumerate(pins) if pin.name == port)
        return self.ports_top + 4 + ROW * (place + 0.5)


def boxes(flow: Flow, drawn: dict[str, Face]) -> dict[str, Box]:
    """Return every card where the file places it, or in layers unless the file places them all."""
    unplaced = {name: _box(face) for name, face in drawn.items()}
    places: Mapping[str, tuple[int, int]] = flow.layout
    if not all(name in places for name in drawn):
        heights = {name: ceil(box.height / GRID) for name, box in unplaced.items()}
        places = layered(heights, edges(flow, drawn), wide=WIDE, between=4, gap=2)
    return {name: _box(face, *places[name]) for name, face in drawn.items()}


def frame(placed: Iterable[Box]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom around all cards; zeros when there is none."""
    cards = list(placed)
    if not cards:
        return 0, 0, 0, 0
    return (
        min(card.x for card in cards),
        min(card.y for card in cards),
        max(card.right for card in cards),
        max(card.bottom for card in cards),
    )


def _box(face: Face, x: int = 0, y: int = 0) -> Box:
    room = WIDE * GRID - 2 * PAD
    heading = first_lines(face.heading, HEAD_LINES, (room - ICON - 10) / HEADING, ems)
    lines = first_lines(face.sentence, MOST_LINES, room / TEXT, ems)
    return Box(face, x * GRID, y * GRID, tuple(heading), tuple(lines))
