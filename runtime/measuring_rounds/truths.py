"""What is true of each case: its outcome, else a label that came with the data, else a rehearsal's truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from runtime.experience import latest_outcomes
from runtime.labels import spelled_as
from runtime.round import Round
from runtime.tables.native import spelled
from runtime.values import KEY, Outcomes, Predictions

if TYPE_CHECKING:
    from runtime.steps.measure import MeasureQuality

OUTCOME, KNOWN, SEALED = "outcome", "known case", "sealed truth"


@dataclass(frozen=True, eq=False)
class Truths:
    """What is true of the cases of which anything is known; never what somebody answered.

    frame: the key; `place` (Int32, place of the label in the classes); `source` (outcome, known case,
    sealed truth). notes: sentences about what could not be used.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of which the truth is known, with `place` and `source`."""
        return frame.join(self.frame, on=KEY, how="inner", maintain_order="left")


def truths_of(
    step: MeasureQuality, round: Round, predictions: Predictions, outcomes: Outcomes
) -> Truths:
    """Return the truth of each case; an outcome, the latest of several, counts before all else.

    A label that the model does not know is left out, with a note.
    """
    notes: list[str] = []
    found = pl.concat(
        [
            _labels(latest_outcomes(outcomes).items(), OUTCOME),
            *_known_cases(predictions),
            _sealed(step, round, notes),
        ]
    ).unique(KEY, keep="first", maintain_order=True)
    classes, spell = list(predictions.classes), spelled_as(predictions.classes)
    place = {word: classes.index(spell(word)) for word in found["label"].unique() if spell(word) in classes}
    placed = found.with_columns(
        place=pl.col("label").replace_strict(place, default=-1, return_dtype=pl.Int32)
    )
    strange = placed.filter(pl.col("place") < 0)
    if strange.height:
        named = ", ".join(f"“{label}”" for label in strange["label"].unique().sort().head(5))
        notes.append(
            f"{strange.height:,} cases have a truth that is none of the model's labels ({named}); "
            "they are not measured."
        )
    return Truths(placed.filter(pl.col("place") >= 0).select(KEY, "place", "source"), tuple(notes))


def _labels(rows: Iterable[tuple[str, str]], source: str) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema={KEY: pl.String, "label": pl.String}, orient="row")
    return frame.with_columns(source=pl.lit(source))


def _known_cases(predictions: Predictions) -> Iterator[pl.DataFrame]:
    records = predictions.records.table
    if predictions.target not in records.columns:
        return
    for frame in records.frames([KEY, predictions.target]):
        rows = frame.drop_nulls()
        yield rows.select(KEY, label=spelled(rows[predictions.target]), source=pl.lit(KNOWN))


def _sealed(step: MeasureQuality, round: Round, notes: list[str]) -> pl.DataFrame:
    table = round.truth(step.truth)
    if table is not None:
        return table.frame().select(KEY, pl.col("label").cast(pl.String), source=pl.lit(SEALED))
    there = ", ".join(sorted(round.memory.truth))
    if there and step.truth:
        notes.append(f"This rehearsal has no truth called '{step.truth}'. There is: {there}.")
    elif there:
        notes.append(
            f"This rehearsal hides the truth of several steps ({there}): name one in the setting `truth`."
        )
    return _labels((), SEALED)
