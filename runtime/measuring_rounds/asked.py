"""The cases that people were asked about, picked because they are hard: never the population."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from runtime.measuring_rounds.answered import crowd, team_of, thought
from runtime.measuring_rounds.ground import Ground, sampled
from runtime.measuring_rounds.taken import Taken, truth_words
from runtime.values import KEY


def asked(ground: Ground, first: pl.DataFrame, blind: pl.DataFrame) -> Iterator[Taken]:
    """Yield people, unaided, and the model of that time on all asked cases whose truth is known."""
    said = _clustered(ground, ground.truths.of(blind))
    sample = sampled(said, said["said"].to_numpy().astype(np.int64))
    whose = f"{team_of(said)} to asked cases"
    yield Taken("people", "asked", truth_words(said), whose, sample, crowd(said))
    cases = _clustered(ground, ground.truths.of(first.unique(KEY, keep="first", maintain_order=True)))
    chances = thought(cases, ground.rule.classes)
    model = sampled(cases, ground.rule.said(chances), chances)
    yield Taken("model", "asked", truth_words(cases), "asked cases", model)


def _clustered(ground: Ground, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(cluster=ground.cluster(rows[KEY]))
