"""Round by round: the model on held-out cases, people unaided, the team, the best alone, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from runtime.figures import COLUMNS
from runtime.insight.encounters import Encounters
from runtime.insight.finding import Finding, Unit, in_words, of_pair, share_of, spoken, unknown
from runtime.insight.standing import Standing, best_of
from runtime.measuring import Pair, alpha_for_look, verdict
from runtime.overview import rounds_of

if TYPE_CHECKING:
    from runtime.insight.shelf import Shelf
    from runtime.steps.measure import MeasureQuality

SHARES = frozenset({"accuracy", "balanced_accuracy", "f1", "auc", "calibration_error", "recall", "precision"})


@dataclass(frozen=True)
class RoundLine:
    """What was known at the end of one round.

    held_out: the model on the frozen cases that only report. standing: model, people and team on the cases drawn
    at random in all rounds so far. probes: people's blind first answers to hidden known cases so far.
    whole: the team on all cases of a rehearsal whose truth is known nearly everywhere.
    """

    number: int
    now: str
    held_out: Finding
    probes: Finding
    whole: Finding
    standing: Standing


def by_round(shelf: Shelf, encounters: Encounters) -> tuple[RoundLine, ...]:
    """Return a line for each round that was measured; none where no step measures quality."""
    if shelf.measuring is None:
        return ()
    step = shelf.measuring[1]
    days = {line.number: line.now for line in rounds_of(shelf.store, shelf.book)}
    lines = []
    for number, measures in sorted(shelf.measured().items()):
        frame = measures.table.frame()
        if frame.height:
            found = _Rows({(row["measure"], row["who"], row["cases"]): row for row in frame.iter_rows(named=True)})
            lines.append(_line(found, step, number, days.get(number, ""), encounters))
    return tuple(lines)


def alpha_of(step: MeasureQuality | None, number: int) -> float:
    """Return the chance of error that the look of a round may use, 0.05 where no step says."""
    if step is None or number < 1:
        return 0.05
    if step.announced_rounds is not None and number > step.announced_rounds:
        return step.alpha / step.announced_rounds
    return alpha_for_look(number, step.alpha, step.announced_rounds)


class _Rows(NamedTuple):
    """The figures of one round by measure, who and cases."""

    rows: Mapping[tuple[str, str, str], Mapping[str, object]]

    def of(self, measure: str, who: str, cases: str, noun: str) -> Finding:
        row = self.rows.get((measure, who, cases))
        if row is None:
            return unknown("not measured")
        figure = dict(zip(COLUMNS, (row.get(name) for name in COLUMNS), strict=True))
        value, low, high = (number if isinstance(number, float) else None for number in map(figure.get, _NUMBERS))
        count = figure["cases_count"]
        cases_count = count if isinstance(count, int) else 0
        unit: Unit = "share" if measure in SHARES else "number"
        if value is None or low is None or high is None:
            return unknown(str(figure["says"]), cases_count, unit)
        return Finding(value, low, high, cases_count, in_words(value, low, high, cases_count, noun, unit), unit)

    def pair(self, other: str, noun: str) -> Pair:
        row = self.rows.get((f"team_minus_{other}", "team", "audit"), {})
        value, low, high = (row.get(name) for name in _NUMBERS)
        count, says = row.get("cases_count"), str(row.get("says", "not measured"))
        cases = count if isinstance(count, int) else 0
        if not (isinstance(value, float) and isinstance(low, float) and isinstance(high, float)):
            return Pair(None, None, None, cases, says)
        return spoken(Pair(value, low, high, cases, says), noun)

    def truth(self) -> str:
        return str(self.rows.get(("team_minus_model", "team", "audit"), {}).get("truth", ""))


_NUMBERS = ("value", "low", "high")


def _line(found: _Rows, step: MeasureQuality, number: int, now: str, encounters: Encounters) -> RoundLine:
    measure, noun = step.compare_by, "cases drawn at random"
    model, people, team = (found.of(measure, who, "audit", noun) for who in ("model", "people", "team"))
    apart = [found.pair(other, "cases") for other in ("model", "people")]
    judged = verdict(apart[0], apart[1])
    words = measure.replace("_", " ")
    sentence = f"On the cases drawn at random so far, by {words}: {judged.sentence[0].lower()}{judged.sentence[1:]}"
    return RoundLine(
        number=number,
        now=now,
        held_out=found.of(measure, "model", "held-out", "cases held out"),
        probes=_probes(encounters, number, alpha_of(step, number)),
        whole=found.of(measure, "team", "all", "cases of the rehearsal"),
        standing=Standing(
            measure=words,
            truth=found.truth(),
            model=model,
            people=people,
            team=team,
            best_alone=best_of(model, people),
            team_minus_model=of_pair(apart[0]),
            team_minus_people=of_pair(apart[1]),
            verdict=type(judged)(judged.standing, sentence),
        ),
    )


def _probes(encounters: Encounters, number: int, alpha: float) -> Finding:
    """Return how often people were right, blind and at first, on hidden known cases of all rounds so far."""
    rows = encounters.numbered().filter(pl.col("probe") & pl.col("blind") & (pl.col("round") <= number))
    told = rows.drop_nulls(["first", "truth"]).with_columns(weight=pl.lit(1.0))
    if not told.height:
        return unknown("too few yet: no answers to hidden known cases")
    return share_of(told, (told["first"] == told["truth"]).to_numpy(), alpha, "answers to hidden known cases")
