"""Whether the team of people and model is better than either alone, and whether an aim is met."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flows.intent import Comparison
    from runtime.measuring.estimate import Estimate
    from runtime.measuring.pair import Pair

Standing = Literal["better", "worse than the model", "worse than people", "not shown"]


@dataclass(frozen=True)
class Verdict:
    """How the team stands against the better of model and people, with the sentence that says why."""

    standing: Standing
    sentence: str


def verdict(team_minus_model: Pair, team_minus_people: Pair) -> Verdict:
    """Return how the team stands; "better" needs both lower bounds above 0.

    "worse than ..." needs that upper bound below 0; worse than both, the larger loss names it.
    """
    figures = f"team less model {team_minus_model.says}; team less people {team_minus_people.says}"
    if _above(team_minus_model) and _above(team_minus_people):
        return Verdict("better", f"The team is better than the model and than people alone: {figures}.")
    against: tuple[tuple[Pair, Standing], ...] = (
        (team_minus_model, "worse than the model"),
        (team_minus_people, "worse than people"),
    )
    behind = sorted((pair.difference or 0.0, standing) for pair, standing in against if _below(pair))
    return _behind([standing for _, standing in behind], figures)


def aim_met(estimate: Estimate, op: Comparison, number: float) -> bool | None:
    """Return whether an aim is met at the worse end of the interval.

    True: the whole interval meets it. False: the whole interval misses it. None: not known yet, since the
    number lies inside the interval or there is no interval. Only True counts as met.
    """
    if estimate.low is None or estimate.high is None:
        return None
    if op in (">=", ">"):
        worse, better = estimate.low, estimate.high
    else:
        worse, better = estimate.high, estimate.low
    if _holds(worse, op, number):
        return True
    return None if _holds(better, op, number) else False


def _above(pair: Pair) -> bool:
    return pair.low is not None and pair.low > 0


def _below(pair: Pair) -> bool:
    return pair.high is not None and pair.high < 0


def _behind(standings: list[Standing], figures: str) -> Verdict:
    if not standings:
        return Verdict("not shown", f"It is not shown that the team is better than either alone: {figures}.")
    both = " and than people" if standings[0] == "worse than the model" else " and than the model"
    also = both if len(standings) > 1 else ""
    return Verdict(standings[0], f"The team is {standings[0]}{also}: {figures}.")


def _holds(value: float, op: Comparison, number: float) -> bool:
    compare = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
    return bool(compare[op](value, number))
