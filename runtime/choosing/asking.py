"""From cases to questions: what people see, and what is remembered until they have answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from flows.problems import refuse
from runtime.changes import plain, row_digest
from runtime.choosing.deadlines import column_of, deadline_of
from runtime.moments import written
from runtime.questions import Asked, Question
from runtime.round import Round
from runtime.values import KEY, Cases, digest_of

if TYPE_CHECKING:
    from runtime.steps.people import AskPeople


def questions(step: AskPeople, round: Round, cases: Cases) -> Asked:
    """Return one question a case, in the order of the cases, and the rule by which the step waits."""
    choices = list(step.choices) or list(cases.predictions.classes)
    wording = {"kind": "label", "question": step.question, "choices": choices}
    asked = []
    for case in rows_of(cases):
        shown = _shown(step, case, cases.predictions.target)
        # A changed case is another question; an unchanged one stays the question that it was.
        again = {"of": digest_of(shown)} if case["\0changed"] else {}
        deadline = deadline_of(step.deadline, case, round.now)
        asked.append(
            Question(
                key=str(case[KEY]),
                group=step.who,
                wording={**wording, **again},
                shown=shown,
                context=_context(case, cases),
                wanted=step.people_per_case,
                deadline=written(deadline) if deadline else "",
            )
        )
    return Asked(tuple(asked), step.wait, step.quorum, present_keys(cases))


def rows_of(cases: Cases) -> list[dict[str, Any]]:
    """Return the picked cases as rows with all their columns, what the model thought, and why they were picked."""
    picked = cases.table.frame()
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


def _only(frames: Iterator[pl.DataFrame], keys: pl.Series) -> pl.DataFrame:
    return pl.concat([frame.filter(pl.col(KEY).is_in(keys)) for frame in frames])


def _shown(step: AskPeople, case: dict[str, Any], target: str) -> dict[str, Any]:
    """Return what people see of a case: the columns chosen, or all but the one they are asked for."""
    there = [name for name in case if name != KEY and not name.startswith("\0")]
    gone = [name for name in (*step.show, column_of(step.deadline)) if name and name not in there]
    if gone:
        raise refuse(
            "shown-column-missing",
            f"The cases have no column called {', '.join(gone)}. Their columns are: {', '.join(there)}.",
            "show",
        )
    chosen = step.show or [name for name in there if name != target]
    return {name: plain(case[name]) for name in chosen}


def _context(case: dict[str, Any], cases: Cases) -> dict[str, Any]:
    chances = [float(chance) for chance in case["\0probability"]]
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
