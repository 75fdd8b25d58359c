"""Model, people and team side by side on the same cases, and what follows: the verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from runtime.insight.encounters import Encounters
from runtime.insight.finding import (
    Finding,
    between,
    difference_of,
    in_unit,
    of_measure,
    of_pair,
    sampled,
    unknown,
)
from runtime.measuring import Measure, Sample, Verdict, verdict
from runtime.measuring.sample import Integers
from runtime.measuring_rounds.answered import crowd


@dataclass(frozen=True)
class Standing:
    """How well model, people alone and the team do on cases drawn at random, and the differences.

    best_alone: the better of model and people; its interval holds whichever of the two is truly the better.
    measure: by which they are compared. truth: what decisions were held against.
    """

    measure: str
    truth: str
    model: Finding
    people: Finding
    team: Finding
    best_alone: Finding
    team_minus_model: Finding
    team_minus_people: Finding
    verdict: Verdict


def standing(encounters: Encounters, measure: Measure, alpha: float, truth: str) -> Standing:
    """Return how model, people and team stand: advice, first answer and final answer of the same rows."""
    rows = encounters.random().drop_nulls("truth")
    model, people, team = (_sample(rows, name, encounters.labels) for name in ("advice", "first", "final"))
    persons, noun, labels = crowd(rows), encounters.noun, encounters.labels
    positive = labels.index(encounters.positive) if encounters.positive in labels else None
    apart = [difference_of(measure, team, other, persons, alpha, noun, positive) for other in (model, people)]
    found = [of_measure(measure, each, persons, alpha, noun, positive) for each in (model, people, team)]
    judged = verdict(apart[0], apart[1])
    words = measure.replace("_", " ")
    sentence = f"By {words}: {judged.sentence[0].lower()}{judged.sentence[1:]}"
    return Standing(
        measure=words,
        truth=truth,
        model=found[0],
        people=found[1],
        team=found[2],
        best_alone=best_of(found[0], found[1]),
        team_minus_model=of_pair(apart[0]),
        team_minus_people=of_pair(apart[1]),
        verdict=Verdict(judged.standing, sentence),
    )


def best_of(model: Finding, people: Finding) -> Finding:
    """Return the better of the two: the larger of both bounds holds for the larger of both truths."""
    if model.value is None or people.value is None:
        which = "the model" if model.value is None else "people"
        return unknown(f"too few yet: nothing is known of {which} alone")
    better = "the model" if model.value >= people.value else "people"
    low = max(model.low or 0.0, people.low or 0.0)
    high = max(model.high or 0.0, people.high or 0.0)
    value, cases = max(model.value, people.value), min(model.cases, people.cases)
    return Finding(value, low, high, cases, f"{better}: {in_unit(value, 'share')} ({between(low, high, 'share')})")


def _sample(rows: pl.DataFrame, column: str, labels: tuple[str, ...]) -> Sample:
    return sampled(rows, _places(rows["truth"], labels), _places(rows[column], labels))


def _places(words: pl.Series, labels: tuple[str, ...]) -> Integers:
    place = {label: number for number, label in enumerate(labels)}
    return np.array([place.get(word, -1) for word in words], dtype=np.int64)
