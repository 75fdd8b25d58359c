"""What people did lately, question by question: how long they took, what they said first and in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import Text, cast, func, select

from runtime.schema import answers, looks, questions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book

LATELY = 5_000
"""The last answers of a book that are looked at."""

COLUMNS: dict[str, type[pl.DataType]] = {
    "question": pl.String,
    "person": pl.String,
    "step": pl.String,
    "kind": pl.String,
    "letters": pl.Int64,
    "at": pl.String,
    "seconds": pl.Float64,
    "first": pl.String,
    "advice": pl.String,
    "final": pl.String,
}
"""The columns of a table of visits, one row a person and a question, the oldest first.

kind: of question. letters: how long what was shown is. at, seconds: of the first answer. first, final: labels,
empty for "cannot tell" and skipped. advice: the label that the model named in a second look, else null.
"""


def visits(connection: Connection, book: Book, last: int = LATELY) -> pl.DataFrame:
    """Return the visits behind the last answers of a book, of all people; withdrawn answers are not among them."""
    lately = (
        select(answers)
        .where(answers.c.book == book.id, answers.c.withdrawn.is_(None))
        .order_by(answers.c.at.desc(), answers.c.id)
        .limit(last)
        .subquery()
    )
    advised = (looks.c.question == lately.c.question) & (looks.c.person == lately.c.person)
    query = (
        select(
            lately.c.question, lately.c.person, questions.c.step, questions.c.wording["kind"].as_string(),
            func.length(cast(questions.c.shown, Text)), lately.c.at, lately.c.seconds, lately.c.label,
            lately.c.outcome, lately.c.supersedes, looks.c.label, looks.c.why,
        )
        .join_from(lately, questions, questions.c.id == lately.c.question)
        .outerjoin(looks, advised)
        .order_by(lately.c.at, lately.c.question, lately.c.person, lately.c.id)
    )  # fmt: skip
    found: dict[tuple[str, str], dict[str, object]] = {}
    for question, person, step, kind, letters, at, seconds, label, outcome, before, advice, why in connection.execute(
        query
    ):
        said = label if outcome == "answered" else ""
        row = found.get((question, person))
        if row is not None:
            row["final"] = said
        elif before is None:  # what began before the last answers were cut off has no first one here
            looked = advice if why not in (None, "with-the-question") else None
            found[question, person] = {
                "question": question, "person": person, "step": step, "kind": kind, "letters": letters,
                "at": str(at), "seconds": seconds, "first": said, "advice": looked, "final": said,
            }  # fmt: skip
    return pl.DataFrame(list(found.values()), schema=COLUMNS)
