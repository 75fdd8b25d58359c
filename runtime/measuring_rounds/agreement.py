"""How often people agree with each other and with the model: no truth is needed, and none is claimed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from runtime.measuring_rounds.answered import thought
from runtime.measuring_rounds.ground import Ground, sampled
from runtime.measuring_rounds.taken import Cases, Taken, Who
from runtime.measuring_rounds.words import AGREEMENT
from runtime.values import KEY


def agreement(ground: Ground, blind: pl.DataFrame) -> Iterator[Taken]:
    """Yield people with people and people with the model: on cases drawn at random, then on all asked.

    Only blind first answers count: whoever saw the model's answer agrees too easily.
    """
    told = blind.filter(pl.col("said") >= 0)
    drawn = told.filter(pl.col("drawn_with") > 0).with_columns(weight=1 / pl.col("drawn_with"))
    sets: tuple[tuple[Cases, pl.DataFrame, str], ...] = (
        ("audit", drawn, "cases drawn at random"),
        ("asked", told.with_columns(weight=pl.lit(1.0)), "asked cases"),
    )
    for cases, rows, where in sets:
        yield _between_people(ground, rows, cases, f"pairs of answers to {where}")
        yield _with_model(ground, rows, cases, f"answers to {where}")


def _between_people(ground: Ground, rows: pl.DataFrame, cases: Cases, noun: str) -> Taken:
    other = rows.select("question", person_other="person", place="said")
    pairs = rows.join(other, on="question", how="inner", maintain_order="left").filter(
        pl.col("person") < pl.col("person_other")
    )
    return _taken(ground, pairs, "people", cases, noun, pairs["said"])


def _with_model(ground: Ground, rows: pl.DataFrame, cases: Cases, noun: str) -> Taken:
    model = ground.rule.said(thought(rows, ground.rule.classes))
    told = rows.with_columns(place=pl.col("said"))
    return _taken(ground, told, "model", cases, noun, pl.Series(model, dtype=pl.Int64))


def _taken(
    ground: Ground, rows: pl.DataFrame, who: Who, cases: Cases, noun: str, decided: pl.Series
) -> Taken:
    shared = rows.with_columns(
        cluster=ground.cluster(rows[KEY]), weight=pl.col("weight") / pl.len().over(KEY)
    )
    sample = sampled(
        shared, decided.to_numpy().astype(np.int64), weight=shared["weight"].to_numpy().astype(np.float64)
    )
    return Taken(who, cases, AGREEMENT, noun, sample)
