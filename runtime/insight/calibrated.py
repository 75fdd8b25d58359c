"""Whether model and people are as often right as they are sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from runtime.insight.encounters import Encounters
from runtime.insight.finding import Finding, in_words, mean_of, share_of, unknown
from runtime.measuring.calibration import calibration as error_of
from runtime.measuring.enough import LEAST_FOR
from runtime.measuring.sample import Flags, Floats
from runtime.measuring_rounds.answered import crowd
from runtime.measuring_rounds.ground import numbered

MOST_BINS = 10
LEAST_IN_BIN = 10


@dataclass(frozen=True)
class Bin:
    """Answers given with about the same confidence: low to high, 0..1; stated is their mean."""

    low: float
    high: float
    stated: float
    came_true: Finding


@dataclass(frozen=True)
class Calibration:
    """How confidence fits what came true, on cases drawn at random.

    bins: of equal numbers of answers, from the least sure to the surest. error: the expected calibration error,
    debiased (0 is perfect). brier: the mean of (confidence - right)² (0 is perfect, 0.25 is a coin's).
    """

    who: Literal["model", "people"]
    bins: tuple[Bin, ...]
    error: Finding
    brier: Finding
    says: str


def calibration(encounters: Encounters, who: Literal["model", "people"], alpha: float) -> Calibration:
    """Return how the confidence of the model, or of people in their first answers, fits what came true."""
    label = "advice" if who == "model" else "first"
    rows = encounters.random().drop_nulls([label, f"{label}_confidence", "truth"])
    if who == "people":
        rows = rows.filter("blind")
    elif encounters.origin == "book":
        # Several people answered the same case, of which the model spoke once.
        whole = rows.with_columns(weight=pl.col("weight").sum().over("case"))
        rows = whole.unique("case", keep="first", maintain_order=True)
    noun = "cases" if who == "model" and encounters.origin == "book" else encounters.noun
    stated = rows[f"{label}_confidence"].to_numpy().astype(np.float64)
    right = (rows[label] == rows["truth"]).to_numpy()
    error = _error(rows, stated, right, alpha, noun, who)
    brier = mean_of(rows, (stated - right) ** 2, alpha, noun, "number", 1.0)
    bins = _bins(rows, stated, right, alpha, noun) if error.known else ()
    return Calibration(who, bins, error, brier, _sentence(who, error, stated, right, rows["weight"].to_numpy()))


def _error(rows: pl.DataFrame, stated: Floats, right: Flags, alpha: float, noun: str, who: str) -> Finding:
    least = LEAST_FOR["calibration_error"]
    if rows.height < least:
        whose = "a probability of the model" if who == "model" else "a confidence that a person stated"
        return unknown(f"too few yet: {rows.height} {noun} with {whose} and a known truth, {least} are needed")
    weight = rows["weight"].to_numpy().astype(np.float64)
    value, low, high = error_of(stated, right, weight, numbered(rows["cluster"]), alpha)
    if crowd(rows) is not None:
        _, down, up = error_of(stated, right, weight, numbered(rows["person"]), alpha)
        low, high = min(low, down), max(high, up)
    return Finding(value, low, high, rows.height, in_words(value, low, high, rows.height, noun))


def _bins(rows: pl.DataFrame, stated: Floats, right: Flags, alpha: float, noun: str) -> tuple[Bin, ...]:
    count = min(max(rows.height // (2 * LEAST_IN_BIN), 1), MOST_BINS)
    edges = np.unique(np.quantile(stated, np.linspace(0, 1, count + 1)))
    place = np.clip(np.searchsorted(edges, stated, side="right") - 1, 0, max(len(edges) - 2, 0))
    found = []
    for number in np.unique(place):
        there = place == number
        part, weight = rows.filter(pl.Series(there)), rows["weight"].to_numpy()[there]
        mean = float(weight @ stated[there] / weight.sum())
        came = share_of(part, right[there], alpha, noun)
        found.append(Bin(float(stated[there].min()), float(stated[there].max()), mean, came))
    return tuple(found)


def _sentence(who: str, error: Finding, stated: Floats, right: Flags, weight: Floats) -> str:
    whose = "The model" if who == "model" else "People"
    if not error.known:
        named = "the model's" if who == "model" else "people's"
        return f"How well {named} confidence fits is not known, {error.says}."
    gap = float(weight @ (stated - right) / weight.sum())
    lean = "surer than they are right" if gap > 0 else "less sure than they are right"
    lean = lean if who == "people" else lean.replace("they are", "it is")
    side = f"on the whole {100 * abs(gap):.1f} points {lean}"
    be = "is" if who == "model" else "are"
    if (error.low or 0.0) <= 0:
        return f"{whose} {be} not shown to be off: the error is {error.says}; {side}."
    return f"{whose} {be} off by {error.says}: {side}."
