"""The figures of a round: on held-out cases, on those drawn at random, on those asked, on all; each apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from flows.problems import refuse
from runtime.experience import from_people
from runtime.measuring import Verdict, alpha_for_look
from runtime.measuring_rounds.agreement import agreement
from runtime.measuring_rounds.answered import first_answers, unaided
from runtime.measuring_rounds.asked import asked
from runtime.measuring_rounds.audit import Audit, audit
from runtime.measuring_rounds.census import census
from runtime.measuring_rounds.coverage import coverage
from runtime.measuring_rounds.ground import ground_of
from runtime.measuring_rounds.held_out import held_out
from runtime.measuring_rounds.rule import rule_of
from runtime.measuring_rounds.standing import standing
from runtime.measuring_rounds.taken import ALL, Look, Row, Taken
from runtime.measuring_rounds.truths import truths_of
from runtime.measuring_rounds.words import Words
from runtime.round import Round
from runtime.values import Answers, Decisions, Figure, Measures, Outcomes, Predictions

if TYPE_CHECKING:
    from runtime.steps.measure import MeasureQuality

COLUMNS = Row._fields
"""The columns of a `Measures` table, one row a figure.

measure: its name. who: model, people or team. cases: the cases it was taken on: `held-out` (the half
that only reports), `audit` (drawn at random in all rounds so far, weighted), `asked` (all that people
answered, unweighted: not the population), `all` (a rehearsal whose truth is known nearly everywhere).
truth: outcome, known case, sealed truth, or agreement, which is no truth. value, low, high: Float64,
empty while too little is known. cases_count, positives: Int64. covered: Float64, the share of cases with a
decision. round: Int64. says: the same in words.
"""
_TYPES = {
    **dict.fromkeys(COLUMNS, pl.String),
    **dict.fromkeys(("value", "low", "high", "covered"), pl.Float64),
    **dict.fromkeys(("cases_count", "positives", "round"), pl.Int64),
}
NAMED = {("model", "held-out"), ("people", "audit"), ("team", "audit")}
"""Which rows carry the short names of aims and limits; a census of the team comes before its audit."""


def measure_quality(
    step: MeasureQuality,
    round: Round,
    predictions: Predictions,
    decisions: tuple[Decisions, ...],
    answers: Answers,
    outcomes: Outcomes,
) -> Measures:
    """Return every figure of a round, and say what stands out."""
    truths = truths_of(step, round, predictions, outcomes)
    ground = ground_of(step, predictions, rule_of(predictions, decisions), truths)
    look = _look(step, round, predictions)
    first = first_answers(answers)
    blind = unaided(first, predictions.classes)
    drawn = audit(ground, first, blind, from_people(answers, predictions.classes))
    taken = [held_out(ground), *drawn.taken(), *asked(ground, first, blind)]
    if round.rehearsal:
        taken.extend(census(ground, decisions))
    differences, found = standing(drawn, look, step.compare_by)
    rows = [
        *(look.row(measure, each) for each in taken for measure in each.measures),
        *coverage(ground, first, decisions, round.number),
        *differences,
        *(look.row("accuracy", each, "agreement") for each in agreement(ground, blind)),
    ]
    for sentence in (*_told(rows, found, drawn, look), *truths.notes):
        round.say(sentence)
    table = round.table([pl.DataFrame(rows, schema=_TYPES, orient="row")])
    return Measures(table, figures=tuple(_figures(rows, taken)))


def _look(step: MeasureQuality, round: Round, predictions: Predictions) -> Look:
    positive, classes = step.positive or predictions.positive, predictions.classes
    if positive and positive not in classes:
        raise refuse(
            "positive-unknown",
            f"'{positive}' is none of the labels that the model predicts: {', '.join(classes)}.",
            "positive",
        )
    over = step.announced_rounds is not None and round.number > step.announced_rounds
    alpha = None if over else alpha_for_look(round.number, step.alpha, step.announced_rounds)
    return Look(round.number, classes.index(positive) if positive else None, alpha, Words(classes, positive))


def _figures(rows: list[Row], taken: list[Taken]) -> Iterator[Figure]:
    counted = any((each.who, each.cases) == ("team", "all") for each in taken)
    named = (NAMED - {("team", "audit")} | {("team", "all")}) if counted else NAMED
    for row in rows:
        wanted = (row.who, row.cases) in named if row.measure in ALL else _always(row)
        if wanted:
            difference = row.measure.startswith("team_minus_")
            name = row.measure if difference else f"{row.who}_{row.measure}"
            yield Figure(name, row.value, row.low, row.high, row.says)


def _always(row: Row) -> bool:
    agreement = row.measure == "agreement" and row.cases == "audit"
    return agreement or row.measure in ("coverage", "team_minus_model", "team_minus_people")


def _told(rows: list[Row], found: Verdict, drawn: Audit, look: Look) -> Iterator[str]:
    """Yield what a person wants to read after a round."""
    if look.alpha is None:
        yield "All announced rounds are over: no chance of error is left for this look. Announce more rounds."
        return
    if not drawn.cases.height and not drawn.waiting:
        yield "No case drawn at random is answered yet, so nothing is known of people and team: set `audit`."
    else:
        yield found.sentence
    of_model = {row.measure: row for row in rows if (row.who, row.cases) == ("model", "held-out")}
    if look.positive is None:
        yield f"The model is right in {of_model['accuracy'].says}."
    else:
        yield f"The model's AUC (0.5 is chance): {of_model['auc'].says}."
    if drawn.waiting:
        yield f"{drawn.waiting:,} cases drawn at random wait for their truth."
