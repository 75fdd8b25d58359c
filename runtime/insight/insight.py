"""All that is known of a pair of people and model: one frozen value, which pages, tables and reports show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from runtime.insight.book import encounters_of
from runtime.insight.by_round import RoundLine, alpha_of, by_round
from runtime.insight.calibrated import Calibration, calibration
from runtime.insight.corrections import Corrections, corrections
from runtime.insight.deferral import Deferral, Prices, deferral
from runtime.insight.differences import Differences, differences
from runtime.insight.effort import EffortLine, effort
from runtime.insight.encounters import Encounters
from runtime.insight.load import Load, Waiting, load
from runtime.insight.reliance import Reliance, reliance
from runtime.insight.shelf import Shelf
from runtime.insight.standing import Standing, standing
from runtime.moments import read
from runtime.overview import rounds_of
from runtime.values import KEY, Predictions

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow
    from runtime.store import Book, Store

TARGET = 0.95
"""How often the model must be right where it decides alone, unless told otherwise."""


@dataclass(frozen=True)
class Insight:
    """What is known of a pair.

    source: the book, or the file. simulated: whether its people were simulated. standing: of the last round, or
    of the whole table; None where nothing was measured. reliance and differences: first on cases drawn at
    random, then on all that were asked. notes: what was odd, or is missing.
    """

    title: str
    source: str
    simulated: bool
    alpha: float
    standing: Standing | None
    verdict: str
    rounds: tuple[RoundLine, ...]
    reliance: tuple[Reliance, ...]
    differences: tuple[Differences, ...]
    calibration: tuple[Calibration, ...]
    corrections: Corrections
    effort: tuple[EffortLine, ...]
    load: Load
    deferral: Deferral
    notes: tuple[str, ...] = ()


def insight_of(
    store: Store,
    book: Book,
    flow: Flow,
    catalog: Catalog,
    target: float = TARGET,
    prices: Prices | None = None,
    person: str = "",
) -> Insight:
    """Return what a book has shown of a flow's people and model; nothing is written.

    target: how often the model must be right where it decides alone. prices: what mistakes and asking cost; by
    itself what a step that decides says. person: whose corrections are told; without a name all.
    """
    shelf = Shelf(store, book, flow, catalog)
    met = encounters_of(shelf)
    lines = by_round(shelf, met)
    step = shelf.measuring[1] if shelf.measuring else None
    alpha = alpha_of(step, lines[-1].number if lines else 0)
    last = lines[-1].standing if lines else None
    answers = shelf.answers
    return Insight(
        title=flow.name or flow.id,
        source=f"book “{book.name}”",
        simulated=book.rehearsal and bool(answers["simulated"].any()),
        alpha=alpha,
        standing=last,
        verdict=last.verdict.sentence if last else _unmeasured(shelf),
        rounds=lines,
        reliance=(reliance(met, "random", alpha), reliance(met, "asked", alpha)),
        differences=(differences(met, "random", alpha), differences(met, "asked", alpha)),
        calibration=(calibration(met, "model", alpha), calibration(met, "people", alpha)),
        corrections=corrections(shelf, person),
        effort=effort(answers),
        load=load(met, target, alpha, _waiting(shelf, answers)),
        deferral=deferral(met, prices or _prices(shelf, answers), alpha),
        notes=shelf.truths.notes,
    )


def insight_from(
    met: Encounters,
    title: str,
    source: str,
    target: float = TARGET,
    prices: Prices | None = None,
    notes: tuple[str, ...] = (),
    alpha: float = 0.05,
) -> Insight:
    """Return what a table of decisions shows; what only a book can know is said to be unknown."""
    found = standing(met, "accuracy", alpha, "the column “truth”")
    return Insight(
        title=title,
        source=source,
        simulated=False,
        alpha=alpha,
        standing=found,
        verdict=found.verdict.sentence,
        rounds=(),
        reliance=(reliance(met, "random", alpha),),
        differences=(differences(met, "random", alpha),),
        calibration=(calibration(met, "model", alpha), calibration(met, "people", alpha)),
        corrections=Corrections((), "A table of decisions does not tell what a correction changed."),
        effort=(),
        load=load(met, target, alpha, None),
        deferral=deferral(met, prices, alpha),
        notes=notes,
    )


def _unmeasured(shelf: Shelf) -> str:
    if shelf.measuring is None:
        return "Nothing is measured: no step of this flow is of the kind “Measure quality”. Draw one to know."
    return "Too few yet: no round has been measured."


def _waiting(shelf: Shelf, answers: pl.DataFrame) -> Waiting | None:
    """Return how sure the model is now of what is not known yet, and what people need for a case."""
    predictions = shelf.predictions
    if predictions is None or not predictions.learned_from:
        return None
    parts = [
        frame.filter(pl.col("known") == "")["probability"].arr.max().to_numpy()
        for frame in predictions.table.frames(["known", "probability"])
    ]
    sure = np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)
    cases = answers.filter(pl.col("outcome") == "answered")["question"].n_unique()
    minutes = float(answers["seconds"].sum()) / 60 / cases if cases else None
    return Waiting(sure.astype(np.float64), minutes, _new_a_day(shelf))


def _new_a_day(shelf: Shelf) -> float | None:
    """Return how many new cases arrived a day between the first and the last round, None where none did."""
    end = shelf.predicting
    numbers = shelf.rounds_of(end) if end else ()
    if end is None or len(numbers) < 2:
        return None
    first, last = (shelf.given(end, Predictions, number) for number in (numbers[0], numbers[-1]))
    days = {line.number: read(line.now) for line in rounds_of(shelf.store, shelf.book)}
    begin, until = days.get(numbers[0]), days.get(numbers[-1])
    if first is None or last is None or not isinstance(begin, datetime) or not isinstance(until, datetime):
        return None
    fresh = last.table.frame([KEY]).join(first.table.frame([KEY]), on=KEY, how="anti").height
    span = (until - begin).total_seconds() / 86_400
    return fresh / span if fresh and span > 0 else None


def _prices(shelf: Shelf, answers: pl.DataFrame) -> Prices | None:
    """Return what a step that decides says of costs, with what asking about a case has cost; None if unknown."""
    cost = next((found for _, step in shelf.steps if (found := getattr(step, "cost", None)) is not None), None)
    if cost is None or not hasattr(cost, "missed"):
        return None
    cases = answers.filter(pl.col("outcome") == "answered")["question"].n_unique()
    spent = float(answers["cost"].sum()) / cases if cases else 0.0
    asking = spent or cost.held
    return None if asking is None else Prices(float(cost.missed), float(cost.false_alarm), float(asking))
