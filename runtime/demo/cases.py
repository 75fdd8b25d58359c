"""A demo set as cases, sealed truth and outcomes: the work of `demo-data`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from runtime.chance import uniform
from runtime.demo.columns import TARGETS, columns_of
from runtime.demo.measured import measured_cases
from runtime.demo.shipments import Shipments, reports
from runtime.round import Round
from runtime.values import KEY, Outcomes, Records

if TYPE_CHECKING:
    from runtime.steps.demo import DemoData, DemoRead

_HIDDEN = ("label", "arrived_on", "told_first")


def demo_data(step: DemoData, round: Round) -> DemoRead:
    """Return the cases of a demo set and the outcomes known by the round's time; the truth is sealed."""
    from runtime.steps.demo import DemoRead

    truth = pl.concat([frame.select(KEY, "label") for frame in _frames(step)])
    if round.rehearsal:
        round.seal_truth(truth)
    records = Records(
        round.table(_visible(step, truth)),
        types=columns_of(step.set, step.start),
        key=("shipment_id",) if step.set == "shipments" else (),
    )
    return DemoRead(records, Outcomes(round.table([_outcomes(step, round)])))


def _frames(step: DemoData) -> Iterator[pl.DataFrame]:
    if step.set == "shipments":
        return Shipments(step.rows, step.late_share, date.fromisoformat(step.begins), step.seed).frames()
    return iter([measured_cases(step.set)])


def _visible(step: DemoData, truth: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the cases without their truth, but for those that show it from the beginning."""
    shown = _start_set(step, truth).rename({"label": TARGETS[step.set]})
    for frame in _frames(step):
        cases = frame.drop(_HIDDEN, strict=False)
        yield cases.join(shown, on=KEY, how="left", maintain_order="left") if step.start else cases


def _start_set(step: DemoData, truth: pl.DataFrame) -> pl.DataFrame:
    drawn = truth.with_columns(pl.Series("draw", uniform(truth[KEY], (step.seed, "start"))))
    return drawn.sort("draw").head(step.start).select(KEY, "label")


def _outcomes(step: DemoData, round: Round) -> pl.DataFrame:
    """Return what has become known by now; only shipments arrive, the other sets tell nothing."""
    if step.set != "shipments":
        return pl.DataFrame(schema={KEY: pl.String, "label": pl.String, "known_at": pl.Datetime("us", "UTC")})
    known_at = pl.col("arrived_on").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    told = (reports(frame).select(KEY, "label", known_at=known_at) for frame in _frames(step))
    past = pl.concat([frame.filter(pl.col("known_at") <= round.now) for frame in told])
    return past.sort("known_at", KEY, "label")
