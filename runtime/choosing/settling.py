"""From answers to decisions: what people decided together, and what happens where they did not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from runtime.choosing.asking import rows_of
from runtime.choosing.wording import chances_of, wording_of
from runtime.question_kinds import Said, question_kind
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
DETAIL = "decision_detail"
"""The column of decisions with what a kind of question keeps beside the label: words, an adjustment, a reason."""


@dataclass(frozen=True)
class _Together:
    """What people decided together about one case: a label that may be written, and what stands beside it."""

    label: str
    detail: str = ""
    against_model: bool = False


def settle(step: AskPeople, round: Round, accepted: Answers, cases: Cases) -> Settled:
    """Return the decisions of a round: by people where most of them agree, else as `otherwise` says.

    Hidden known cases are none of the cases, and their answers leave by no output.
    """
    from runtime.steps.people import Settled

    frame, rows = accepted.table.frame(), rows_of(cases)
    said = _said(frame)
    decided, passed = [], []
    for case in rows:
        together = _together(step, case, cases, said.get(case[KEY], []))
        if together.label:
            decided.append((*_row(case, cases, together.label, "person", round.number), together.detail))
        elif step.otherwise == "pass-on":
            passed.append(case[KEY])
        else:
            by_model = step.otherwise == "model" and cases.predictions.learned_from > 0 and not together.against_model
            decided.append((*_row(case, cases, _likeliest(case, cases) if by_model else "", "", round.number), ""))
    _say_probes(step, round, cases, rows)
    picked = cases.table.frame()
    return Settled(
        Decisions(
            round.table([_decisions(step, decided)]),
            records=cases.predictions.records,
            positive=cases.predictions.positive,
        ),
        _without_probes(round, accepted, frame),
        Cases(
            round.table([picked.filter(pl.col(KEY).is_in(pl.Series(passed, dtype=pl.String).implode()))]),
            predictions=cases.predictions,
        ),
    )


def _said(frame: pl.DataFrame) -> dict[str, list[Said]]:
    said: dict[str, list[Said]] = {}
    answered = frame.filter(pl.col("outcome") == "answered")
    for key, label, value, why in answered.select(KEY, "label", "value", "why_said").iter_rows():
        said.setdefault(key, []).append(Said(label, None if value is None else json.loads(value), why))
    return said


def _together(step: AskPeople, case: dict[str, Any], cases: Cases, said: list[Said]) -> _Together:
    wording = wording_of(step, case, cases)
    kind = question_kind(str(wording["kind"]))
    found = kind.settle(wording, said) if said else None
    if found is None:
        return _Together("")
    # Whoever rejects one of three labels has not said which one is right: then the case is undecided.
    if "proposal" in wording and found.label == "reject":
        return _Together("", against_model=True)
    return _Together(found.label, kind.detail(found))


def _decisions(step: AskPeople, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={**_SCHEMA, DETAIL: pl.String}, orient="row")
    return frame.drop(DETAIL) if step.asks == "label" else frame


def _without_probes(round: Round, accepted: Answers, frame: pl.DataFrame) -> Answers:
    return Answers(round.table([frame.filter(~pl.col("probe"))])) if frame["probe"].any() else accepted


def _say_probes(step: AskPeople, round: Round, cases: Cases, rows: list[dict[str, Any]]) -> None:
    if step.probes:
        from runtime.choosing.probes import probes_among

        for sentence in probes_among(step, round, cases, rows).sentences:
            round.say(sentence)


def _likeliest(case: dict[str, Any], cases: Cases) -> str:
    chances = chances_of(case)
    return cases.predictions.classes[chances.index(max(chances))]


def _row(case: dict[str, Any], cases: Cases, label: str, by: str, number: int) -> tuple[object, ...]:
    classes = cases.predictions.classes
    chances = chances_of(case)
    chance = chances[classes.index(label)] if label in classes else None
    who = by or ("model" if label else "nobody")
    return (case[KEY], label, who, number, cases.predictions.version, chance, False)
