"""What model, people and team did, round by round, as a table for 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from runtime.cli.printing import paint

if TYPE_CHECKING:
    from flows.flow import Flow
    from flows.step import Measured
    from runtime.values import Figure

WHO = ("model", "people", "team")
MOST = 6
"""Columns of measures: more cannot be taken in at a glance."""
MOST_ROUNDS = 12
USUAL = ("model_auc", "people_accuracy", "team_accuracy")
"""What most people want to see: how well the model ranks, and how often people and team are right."""

History = Mapping[int, Mapping[str, "Figure"]]


def table(history: History, measured: Sequence[Measured], aimed: Iterable[str], width: int) -> Iterator[str]:
    """Yield the lines of a table: a row a round, a column a measure, most telling first.

    Shares are in per cent, each with its interval; a measure of which too little is known says so.
    """
    units = {entry.name: entry.unit for entry in measured}
    names = telling(history, [entry.name for entry in measured], aimed)
    columns = [_column(name, history, units.get(name, "")) for name in names]
    rounds = [str(number) for number in history]
    grid = _fitting([["round", *_cut(rounds)], *columns], width)
    heads = max(len(column[0].split(" ")) for column in grid)
    for line in range(heads):
        yield paint(_row([_word(column, line, heads) for column in grid], grid), "bold")
    for place in range(1, len(grid[0])):
        yield _row([column[place] for column in grid], grid)


def telling(history: History, declared: Sequence[str], aimed: Iterable[str]) -> list[str]:
    """Return the measures to show: those of the aims for model, people and team, the usual ones, then others.

    What was too little known in every round goes behind all that was known once.
    """
    there = {name for figures in history.values() for name in figures}
    known = {name for figures in history.values() for name, figure in figures.items() if figure.value is not None}
    of_aims = [name for base in map(_base, aimed) for name in _of(base)]
    others = [name for base in dict.fromkeys(map(_base, declared)) for name in _of(base)]
    ordered = [name for name in dict.fromkeys((*of_aims, *USUAL, *others)) if name in there]
    return sorted(ordered, key=lambda name: name not in known)[:MOST]


def aimed_at(flow: Flow, step: str) -> list[str]:
    """Return the measures of a step that an aim names."""
    return [target.measure for target in flow.intent.aims if target.step == step]


def _column(name: str, history: History, unit: str) -> list[str]:
    heading = name.replace("_", " ") + (" %" if unit == "share" else "")
    return [heading, *_cut([_cell(figures.get(name), unit) for figures in history.values()])]


def _cell(figure: Figure | None, unit: str) -> str:
    if figure is None:
        return ""
    if figure.value is None:
        return "too few"
    if figure.low is None or figure.high is None:
        return _number(figure.value, unit)
    return f"{_number(figure.value, unit)} ({_number(figure.low, unit)}–{_number(figure.high, unit)})"


def _number(value: float, unit: str) -> str:
    return f"{100 * value:.0f}" if unit == "share" else f"{value:.3g}"


def _cut(cells: list[str]) -> list[str]:
    """Return the first and the last rounds where there are many."""
    return cells if len(cells) <= MOST_ROUNDS else [cells[0], "…", *cells[2 - MOST_ROUNDS :]]


def _fitting(columns: list[list[str]], width: int) -> list[list[str]]:
    while len(columns) > 2 and sum(_width(column) + 2 for column in columns) - 2 > width:
        columns = columns[:-1]
    return columns


def _width(column: Sequence[str]) -> int:
    return max(*map(len, column[0].split(" ")), *map(len, column[1:]))


def _word(column: Sequence[str], line: int, heads: int) -> str:
    words = [""] * heads + column[0].split(" ")
    return words[len(words) - heads + line]


def _row(cells: Sequence[str], columns: Sequence[Sequence[str]]) -> str:
    return "  ".join(cell.rjust(_width(column)) for cell, column in zip(cells, columns, strict=True)).rstrip()


def _of(base: str) -> tuple[str, ...]:
    return (*(f"{who}_{base}" for who in WHO), base)


def _base(name: str) -> str:
    who, _, base = name.partition("_")
    return base if who in WHO and base else name
