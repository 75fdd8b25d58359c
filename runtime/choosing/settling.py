"""From answers to decisions: what most people said, and what happens where they said nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from runtime.choosing.asking import rows_of
from runtime.experience import majority
from runtime.round import Round
from runtime.values import KEY, Answers, Cases, Decisions

if TYPE_CHECKING:
    from runtime.steps.people import AskPeople, Settled

_SCHEMA = {
    KEY: pl.String,
    "decision": pl.String,
    "decided_by": pl.String,
    "round": pl.Int64,
    "version": pl.String,
    "probability": pl.Float32,
    "changed": pl.Boolean,
}


def settle(step: AskPeople, round: Round, accepted: Answers, cases: Cases) -> Settled:
    """Return the decisions of a round: by people where most of them agree, else as `otherwise` says."""
    from runtime.steps.people import Settled

    said = _said(accepted)
    decided, passed = [], []
    for case in rows_of(cases):
        label = said.get(case[KEY])
        if label is not None:
            decided.append(_row(case, cases, label, "person", round.number))
        elif step.otherwise == "pass-on":
            passed.append(case[KEY])
        else:
            by_model = step.otherwise == "model" and cases.predictions.learned_from > 0
            decided.append(_row(case, cases, _model_says(case, cases) if by_model else "", "", round.number))
    picked = cases.table.frame()
    return Settled(
        Decisions(
            round.table([pl.DataFrame(decided, schema=_SCHEMA, orient="row")]),
            records=cases.predictions.records,
            positive=cases.predictions.positive,
        ),
        accepted,
        Cases(
            round.table([picked.filter(pl.col(KEY).is_in(pl.Series(passed, dtype=pl.String).implode()))]),
            predictions=cases.predictions,
        ),
    )


def _said(accepted: Answers) -> dict[str, str]:
    votes: dict[str, list[str]] = {}
    for key, label, outcome in accepted.table.frame().select(KEY, "label", "outcome").iter_rows():
        if outcome == "answered":
            votes.setdefault(key, []).append(label)
    found = {key: majority(labels) for key, labels in votes.items()}
    return {key: label for key, label in found.items() if label is not None}


def _model_says(case: dict[str, Any], cases: Cases) -> str:
    chances = list(case["\0probability"])
    return cases.predictions.classes[chances.index(max(chances))]


def _row(case: dict[str, Any], cases: Cases, label: str, by: str, number: int) -> tuple[object, ...]:
    classes = cases.predictions.classes
    chances = list(case["\0probability"])
    chance = chances[classes.index(label)] if label in classes else None
    who = by or ("model" if label else "nobody")
    return (case[KEY], label, who, number, cases.predictions.version, chance, False)
