"""Columns that give the target away: known only after the decision, or the target in disguise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from threadpoolctl import threadpool_limits

from flows.problems import refuse
from runtime.learning.crossfit import cross_fit
from runtime.learning.features import ColumnType, Features, learn_features
from runtime.learning.folds import deal
from runtime.learning.linear import logistic
from runtime.learning.training import Training

NEARLY_PERFECT = 0.98
LEAST_CASES = 10
MOST_CASES = 1_000
"""Cases looked at for and against a label, evenly spread over the table; the area needs no shares."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Leak:
    """A column that alone, or with one other date, predicts a label almost perfectly."""

    column: str
    auc: float
    """Cross-fitted area under the ROC curve: 0.5 is chance, 1.0 is perfect."""

    n: int
    """Cases that it was measured on."""

    says: str
    with_column: str = ""
    """The other column, where the days between two dates give the label away."""


def near_perfect_columns(
    frame: pl.DataFrame,
    types: Mapping[str, ColumnType],
    labels: Sequence[int] | Ints,
    classes: tuple[str, ...],
    groups: Sequence[str] | Names | None = None,
) -> list[Leak]:
    """Return the columns, and pairs of date columns, that alone tell a label at an area of 0.98 or more.

    Each is judged on rows that were not learned from, groups kept together (default: each row its own).
    A label needs 10 cases for and 10 against. `labels` are places in `classes`, one for each row.
    Raises Refused with `model-training` when rows and labels differ in number.
    """
    place = np.asarray(labels, dtype=np.int64)
    named = np.asarray(np.arange(len(place)) if groups is None else groups).astype(np.str_)
    if not frame.height == len(place) == len(named):
        raise refuse("model-training", f"{frame.height} rows need as many labels and groups.")
    best: dict[tuple[str, str], Leak] = {}
    with threadpool_limits(1):
        for label in range(len(classes) if len(classes) > 2 else 1):
            shown = label if len(classes) > 2 else len(classes) - 1
            for leak in _telling(frame, types, place == shown, named, classes[shown]):
                where = (leak.column, leak.with_column)
                best[where] = max(best.get(where, leak), leak, key=lambda one: one.auc)
    return sorted(best.values(), key=lambda leak: (-leak.auc, leak.column, leak.with_column))


def _telling(
    frame: pl.DataFrame,
    types: Mapping[str, ColumnType],
    told: npt.NDArray[np.bool_],
    groups: Names,
    name: str,
) -> Iterator[Leak]:
    rows = np.sort(np.concatenate([_spread(np.flatnonzero(told)), _spread(np.flatnonzero(~told))]))
    some, target = frame[rows], told[rows].astype(np.int64)
    parts = deal(target, groups[rows], seed=0, most=3)
    if parts is None or min(target.sum(), (1 - target).sum()) < LEAST_CASES:
        return
    for column, other, features in _candidates(some, types):
        area = _area(_scores(features, some, target, groups[rows], parts), target)
        if area >= NEARLY_PERFECT:
            yield Leak(column, area, len(target), _says(column, other, area, len(target), name), other)


def _candidates(frame: pl.DataFrame, types: Mapping[str, ColumnType]) -> Iterator[tuple[str, str, Features]]:
    """Yield each column alone, then each pair of date columns as the days between them."""
    for column, kind in types.items():
        yield column, "", learn_features(frame, {column: kind})
    dates = {column: kind for column, kind in types.items() if kind in ("date", "datetime")}
    for gap in learn_features(frame, dates).gaps:
        yield gap.second, gap.first, Features(gaps=(gap,))


def _scores(features: Features, frame: pl.DataFrame, target: Ints, groups: Names, parts: Ints) -> Floats:
    ones, nowhere = np.ones(len(target)), np.full(len(target), np.nan)
    rows = Training(features.encode(frame), target, ones, groups, nowhere)
    scores = cross_fit(rows, target, 2, parts, logistic, (3.0,)).scores
    return np.asarray(scores[:, 1] - scores[:, 0])


def _area(scores: Floats, target: Ints) -> float:
    """Area under the ROC curve by mid-ranks (Mann and Whitney 1947), so that ties count half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    hits = target.sum()
    return float((rank[target == 1].sum() - hits * (hits + 1) / 2) / (hits * (len(target) - hits)))


def _spread(rows: Ints) -> Ints:
    """Return at most MOST_CASES of the rows, evenly spread."""
    return rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_CASES)).astype(np.int64)]


def _says(column: str, other: str, area: float, n: int, name: str) -> str:
    what = f"The days from “{other}” to “{column}” tell" if other else f"“{column}” alone tells"
    return (
        f"{what} “{name}” almost perfectly: area under the curve {area:.3f} on {n} cases that were not "
        "learned from. If it is known only after the decision, or made from the target, leave it out."
    )
