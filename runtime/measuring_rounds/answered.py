"""What people said on their own: the first answer of each, given before the model's was seen."""

from __future__ import annotations

import numpy as np
import polars as pl

from runtime.answers import table_of
from runtime.measuring.sample import Floats, Integers
from runtime.measuring_rounds.ground import numbered
from runtime.values import KEY, Answers

NEEDED = (
    "question", KEY, "person", "label", "outcome", "blind", "supersedes", "drawn_with", "also_picked",
    "model_label", "probability",
)  # fmt: skip

CROWD = 20
"""From so many persons on they stand for others like them, and a person's answers share a fate.

Fewer are a team: figures speak of these people only. Taken as a sample of all people, six of them with
140 answers, 94 % of them right, would be right in "0.17 to 1.00".
"""


def first_answers(answers: Answers) -> pl.DataFrame:
    """Return the first answer of each person to each question, with the columns of `NEEDED`.

    A correction is a second thought: it decides the case, but does not say how well people do unaided.
    Hidden known cases (probes) are none of the cases, and are measured apart.
    """
    return table_of(answers).filter(pl.col("supersedes").is_null() & ~pl.col("probe")).select(NEEDED)


def unaided(first: pl.DataFrame, classes: tuple[str, ...]) -> pl.DataFrame:
    """Return the first answers that were given blind, with `said` (place of the label, -1 for none)."""
    place = {label: number for number, label in enumerate(classes)}
    said = pl.col("label").fill_null("").replace_strict(place, default=-1, return_dtype=pl.Int64)
    told = pl.when(pl.col("outcome") == "answered").then(said).otherwise(-1)
    return first.filter(pl.col("blind")).with_columns(said=told)


def crowd(rows: pl.DataFrame) -> Integers | None:
    """Return (n,) the number of each row's person where they are many, else None."""
    return numbered(rows["person"]) if rows["person"].n_unique() >= CROWD else None


def team_of(rows: pl.DataFrame) -> str:
    """Return the words for whose answers these are."""
    count = rows["person"].n_unique()
    if not 0 < count < CROWD:
        return "answers"
    return "answers of one person" if count == 1 else f"answers of these {count} people"


def thought(rows: pl.DataFrame, classes: tuple[str, ...]) -> Floats:
    """Return (n, k) float32: what the model thought when it was asked; NaN where that does not fit any more.

    It does not fit when the labels are others by now: another number, or another one is the likeliest.
    """
    found = np.full((rows.height, len(classes)), np.nan, dtype=np.float32)
    for number, (label, chances) in enumerate(rows.select("model_label", "probability").iter_rows()):
        if chances is None or len(chances) != len(classes) or label not in classes:
            continue
        if chances[classes.index(label)] >= max(chances):
            found[number] = chances
    return found
