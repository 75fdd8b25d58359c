"""What is wrong with the aims and limits of a flow, and what it takes to prove an aim."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log

from flows.aims import measured, short
from flows.drawn import Drawn
from flows.intent import Target
from flows.problems import Problem
from flows.purpose import SetAims, SetLimits
from flows.spelling import instead, meant
from flows.titles import named

_MISTAKEN = 0.05
"""The risk of saying that an aim is met when it is not."""


def target_problems(drawn: Drawn) -> Iterator[Problem]:
    """Yield the aims and limits that name no step or no measure, and what proof of an aim costs."""
    intent = drawn.flow.intent
    for section, targets in (("aims", intent.aims), ("limits", intent.limits)):
        for index, target in enumerate(targets):
            yield from _problems(drawn, section, targets, index)
            if section == "aims":
                yield from _proof(drawn, target, f"intent.aims.{index}")


def positives_needed(share: float) -> int:
    """Return how many positive cases without a miss show a recall of at least `share`.

    The smallest n with share ** n <= 0.05: with a worse recall, n hits in a row would be that rare.
    """
    return ceil(log(_MISTAKEN) / log(share) - 1e-9)


def _problems(drawn: Drawn, section: str, targets: tuple[Target, ...], index: int) -> Iterator[Problem]:
    target, steps = targets[index], drawn.flow.steps
    if target.step not in steps:
        says = f"{_an(section)} is about a step '{target.step}', which is not there. "
        says += instead(target.step, steps, "The steps are")
        near = meant(target.step, steps)
        yield _problem("target-step-unknown", says, section, targets, index, "step", near)
        return
    kind = drawn.catalog.get(steps[target.step].kind)
    known = [measured.name for measured in kind.measures] if kind else [target.measure]
    if target.measure not in known:
        says = f"{_an(section)} is about '{target.measure}', which {named(drawn.flow, target.step)} does not tell. "
        says += instead(target.measure, known, "It tells") if known else "A step of its kind tells no figures."
        near = meant(target.measure, known)
        yield _problem("target-measure-unknown", says, section, targets, index, "measure", near)


def _problem(
    code: str, says: str, section: str, targets: tuple[Target, ...], index: int, word: str, near: str | None
) -> Problem:
    place = f"intent.{section}.{index}"
    if near is None:
        return Problem(code, says, place)
    right = targets[index].model_copy(update={word: near})
    all_of_them = tuple(str(target) for target in (*targets[:index], right, *targets[index + 1 :]))
    fix = SetAims(aims=all_of_them) if section == "aims" else SetLimits(limits=all_of_them)
    return Problem(code, says, place, fix=fix, fix_says=f"Take '{near}' instead.")


def _an(section: str) -> str:
    return "An aim" if section == "aims" else "A limit"


def _proof(drawn: Drawn, aim: Target, place: str) -> Iterator[Problem]:
    if "recall" not in aim.measure or aim.comparison not in (">=", ">"):
        return
    words = short(aim, measured(drawn.flow, drawn.catalog, aim))
    if aim.number >= 1:
        says = f"'{words}' can never be shown by counting cases. Aim at a share below 100 %, such as 95 %."
        yield Problem("aim-proof", says, place, level="hint")
    elif aim.number > 0:
        needed = positives_needed(aim.number)
        says = (
            f"To show '{words}', the audit needs at least {needed:,} positive "
            f"{'case' if needed == 1 else 'cases'} without a miss, and more with one."
        )
        yield Problem("aim-proof", says, place, level="hint")


CODES: tuple[tuple[str, str], ...] = (
    ("target-unreadable", "An aim or a limit is not understood. Write `step.measure >= number`."),
    ("target-step-unknown", "An aim or a limit names a step that is not there. Correct the name."),
    ("target-measure-unknown", "The step does not tell this figure. Take one of those that it tells."),
    ("aim-proof", "How many cases it takes before this aim can be shown to be met."),
)
