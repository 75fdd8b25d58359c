"""A rehearsal whose hidden truth covers nearly all cases: what the team decides, counted on all of them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from runtime.delivering.tables import WINS
from runtime.measuring_rounds.ground import Ground, sampled
from runtime.measuring_rounds.taken import Taken, truth_words
from runtime.values import KEY, Decisions

NEARLY_ALL = 0.95
GIVEN = ("outcome", "data")
"""Decided by what was known anyway: right by definition, so it says nothing about the team."""


def census(ground: Ground, decisions: tuple[Decisions, ...]) -> Iterator[Taken]:
    """Yield team and model on all cases where the truth of 95 % of them is known, else nothing.

    The team: this round's decisions, but those that merely repeat an outcome or a known label. The
    model: as it is now, on the cases that nobody has labelled yet, since it learned from the others.
    """
    keys = ground.scored(lambda frame: frame.select(KEY, *(["group"] if "group" in frame.columns else [])))
    rows = ground.truths.of(keys)
    if not keys.height or rows.height < NEARLY_ALL * keys.height:
        return
    if decisions:
        yield _team(ground, rows, decisions)
    fresh = ground.scored(lambda frame: ground.truths.of(frame.filter(pl.col("known") == "")))
    noun = "cases that nobody has labelled yet"
    sample = sampled(fresh, ground.said(fresh), ground.chances(fresh))
    yield Taken("model", "all", truth_words(fresh), noun, sample)


def best(decisions: tuple[Decisions, ...]) -> pl.DataFrame:
    """Return (key, decision, decided_by), one row a case: a person's decision wins over the model's."""
    columns = [KEY, "decision", "decided_by"]
    nothing = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    whole = pl.concat([nothing, *(frame for entry in decisions for frame in entry.table.frames(columns))])
    rank = pl.col("decided_by").replace_strict(list(WINS), list(range(len(WINS))), default=len(WINS))
    return whole.sort(rank, maintain_order=True).unique(KEY, keep="first", maintain_order=True)


def _team(ground: Ground, rows: pl.DataFrame, decisions: tuple[Decisions, ...]) -> Taken:
    place = {label: number for number, label in enumerate(ground.rule.classes)}
    decided = rows.join(best(decisions), on=KEY, how="left", maintain_order="left").filter(
        ~pl.col("decided_by").fill_null("nobody").is_in(GIVEN)
    )
    said = decided["decision"].fill_null("").replace_strict(place, default=-1, return_dtype=pl.Int64)
    noun = "cases of the whole rehearsal"
    return Taken("team", "all", truth_words(decided), noun, sampled(decided, said.to_numpy()))
