"""From a target of accuracy to a threshold: what the model may decide alone, and what is left for people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from runtime.insight.encounters import Encounters
from runtime.insight.finding import Finding, share_of
from runtime.measuring.enough import LEAST_CASES
from runtime.measuring.sample import Floats

LEVELS = tuple(number / 10 for number in range(1, 11))
"""The shares of cases that are tried, fixed beforehand; alpha is split among them (Bonferroni)."""


@dataclass(frozen=True)
class Waiting:
    """What a flow has in store: how sure the model is now of each case that is not known yet, and what people need.

    confidence: (n,) float in 0..1. minutes: what people need for one case, all who are asked together; None
    where nobody was asked. new_a_day: cases that arrive a day; None where that is not known.
    """

    confidence: Floats
    minutes: float | None
    new_a_day: float | None


@dataclass(frozen=True)
class LoadLine:
    """What happens when the model decides alone whatever it is at least `threshold` sure of.

    alone: the share of the audited cases that it then decides. accuracy: how often it is right on these.
    meets: whether the lower bound of that reaches the target. left: the share of the waiting cases for people
    now; left_cases: how many; left_a_day and minutes_a_day: of those that arrive in a day, where known.
    """

    threshold: float
    alone: float
    accuracy: Finding
    meets: bool
    left: float | None
    left_cases: int | None
    left_a_day: float | None
    minutes_a_day: float | None


@dataclass(frozen=True)
class Load:
    """The lines for growing shares; `chosen` is the one that leaves people least and still meets the target."""

    target: float
    lines: tuple[LoadLine, ...]
    chosen: LoadLine | None
    says: str


def load(encounters: Encounters, target: float, alpha: float, waiting: Waiting | None) -> Load:
    """Return what the model may decide alone so that it is right in at least `target` of these cases.

    Thresholds come from the confidences alone, never from what was true, and each is judged at the lower
    bound of its accuracy with an equal part of alpha; so the chosen one holds although several were tried.
    """
    cases = _audited(encounters)
    if cases.height < LEAST_CASES:
        says = f"too few yet: {cases.height} audited cases with the model's advice and a known truth, at least 10"
        return Load(target, (), None, f"What the model may decide alone is not known, {says} are needed.")
    sure = cases["advice_confidence"].to_numpy().astype(np.float64)
    noun = "decisions of the model" if encounters.origin == "table" else "audited cases"
    thresholds = sorted({_threshold(sure, cases["weight"].to_numpy(), level) for level in LEVELS}, reverse=True)
    lines = tuple(_line(cases, sure, each, target, alpha / len(thresholds), noun, waiting) for each in thresholds)
    meeting = [line for line in lines if line.meets]
    chosen = meeting[-1] if meeting else None
    return Load(target, lines, chosen, _sentence(target, lines, chosen))


def _audited(encounters: Encounters) -> pl.DataFrame:
    rows = encounters.random().drop_nulls(["advice", "advice_confidence", "truth"])
    if encounters.origin == "table":
        return rows
    whole = rows.with_columns(weight=pl.col("weight").sum().over("case"))
    return whole.unique("case", keep="first", maintain_order=True)


def _threshold(sure: Floats, weight: Floats, share: float) -> float:
    """Return the confidence from which on this share of the cases lies."""
    order = np.argsort(-sure, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    place = min(int(np.searchsorted(reached, share - 1e-9)), len(sure) - 1)
    return float(sure[order[place]])


def _line(
    cases: pl.DataFrame,
    sure: Floats,
    threshold: float,
    target: float,
    alpha: float,
    noun: str,
    waiting: Waiting | None,
) -> LoadLine:
    decided = sure >= threshold
    part = cases.filter(pl.Series(decided))
    # Only the lower bound is asked for, so all of alpha is on its side.
    found = share_of(part, (part["advice"] == part["truth"]).to_numpy(), min(2 * alpha, 0.5), noun)
    weight = cases["weight"].to_numpy()
    left = None if waiting is None else float(np.mean(waiting.confidence < threshold)) if len(waiting.confidence) else 0
    a_day = None if waiting is None or waiting.new_a_day is None or left is None else left * waiting.new_a_day
    minutes = None if a_day is None or waiting is None or waiting.minutes is None else a_day * waiting.minutes
    return LoadLine(
        threshold=threshold,
        alone=float(weight[decided].sum() / weight.sum()),
        accuracy=found,
        meets=found.low is not None and found.low >= target,
        left=left,
        left_cases=None if waiting is None else int(np.count_nonzero(waiting.confidence < threshold)),
        left_a_day=a_day,
        minutes_a_day=minutes,
    )


def _sentence(target: float, lines: tuple[LoadLine, ...], chosen: LoadLine | None) -> str:
    if chosen is None:
        best = max(lines, key=lambda line: line.accuracy.low or 0.0)
        low = f"the most that is shown is {100 * (best.accuracy.low or 0.0):.0f} %"
        why = f"{low}, where it was right in {best.accuracy.says}" if best.accuracy.known else best.accuracy.says
        return f"That the model alone is right in {100 * target:g} % is shown at no threshold: {why}."
    told = (
        f"Where it is at least {100 * chosen.threshold:.1f} % sure, the model is shown to be right in at least "
        f"{100 * target:g} %: it may decide {100 * chosen.alone:.0f} % of the cases alone."
    )
    if chosen.left_cases is not None:
        told += f" Of the cases that wait now, {chosen.left_cases:,} are left for people."
    if chosen.left_a_day is not None:
        minutes = f", about {chosen.minutes_a_day:,.0f} minutes" if chosen.minutes_a_day is not None else ""
        told += f" Of those that arrive in a day, about {chosen.left_a_day:,.0f} are{minutes}."
    return told
