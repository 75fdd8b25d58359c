"""A table of decisions from elsewhere: each row a person and a case, before and after they saw the model's advice."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from flows.problems import refuse
from runtime.insight.encounters import COLUMNS, Encounters, framed
from runtime.tables.native import spelled
from runtime.tables.reading import open_table
from runtime.values import KEY

NEEDED = ("person", "case", "first", "advice", "final", "truth")
SURE = ("first_confidence", "advice_confidence")
MAY = (*SURE, "seconds", "group")
ROWS = "decisions"


def read_decisions(path: Path, confidence_of: str = "", positive: str = "") -> tuple[Encounters, tuple[str, ...]]:
    """Return the encounters in a table of any format, and sentences about what was odd.

    Columns: person, case, first (their own label), advice (the model's), final (their last word), truth; and, if
    there are any, first_confidence and advice_confidence (0 to 1, or 0 to 100 in per cent: how sure of the
    label that was named, or how likely `confidence_of` is), seconds, and group (what shares one fate). Every
    other column is one to see where people and model differ. The rows are taken as all cases, or as drawn from
    them at random. Raises `Refused` for a table that lacks columns, or holds numbers that are no confidences.
    """
    with open_table(path) as reading:
        whole = pl.concat(list(reading.frames())).drop(KEY)
        notes = [oddity.says for oddity in reading.report]
    named = whole.rename(_names(path, whole.columns))
    rows, dropped = _usable(named)
    notes += dropped
    labels = _labels(path, rows)
    rows = rows.with_columns(_sure(path, rows, name, labels, confidence_of) for name in SURE if name in rows.columns)
    rows = rows.with_columns(
        cluster=spelled(rows["group"]) if "group" in rows.columns else rows["case"],
        seen=pl.col("advice").is_not_null(),
        weight=pl.lit(1.0),
        probe=pl.lit(False),
        blind=pl.lit(True),
    )
    if positive and positive not in labels:
        raise _wrong(path, f"'{positive}' is none of its labels: {', '.join(labels)}.")
    own = rows.select(name for name in rows.columns if name not in COLUMNS and name != "group")
    return Encounters(framed(rows), own, labels, positive or confidence_of, "table", ROWS), tuple(notes)


def _names(path: Path, found: list[str]) -> dict[str, str]:
    """Return what the columns are called here: known ones in lower case with underscores."""
    known: dict[str, str] = {}
    for name in found:
        plain = name.strip().lower().replace(" ", "_").replace("-", "_")
        if plain in (*NEEDED, *MAY) and plain not in known.values():
            known[name] = plain
    missing = [name for name in NEEDED if name not in known.values()]
    if missing:
        raise _wrong(
            path,
            f"it has no column called {', '.join(missing)}. Its columns are: {', '.join(found)}. Each row is one "
            f"person and one case, with the columns {', '.join(NEEDED)}.",
        )
    # A further column may be called like one of the frame's own, such as `round`.
    return known | {name: f"{name} (given)" for name in found if name in COLUMNS and name not in known}


def _usable(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return the rows with a person and a case, each pair once, and what was left out."""
    words = frame.with_columns(spelled(frame[name]).str.strip_chars().alias(name) for name in NEEDED)
    whole = words.filter(pl.all_horizontal(pl.col("person", "case").fill_null("") != ""))
    once = whole.unique(["person", "case"], keep="first", maintain_order=True)
    notes = []
    if words.height > whole.height:
        notes.append(f"{words.height - whole.height:,} rows name no person or no case and are left out.")
    if whole.height > once.height:
        notes.append(f"{whole.height - once.height:,} rows repeat a person and a case; the first of each is counted.")
    return once, notes


def _labels(path: Path, rows: pl.DataFrame) -> tuple[str, ...]:
    said = [word for name in ("truth", "first", "advice", "final") for word in rows[name].drop_nulls().unique() if word]
    labels = tuple(sorted(set(said)))
    if len(labels) < 2:
        raise _wrong(path, "fewer than two labels stand in the columns first, advice, final and truth.")
    return labels


def _sure(path: Path, rows: pl.DataFrame, name: str, labels: tuple[str, ...], of: str) -> pl.Expr:
    """Return how sure somebody was of the label they named, from 0 to 1."""
    column = rows[name]
    if not column.dtype.is_numeric():
        raise _wrong(path, f"'{name}' must hold numbers from 0 to 1, or from 0 to 100 in per cent.")
    numbers = column.cast(pl.Float64).drop_nulls().drop_nans().to_list()
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if low < 0 or high > 100:
        raise _wrong(
            path, f"'{name}' goes from {low:g} to {high:g}; it must lie between 0 and 1, or between 0 and 100."
        )
    percent = high > 1
    share = pl.col(name).cast(pl.Float64).fill_nan(None) / (100 if percent else 1)
    if not of:
        return share.alias(name)
    if of not in labels or len(labels) != 2:
        raise _wrong(
            path, f"how likely '{of}' is tells of all labels only where there are two; there are: {', '.join(labels)}."
        )
    said = pl.col(name.removesuffix("_confidence"))
    return pl.when(said == of).then(share).when(said.is_not_null()).then(1 - share).alias(name)


def _wrong(path: Path, why: str) -> Exception:
    return refuse("decisions-wrong", f"{path.name} cannot be read as a table of decisions: {why}")


CODES: tuple[tuple[str, str], ...] = (
    ("decisions-wrong", "A table of decisions lacks a column or holds what does not fit; the sentence says which."),
)
