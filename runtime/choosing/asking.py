"""From cases to questions: what people see, and what is remembered until they have answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from flows.problems import refuse
from runtime.changes import plain, row_digest
from runtime.choosing.deadlines import deadline_of
from runtime.choosing.wording import chances_of, wording_of
from runtime.moments import written
from runtime.questions import Asked, Question
from runtime.round import Round
from runtime.values import KEY, Cases, digest_of

MOST_LETTERS = 200
"""Of the name of a group as the store keeps it; a longer one is kept as its digest."""

if TYPE_CHECKING:
    from runtime.choosing.probes import Probes
    from runtime.steps.people import AskPeople


def questions(step: AskPeople, round: Round, cases: Cases) -> Asked:
    """Return one question a case, in the order of the cases, and the rule by which the step waits."""
    from runtime.choosing.probes import no_probes, probes_among

    rows = rows_of(cases)
    probes = probes_among(step, round, cases, rows) if step.probes else no_probes()
    asked = [_question(step, round, cases, row, probes) for row in (*rows, *probes.rows)]
    return Asked(tuple(asked), step.wait, step.quorum, present_keys(cases))


def rows_of(cases: Cases) -> list[dict[str, Any]]:
    """Return the picked cases as rows with all their columns, what the model thought, and why they were picked."""
    return rows_about(cases, cases.table.frame())


def rows_about(cases: Cases, picked: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the cases of a table of picked ones as rows; names that begin with a zero byte are not of the data."""
    if not picked.height:
        return []
    keys = picked[KEY].implode()
    thought = _only(cases.predictions.table.frames(), keys).rename(lambda name: name if name == KEY else f"\0{name}")
    records = _only(cases.predictions.records.table.frames(), keys)
    why = picked.rename(lambda name: name if name == KEY else f"\0{name}")
    whole = why.join(thought, on=KEY, maintain_order="left").join(records, on=KEY, maintain_order="left")
    return whole.to_dicts()


def present_keys(cases: Cases) -> frozenset[str]:
    """Return the keys of all cases in the data."""
    return frozenset(key for frame in cases.predictions.records.table.frames([KEY]) for key in frame[KEY])


def shown_of(step: AskPeople, case: Mapping[str, Any], cases: Cases) -> dict[str, Any]:
    """Return what people see of a case: the columns chosen, or all but the one they are asked for.

    What the question is about is always seen. Two columns that are compared are not: they are the choices.
    """
    there = [name for name in case if name != KEY and not name.startswith("\0")]
    named = (*step.needs()["cases"],)
    gone = [name for name in named if name not in there]
    if gone:
        raise refuse(
            "shown-column-missing",
            f"The cases have no column called {', '.join(gone)}. Their columns are: {', '.join(there)}.",
            "show",
        )
    chosen = step.show or [name for name in there if name != cases.predictions.target]
    chosen = [*chosen, *(name for name in step.own_columns() if name not in chosen)]
    return {name: plain(case[name]) for name in chosen if name not in step.options}


def _question(step: AskPeople, round: Round, cases: Cases, case: dict[str, Any], probes: Probes) -> Question:
    shown = shown_of(step, case, cases)
    # A changed case is another question; an unchanged one stays the question that it was.
    again = {"of": digest_of(shown)} if case["\0changed"] else {}
    deadline = deadline_of(step.deadline, case, round.now)
    escalates = deadline_of(step.escalate_after, case, round.now) if step.escalate_to else None
    return Question(
        key=str(case[KEY]),
        group=step.who,
        wording={**wording_of(step, case, cases), **again},
        shown={name: value for name, value in shown.items() if name not in probes.hidden},
        context=_context(case, cases) | probes.remembered(case),
        wanted=step.people_per_case,
        deadline=written(deadline) if deadline else "",
        escalates=written(escalates) if escalates else "",
        escalate_to=step.escalate_to,
        together=_together(case),
    )


def _together(case: dict[str, Any]) -> str:
    """Return the name of what a case shares one fate with; nothing where it stands alone."""
    group = str(case["\0group"] or "")
    if group == case[KEY]:
        return ""
    return group if len(group) <= MOST_LETTERS else digest_of(group)


def _only(frames: Iterator[pl.DataFrame], keys: pl.Series) -> pl.DataFrame:
    return pl.concat([frame.filter(pl.col(KEY).is_in(keys)) for frame in frames])


def _context(case: dict[str, Any], cases: Cases) -> dict[str, Any]:
    chances = chances_of(case)
    return {
        "reason": case["\0reason"],
        "drawn_with": case["\0drawn_with"],
        "also_picked": case["\0also_picked"],
        "held_out": case["\0held_out"] > 0,
        "version": cases.predictions.version,
        "label": cases.predictions.classes[chances.index(max(chances))],
        "probability": chances,
        "classes": list(cases.predictions.classes),
        "row": row_digest({name: value for name, value in case.items() if not name.startswith("\0")}),
    }
