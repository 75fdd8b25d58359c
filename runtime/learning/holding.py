"""Which cases are held out for measuring: chosen by hash of what shares a fate, the same in every round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from flows.problems import refuse
from runtime.chance import uniform
from runtime.values import KEY

if TYPE_CHECKING:
    from runtime.steps.model import PredictLabel

SALT = "held out"


def groups_of(step: PredictLabel, frame: pl.DataFrame) -> pl.Series:
    """Return (n,) words that name what shares one fate: the group columns, or the case itself."""
    gone = [name for name in step.group if name not in frame.columns]
    if gone:
        raise refuse(
            "group-missing",
            f"The cases have no column called {', '.join(gone)} to group by. Their columns are: "
            f"{', '.join(name for name in frame.columns if name != KEY)}.",
            "group",
        )
    if not step.group:
        return frame[KEY]
    words = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in step.group], separator="\x1f")
    return frame.select(words).to_series()


def held_out(step: PredictLabel, frame: pl.DataFrame) -> npt.NDArray[np.int8]:
    """Return (n,) 0 for cases to learn from, 1 and 2 for the two halves kept for measuring.

    Half 1 decides about releasing a version, half 2 only reports.
    """
    if isinstance(step.held_out, float | int):
        groups = groups_of(step, frame)
        names = groups.unique().sort()
        draws = dict(zip(names, uniform(names, (SALT, step.target, step.split)), strict=True))
        draw = np.array([draws[name] for name in groups])
        half = step.held_out / 2
        return np.where(draw < half, 1, np.where(draw < step.held_out, 2, 0)).astype(np.int8)
    return _later(step, step.held_out.column, step.held_out.since, frame)


def _later(step: PredictLabel, column: str, since: str, frame: pl.DataFrame) -> npt.NDArray[np.int8]:
    if column not in frame.columns or not frame.schema[column].is_temporal():
        raise refuse(
            "held-out-dates",
            f"Cases are held out by '{column}', which is no column with dates here.",
            "held_out",
        )
    start = pl.Series([since]).str.to_date(strict=False)[0]
    if start is None:
        raise refuse("held-out-dates", f"'{since}' is no day. Write it as 2013-06-01.", "held_out")
    later = (frame[column].dt.date() >= start).fill_null(False).to_numpy()
    groups = groups_of(step, frame)
    # A group with one late line is held out whole: its other lines tell how it ended.
    late = set(groups.filter(pl.Series(later)))
    names = sorted(late)
    half = dict(zip(names, np.where(uniform(names, (SALT, step.target, step.split)) < 0.5, 1, 2), strict=True))
    return np.array([half.get(name, 0) for name in groups], dtype=np.int8)
