"""For how many cases there is a decision: a case without one is neither right nor wrong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from runtime.measuring_rounds.census import best
from runtime.measuring_rounds.ground import Ground
from runtime.measuring_rounds.taken import Row
from runtime.values import KEY, Decisions


def coverage(
    ground: Ground, first: pl.DataFrame, decisions: tuple[Decisions, ...], number: int
) -> Iterator[Row]:
    """Yield the share of cases that the model, people and the team decide, and what keeps people from it."""
    yield _model(ground, number)
    yield from _people(first, number)
    yield _team(ground, decisions, number)


def _model(ground: Ground, number: int) -> Row:
    frames = ground.scored(lambda frame: pl.DataFrame({KEY: frame[KEY], "said": ground.said(frame)}))
    decided = int(np.count_nonzero(frames["said"].to_numpy() >= 0))
    says = f"the model decides {decided:,} of {frames.height:,} cases"
    return _row("coverage", "model", "all", decided, frames.height, number, says)


def _people(first: pl.DataFrame, number: int) -> Iterator[Row]:
    answered = first.filter(pl.col("outcome") == "answered").height
    without = first.filter(pl.col("outcome") != "answered").group_by("outcome").len().sort("outcome")
    reasons = [f"{count:,} “{reason}”" for reason, count in without.iter_rows()]
    says = f"{answered:,} of {first.height:,} first answers name a label"
    yield _row("coverage", "people", "asked", answered, first.height, number, ", ".join([says, *reasons]))
    for reason, count in without.iter_rows():
        says = f"{count:,} of {first.height:,} first answers are “{reason}”"
        yield _row(f"without decision: {reason}", "people", "asked", count, first.height, number, says)


def _team(ground: Ground, decisions: tuple[Decisions, ...], number: int) -> Row:
    if not decisions:
        says = "not known: no decisions arrive at this step"
        return Row("coverage", "team", "all", "", None, None, None, 0, 0, None, number, says)
    cases = ground.predictions.count
    decided = best(decisions).filter(pl.col("decision") != "").height
    says = f"{decided:,} of {cases:,} cases are decided, {max(cases - decided, 0):,} are held"
    return _row("coverage", "team", "all", decided, cases, number, says)


def _row(measure: str, who: str, cases: str, part: int, whole: int, number: int, says: str) -> Row:
    """Return a share that was counted: it has no interval but itself."""
    if not whole:
        return Row(measure, who, cases, "", None, None, None, 0, 0, None, number, f"too few yet: {says}")
    share = part / whole
    return Row(measure, who, cases, "", share, share, share, whole, 0, share, number, f"{share:.2f}: {says}")
