"""Whether answers came faster than one can read: measured against how long other people take for the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

LEAST_ANSWERS = 30
LEAST_PEOPLE = 2
LEAST_SPREAD = 0.2


def bounds(visits: pl.DataFrame, person: str) -> pl.Series:
    """Return (n,) seconds below which each visit of a person is too fast; null where too little is known.

    For the same kind of question and a text of about the same length (up to twice as long: the whole part of its
    logarithm to base 2), with m the median of the logarithms of other people's seconds and d their median
    distance from m:

        bound = exp(m - 3 * max(1.4826 * d, 0.2))

    1.4826 d estimates a standard deviation without minding outliers (Hampel, Journal of the American Statistical
    Association 69, 1974): of people who take their time, about one answer in 700 is below it. Others must have
    given at least 30 such answers, and be at least 2 people.
    """
    sized = visits.filter(pl.col("seconds") > 0).with_columns(_size())
    others = sized.filter(pl.col("person") != person)
    told = [
        {"step": step, "kind": kind, "size": size, "bound": _bound(group["seconds"].to_numpy())}
        for (step, kind, size), group in others.group_by("step", "kind", "size", maintain_order=True)
        if group.height >= LEAST_ANSWERS and group["person"].n_unique() >= LEAST_PEOPLE
    ]
    schema = {"step": pl.String, "kind": pl.String, "size": pl.Int64, "bound": pl.Float64}
    mine = visits.filter(pl.col("person") == person).with_columns(_size())
    joined = mine.join(
        pl.DataFrame(told, schema=schema), on=["step", "kind", "size"], how="left", maintain_order="left"
    )
    return joined["bound"]


def _size() -> pl.Expr:
    return pl.col("letters").fill_null(0).clip(1).log(2).floor().cast(pl.Int64).alias("size")


def _bound(seconds: npt.NDArray[np.float64]) -> float:
    logs = np.log(seconds)
    middle = float(np.median(logs))
    spread = 1.4826 * float(np.median(np.abs(logs - middle)))
    return float(np.exp(middle - 3 * max(spread, LEAST_SPREAD)))
