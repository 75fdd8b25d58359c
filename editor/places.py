"""Where cards stand that the file gives no place: in columns, each to the right of what it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flows.flow import Flow

Place = tuple[int, int]
ACROSS, DOWN = 13, 8
"""Grid units from column to column, and from card to card."""


def places(flow: Flow) -> Mapping[str, Place]:
    """Return the place of every card; those of the file as they are, the others below them."""
    missing = [step for step in flow.steps if step not in flow.layout]
    if not missing:
        return flow.layout
    columns, rows = _columns(flow), Counter[int]()
    drawn = [at for step, at in flow.layout.items() if step in flow.steps]
    left = min((x for x, _ in drawn), default=0)
    top = max((y for _, y in drawn), default=-DOWN) + DOWN
    found = dict(flow.layout)
    for step in missing:
        column = columns[step]
        found[step] = (left + column * ACROSS, top + rows[column] * DOWN)
        rows[column] += 1
    return found


def _columns(flow: Flow) -> dict[str, int]:
    """Return how many steps come before each on the longest way; in a loop, as far as it is open."""
    nexts: dict[str, list[str]] = {step: [] for step in flow.steps}
    waits = dict.fromkeys(flow.steps, 0)
    for link in flow.forward():
        if link.source.step in nexts and link.target.step in nexts:
            nexts[link.source.step].append(link.target.step)
            waits[link.target.step] += 1
    columns = dict.fromkeys(flow.steps, 0)
    ready = [step for step, count in waits.items() if not count]
    while ready:
        step = ready.pop()
        for after in nexts[step]:
            columns[after] = max(columns[after], columns[step] + 1)
            waits[after] -= 1
            ready += [] if waits[after] else [after]
    return columns
