"""A look at what flowed along a link: how many rows, which columns, the first rows, and what a column looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from editor.columns import records_of
from editor.kept import Kept, kept_at
from editor.profile import ColumnLook, in_words, profile
from flows.catalog import Catalog
from flows.flow import Flow, Link

if TYPE_CHECKING:
    import polars as pl

    from runtime.artifacts import Artifacts
    from runtime.store import Store
    from runtime.values import Table, Value

FIRST_ROWS = 20
MOST_LOOKED = 20_000
"""Rows that a profile looks at, from the beginning."""
MOST_COLUMNS = 200
_ANSWERS: Mapping[str, str] = {
    "person": "who", "label": "answer", "at": "when", "outcome": "how it went", "seconds": "seconds",
    "reason": "why it was asked", "model_label": "what the model said", "blind": "before seeing the model",
    "answer": "id of the answer", "question": "id of the question", "supersedes": "id of the answer it replaces",
    "row": "digest of the case",
}  # fmt: skip
"""Columns of answers in the order in which they are read, with their words."""
_ANSWERS_LAST = ("supersedes", "answer", "question", "row")
_DIGEST = "^[0-9a-f]{16,}$"
_MOST_PARTS = 40
"""Partitions of records that are looked through for the first rows of what was picked from them."""


@dataclass(frozen=True)
class Peek:
    """What flowed on a link when its source last ran. `looked` is how many of the rows the columns tell of."""

    link: str
    type: str
    rows: int
    looked: int
    round: int
    book: str
    says: str
    columns: tuple[ColumnLook, ...]
    names: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]


def peek(store: Store, flow: Flow, catalog: Catalog, link: Link, book: str | None = None) -> Peek | None:
    """Return a look at what flowed on a link last, in one book or in the one that was played last.

    None when its source has not run. Only what left by the port is read, at most 20,000 rows of it.
    """
    kept = kept_at(store, flow, catalog, link.source, book)
    if kept is None:
        return None
    frame = _readable(kept.value)
    columns = tuple(profile(frame[name]) for name in frame.columns)
    first = tuple(tuple(map(in_words, row)) for row in frame.head(FIRST_ROWS).iter_rows())
    return Peek(
        link=str(link),
        type=type(kept.value).__name__,
        rows=kept.value.count,
        looked=frame.height,
        round=kept.round,
        book=kept.book,
        says=_sentence(kept, frame.height),
        columns=columns,
        names=tuple(frame.columns),
        first=first,
    )


def _sentence(kept: Kept, looked: int) -> str:
    whole = "" if looked >= kept.value.count else f" The columns tell of the first {looked:,} rows."
    return f"{kept.sentence()}{whole}"


def _readable(value: Value) -> pl.DataFrame:
    """Return the first rows as a person reads them: the key, what the step says, and the case's columns."""
    import polars as pl

    from runtime.values import KEY, Answers, Cases, Predictions

    frame = _head(value.table, MOST_LOOKED)
    if isinstance(value, Answers):
        frame = _told(frame)
    if isinstance(value, Predictions):
        frame = _spread(frame, "probability", value.classes)
    elif isinstance(value, Cases) and KEY in frame.columns:
        scores = _matching(value.predictions.table, frame[KEY])
        frame = frame.join(_spread(scores, "probability", value.predictions.classes), on=KEY, how="left")
    records = records_of(value)
    if records is not None and records is not value and KEY in frame.columns:
        rows = _matching(records.table, frame[KEY])
        frame = frame.join(rows.select(pl.exclude(set(frame.columns) - {KEY})), on=KEY, how="left")
    named = {KEY: "case"} if KEY in frame.columns and "case" not in frame.columns else {}
    frame = frame.rename(named).select(pl.all().exclude(pl.List, pl.Struct))
    order = sorted(frame.columns, key=lambda name: _is_digest(frame.get_column(name)))
    return frame.select(order[:MOST_COLUMNS])


def _told(answers: pl.DataFrame) -> pl.DataFrame:
    """Return answers as they are told: of which case, who, what and when first, all in words."""
    import polars as pl

    from runtime.values import KEY

    when = pl.col("at").str.slice(0, 16).str.replace("T", " ")
    order = [name for name in (KEY, *_ANSWERS) if name in answers.columns]
    last = [name for name in _ANSWERS_LAST if name in answers.columns]
    first = [name for name in order if name not in last]
    return answers.with_columns(when).select(*first, pl.exclude(*first, *last), *last).rename(_said)


def _said(column: str) -> str:
    return column if column.startswith("_") else _ANSWERS.get(column) or column.replace("_", " ")


def _is_digest(column: pl.Series) -> bool:
    """Return whether a column holds what only machines read: digests and long ids in hexadecimal digits."""
    import polars as pl

    told = column.drop_nulls().head(FIRST_ROWS) if column.dtype == pl.String else column.clear()
    told = told.filter(told != "") if len(told) else told
    words = told.cast(pl.String).str
    return len(told) > 0 and bool(words.contains(_DIGEST).all()) and bool(words.contains("[a-f]").any())


def _spread(frame: pl.DataFrame, column: str, classes: Iterable[str]) -> pl.DataFrame:
    """Return a frame with one column for each class in the place of their probabilities."""
    import polars as pl

    if column not in frame.columns:
        return frame
    parts = [pl.col(column).arr.get(place).alias(f"probability of {label}") for place, label in enumerate(classes)]
    return frame.with_columns(parts).drop(column)


def _head(table: Table, most: int) -> pl.DataFrame:
    """Return the first rows of a table, reading no more partitions than they take."""
    import polars as pl

    frames: list[pl.DataFrame] = []
    left = most
    for digest, count in table.parts:
        frames.append(_part(table.artifacts, digest).head(left).collect())
        left -= count
        if left <= 0:
            break
    return pl.concat(frames) if frames else pl.DataFrame()


def _matching(table: Table, keys: pl.Series) -> pl.DataFrame:
    """Return the rows of these keys, as far as the first partitions have them."""
    import polars as pl

    from runtime.values import KEY

    wanted = keys.implode()
    parts = [
        _part(table.artifacts, digest).filter(pl.col(KEY).is_in(wanted)).collect()
        for digest, _ in table.parts[:_MOST_PARTS]
    ]
    found = pl.concat(parts) if parts else pl.DataFrame({KEY: []}, schema={KEY: pl.String})
    return found.unique(KEY, keep="first", maintain_order=True)


def _part(artifacts: Artifacts, digest: str) -> pl.LazyFrame:
    import polars as pl

    return pl.scan_parquet(artifacts.found(digest), glob=False, hive_partitioning=False)
