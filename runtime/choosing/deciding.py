"""What the model decides alone, at which threshold, and what it must leave to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from flows.problems import refuse
from runtime.partitions import map_partitions
from runtime.round import Round
from runtime.values import KEY, Decisions, Predictions

if TYPE_CHECKING:
    from runtime.steps.choose import Decide

HELD = -1


def decide(step: Decide, round: Round, predictions: Predictions) -> Decisions:
    """Return a decision for every case: known ones by who knows them, the others by the model or held."""
    threshold, mistakes = threshold_of(step, predictions), _mistakes(step)
    number = round.number
    if predictions.learned_from == 0:
        round.say("The model has learned from nothing yet, so every case that nobody knows is held.")

    def decided(frame: pl.DataFrame) -> pl.DataFrame:
        chances = frame["probability"].to_numpy().reshape(frame.height, len(predictions.classes))
        said = spoken(chances, predictions.classes, predictions.positive, threshold, step.at_least, mistakes)
        if predictions.learned_from == 0:
            said = np.full(len(said), HELD)
        return _table(frame, said, chances, predictions, number)

    return Decisions(
        round.table(map_partitions(decided, predictions.table)),
        records=predictions.records,
        positive=predictions.positive,
        threshold=threshold,
        at_least=step.at_least,
        mistakes=mistakes,
    )


def _mistakes(step: Decide) -> tuple[float, ...]:
    cost = step.cost
    return () if cost is None or cost.held is None else (cost.missed, cost.false_alarm, cost.held)


def threshold_of(step: Decide, predictions: Predictions) -> float | None:
    """Return the probability from which the positive label is said, or None for the most likely label.

    With costs it is where both mistakes are equally dear: false alarm / (false alarm + missed)
    (Elkan 2001, The Foundations of Cost-Sensitive Learning).
    """
    if step.threshold == "most-likely":
        return None
    if len(predictions.classes) != 2 or predictions.positive not in predictions.classes:
        raise refuse(
            "threshold-needs-two",
            f"A threshold needs two labels of which one is positive; here are {', '.join(predictions.classes)}. "
            "Set `positive` in the step that predicts, or `threshold: most-likely`.",
            "threshold",
        )
    if isinstance(step.threshold, float):
        return step.threshold
    assert step.cost is not None
    return step.cost.false_alarm / (step.cost.false_alarm + step.cost.missed)


def spoken(
    chances: npt.NDArray[np.float32],
    classes: tuple[str, ...],
    positive: str,
    threshold: float | None,
    at_least: float,
    mistakes: tuple[float, ...] = (),
) -> npt.NDArray[np.int64]:
    """Return (n,) the place of what the model says in `classes`, or -1 where it must not decide alone."""
    if threshold is None:
        said = chances.argmax(axis=1)
    else:
        yes = classes.index(positive)
        said = np.where(chances[:, yes] >= threshold, yes, 1 - yes)
    sure = chances[np.arange(len(said)), said] >= at_least
    if mistakes and threshold is not None:
        missed, false_alarm, held = mistakes
        yes = classes.index(positive)
        risk = np.where(said == yes, (1 - chances[:, yes]) * false_alarm, chances[:, yes] * missed)
        sure &= risk <= held
    return np.where(sure, said, HELD)


def _table(
    frame: pl.DataFrame,
    said: npt.NDArray[np.int64],
    chances: npt.NDArray[np.float32],
    predictions: Predictions,
    number: int,
) -> pl.DataFrame:
    words = np.array(["", *predictions.classes], dtype=object)[said + 1]
    top = chances[np.arange(len(said)), np.where(said < 0, chances.argmax(axis=1), said)]
    known = pl.col("known") != ""
    return frame.with_columns(said=pl.Series(words, dtype=pl.String), top=pl.Series(top)).select(
        KEY,
        decision=pl.when(known).then("label").otherwise("said"),
        decided_by=pl.when(known)
        .then("known")
        .when(pl.col("said") == "")
        .then(pl.lit("nobody"))
        .otherwise(pl.lit("model")),
        round=pl.lit(number, pl.Int64),
        version=pl.lit(predictions.version),
        probability=pl.col("top").cast(pl.Float32),
        changed=pl.col("changed"),
    )
