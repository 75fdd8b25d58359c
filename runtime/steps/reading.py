"""From a file to records and outcomes, with the truth of a rehearsal cut out at the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from flows.problems import refuse
from runtime.chance import uniform
from runtime.round import Round
from runtime.tables.keys import joined
from runtime.tables.native import spelled
from runtime.tables.reading import Reading, open_table
from runtime.values import KEY, Outcomes, Records

if TYPE_CHECKING:
    from runtime.steps.source import ReadOutcomes, ReadTable, SealedTruth

YES, NO = "yes", "no"


def read_cases(step: ReadTable, round: Round) -> Records:
    """Return the records in a file; the truth goes where only simulated people and measures look."""
    truth = step.truth
    drop = tuple(dict.fromkeys((truth.column, *truth.hide))) if truth else ()
    with open_table(step.file(round.folder), step.table_settings(), step.key, drop) as reading:
        for oddity in reading.report:
            round.say(oddity.says)
        if reading.rows == 0 and step.no_rows == "stop":
            raise refuse(
                "table-no-rows",
                f"{step.path} has {len(reading.columns)} columns and no rows. Nothing was done. Bring the rows, or set "
                "`no_rows: go on` where a day without cases is usual.",
                "path",
            )
        _refuse_vanished(step, round, reading)
        shown = _seal(truth, reading, round) if truth else None
        types: dict[str, str] = dict(reading.columns)
        if truth and shown is not None:
            types[truth.name] = "category"
        table = round.table(_with_shown(reading.frames(), truth, shown))
        return Records(table, types=types, key=step.key)


def read_outcomes(step: ReadOutcomes, round: Round) -> Outcomes:
    """Return the outcomes known by the round's time; a rehearsal keeps all of them as sealed truth."""
    settings = step.table_settings(*step.key, step.outcome)
    with open_table(step.file(round.folder), settings) as reading:
        for name in (*step.key, step.outcome, step.known_at):
            if name not in reading.columns:
                raise refuse(
                    "table-column",
                    f"{step.path} has no column called '{name}'. Its columns are: {', '.join(reading.columns)}.",
                )
        whole = pl.concat(list(reading.frames()))
    frame = _known(step, whole, reading)
    if round.rehearsal and frame.height:
        round.seal_truth(frame.group_by(KEY, maintain_order=True).agg(pl.col("label").last()))
    past = frame.filter(pl.col("known_at") <= round.now)
    later = frame.height - past.height
    if later:
        round.say(f"{later:,} outcomes become known later than {round.now:%Y-%m-%d %H:%M} UTC and are left out.")
    return Outcomes(round.table([past]))


def _known(step: ReadOutcomes, whole: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    if reading.columns[step.known_at] not in ("date", "datetime"):
        raise refuse(
            "outcome-time",
            f"The column '{step.known_at}' of {step.path} holds no dates or moments, so nobody knows when an "
            "outcome became known. Name the column that does.",
            "known_at",
        )
    return (
        whole.select(
            joined(whole, step.key),
            pl.col(step.outcome).cast(pl.String).alias("label"),
            pl.col(step.known_at).cast(pl.Datetime("us", "UTC"), strict=False).alias("known_at")
            if whole.schema[step.known_at] != pl.Date
            else pl.col(step.known_at).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("known_at"),
        )
        .drop_nulls()
        .unique(maintain_order=True)
        .sort("known_at", KEY, "label")
    )


def _seal(truth: SealedTruth, reading: Reading, round: Round) -> pl.DataFrame | None:
    """Keep the truth away from all links, and return the start set (key, label) when one is wanted."""
    if not round.rehearsal:
        return None
    labels = _labels(truth, reading)
    round.seal_truth(labels)
    if not truth.start:
        return None
    drawn = labels.with_columns(pl.Series("draw", uniform(labels[KEY], (round.seed, "start"))))
    return drawn.sort("draw").head(truth.start).select(KEY, "label")


def _labels(truth: SealedTruth, reading: Reading) -> pl.DataFrame:
    hidden = reading.dropped()
    if not truth.comparison:
        return hidden.select(KEY, spelled(hidden[truth.column]).alias("label")).drop_nulls()
    other = _other(truth, reading, hidden)
    said = _compared(pl.col(truth.column), truth.comparison, other["other"], hidden.schema[truth.column])
    return (
        hidden.with_columns(other)
        .select(KEY, pl.when(said).then(pl.lit(YES)).when(~said).then(pl.lit(NO)).alias("label"))
        .drop_nulls()
    )


def _other(truth: SealedTruth, reading: Reading, hidden: pl.DataFrame) -> pl.DataFrame:
    if truth.other in hidden.columns:
        return hidden.select(pl.col(truth.other).alias("other"))
    if truth.other in reading.columns:
        return pl.concat([frame.select(pl.col(truth.other).alias("other")) for frame in reading.frames()])
    return pl.DataFrame({"other": [truth.other] * hidden.height}, schema={"other": pl.String})


def _compared(column: pl.Expr, comparison: str, other: pl.Series, dtype: Any) -> pl.Expr:
    right = pl.col("other")
    if other.dtype == pl.String and dtype != pl.String:
        right = right.cast(dtype, strict=False)
    if comparison in ("after", "more than"):
        return column > right
    if comparison in ("before", "less than"):
        return column < right
    return column == right if comparison == "is" else column != right


def _with_shown(
    frames: Iterator[pl.DataFrame], truth: SealedTruth | None, shown: pl.DataFrame | None
) -> Iterator[pl.DataFrame]:
    for frame in frames:
        if truth and shown is not None:
            named = shown.rename({"label": truth.name})
            frame = frame.drop(truth.name, strict=False).join(named, on=KEY, how="left", maintain_order="left")
        yield frame


def _refuse_vanished(step: ReadTable, round: Round, reading: Reading) -> None:
    before = round.last("records")
    if not isinstance(before, Records) or step.vanished_columns == "go on":
        return
    own = {step.truth.name} if step.truth and step.truth.start else set()
    gone = [name for name in before.types if name not in reading.columns and name not in own]
    if gone:
        raise refuse(
            "column-vanished",
            f"{step.path} had the columns {', '.join(gone)} in the last round and has them no more. Bring them back, "
            "or set `vanished_columns: go on` to work without them.",
            "path",
        )
