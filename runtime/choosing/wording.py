"""What is asked of a case: the words, and what the kind of question needs of the case beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flows.problems import refuse
from runtime.changes import plain
from runtime.values import KEY, Cases

if TYPE_CHECKING:
    from runtime.steps.people import AskPeople

Case = Mapping[str, object]


def wording_of(step: AskPeople, case: Case, cases: Cases) -> dict[str, object]:
    """Return the wording of the question about one case; it is part of the question's id.

    Where the model's label is to be judged and the model knows nothing yet, the label itself is asked for.
    """
    asked: dict[str, object] = {"kind": step.asks, "question": step.question}
    if step.asks == "compare":
        return {**asked, "sides": _sides(step, case)}
    if step.asks == "correct-number":
        return {**asked, **_number(step, case, cases)}
    if step.asks == "mark-words":
        return {**asked, "column": step.text, **({"choices": list(step.choices)} if step.choices else {})}
    if step.proposal:
        return {**asked, "column": step.proposal}
    label = model_says(case, cases) if step.proposes_label() else ""
    if label:
        return {**asked, "labels": list(cases.predictions.classes), "proposal": label}
    return {**asked, "kind": "label", "choices": list(step.choices) or list(cases.predictions.classes)}


def model_says(case: Case, cases: Cases) -> str:
    """Return the model's label; nothing where it finds two equally likely, as it does while it knows nothing."""
    chances = chances_of(case)
    first, *others = sorted(chances, reverse=True) or [0.0]
    if not others or first <= others[0]:
        return ""
    return cases.predictions.classes[chances.index(max(chances))]


def chances_of(case: Case) -> list[float]:
    """Return the probability of each label, as the model told it."""
    found = case["\0probability"]
    return [float(chance) for chance in found] if isinstance(found, list) else []


def _sides(step: AskPeople, case: Case) -> list[list[str]]:
    """Return both columns with what they hold, in an order drawn for each case: places must not favour either."""
    sides = [[column, _words(case[column])] for column in step.options]
    drawn = hashlib.sha256("\n".join([str(case[KEY]), *sorted(step.options)]).encode()).digest()[0] % 2
    return sorted(sides, reverse=bool(drawn))


def _number(step: AskPeople, case: Case, cases: Cases) -> dict[str, object]:
    number = step.number
    assert number is not None
    kind = cases.predictions.records.types.get(number.column, "number")
    if kind != "number":
        raise refuse(
            "number-no-numbers",
            f"People are asked to correct '{number.column}', which holds no numbers but {kind}. "
            "Name a column of numbers.",
            "number.column",
        )
    asked: dict[str, object] = {"column": number.column, "sure_factor": number.sure_factor}
    parts = {"unit": number.unit, "low": number.lowest, "high": number.highest, "alike_by": number.alike_by}
    asked.update({name: part for name, part in parts.items() if part not in (None, "")})
    already = case.get(adjusted_by(number.column))
    return {**asked, "already": plain(already)} if already else asked


def adjusted_by(column: str) -> str:
    """Return the name of the column that says by how much a number was adjusted."""
    return f"{column}_adjusted_by"


def _words(value: object) -> str:
    return "-" if value is None or value == "" else str(plain(value))


CODES: tuple[tuple[str, str], ...] = (
    ("number-no-numbers", "People are asked to correct a column that holds no numbers. Name one that does."),
)
