"""How far one person can be relied on: against known labels, against what turned out true, against the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from runtime.kernels import majority
from runtime.measuring import Estimate, Sample, estimate
from runtime.reliability.said import Said, said_in
from runtime.reliability.visible import PersonFigure
from runtime.values import KEY


@dataclass(frozen=True)
class Reliability:
    """What is known of one person, from answers given before the model was seen.

    probes: how often right on hidden known cases. audited: on cases drawn at random whose truth turned out,
    each weighted by one over the chance with which it was drawn; only answers given wholly blind. others:
    agreement with the label that most others gave to the case, this person left out; no truth. Each is an
    `Estimate`: value, low and high are None while there is too little, and `says` tells it in words.
    """

    person: str
    answers: int
    probes: Estimate
    audited: Estimate
    others: Estimate

    def figures(self, since: str) -> tuple[PersonFigure, ...]:
        """Return the same as figures to show; `since` is the moment of this person's first answer."""
        return tuple(
            PersonFigure(self.person, measure, found.value, found.says, since)
            for measure, found in (("probes", self.probes), ("audited", self.audited), ("others", self.others))
        )


def reliability(
    frame: pl.DataFrame,
    truths: Mapping[str, str],
    alpha: float = 0.05,
    clusters: Mapping[str, str] | None = None,
) -> tuple[Reliability, ...]:
    """Return how far each person can be relied on, in alphabetical order.

    frame: answers with the columns of `runtime.answers.COLUMNS`. truths: the label of each case that is known from
    outside. alpha: the chance with which an interval may miss. clusters: what shares one fate, by case; a case
    that is not in it stands alone.
    """
    first = unadvised(frame)
    asked = said_in(first.filter(~pl.col("probe")))
    return tuple(
        Reliability(
            person,
            mine.height,
            _right(mine.filter(pl.col("probe")), "known_label", alpha, clusters or {}),
            _right(_audited(mine, truths), "truth", alpha, clusters or {}),
            _with_others(asked, person, alpha, clusters or {}),
        )
        for person, mine in ((person, first.filter(pl.col("person") == person)) for person in _people(first))
    )


def figures(
    frame: pl.DataFrame,
    truths: Mapping[str, str],
    alpha: float = 0.05,
    clusters: Mapping[str, str] | None = None,
) -> tuple[PersonFigure, ...]:
    """Return all figures by person; nobody is shown them but through `visible`."""
    since = dict(frame.group_by("person").agg(pl.col("at").min()).iter_rows())
    return tuple(
        figure
        for each in reliability(frame, truths, alpha, clusters)
        for figure in each.figures(str(since[each.person]))
    )


def unadvised(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the first answer of each person to each question, where it was given before the model was seen."""
    return frame.filter(pl.col("supersedes").is_null() & ~pl.col("advised"))


def _people(frame: pl.DataFrame) -> list[str]:
    return sorted(frame["person"].unique())


def _audited(mine: pl.DataFrame, truths: Mapping[str, str]) -> pl.DataFrame:
    drawn = mine.filter((pl.col("drawn_with") > 0) & pl.col("blind") & ~pl.col("probe"))
    truth = drawn[KEY].replace_strict(dict(truths), default=None, return_dtype=pl.String)
    return drawn.with_columns(truth=truth).filter(pl.col("truth").is_not_null())


def _right(rows: pl.DataFrame, truth: str, alpha: float, clusters: Mapping[str, str]) -> Estimate:
    """Return how often the label is the true one; what named no label is coverage, neither right nor wrong."""
    rows = rows.filter(pl.col(truth).is_not_null())
    answered = (rows["outcome"] == "answered").to_numpy()
    right = (rows["label"] == rows[truth]).to_numpy()
    weight = (1 / rows["drawn_with"]).fill_null(1.0).to_numpy().astype(np.float64)
    return _share(right, answered, weight, rows[KEY].to_list(), alpha, clusters)


def _with_others(said: Said, person: str, alpha: float, clusters: Mapping[str, str]) -> Estimate:
    """Return how often a person says what most others say; cases on which the others are even do not enter."""
    mine = said.of(person)
    others = said.person != (said.people.index(person) if person in said.people else -1)
    most = majority.reference(said.case[others], said.label[others], len(said.cases), len(said.labels)).label
    enters = np.flatnonzero((mine >= 0) & (most >= 0))
    alike = mine[enters] == most[enters]
    keys = [said.cases[place] for place in enters]
    return _share(alike, np.ones(len(enters), bool), np.ones(len(enters)), keys, alpha, clusters)


def _share(
    right: np.ndarray[tuple[int], np.dtype[np.bool_]],
    answered: np.ndarray[tuple[int], np.dtype[np.bool_]],
    weight: np.ndarray[tuple[int], np.dtype[np.float64]],
    keys: list[str],
    alpha: float,
    clusters: Mapping[str, str],
) -> Estimate:
    truth = np.ones(len(right), dtype=np.int64)
    decided = np.where(answered, right.astype(np.int64), -1)
    cluster = np.array([clusters.get(key, key) for key in keys], dtype=np.str_)
    return estimate("accuracy", Sample.of(truth, decided, None, weight, cluster), None, alpha)
