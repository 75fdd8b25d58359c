"""Where cards stand when nobody placed them: in layers from left to right, few crossings, no overlap.

After Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding of hierarchical system
structures": longest-path layers, then barycentre sweeps; heights follow by isotonic regression.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import floor

Edges = Sequence[tuple[str, str]]
Neighbours = Mapping[int, list[int]]

SWEEPS = 8
MOST_BENDS = 20_000
"""Past this many, long links no longer reserve room between cards: 5,000 steps stay drawable."""


def in_order(names: Sequence[str], edges: Edges) -> list[str]:
    """Return all names so that work only moves on, else in the given order; a loop is cut at its first."""
    place = {name: index for index, name in enumerate(names)}
    waits, after = dict.fromkeys(names, 0), defaultdict(list)
    for source, target in edges:
        waits[target] += 1
        after[source].append(target)
    ready = [place[name] for name in names if not waits[name]]
    heapify(ready)
    done: dict[str, None] = {}
    stuck = iter(names)
    while len(done) < len(names):
        name = names[heappop(ready)] if ready else next(stuck)
        if name in done:
            continue
        done[name] = None
        for target in after[name]:
            waits[target] -= 1
            if not waits[target]:
                heappush(ready, place[target])
    return list(done)


def layered(heights: Mapping[str, int], edges: Edges, wide: int, between: int, gap: int) -> dict[str, tuple[int, int]]:
    """Return a place (x, y) for the upper left corner of each card, in grid units.

    `heights` gives each card's height; all are `wide`, columns stand `between` apart and cards of
    a column at least `gap`. The same input always gives the same places.
    """
    names = list(heights)
    order = in_order(names, edges)
    place = {name: index for index, name in enumerate(order)}
    onward = [(place[a], place[b]) for a, b in edges if place[a] < place[b]]
    layer = _layers(len(order), onward)
    sizes = [heights[name] + gap for name in order]
    short = _bend(onward, layer, sizes)
    before, after = _neighbours(short)
    rows = _untangled(_rows(layer, after), before, after)
    tops = _tops(rows, sizes, before, after)
    highest = min(tops[: len(order)], default=0)
    return {name: (layer[place[name]] * (wide + between), floor(tops[place[name]] - highest + 0.5)) for name in names}


def _layers(count: int, edges: list[tuple[int, int]]) -> list[int]:
    """Return the layer of each node: the longest way to it, sources pulled close to their use."""
    before, after = _neighbours(edges)
    layer = [0] * count
    for node in range(count):
        layer[node] = max((layer[source] + 1 for source in before[node]), default=0)
    for node in reversed(range(count)):
        if len(after[node]) > len(before[node]):
            layer[node] = min(layer[target] for target in after[node]) - 1
    return layer


def _bend(edges: list[tuple[int, int]], layer: list[int], sizes: list[int]) -> list[tuple[int, int]]:
    """Return edges that span one layer each; a long one gets bends, appended to `layer` and `sizes`."""
    short = []
    if sum(layer[target] - layer[source] - 1 for source, target in edges) > MOST_BENDS:
        edges = [edge for edge in edges if layer[edge[1]] - layer[edge[0]] == 1]
    for source, target in edges:
        for between in range(layer[source] + 1, layer[target]):
            layer.append(between)
            sizes.append(1)
            short.append((source, len(layer) - 1))
            source = len(layer) - 1
        short.append((source, target))
    return short


def _neighbours(edges: list[tuple[int, int]]) -> tuple[Neighbours, Neighbours]:
    before, after = defaultdict(list), defaultdict(list)
    for source, target in edges:
        after[source].append(target)
        before[target].append(source)
    return before, after


def _rows(layer: list[int], after: Neighbours) -> list[list[int]]:
    """Return the nodes of each layer in the order in which a walk along the links meets them."""
    rows: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    seen: set[int] = set()
    for start in range(len(layer)):
        stack = [start]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                rows[layer[node]].append(node)
                stack.extend(reversed(after[node]))
    return rows


def _untangled(rows: list[list[int]], before: Neighbours, after: Neighbours) -> list[list[int]]:
    """Return the rows reordered by barycentre sweeps, the order with the fewest crossings met."""
    best, fewest = rows, _crossings(rows, after)
    for turn in range(SWEEPS):
        if not fewest:
            break
        onward = turn % 2 == 0
        near, rows = (before, rows[:1]) if onward else (after, rows[-1:])
        for row in best[1:] if onward else best[-2::-1]:
            place = {node: index for index, node in enumerate(rows[-1])}
            middle = {node: _mean([place[other] for other in near[node]], index) for index, node in enumerate(row)}
            rows = [*rows, sorted(row, key=middle.__getitem__)]
        rows = rows if onward else rows[::-1]
        crossings = _crossings(rows, after)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _crossings(rows: list[list[int]], after: Neighbours) -> int:
    count = 0
    for row, following in pairwise(rows):
        place = {node: index for index, node in enumerate(following)}
        met: list[int] = []
        for node in row:
            ends = sorted(place[target] for target in after[node])
            count += sum(len(met) - bisect_right(met, end) for end in ends)
            for end in ends:
                insort(met, end)
    return count


def _tops(rows: list[list[int]], sizes: list[int], before: Neighbours, after: Neighbours) -> list[float]:
    """Return how far down each node stands: as near to its neighbours' tops as its row allows."""
    tops = [0.0] * len(sizes)
    for row in rows:
        down = 0
        for node in row:
            tops[node] = down
            down += sizes[node]
    for turn in range(SWEEPS):
        near, sweep = (before, rows) if turn % 2 == 0 else (after, rows[::-1])
        for row in sweep:
            wishes = [_mean([tops[other] for other in near[node]], tops[node]) for node in row]
            for node, top in zip(row, _spread(wishes, [sizes[node] for node in row]), strict=True):
                tops[node] = top
    return tops


def _spread(wishes: list[float], sizes: list[int]) -> list[float]:
    """Return tops in order and without overlap with the least squared distance to the wishes.

    Without overlap means rising once the sizes above are taken off, so pooling neighbours that
    fall (isotonic regression; Barlow et al. 1972) gives the least squares solution.
    """
    offset, offsets, pools = 0, [], []
    for wish, size in zip(wishes, sizes, strict=True):
        offsets.append(offset)
        pools.append((wish - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, many), (two, more) = pools.pop(-2), pools.pop()
            pools.append(((one * many + two * more) / (many + more), many + more))
        offset += size
    level = [mean for mean, many in pools for _ in range(many)]
    return [mean + above for mean, above in zip(level, offsets, strict=True)]


def _mean(values: list[float] | list[int], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
