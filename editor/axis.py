"""The ticks of a chart's axes: round numbers, as many as can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

LEAST_SPAN = {"share": 0.2}
"""The smallest range that is drawn, so that noise does not look like a trend."""


@dataclass(frozen=True)
class Axis:
    """A range with its ticks, and how its values are said."""

    low: float
    high: float
    ticks: tuple[float, ...]
    unit: str

    def place(self, value: float, begin: float, end: float) -> float:
        """Return where a value lies between two positions of a picture."""
        return begin + (value - self.low) / (self.high - self.low) * (end - begin)

    def say(self, value: float) -> str:
        """Return a value in words: "88 %" for a share."""
        return said(value, self.unit)


def said(value: float, unit: str) -> str:
    """Return a value as it is said: per cent for a share, three digits for the rest."""
    if unit == "share":
        return f"{100 * value:.0f} %".replace("-", "−")
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}").replace("-", "−")


def axis(values: Iterable[float], unit: str, most: int = 6) -> Axis:
    """Return an axis that holds all values; a share that is never negative stays between 0 and 100 %."""
    there = list(values) or [0.0, 1.0]
    low, high = min(there), max(there)
    widen = max(LEAST_SPAN.get(unit, 0.0) - (high - low), 0.0) / 2
    if unit == "share" and low >= 0 and high <= 1:
        high = min(1.0, high + widen)
        low = max(0.0, min(low - widen, high - LEAST_SPAN["share"]))
    else:
        low, high = low - widen, high + widen
    if high <= low:
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    step = nice_step(high - low, most)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(round(number * step, 12) for number in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, unit)


def nice_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that cuts a span into at most so many pieces."""
    rough = span / most
    power = 10.0 ** floor(log10(rough))
    return next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough * (1 - 1e-9))


def some(numbers: Sequence[int], most: int) -> tuple[int, ...]:
    """Return the numbers to write under an axis: the first, the last, and some at equal distance between."""
    if len(numbers) <= most:
        return tuple(numbers)
    step = max(1, round(nice_step(len(numbers), most - 1)))
    marked = [number for number in numbers if number % step == 0]
    far = [number for number in marked if number - numbers[0] >= step / 2 and numbers[-1] - number >= step / 2]
    return (numbers[0], *far, numbers[-1])
