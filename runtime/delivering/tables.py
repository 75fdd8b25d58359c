"""The delivered table: one row a case, who decided it, and what would change in rows delivered before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from runtime.choosing.settling import DETAIL
from runtime.round import Round
from runtime.values import KEY, Decisions, Records

if TYPE_CHECKING:
    from runtime.steps.deliver import WriteTable

WINS = ("outcome", "person", "data", "rule", "model", "nobody")
"""Whose decision counts where several are there, the first before the others."""
NAMES = {
    "round": "decided_in_round",
    "version": "model_version",
    "probability": "model_probability",
    "changed": "changed_since_answer",
}


def write_table(step: WriteTable, round: Round, decisions: tuple[Decisions, ...]) -> None:
    """Hand over the table of decisions, and beside it the list of rows that were delivered otherwise."""
    before = round.delivered_before(step.path)
    past = before.frame() if before is not None else None
    settled, changes = _settle(step, _best(decisions), past)
    records = decisions[0].records
    delivered = round.table([settled])
    round.deliver(
        step.path,
        partial(
            _write, form=Path(step.path).suffix.lower(), records=records, settled=settled, simulated=round.rehearsal
        ),
        delivered,
    )
    if changes.height:
        kept = "kept as delivered" if step.delivered == "keep" else "written anew"
        round.say(f"{changes.height:,} rows were delivered with another decision before; they are {kept} and listed.")
        round.deliver(step.writes()[1], changes.write_csv)


def _best(decisions: tuple[Decisions, ...]) -> pl.DataFrame:
    """Return one decision a case; where several are there, the one that wins."""
    # Only decisions of some kinds of question have a detail.
    whole = pl.concat([entry.table.frame() for entry in decisions], how="diagonal")
    rank = pl.col("decided_by").replace_strict(list(WINS), list(range(len(WINS))), default=len(WINS))
    return (
        whole.with_columns(rank=rank)
        .sort("rank", KEY, maintain_order=True)
        .unique(KEY, keep="first")
        .drop("rank")
        .sort(KEY)
    )


def _settle(step: WriteTable, now: pl.DataFrame, past: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what is to be delivered, and the rows whose decision differs from what was delivered."""
    if past is None:
        return now, now.clear()
    then = past.filter(pl.col("decision") != "")
    both = now.join(then.rename(lambda name: name if name == KEY else f"{name}_delivered"), on=KEY, how="inner")
    changes = both.filter(pl.col("decision") != pl.col("decision_delivered")).sort(KEY)
    # A decision that was delivered and that no step repeats in this round stays either way.
    first, second = (then, now) if step.delivered == "keep" else (now, then)
    return pl.concat([first, second.join(first, on=KEY, how="anti")], how="diagonal").sort(KEY), changes


def _write(path: Path, form: str, records: Records, settled: pl.DataFrame, simulated: bool) -> None:
    """Write the table partition by partition, so that memory does not grow with rows."""
    frames = _frames(records, settled, simulated)
    if form == ".parquet":
        _write_parquet(path, frames)
        return
    with path.open("wb") as file:
        for number, frame in enumerate(map(_whole_numbers, frames)):
            if form == ".csv":
                frame.write_csv(file, include_header=number == 0)
            else:
                frame.write_ndjson(file)


def _write_parquet(path: Path, frames: Iterator[pl.DataFrame]) -> None:
    import pyarrow.parquet

    writer = None
    for frame in frames:
        table = frame.to_arrow()
        writer = writer or pyarrow.parquet.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _set_aside(columns: list[str]) -> dict[str, str]:
    """Return new names for columns of the source that are called like those of the decision."""
    own = {"case", "decision", DETAIL, "decided_by", "simulated", *NAMES, *NAMES.values()}
    names: dict[str, str] = {}
    for column in (name for name in columns if name in own):
        names[column] = f"{column} (source)"
        while names[column] in columns:
            names[column] += "'"
    return names


def _whole_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose number columns without decimals are written as 7, not as 7.0."""
    whole = [
        name
        for name, dtype in frame.schema.items()
        if dtype == pl.Float64 and (frame[name].drop_nulls() % 1 == 0).all() and _fits(frame[name])
    ]
    return frame.with_columns(pl.col(whole).cast(pl.Int64))


def _fits(numbers: pl.Series) -> bool:
    largest = numbers.abs().max()
    return largest is None or (isinstance(largest, float) and largest < 2**53)


def _frames(records: Records, settled: pl.DataFrame, simulated: bool) -> Iterator[pl.DataFrame]:
    for frame in records.table.frames():
        frame = frame.rename(_set_aside(frame.columns))
        joined = frame.join(settled, on=KEY, how="left", maintain_order="left")
        yield (
            joined.with_columns(
                pl.col("decision").fill_null(""),
                pl.col("decided_by").fill_null("nobody"),
                pl.col("changed").fill_null(False),
                *([pl.lit(True).alias("simulated")] if simulated else []),
            )
            .rename(NAMES)
            .rename({KEY: "case"})
        )
