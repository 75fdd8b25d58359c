"""What people and model said of the cases of a book, brought together row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select

from runtime.insight.encounters import Encounters, framed
from runtime.schema import looks, questions
from runtime.values import KEY

if TYPE_CHECKING:
    from runtime.insight.shelf import Shelf

ROWS = "answers to cases drawn at random"
ONE = ["question", "person"]


def encounters_of(shelf: Shelf) -> Encounters:
    """Return a row for each person and question of a book that was answered."""
    given = shelf.answers.with_row_index("order")
    first = _first(given)
    last = given.filter(~pl.col("answer").is_in(given["supersedes"].drop_nulls().implode()))
    final = last.filter(pl.col("outcome") == "answered").select(*ONE, final="label")
    spent = given.group_by(ONE, maintain_order=True).agg(pl.col("seconds").sum())
    begun = given.unique(ONE, keep="first", maintain_order=True).drop("seconds", "confidence", "label", "blind")
    rows = (
        begun.join(first, on=ONE, how="left", maintain_order="left")
        .join(final, on=ONE, how="left", maintain_order="left")
        .join(spent, on=ONE, how="left", maintain_order="left")
        .join(_looks(shelf, given), on=ONE, how="left", maintain_order="left")
    )
    rows = _true(shelf, _advised(rows))
    people = pl.len().over(KEY)
    frame = rows.with_columns(
        case=pl.col(KEY),
        round=pl.col("asked_in"),
        seen=pl.col("looked").fill_null(False) & pl.col("first").is_not_null(),
        weight=pl.when(pl.col("drawn_with") > 0).then(1 / pl.col("drawn_with") / people),
        blind=pl.col("blind").fill_null(False),
    )
    labels = shelf.predictions.classes if shelf.predictions else _labels(given)
    positive = shelf.predictions.positive if shelf.predictions else ""
    return Encounters(framed(frame), _shown(shelf, frame["question"]), labels, positive, "book", ROWS)


def _first(given: pl.DataFrame) -> pl.DataFrame:
    """Return each person's own first label, given before the model's advice was seen."""
    own = given.filter(pl.col("supersedes").is_null() & (pl.col("outcome") == "answered") & ~pl.col("advised"))
    kept = own.unique(ONE, keep="first", maintain_order=True)
    return kept.select(*ONE, "blind", first="label", first_confidence="confidence")


def _looks(shelf: Shelf, given: pl.DataFrame) -> pl.DataFrame:
    """Return the advice that was shown to whom."""
    query = (
        select(looks.c.question, looks.c.person, looks.c.label, looks.c.probability)
        .join(questions, questions.c.id == looks.c.question)
        .where(questions.c.book == shelf.book.id)
    )
    with shelf.store.reading() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    kinds = {"question": pl.String, "person": pl.String, "shown_label": pl.String, "shown_probability": pl.Float64}
    found = pl.DataFrame(rows, schema=kinds, orient="row").with_columns(looked=pl.lit(True))
    return found.join(given.select(ONE).unique(), on=ONE, how="semi")


def _advised(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what the model thought: as it was shown, else as it was kept with the question, if it leaned at all."""
    ranked = pl.col("probability").list.sort(descending=True)
    top, second = ranked.list.get(0, null_on_oob=True), ranked.list.get(1, null_on_oob=True)
    leaned = pl.when(top > second)
    return rows.with_columns(
        advice=pl.coalesce("shown_label", leaned.then(pl.col("model_label"))),
        advice_confidence=pl.coalesce("shown_probability", leaned.then(top.cast(pl.Float64))),
    )


def _true(shelf: Shelf, rows: pl.DataFrame) -> pl.DataFrame:
    """Add what is true of each case and what it shares one fate with; of a hidden known case, its known label."""
    if shelf.predictions is None:
        return rows.with_columns(truth=pl.lit(None, pl.String), cluster=pl.col(KEY))
    classes = pl.Series(shelf.predictions.classes, dtype=pl.String)
    frame = shelf.truths.frame
    labels = frame.select(KEY, found=classes.gather(frame["place"]))
    known = rows.join(labels, on=KEY, how="left", maintain_order="left")
    return known.with_columns(
        truth=pl.when("probe").then(pl.col("known_label")).otherwise(pl.col("found")),
        cluster=shelf.ground(shelf.predictions).cluster(rows[KEY]),
    )


def _shown(shelf: Shelf, asked: pl.Series) -> pl.DataFrame:
    """Return what people saw of each case, a column for each that was shown."""
    query = select(questions.c.id, questions.c.shown).where(questions.c.book == shelf.book.id)
    with shelf.store.reading() as connection:
        seen = {row.id: row.shown for row in connection.execute(query)}
    rows = [seen.get(name) or {} for name in asked]
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame(
        {name: pl.Series(name, [_cell(row.get(name)) for row in rows], strict=False) for name in names},
    )


def _cell(value: object) -> object:
    return value if isinstance(value, int | float | str | None) else str(value)


def _labels(given: pl.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(set(given["label"].drop_nulls().unique()) - {""}))
