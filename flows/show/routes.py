"""The way of each link between the cards: curves onward, and lanes under the cards to go back."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.flow import End, Link
    from flows.show.boxes import Box

Point = tuple[float, float]
Range = tuple[float, float]

STUB, CHANNEL, CHANNELS = 22, 9, 4
"""How far from a card a lane turns, how far apart channels run, and how many there are before they repeat."""
CLEAR, TRACK = 14, 9
"""How far a passing link keeps from a card, and from another link that passes there."""
LANE, CORNER = 24, 14


@dataclass(frozen=True)
class Route:
    """The way of one link: an SVG path, where it ends, where its label stands, how far it reaches."""

    link: Link
    path: str
    end: Point
    label: Point
    left: float
    top: float
    right: float
    bottom: float


class Router:
    """Finds the ways of all links, remembering what is already taken so that few run on top of another."""

    def __init__(self, boxes: Mapping[str, Box]) -> None:
        self._boxes = boxes
        self._by_left = sorted(boxes.values(), key=lambda box: box.x)
        self._lefts = [box.x for box in self._by_left]
        self._passing: dict[Range, list[Range]] = defaultdict(list)
        self._lanes: list[tuple[float, float, Range]] = []
        self._turns: Counter[tuple[str, float]] = Counter()

    def routes(self, links: Sequence[Link]) -> list[Route]:
        """Return the way of each link: those that run to the right first, since lanes go round them."""
        found = [self._across(link) for link in links if self._onward(link)]
        self._lanes = [(*side, heights) for side, all_heights in self._passing.items() for heights in all_heights]
        trunks: dict[tuple[End, bool], list[Link]] = defaultdict(list)
        for link in links:
            if not self._onward(link):
                trunks[link.source, link.feedback].append(link)
        for trunk in sorted(trunks.values(), key=self._reach):
            found += self._under(trunk)
        return found

    def _ends(self, link: Link) -> tuple[Point, Point]:
        source, target = self._boxes[link.source.step], self._boxes[link.target.step]
        return source.exit(link.source.port), target.entry(link.target.port)

    def _onward(self, link: Link) -> bool:
        (x1, _), (x2, _) = self._ends(link)
        return x2 - x1 >= 2 * STUB

    def _reach(self, trunk: list[Link]) -> float:
        return max(self._ends(link)[0][0] - self._ends(link)[1][0] for link in trunk)

    # -- onward: through the gaps between the cards in between --

    def _across(self, link: Link) -> Route:
        start, end = self._ends(link)
        stops: list[Point] = [start]
        for left, right, taken in self._columns(start, end):
            share = ((left + right) / 2 - start[0]) / (end[0] - start[0])
            y = _nearest_free(start[1] + share * (end[1] - start[1]), [*taken, *self._passing[left, right]])
            track = TRACK * 2 if link.feedback else TRACK  # feedback carries a label
            self._passing[left, right].append((y - track, y + track))
            stops += [(left, y), (right, y)]
        stops.append(end)
        (x1, y1), (x2, y2) = stops[1:3] if len(stops) > 2 else stops
        label = ((x1 + x2) / 2, (y1 + y2) / 2)
        heights = [y for _, y in stops]
        return Route(link, _curve(stops), end, label, start[0], min(heights), end[0], max(heights))

    def _columns(self, start: Point, end: Point) -> list[tuple[float, float, list[Range]]]:
        """Return the groups of cards between two points that stand above each other: left, right, heights."""
        columns: list[tuple[float, float, list[Range]]] = []
        for box in self._by_left[bisect_left(self._lefts, start[0]) :]:
            if box.x >= end[0]:
                break
            if box.right > end[0]:
                continue
            taken = (box.y - CLEAR, box.bottom + CLEAR)
            if columns and box.x < columns[-1][1]:
                left, right, others = columns.pop()
                columns.append((left, max(right, box.right), [*others, taken]))
            else:
                columns.append((box.x, box.right, [taken]))
        return columns

    # -- back: down, under the cards, and up again; links from one port share the way --

    def _under(self, trunk: list[Link]) -> list[Route]:
        start = self._ends(trunk[0])[0]
        down = start[0] + self._turn("down", start[0])
        ups = {link: self._ends(link)[1][0] - self._turn("up", self._ends(link)[1][0]) for link in trunk}
        left, right = min([down, *ups.values()]), max([down, *ups.values()])
        lane = self._free_lane(left, right, self._boxes[trunk[0].source.step].bottom + LANE)
        self._lanes.append((left, right, (lane - TRACK * 2, lane + TRACK * 2)))
        label = ((max(ups.values()) + down) / 2, lane)
        return [self._lane(link, start, down, lane, ups[link], label) for link in trunk]

    def _free_lane(self, left: float, right: float, wish: float) -> float:
        """Return the height of a lane between two sides: the first that is free from the wished one down."""
        taken = [heights for a, b, heights in self._lanes if a < right + CLEAR and b > left - CLEAR]
        taken += [
            (box.y - LANE, box.bottom + LANE)
            for box in self._by_left
            if box.x < right + CLEAR and box.right > left - CLEAR
        ]
        return _nearest_free(wish, [(-inf, wish), *taken])

    def _lane(self, link: Link, start: Point, down: float, lane: float, up: float, label: Point) -> Route:
        end = self._ends(link)[1]
        corners = [start, (down, start[1]), (down, lane), (up, lane), (up, end[1]), end]
        return Route(
            link,
            _rounded(corners),
            end,
            label,
            min(up, down),
            min(start[1], end[1]),
            max(up, down),
            max(lane, end[1]),
        )

    def _turn(self, way: str, x: float) -> float:
        """Return how far from a card's edge the next lane turns."""
        self._turns[way, x] += 1
        return STUB + CHANNEL * ((self._turns[way, x] - 1) % CHANNELS)


def _nearest_free(wish: float, taken: list[Range]) -> float:
    """Return the y nearest to the wished one that lies within no range; the upper one of two as near."""
    above = below = wish
    for low, high in sorted(taken):
        if low < below < high:
            below = high
    for low, high in sorted(taken, key=lambda both: both[1], reverse=True):
        if low < above < high:
            above = low
    return above if wish - above <= below - wish else below


def _curve(stops: list[Point]) -> str:
    """Return a smooth way: curves between columns, straight along them."""
    path = f"M{_at(stops[0])}"
    for index, ((x1, y1), (x2, y2)) in enumerate(pairwise(stops)):
        if index % 2:
            path += f"L{_at((x2, y2))}"
        else:
            bend = max((x2 - x1) / 2, min(40, x2 - x1))
            path += f"C{_at((x1 + bend, y1))} {_at((x2 - bend, y2))} {_at((x2, y2))}"
    return path


def _rounded(corners: list[Point]) -> str:
    """Return a way along right angles whose corners are rounded."""
    path = f"M{_at(corners[0])}"
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(CORNER, _far(before, corner) / 2, _far(corner, after) / 2)
        path += f"L{_at(_toward(corner, before, radius))}Q{_at(corner)} {_at(_toward(corner, after, radius))}"
    return path + f"L{_at(corners[-1])}"


def _far(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _toward(a: Point, b: Point, length: float) -> Point:
    far = _far(a, b)
    return a if not far else (a[0] + (b[0] - a[0]) * length / far, a[1] + (b[1] - a[1]) * length / far)


def _at(point: Point) -> str:
    return f"{point[0]:.6g},{point[1]:.6g}"
