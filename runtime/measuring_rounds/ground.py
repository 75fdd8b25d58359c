"""What all figures of a round stand on: predictions, the rule of the flow, and what is true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from flows.problems import refuse
from runtime.measuring import Sample
from runtime.measuring.sample import Floats, Integers
from runtime.measuring_rounds.rule import Rule
from runtime.measuring_rounds.truths import Truths
from runtime.partitions import map_partitions
from runtime.values import KEY, Predictions

if TYPE_CHECKING:
    from runtime.steps.measure import MeasureQuality


@dataclass(frozen=True, eq=False)
class Ground:
    """What all figures of a round stand on.

    groups: columns that name what shares a fate; without any, the predictions say it.
    """

    predictions: Predictions
    rule: Rule
    truths: Truths
    groups: tuple[str, ...]

    def scored(self, keep: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """Return the predicted cases that `keep` leaves, partition by partition, with `cluster`."""
        kept = pl.concat(list(map_partitions(keep, self.predictions.table)) or [keep(self._nothing())])
        return kept.with_columns(cluster=self.cluster(kept[KEY])) if self.groups else _clustered(kept)

    def cluster(self, keys: pl.Series) -> pl.Series:
        """Return (n,) words: what shares a fate with each case; a case that has no group stands alone."""
        wanted = keys.unique().implode()
        source = self.predictions.records.table if self.groups else self.predictions.table
        columns = [*self.groups] if self.groups else ["group"]
        self._refuse_missing(columns if self.groups else [])
        if not set(columns) <= set(source.columns):
            return keys
        frames = source.frames([KEY, *columns])
        found = pl.concat([frame.filter(pl.col(KEY).is_in(wanted)) for frame in frames])
        texts = [pl.col(name).cast(pl.String).fill_null("") for name in columns]
        named = pl.concat_str(texts, separator="\x1f")
        words = found.select(KEY, words=pl.when(pl.any_horizontal(pl.col(columns).is_not_null())).then(named))
        joined = keys.to_frame(KEY).join(words.unique(KEY), on=KEY, how="left", maintain_order="left")
        return joined.select(pl.col("words").fill_null(pl.col(KEY))).to_series()

    def chances(self, frame: pl.DataFrame) -> Floats:
        """Return (n, k) float32 the probabilities of predicted cases."""
        return frame["probability"].to_numpy().reshape(frame.height, len(self.rule.classes))

    def said(self, frame: pl.DataFrame) -> Integers:
        """Return (n,) what the model says now; -1 everywhere while it has learned from nothing."""
        if self.predictions.learned_from == 0:
            return np.full(frame.height, -1, dtype=np.int64)
        return self.rule.said(self.chances(frame))

    def _nothing(self) -> pl.DataFrame:
        """Return predictions of no case, for a table without any partition."""
        kinds: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys((KEY, "known", "group"), pl.String)
        chances = pl.Array(pl.Float32, len(self.rule.classes))
        return pl.DataFrame(schema={**kinds, "held_out": pl.Int8, "probability": chances})

    def _refuse_missing(self, columns: list[str]) -> None:
        gone = [name for name in columns if name not in self.predictions.records.table.columns]
        if gone:
            there = [name for name in self.predictions.records.table.columns if name != KEY]
            raise refuse(
                "group-missing",
                f"The cases have no column called {', '.join(gone)} to group by. Their columns are: "
                f"{', '.join(there)}.",
                "group",
            )


def ground_of(step: MeasureQuality, predictions: Predictions, rule: Rule, truths: Truths) -> Ground:
    """Return the ground of a round's figures."""
    return Ground(predictions, rule, truths, tuple(step.group))


def sampled(
    frame: pl.DataFrame, decided: Integers, chances: Floats | None = None, weight: Floats | None = None
) -> Sample:
    """Return cases with `place` and `cluster` as a sample to measure on."""
    return Sample.of(
        truth=frame["place"].to_numpy().astype(np.int64),
        decided=decided,
        probability=chances,
        weight=weight,
        cluster=numbered(frame["cluster"]),
    )


def numbered(words: pl.Series) -> Integers:
    """Return (n,) a number for each different word."""
    _, numbers = np.unique(words.to_numpy().astype(np.str_), return_inverse=True)
    return np.asarray(numbers, dtype=np.int64)


def _clustered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(cluster=pl.col("group") if "group" in frame.columns else pl.col(KEY))
