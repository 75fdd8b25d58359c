"""Marks of a picture whose width follows the page: across in per cent, up and down in pixels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Literal

from flows.show.wording import visible

Who = Literal["model", "people", "team", "best"]


@dataclass(frozen=True)
class Look:
    """How somebody is drawn: colour, shape and dashes tell them apart, each alone."""

    color: str
    shape: str
    dash: str


LOOKS: Mapping[Who, Look] = {
    "model": Look("var(--td-model)", "M0 -6L6 0L0 6L-6 0Z", "7 5"),
    "people": Look("var(--td-people)", "M0 -5.5L6 5H-6Z", "1.5 5"),
    "team": Look("var(--td-team)", "M5 0A5 5 0 1 1 -5 0A5 5 0 1 1 5 0Z", ""),
    "best": Look("var(--td-measure)", "M-4.5 -4.5H4.5V4.5H-4.5Z", "3 3"),
}
INK, MUTED, GRID = "var(--td-ink)", "var(--td-muted)", "var(--td-border)"


@dataclass(frozen=True)
class Scale:
    """From values to per cent of the width, or to pixels of the height."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value; what lies outside stands at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)


def scale(values: Iterable[float], begin: float, end: float, shares: bool = True, least: float = 0.2) -> Scale:
    """Return a scale that holds all values, of round numbers; shares stay between 0 and 1."""
    there = [*values] or [0.0, 1.0]
    low, high = min(there), max(there)
    spare = max(least - (high - low), 0.0) / 2
    low, high = low - spare, high + spare
    if shares and min(there) >= 0:
        low, high = max(low, 0.0), min(high, 1.0)
    step = step_of(high - low)
    low, high = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    return Scale(low, high if high > low else low + step, begin, end)


def ticks(of: Scale) -> tuple[float, ...]:
    """Return about five round numbers on a scale."""
    step = step_of(of.high - of.low)
    first, last = ceil(of.low / step - 1e-9), floor(of.high / step + 1e-9)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


def step_of(span: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that cuts a span into at most five pieces."""
    rough = (span or 1.0) / 5
    power = 10.0 ** floor(log10(rough))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))


def svg(height: float, title: str, told: str, drawn: Iterable[str]) -> str:
    """Return a picture as wide as its place; `title` and `told` say it to those who cannot see it."""
    return (
        f'<svg class="chart" width="100%" height="{height:g}" role="img" aria-label="{text(f"{title}. {told}")}">'
        f"{''.join(drawn)}</svg>"
    )


def line(x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1, dash: str = "") -> str:
    """Return a line; x in per cent, y in pixels."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.2f}%" y1="{y1:.1f}" x2="{x2:.2f}%" y2="{y2:.1f}" stroke="{color}" stroke-width="{width:g}"'
        f' stroke-linecap="round"{dashes}/>'
    )


def words(x: float, y: float, said: str, color: str = MUTED, anchor: str = "start", name: str = "") -> str:
    """Return words at a place."""
    named = f' class="{name}"' if name else ""
    return f'<text x="{x:.2f}%" y="{y:.1f}" fill="{color}" text-anchor="{anchor}"{named}>{text(said)}</text>'


def mark(x: float, y: float, look: Look, says: str = "", size: float = 1) -> str:
    """Return a point in the shape of a look, which says its value when it is pointed at."""
    title = f"<title>{text(says)}</title>" if says else ""
    grown = f' transform="scale({size:.2f})"' if size != 1 else ""
    return (
        f'<svg x="{x:.2f}%" y="{y:.1f}" overflow="visible"><path d="{look.shape}" fill="{look.color}" '
        f'stroke="var(--td-surface)" stroke-width="1.5"{grown}>{title}</path></svg>'
    )


def bar(x: float, y: float, wide: float, tall: float, color: str, says: str = "", opacity: float = 1) -> str:
    """Return a bar; x and width in per cent."""
    title = f"<title>{text(says)}</title>" if says else ""
    return (
        f'<rect x="{x:.2f}%" y="{y:.1f}" width="{max(wide, 0):.2f}%" height="{max(tall, 0):.1f}" rx="2" '
        f'fill="{color}" fill-opacity="{opacity:g}">{title}</rect>'
    )


def text(said: object) -> str:
    """Return words as text of a page: nothing in them is obeyed."""
    return escape(visible(str(said))).replace(" %", "\u00a0%")  # a number keeps its unit on its line
