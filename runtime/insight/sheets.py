"""The figures as tables: for a page beside the charts, and for a spreadsheet with every bound in a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from runtime.insight.finding import Finding, Unit
from runtime.insight.insight import Insight
from runtime.insight.reliance import Reliance


class Amount(NamedTuple):
    """A number that was counted, with its unit."""

    value: float | None
    unit: Unit


Cell = str | int | Amount | Finding | None


@dataclass(frozen=True)
class Sheet:
    """A table: its name as a file, its title, its headings, and a cell for each heading in every row."""

    name: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


SETS = {"random": "drawn at random", "asked": "all asked"}
"""The cases that figures are taken on, in words."""


def sheets(insight: Insight) -> tuple[Sheet, ...]:
    """Return all tables that have a row."""
    every = (
        standing(insight), by_round(insight), reliance(insight), differences(insight), confidence(insight),
        bins(insight), corrections(insight), turned(insight), effort(insight), load(insight), deferral(insight),
    )  # fmt: skip
    return tuple(sheet for sheet in every if sheet.rows)


def standing(insight: Insight) -> Sheet:
    """Return model, people and team on the same cases."""
    found = insight.standing
    rows: tuple[tuple[Cell, ...], ...] = ()
    if found is not None:
        rows = (
            ("the model alone", found.model),
            ("people alone, unaided", found.people),
            ("the team", found.team),
            ("the better one alone", found.best_alone),
            ("team less model", found.team_minus_model),
            ("team less people", found.team_minus_people),
        )
    return Sheet("standing", "Model, people and team", ("who", found.measure if found else "figure"), rows)


def by_round(insight: Insight) -> Sheet:
    """Return the figures of each round."""
    headings = (
        "round", "day", "model on held-out cases", "model", "people alone", "people on hidden known cases", "team",
        "best alone", "team less model", "team less people", "team in the whole rehearsal", "verdict",
    )  # fmt: skip
    rows = tuple(
        (
            line.number, line.now[:10], line.held_out, line.standing.model, line.standing.people, line.probes,
            line.standing.team, line.standing.best_alone, line.standing.team_minus_model,
            line.standing.team_minus_people, line.whole, line.standing.verdict.standing,
        )
        for line in insight.rounds
    )  # fmt: skip
    return Sheet("by_round", "Round by round", headings, rows)


def reliance(insight: Insight) -> Sheet:
    """Return what people did with advice that differed from their own answer."""
    told = [each for each in insight.reliance if each.looked]
    rows = tuple(zip(_RELIANCE, *(_relied(each) for each in told), strict=True)) if told else ()
    headings = ("what", *(_named(insight, each.cases) for each in told))
    return Sheet("reliance", "Reliance on the model", headings, rows)


_RELIANCE = (
    "advice seen after the own answer", "advice differed", "relied on the model, it was right",
    "stayed with the own answer, the model was right", "stayed with the own answer, it was right",
    "relied on the model, the own answer was right", "took a third answer, the own was right", "both were wrong",
    "went over to the model where they differed", "relied on the model where it was right (RAIR)",
    "relied on themselves where they were right (RSR)", "kept the answer where they agreed",
)  # fmt: skip


def _relied(each: Reliance) -> tuple[Cell, ...]:
    return (
        each.looked, each.differed, each.relied_when_right, each.own_when_wrong, each.own_when_right,
        each.relied_when_wrong, each.lost_when_right, each.both_wrong, each.switched, each.model_reliance,
        each.self_reliance, each.kept_on_agreement,
    )  # fmt: skip


def differences(insight: Insight) -> Sheet:
    """Return in which groups of cases people and model differ."""
    headings = ("cases", "column", "value", "answers", "differ", "model right", "person right", "share that differs")
    rows = tuple(
        (
            _named(insight, part.cases), group.column, group.value, group.rows, group.differed, group.model_right,
            group.person_right, group.share,
        )
        for part in insight.differences
        for group in part.groups
    )  # fmt: skip
    return Sheet("differences", "Where people and model differ", headings, rows)


def confidence(insight: Insight) -> Sheet:
    """Return how far confidence is off."""
    known = [each for each in insight.calibration if each.error.known or each.brier.known]
    rows = tuple((each.who, each.error, each.brier) for each in known)
    return Sheet("confidence", "Confidence", ("who", "calibration error", "Brier score"), rows)


def bins(insight: Insight) -> Sheet:
    """Return how often answers of about the same confidence came true."""
    rows = tuple(
        (each.who, Amount(one.low, "share"), Amount(one.high, "share"), Amount(one.stated, "share"), one.came_true)
        for each in insight.calibration
        for one in each.bins
    )
    headings = ("who", "confidence from", "to", "on the average", "came true")
    return Sheet("confidence_bins", "Confidence and what came true", headings, rows)


def corrections(insight: Insight) -> Sheet:
    """Return what was corrected and what came of it."""
    rows = tuple(
        (one.at[:16].replace("T", " "), one.of, one.case, one.before, one.after, one.sealed_in, one.says)
        for one in insight.corrections.each
    )
    headings = ("when (UTC)", "what was corrected", "case", "said before", "said then", "learned in round", "effect")
    return Sheet("corrections", "What each correction changed", headings, rows)


def turned(insight: Insight) -> Sheet:
    """Return which cases the model decided otherwise after it learned."""
    changes = {(change.step, change.round): change for one in insight.corrections.each for change in one.changes}
    rows = tuple(
        (change.step, change.round, change.before, change.after, *case)
        for _, change in sorted(changes.items())
        for case in change.turned
    )
    headings = ("model", "round", "version before", "version after", "case", "said before", "said after")
    return Sheet("turned", "Cases that turned", headings, rows)


def effort(insight: Insight) -> Sheet:
    """Return minutes and money by round."""
    headings = (
        "round", "questions", "answers", "people", "minutes", "money", "second looks", "minutes after second looks",
    )  # fmt: skip
    rows = tuple(
        (
            line.round, line.questions, line.answers, line.people, Amount(line.minutes, "minutes"),
            Amount(line.cost, "money"), line.second_looks, Amount(line.second_look_minutes, "minutes"),
        )
        for line in insight.effort
    )  # fmt: skip
    return Sheet("effort", "Minutes and money", headings, rows)


def load(insight: Insight) -> Sheet:
    """Return what the model may decide alone at which threshold."""
    waits = any(line.left is not None for line in insight.load.lines)
    a_day = any(line.left_a_day is not None for line in insight.load.lines)
    headings = ["model at least so sure", "decides alone", "and is right in", "meets the target"]
    headings += ["share left for people now", "cases left now"] if waits else []
    headings += ["cases left a day", "minutes a day"] if a_day else []
    rows = []
    for line in insight.load.lines:
        row: list[Cell] = [Amount(line.threshold, "share"), Amount(line.alone, "share"), line.accuracy]
        row.append("yes" if line.meets else "not shown")
        row += [Amount(line.left, "share"), line.left_cases] if waits else []
        row += [Amount(line.left_a_day, "number"), Amount(line.minutes_a_day, "minutes")] if a_day else []
        rows.append(tuple(row))
    return Sheet("load", "What the model may decide alone", tuple(headings), tuple(rows))


def deferral(insight: Insight) -> Sheet:
    """Return what a case costs by who decides."""
    rows = tuple((each.name, Amount(each.asked, "share"), each.cost) for each in insight.deferral.policies)
    return Sheet("cost", "Who decides, by cost", ("who decides", "cases that people decide", "cost of a case"), rows)


def expanded(sheet: Sheet) -> Iterator[Sequence[str | int | float]]:
    """Yield heading and rows for a spreadsheet: each finding takes five columns, with its bounds and its words."""
    wide = [any(isinstance(row[at], Finding) for row in sheet.rows) for at in range(len(sheet.headings))]
    heading: list[str] = []
    for name, is_wide in zip(sheet.headings, wide, strict=True):
        heading += [name, f"{name}: low", f"{name}: high", f"{name}: cases", f"{name}: in words"] if is_wide else [name]
    yield heading
    for row in sheet.rows:
        yield [part for cell, is_wide in zip(row, wide, strict=True) for part in _parts(cell, is_wide)]


def _parts(cell: Cell, is_wide: bool) -> list[str | int | float]:
    if isinstance(cell, Finding):
        return [_or_empty(cell.value), _or_empty(cell.low), _or_empty(cell.high), cell.cases, cell.says]
    plain = _or_empty(cell.value if isinstance(cell, Amount) else cell)
    return [plain, "", "", "", ""] if is_wide else [plain]


def _or_empty(value: str | float | None) -> str | int | float:
    return "" if value is None else value


def _named(insight: Insight, cases: str) -> str:
    return SETS[cases] if insight.rounds or len(insight.reliance) > 1 else "all decisions"
