"""Who should decide, by what mistakes and asking cost: the model, people, or each where it is cheaper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from runtime.insight.encounters import Encounters
from runtime.insight.finding import Finding, in_unit, mean_of, unknown
from runtime.measuring.sample import Flags, Floats

NO_COSTS = (
    "Who should decide by cost is not known: say what a missed case, a false alarm and asking a person cost. "
    "In the flow that is `cost` of a step that decides and what an hour of the people costs; else name them when asking"
)


@dataclass(frozen=True)
class Prices:
    """What mistakes cost, and asking a person about one case, in money."""

    missed: float
    false_alarm: float
    asking: float


@dataclass(frozen=True)
class Policy:
    """One way to share the work: the share of cases that people decide, and what a case then costs."""

    name: str
    says: str
    asked: float
    cost: Finding


@dataclass(frozen=True)
class Deferral:
    """The model decides all, people decide all, or people get what is too dear to leave to the model.

    saved: by how much a case is cheaper than under the cheaper of the first two.
    """

    prices: Prices | None
    policies: tuple[Policy, ...]
    saved: Finding
    says: str


def deferral(encounters: Encounters, prices: Prices | None, alpha: float) -> Deferral:
    """Return what a case costs under each policy, on cases drawn at random that both answered.

    The model decides at the probability where both mistakes cost the same (Elkan, IJCAI 2001). A case goes to
    people where its expected mistake, p * missed or (1 - p) * false alarm, is dearer than asking together with
    what people's own mistakes cost on the average.
    """
    if prices is None:
        return _nothing(None, f"{NO_COSTS}.")
    if len(encounters.labels) != 2 or encounters.positive not in encounters.labels:
        return _nothing(prices, "Costs of a miss and a false alarm need two labels of which one is the one looked for.")
    rows = encounters.random().filter("blind").drop_nulls(["first", "advice", "advice_confidence", "truth"])
    if rows.height < 10:
        found = f"{rows.height} cases drawn at random that a person and the model both answered"
        return _nothing(prices, f"Who should decide by cost is not known: too few yet, {found}; 10 are needed.")
    noun = encounters.noun if encounters.origin == "table" else "answers to cases drawn at random"
    return _deferral(rows, encounters.positive, prices, alpha, noun)


def _deferral(rows: pl.DataFrame, positive: str, prices: Prices, alpha: float, noun: str) -> Deferral:
    truth = (rows["truth"] == positive).to_numpy()
    sure = rows["advice_confidence"].to_numpy().astype(np.float64)
    chance = np.where((rows["advice"] == positive).to_numpy(), sure, 1 - sure)
    by_model = chance >= prices.false_alarm / (prices.false_alarm + prices.missed)
    by_person = (rows["first"] == positive).to_numpy()
    model_costs = _mistakes(by_model, truth, prices)
    people_mistakes = _mistakes(by_person, truth, prices)
    people_costs = people_mistakes + prices.asking
    weight = rows["weight"].to_numpy().astype(np.float64)
    risk = np.where(by_model, (1 - chance) * prices.false_alarm, chance * prices.missed)
    ask = risk > prices.asking + float(weight @ people_mistakes / weight.sum())
    shared = np.where(ask, people_costs, model_costs)
    worst = max(prices.missed, prices.false_alarm) + prices.asking

    def policy(name: str, says: str, asked: Flags, costs: Floats) -> Policy:
        share = float(weight @ asked / weight.sum())
        return Policy(name, says, share, mean_of(rows, costs, alpha, noun, "money", worst))

    alone = policy("the model", "The model decides every case.", np.zeros_like(ask), model_costs)
    people = policy("people", "People decide every case.", np.ones_like(ask), people_costs)
    both = policy("each where it is cheaper", "People get what is too dear to leave to the model.", ask, shared)
    cheaper, costs = (alone, model_costs) if _value(alone) <= _value(people) else (people, people_costs)
    saved = mean_of(rows, costs - shared, alpha, noun, "money", worst)
    return Deferral(prices, (alone, people, both), saved, _sentence(both, cheaper, saved))


def _mistakes(said: Flags, truth: Flags, prices: Prices) -> Floats:
    return np.where(truth & ~said, prices.missed, 0.0) + np.where(said & ~truth, prices.false_alarm, 0.0)


def _value(policy: Policy) -> float:
    return policy.cost.value if policy.cost.value is not None else float("inf")


def _nothing(prices: Prices | None, says: str) -> Deferral:
    return Deferral(prices, (), unknown(says, unit="money"), says)


def _sentence(both: Policy, cheaper: Policy, saved: Finding) -> str:
    if saved.value is None or saved.low is None or saved.high is None:
        return f"Who should decide by cost is not known: {saved.says}."
    if both.asked in (0.0, 1.0):
        who = "the model decides" if both.asked == 0 else "people decide"
        return f"At these costs there is nothing to share: it is cheapest if {who} all, {both.cost.says} a case."
    share = f"{100 * both.asked:.0f} % of the cases"
    each = in_unit(_value(both), "money")
    if saved.low > 0:
        return f"It is cheapest to ask people about {share}: {each} a case, {saved.says} less than {_alone(cheaper)}."
    if saved.high < 0:
        return f"It is cheapest {_alone(cheaper)}: asking people about {share} costs more, {each} a case."
    return (
        f"Asking people about {share} costs {each} a case; that this is cheaper than {_alone(cheaper)} "
        f"({cheaper.cost.says}) is not shown: the difference is {saved.says}."
    )


def _alone(policy: Policy) -> str:
    return f"if {policy.name} {'decides' if policy.name == 'the model' else 'decide'} all"
