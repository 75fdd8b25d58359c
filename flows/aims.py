"""Aims and limits in words: what their figures are called, and how numbers of a unit are shown."""

from __future__ import annotations

from collections.abc import Mapping

from flows.catalog import Catalog
from flows.flow import Flow
from flows.intent import Comparison, Target
from flows.step import Measured

COMPARISONS: Mapping[Comparison, str] = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}
_SIGNS: Mapping[Comparison, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_WHO = {"model": "of the model", "people": "of people", "team": "of the team"}
_SPELT = {"auc": "AUC", "f1": "F1"}


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
    name = called(measure) if measure else f"{target.step} · {target.measure.replace('_', ' ')}"
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


def _plain(number: float) -> str:
    return f"{number:,.10g}"
