"""Cases drawn at random: model, people and team side by side on the same of them, each weighted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from runtime.experience import Known
from runtime.measuring import Sample
from runtime.measuring.sample import Floats, Integers
from runtime.measuring_rounds.answered import crowd, team_of, thought
from runtime.measuring_rounds.ground import Ground, sampled
from runtime.measuring_rounds.taken import Taken, truth_words
from runtime.values import KEY


@dataclass(frozen=True, eq=False)
class Audit:
    """The cases drawn at random in all rounds so far whose truth is known.

    cases: one row a case, with `place`, `cluster`, `weight` (one over the chance of being drawn, from
    those open in its round), and what `model` (at that time) and `team` decided (-1: nothing).
    answers: one row a blind first answer to such a case, with `said`, `person` and its part of the weight.
    waiting: how many cases were drawn whose truth is not known yet.
    """

    cases: pl.DataFrame
    answers: pl.DataFrame
    chances: Floats
    waiting: int

    def taken(self) -> tuple[Taken, Taken, Taken]:
        """Return model, people and team on these cases."""
        truth, noun = truth_words(self.cases), "cases drawn at random"
        weight = self.cases["weight"].to_numpy()
        model = sampled(self.cases, _places(self.cases, "model"), self.chances, weight)
        team = sampled(self.cases, _places(self.cases, "team"), None, weight)
        said = sampled(self.answers, _places(self.answers, "said"), None, self.answers["weight"].to_numpy())
        whose = f"{team_of(self.answers)} to cases drawn at random"
        return (
            Taken("model", "audit", truth, noun, model),
            Taken("people", "audit", truth, whose, said, crowd(self.answers)),
            Taken("team", "audit", truth, noun, team),
        )

    def side_by_side(self) -> tuple[Sample, Sample, Sample]:
        """Return model, people and team on the same rows: one a blind first answer, or a case without any."""
        both = self.cases.drop("weight").join(
            self.answers.select(KEY, "said", part="weight"), on=KEY, how="left", maintain_order="left"
        )
        whole = both.join(self.cases.select(KEY, "weight"), on=KEY, how="left", maintain_order="left")
        rows = whole.with_columns(pl.col("said").fill_null(-1), pl.col("part").fill_null(pl.col("weight")))
        weight = rows["part"].to_numpy()
        return (
            sampled(rows, _places(rows, "model"), None, weight),
            sampled(rows, _places(rows, "said"), None, weight),
            sampled(rows, _places(rows, "team"), None, weight),
        )


def audit(ground: Ground, first: pl.DataFrame, blind: pl.DataFrame, decided: Mapping[str, Known]) -> Audit:
    """Return the cases drawn at random so far.

    first: all first answers; blind: those of them given unaided; decided: what people say of each case
    now. The team is the person where the case would have been picked anyway, else the model.
    """
    drawn = first.filter(pl.col("drawn_with") > 0).unique(KEY, keep="first", maintain_order=True)
    known = ground.truths.of(drawn)
    chances = thought(known, ground.rule.classes)
    model = ground.rule.said(chances)
    people = _settled(known, decided, ground.rule.classes)
    cases = known.select(
        KEY,
        "place",
        "source",
        weight=1 / pl.col("drawn_with"),
        cluster=ground.cluster(known[KEY]),
        model=pl.Series(model, dtype=pl.Int64),
        team=pl.Series(np.where(known["also_picked"].to_numpy(), people, model), dtype=pl.Int64),
    )
    on_these = blind.select(KEY, "person", "said").join(cases, on=KEY, how="inner", maintain_order="left")
    answers = on_these.with_columns(weight=pl.col("weight") / pl.len().over(KEY))
    return Audit(cases, answers, chances, drawn.height - known.height)


def _settled(rows: pl.DataFrame, decided: Mapping[str, Known], classes: tuple[str, ...]) -> Integers:
    facts = [decided.get(key) for key in rows[KEY]]
    return np.array([classes.index(fact.label) if fact else -1 for fact in facts], dtype=np.int64)


def _places(rows: pl.DataFrame, column: str) -> Integers:
    return rows[column].to_numpy().astype(np.int64)
