"""What aims and limits can be about in a flow, and the numbers that people type for them."""

from __future__ import annotations

from dataclasses import dataclass

from flows.aims import shown
from flows.catalog import Catalog
from flows.flow import Card, Flow
from flows.step import Measured
from flows.titles import title_of
from runtime.values import Figure


@dataclass(frozen=True)
class Measurable:
    """A step of the flow with what it measures."""

    card: Card
    measures: tuple[Measured, ...]

    @property
    def title(self) -> str:
        """What the step is called."""
        return title_of(self.card)


def measurable(flow: Flow, catalog: Catalog) -> tuple[Measurable, ...]:
    """Return the steps about which an aim or a limit can be set."""
    kinds = ((card, catalog.get(card.kind)) for card in flow.steps.values())
    return tuple(Measurable(card, kind.measures) for card, kind in kinds if kind is not None and kind.measures)


def latest(figure: Figure | None, unit: str) -> str:
    """Return the latest figure with its interval, or that there is none yet."""
    if figure is None or figure.value is None:
        return "no figure yet"
    if figure.low is None or figure.high is None:
        return shown(_rounded(figure.value, unit), unit)
    low, high = shown(_rounded(figure.low, unit), unit), shown(_rounded(figure.high, unit), unit)
    return f"{shown(_rounded(figure.value, unit), unit)} ({low.removesuffix(' %')} to {high})"


def typed(text: str, unit: str) -> float | None:
    """Return the number that a person typed: "95", "95 %" and "0,95 " are understood; None when it is none."""
    plain = text.replace("\u202f", "").replace(" ", "")
    percent = unit == "share" or plain.endswith("%")
    plain = plain.removesuffix("%")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    if number != number or abs(number) > 1e12:
        return None
    return round(number / 100, 10) if percent else number


def _rounded(number: float, unit: str) -> float:
    return round(number, 3) if unit == "share" else float(f"{number:.4g}")
