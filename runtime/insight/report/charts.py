"""The pictures of a report: values between their bounds, lines by round, confidence, minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from runtime.insight.by_round import RoundLine
from runtime.insight.calibrated import Calibration
from runtime.insight.effort import EffortLine
from runtime.insight.finding import Finding, between, in_unit
from runtime.insight.report.drawing import (
    GRID,
    INK,
    LOOKS,
    MUTED,
    Look,
    Scale,
    Who,
    bar,
    line,
    mark,
    scale,
    svg,
    text,
    ticks,
    words,
)

STRIP = 22
"""The height of one row of intervals, in pixels."""
MOST_POINTS = 60
WHOS: tuple[Who, ...] = ("model", "people", "team")


@dataclass(frozen=True)
class Item:
    """One row of a chart of intervals."""

    label: str
    found: Finding
    who: Who


def intervals(title: str, items: Sequence[Item], target: float | None = None, zero: bool = False) -> str:
    """Return values with their bounds, one below the other; what is not known says so in its row."""
    known = [item.found for item in items if item.found.known]
    if not known:
        return ""
    shares = known[0].unit in ("share", "difference")
    values = [part for found in known for part in (found.value, found.low, found.high) if part is not None]
    values += [target] if target is not None else []
    values += [0.0] if zero else []
    across = scale(values, 1.5, 98.5, shares, 0.1 if shares else (max(values) or 1) / 10)
    rows = "".join(_row(item, across, target) for item in items)
    unit = known[0].unit
    marks = (words(across.at(tick), 12, _short(tick, unit), MUTED, _anchor(across.at(tick))) for tick in ticks(across))
    scaled = f'<svg class="chart" width="100%" height="16" aria-hidden="true">{"".join(marks)}</svg>'
    return f'<div class="intervals" role="img" aria-label="{text(f"{title}. {_told(items)}")}">{rows}{scaled}</div>'


def _row(item: Item, across: Scale, target: float | None) -> str:
    """Return the words of a row, which wrap as they must, over its strip."""
    found = item.found
    if found.value is None or found.low is None or found.high is None:
        said, drawn = f'<span class="few">{text(_few(found))}</span>', ""
    else:
        bounds = text(between(found.low, found.high, found.unit))
        said = f"<b>{text(in_unit(found.value, found.unit))}</b> <span>{bounds}</span>"
        drawn = "".join(_strip(item, found.value, found.low, found.high, across))
    grid = "".join(_grid(across, target))
    strip = f'<svg class="chart" width="100%" height="{STRIP}" aria-hidden="true">{grid}{drawn}</svg>'
    return f'<p><span class="label">{text(item.label)}</span><span class="value">{said}</span></p>{strip}'


def _grid(across: Scale, target: float | None) -> Iterator[str]:
    for tick in ticks(across):
        x = across.at(tick)
        yield line(x, 0, x, STRIP, MUTED if tick == 0 and across.low < 0 else GRID)
    if target is not None:
        yield line(across.at(target), 0, across.at(target), STRIP, INK, 1.5, "2 3")


def _strip(item: Item, value: float, low: float, high: float, across: Scale) -> Iterator[str]:
    look, middle, left, right = LOOKS[item.who], STRIP / 2, across.at(low), across.at(high)
    yield bar(left, middle - 4, right - left, 8, look.color, opacity=0.28)
    yield line(left, middle - 5, left, middle + 5, look.color, 1.5)
    yield line(right, middle - 5, right, middle + 5, look.color, 1.5)
    yield mark(across.at(value), middle, look, f"{item.label}: {item.found.says}")


def rounds(title: str, lines: Sequence[RoundLine]) -> str:
    """Return model, people and team by round; a round of which too little is known has no point."""
    series = tuple((who, tuple(_of(one, who) for one in lines)) for who in WHOS)
    values = [
        part for _, found in series for one in found for part in (one.value, one.low, one.high) if part is not None
    ]
    if not values:
        return ""
    up = scale(values, 210, 14)
    across = Scale(0, max(len(lines) - 1, 1), 9.0, 96.0) if len(lines) > 1 else Scale(-1, 1, 9.0, 96.0)
    told = " ".join(f"{_CALLED[who]}: {_last(found)}." for who, found in series)
    return svg(246, title, told, _by_round(lines, series, across, up))


_CALLED = {"model": "The model on held-out cases", "people": "People unaided", "team": "The team", "best": "The best"}


def _by_round(
    lines: Sequence[RoundLine], series: Sequence[tuple[Who, tuple[Finding, ...]]], across: Scale, up: Scale
) -> Iterator[str]:
    for tick in ticks(up):
        yield line(0, up.at(tick), 100, up.at(tick), GRID)
        yield words(0, up.at(tick) - 4, _short(tick, "share"))
    every = max(1, -(-len(lines) // 8))
    for place, one in enumerate(lines):
        if place % every == 0:
            yield words(across.at(place), 228, f"{one.number}", MUTED, "middle")
    yield words(50, 244, "round", MUTED, "middle")
    for shift, (who, found) in enumerate(series):
        yield from _path(who, found, across, up, lines, (shift - 1) * 0.9)


def _path(
    who: Who, found: Sequence[Finding], across: Scale, up: Scale, lines: Sequence[RoundLine], aside: float
) -> Iterator[str]:
    look, few = LOOKS[who], len(found) <= MOST_POINTS
    spots = [(across.at(place) + aside, one) for place, one in enumerate(found)]
    for x, one in spots:
        if one.low is not None and one.high is not None and few:
            yield f'<g opacity="0.45">{line(x, up.at(one.low), x, up.at(one.high), look.color, 2)}</g>'
    for (x, one), (next_x, after) in pairwise(spots):
        if one.value is not None and after.value is not None:
            yield line(x, up.at(one.value), next_x, up.at(after.value), look.color, 2.2, look.dash)
    for (x, one), told in zip(spots, lines, strict=True):
        if one.value is not None and few:
            yield mark(x, up.at(one.value), look, f"Round {told.number}, {_CALLED[who].lower()}: {one.says}")


def confident(title: str, found: Calibration) -> str:
    """Return how often answers came true by how sure they were: on the diagonal, confidence is right."""
    if not found.bins:
        return ""
    who: Who = "model" if found.who == "model" else "people"
    across, up = Scale(0, 1, 7.0, 97.0), Scale(0, 1, 236, 14)
    told = "; ".join(f"{100 * one.stated:.0f} % sure, {one.came_true.says} true" for one in found.bins)
    return svg(272, title, told, _diagonal(found, LOOKS[who], across, up))


def _diagonal(found: Calibration, look: Look, across: Scale, up: Scale) -> Iterator[str]:
    for tick in (0, 0.25, 0.5, 0.75, 1):
        yield line(across.begin, up.at(tick), across.end, up.at(tick), GRID)
        yield words(0, up.at(tick) + 4, f"{100 * tick:.0f}")
        yield words(across.at(tick), 252, f"{100 * tick:.0f}", MUTED, "middle")
    yield words(across.end, 269, "how sure, in %", MUTED, "end")
    yield words(across.begin + 1, 12, "came true, in %")
    yield line(across.at(0), up.at(0), across.at(1), up.at(1), MUTED, 1.25, "4 4")
    most = max(one.came_true.cases for one in found.bins)
    for one in found.bins:
        came, x = one.came_true, across.at(one.stated)
        if came.value is None or came.low is None or came.high is None:
            continue
        yield f'<g opacity="0.5">{line(x, up.at(came.low), x, up.at(came.high), look.color, 3)}</g>'
        size = 0.6 + 0.6 * (came.cases / most) ** 0.5
        yield mark(x, up.at(came.value), look, f"{100 * one.stated:.1f} % sure: {came.says}", size)


def minutes(title: str, lines: Sequence[EffortLine]) -> str:
    """Return the minutes that people gave, a bar a round."""
    if not any(one.minutes for one in lines):
        return ""
    shown = lines[-MOST_POINTS:]
    up = scale([0.0, *(one.minutes for one in shown)], 150, 14, False, 1.0)
    slot = 90 / len(shown)
    wide = min(slot * 0.7, 8)
    drawn = [part for tick in ticks(up) for part in (line(0, up.at(tick), 100, up.at(tick), GRID),
             words(0, up.at(tick) - 4, f"{tick:g}"))]  # fmt: skip
    every = max(1, -(-len(shown) // 10))
    for place, one in enumerate(shown):
        x = 9 + slot * (place + 0.5)
        said = f"Round {one.round}: {one.says}"
        drawn.append(bar(x - wide / 2, up.at(one.minutes), wide, 150 - up.at(one.minutes), LOOKS["people"].color, said))
        if place % every == 0:
            drawn.append(words(x, 167, f"{one.round}", MUTED, "middle"))
    drawn.append(words(50, 184, "minutes of people by round", MUTED, "middle"))
    told = "; ".join(f"round {one.round}: {one.minutes:.1f} minutes" for one in shown)
    return svg(188, title, told, drawn)


def legend(*whos: Who) -> str:
    """Return which shape and colour stands for whom."""
    parts = (
        f'<li><svg width="14" height="14" aria-hidden="true"><path transform="translate(7 7)" d="{LOOKS[who].shape}" '
        f'fill="{LOOKS[who].color}"/></svg>{text(_CALLED[who])}</li>'
        for who in whos
    )
    return f'<ul class="legend">{"".join(parts)}</ul>'


def _of(one: RoundLine, who: str) -> Finding:
    return {"model": one.held_out, "people": one.standing.people, "team": one.standing.team}[who]


def _last(found: Sequence[Finding]) -> str:
    return found[-1].says if found else "not measured"


def _few(found: Finding) -> str:
    return found.says.split(":")[0].split(" (")[0].split(";")[0][:28] or "too few yet"


def _told(items: Sequence[Item]) -> str:
    return "; ".join(f"{item.label}: {item.found.says}" for item in items)


def _short(tick: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * tick:g} %"
    if unit == "difference":
        return f"{100 * tick:+g}".replace("-", "−") if tick else "0"
    return f"{tick:,g}"


def _anchor(x: float) -> str:
    return "start" if x < 4 else "end" if x > 96 else "middle"
