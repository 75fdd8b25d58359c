"""Aims and limits in words: what can be measured, how it is said, and how numbers of a unit are read and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.catalog import Catalog
from flows.flow import Card, Flow
from flows.intent import Comparison, Target
from flows.step import Measured
from runtime.values import Figure

COMPARISONS: Mapping[Comparison, str] = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}
_SIGNS: Mapping[Comparison, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_WHO = {"model": "of the model", "people": "of people", "team": "of the team"}
_SPELT = {"auc": "AUC", "f1": "F1"}


@dataclass(frozen=True)
class Measurable:
    """A step of the flow with what it measures."""

    card: Card
    measures: tuple[Measured, ...]

    @property
    def title(self) -> str:
        """What the step is called."""
        return self.card.title or self.card.id.replace("-", " ").capitalize()


def measurable(flow: Flow, catalog: Catalog) -> tuple[Measurable, ...]:
    """Return the steps about which an aim or a limit can be set."""
    kinds = ((card, catalog.get(card.kind)) for card in flow.steps.values())
    return tuple(Measurable(card, kind.measures) for card, kind in kinds if kind is not None and kind.measures)


def measured(flow: Flow, catalog: Catalog, target: Target) -> Measured | None:
    """Return what a target is about; None where its step or measure is not known."""
    card = flow.steps.get(target.step)
    kind = catalog.get(card.kind) if card else None
    return next((one for one in kind.measures if one.name == target.measure), None) if kind else None


def called(measure: Measured) -> str:
    """Return what a measure is called: "Recall of the team", "Questions a round"."""
    who, _, base = measure.name.partition("_")
    whose = _WHO.get(who, "") if base and not base.startswith("minus_") else ""
    words = " ".join(_SPELT.get(word, word) for word in (base if whose else measure.name).split("_"))
    often = " a round" if measure.per == "round" and measure.unit != "share" and not whose else ""
    return f"{words[:1].upper()}{words[1:]}{' ' if whose else ''}{whose}{often}"


def short(target: Target, measure: Measured | None) -> str:
    """Return a target on one short line: "Recall of the team ≥ 95 %"."""
    name = called(measure) if measure else f"{target.step} · {target.measure}"
    return f"{name} {_SIGNS[target.comparison]} {shown(target.number, measure.unit if measure else '')}"


def sentence(target: Target, measure: Measured) -> str:
    """Return a target as a sentence: "Recall of the team is at least 95 %."."""
    unit = "" if measure.unit in ("share", "money") else f" {measure.unit}"
    be = "are" if measure.name.split("_")[0] in ("questions", "answers", "minutes") else "is"
    return f"{called(measure)} {be} {COMPARISONS[target.comparison]} {shown(target.number, measure.unit)}{unit}."


def shown(number: float, unit: str) -> str:
    """Return a number as people read it: a share in per cent."""
    if unit == "share":
        return f"{_plain(round(number * 100, 2))} %"
    return _plain(number)


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


def _plain(number: float) -> str:
    return f"{number:,.10g}"
