"""How often people agree with each other and with the model: no truth is needed, and none is claimed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from runtime.measuring_rounds.answered import thought
from runtime.measuring_rounds.ground import Ground, numbered, sampled
from runtime.measuring_rounds.taken import Cases, Look, Row, Taken, Who
from runtime.measuring_rounds.words import AGREEMENT
from runtime.reliability.coefficients import krippendorff
from runtime.reliability.said import said_in
from runtime.values import KEY

BEYOND_CHANCE = "agreement beyond chance"
"""Krippendorff's alpha: 1 always alike, 0 as often as by chance."""


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


def beyond_chance(ground: Ground, blind: pl.DataFrame, look: Look) -> Row:
    """Return how far people agree beyond chance on the cases they were asked about, before they saw the model.

    With a rare label two people often agree by chance alone; this takes it out.
    """
    told = blind.filter(pl.col("said") >= 0)
    said = said_in(told, ground.rule.classes)
    if look.alpha is None:
        says = "not known: all announced rounds are over"
        return _row(look, len(said.cases), says)
    words = ground.cluster(pl.Series(KEY, said.cases, dtype=pl.String))
    found = krippendorff(said, "nominal", look.alpha, numbered(words).astype(np.int64))
    return _row(look, found.cases, f"{found.says} (asked cases)", found.value, found.low, found.high)


def _row(
    look: Look, cases: int, says: str, value: float | None = None, low: float | None = None, high: float | None = None
) -> Row:
    return Row(BEYOND_CHANCE, "people", "asked", AGREEMENT, value, low, high, cases, 0, None, look.round, says)


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


def _taken(ground: Ground, rows: pl.DataFrame, who: Who, cases: Cases, noun: str, decided: pl.Series) -> Taken:
    shared = rows.with_columns(cluster=ground.cluster(rows[KEY]), weight=pl.col("weight") / pl.len().over(KEY))
    sample = sampled(shared, decided.to_numpy().astype(np.int64), weight=shared["weight"].to_numpy().astype(np.float64))
    return Taken(who, cases, AGREEMENT, noun, sample)
