"""Whether people rely on the model where it is right, and on themselves where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from runtime.insight.encounters import Encounters
from runtime.insight.finding import Finding, share_of, unknown

Cases = Literal["random", "asked"]
NONE_SHOWN = (
    "not known: nobody has seen the model's advice after a first answer of their own, and simulated people "
    "never do. Set `show_model: after-own-answer` where people are asked"
)


@dataclass(frozen=True)
class Reliance:
    """What people did with advice that differed from their own first answer.

    After Schemmer, Kuehl, Benz, Bartos and Satzger, Appropriate Reliance on AI Advice, IUI 2023:
    `model_reliance` (their RAIR) is the share that went over to the model, of the cases in which the person
    was wrong at first and the model right; `self_reliance` (RSR) the share that stayed right, of the cases in
    which the person was right at first and the model wrong.

    cases: drawn at random, or all that were asked, which are no picture of the population.
    looked: advice seen. differed: of these, where it was another label. switched: the share of those in
    which the final answer is the model's. The six counts add up to the `differed` whose truth is known.
    """

    cases: Cases
    looked: int
    differed: int
    relied_when_right: int
    own_when_wrong: int
    own_when_right: int
    relied_when_wrong: int
    lost_when_right: int
    both_wrong: int
    switched: Finding
    model_reliance: Finding
    self_reliance: Finding
    kept_on_agreement: Finding
    says: str


def reliance(encounters: Encounters, cases: Cases, alpha: float) -> Reliance:
    """Return how people relied on advice that they saw after a first answer of their own."""
    rows = encounters.random() if cases == "random" else encounters.asked()
    given = rows.filter(pl.col("seen") & pl.all_horizontal(pl.col("first", "advice", "final").is_not_null()))
    differing = given.filter(pl.col("first") != pl.col("advice"))
    agreeing = given.filter(pl.col("first") == pl.col("advice"))
    known = differing.drop_nulls("truth").with_columns(
        model_right=pl.col("advice") == pl.col("truth"),
        first_right=pl.col("first") == pl.col("truth"),
        to_model=pl.col("final") == pl.col("advice"),
        final_right=pl.col("final") == pl.col("truth"),
    )
    could_switch = known.filter("model_right")
    could_stay = known.filter("first_right")
    where = _where(encounters, cases)
    switched = _share(differing, pl.col("final") == pl.col("advice"), alpha, f"disagreements{where}")
    model_reliance = _share(could_switch, "final_right", alpha, f"disagreements{where} in which the model was right")
    self_reliance = _share(could_stay, "final_right", alpha, f"disagreements{where} in which the person was right")
    return Reliance(
        cases=cases,
        looked=given.height,
        differed=differing.height,
        relied_when_right=could_switch.filter("final_right").height,
        own_when_wrong=could_switch.filter(~pl.col("final_right")).height,
        own_when_right=could_stay.filter("final_right").height,
        relied_when_wrong=could_stay.filter("to_model").height,
        lost_when_right=could_stay.filter(~pl.col("final_right") & ~pl.col("to_model")).height,
        both_wrong=known.filter(~pl.col("model_right") & ~pl.col("first_right")).height,
        switched=switched,
        model_reliance=model_reliance,
        self_reliance=self_reliance,
        kept_on_agreement=_share(agreeing, pl.col("final") == pl.col("first"), alpha, f"agreements{where}"),
        says=_sentence(given.height, switched, model_reliance, self_reliance),
    )


def _share(rows: pl.DataFrame, hit: pl.Expr | str, alpha: float, noun: str) -> Finding:
    if not rows.height:
        return unknown(f"too few yet: no {noun}")
    flags = rows.select(pl.col(hit) if isinstance(hit, str) else hit).to_series()
    return share_of(rows, flags.to_numpy(), alpha, noun)


def _where(encounters: Encounters, cases: Cases) -> str:
    if encounters.origin == "table":
        return ""
    return " in cases drawn at random" if cases == "random" else " in asked cases"


def _sentence(looked: int, switched: Finding, model: Finding, own: Finding) -> str:
    if not looked:
        return f"Reliance is {NONE_SHOWN}."
    told = [
        f"Where model and person differed, people went over to the model: {switched.says}.",
        f"Where the model was right, {'they did so in ' if model.known else ''}{model.says}.",
        f"Where they were right themselves, {'they stayed in ' if own.known else ''}{own.says}.",
    ]
    return " ".join(told)
