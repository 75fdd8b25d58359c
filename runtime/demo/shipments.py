"""Shipments that never were, whose truth is known: it is drawn by a formula that is written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from runtime.demo import world
from runtime.demo.columns import SHIPMENT_COLUMNS
from runtime.values import KEY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BLOCK = 250_000
"""Shipments made at a time, so that memory does not grow with their number."""

DAYS = 28
"""Departures are spread over so many days, from the day after the beginning."""

REFERENCE = 20_000
"""Shipments that the share of late ones is set on: they are no part of the data."""

MISSING = {"carrier": 0.03, "weight_kg": 0.06, "value_eur": 0.04, "supplier": 0.03}
"""The share of each column that nobody wrote down; the truth follows what was not written all the same."""

_US_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Shipments:
    """So many shipments, a share of them late; the same numbers make the same bytes.

    The log-odds of being late are a sum: carrier, mode, supplier, incoterm, season, days in reserve, and
    what the note says; and beyond the sum QuickLine on far lanes, strikes at sea, customs papers
    outside the union, and heavy loads by air (all figures: `runtime.demo.world`).
    A constant brings the expected share to `late_share`; then each shipment is drawn.
    """

    rows: int
    late_share: float
    begins: date
    seed: int

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the shipments with their truth, block by block.

        Columns: the key, those of `SHIPMENT_COLUMNS`, `label` (yes or no), `arrived_on`, and
        `told_first` (the wrong first message of some late ones, else empty).
        """
        for block, start in enumerate(range(0, self.rows, BLOCK)):
            rows = min(BLOCK, self.rows - start)
            chance = _Chance(rows, (self.seed, block))
            yield _frame(chance, self.begins, self._constant, start)

    @cached_property
    def _constant(self) -> float:
        """Return what brings the expected share of late ones on the reference to the share wanted."""
        odds = _Drawn.of(_Chance(REFERENCE, (0, 0)), self.begins).log_odds()
        low, high = -30.0, 30.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if _share(odds + middle) < self.late_share else (low, middle)
        return low


class _Chance:
    """Uniform numbers only, which NumPy keeps the same from version to version; all else is made of them."""

    def __init__(self, rows: int, seed: Sequence[int]) -> None:
        self.rows = rows
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))

    def uniform(self) -> Floats:
        return np.asarray(self._generator.random(self.rows))

    def whole(self, low: int, high: int) -> Ints:
        """Return whole numbers from `low` to `high`, both included."""
        return low + (self.uniform() * (high - low + 1)).astype(np.int64)

    def pick(self, shares: Sequence[float]) -> Ints:
        """Return places, each with its share of the rows."""
        edges = np.cumsum(shares) / np.sum(shares)
        return np.minimum(np.searchsorted(edges, self.uniform(), side="right"), len(shares) - 1)

    def spread(self, low: float, high: float) -> Floats:
        """Return numbers whose logarithms are spread evenly."""
        numbers: Floats = np.exp(np.log(low) + self.uniform() * np.log(high / low))
        return np.asarray(np.round(numbers))


@dataclass(frozen=True)
class _Drawn:
    """What was drawn for each shipment, before anything goes missing: places in the tuples of the world."""

    carrier: Ints
    lane: Ints
    mode: Ints
    km: Floats
    weight: Floats
    value: Floats
    incoterm: Ints
    supplier: Ints
    note: Ints
    wording: Ints
    reserve: Ints
    ordered: Ints
    day: Ints
    minute: Ints
    season: Ints

    @classmethod
    def of(cls, chance: _Chance, begins: date) -> _Drawn:
        lane = chance.pick([1.0] * len(world.LANES))
        km = np.round(np.array([each.km for each in world.LANES])[lane] * (0.9 + 0.2 * chance.uniform()))
        day = chance.whole(1, DAYS)
        return cls(
            carrier=chance.pick([each.share for each in world.CARRIERS]),
            lane=lane,
            mode=_modes(km, chance.uniform()),
            km=km,
            weight=chance.spread(80, 18_000),
            value=chance.spread(500, 250_000),
            incoterm=chance.pick([0.4, 0.25, 0.2, 0.15]),
            supplier=chance.pick([1.0] * len(world.SUPPLIERS)),
            note=chance.pick([each.share for each in world.NOTES]),
            wording=chance.whole(0, 2),
            reserve=chance.pick([0.2, 0.35, 0.3, 0.15]),
            ordered=chance.whole(0, 20),
            day=day,
            minute=chance.whole(6 * 4, 18 * 4) * 15,
            season=_seasons(begins, day),
        )

    def log_odds(self) -> Floats:
        """Return (n,) log-odds of being late, without the constant."""
        far, at_sea = self.km > 1_800, self.mode == world.MODES.index(world.SEA)
        outside = _taken([each.outside for each in world.LANES], self.lane)
        by_air = self.mode == world.MODES.index(world.AIR)
        quick = self.carrier == [each.name for each in world.CARRIERS].index("QuickLine")
        return np.asarray(
            _taken([each.late for each in world.CARRIERS], self.carrier)
            + _taken([each.late for each in world.MODES], self.mode)
            + _taken([late for _, late in world.INCOTERMS], self.incoterm)
            + _taken([late for _, late in world.SUPPLIERS], self.supplier)
            + _taken([late for _, _, late in world.SEASONS], self.season)
            + _taken(world.RESERVE_LATE, self.reserve)
            + _taken([each.late for each in world.NOTES], self.note)
            + _taken([each.at_sea for each in world.NOTES], self.note) * at_sea
            + _taken([each.outside for each in world.NOTES], self.note) * outside
            + world.FAR_WITH_QUICKLINE * (quick & far)
            + world.HEAVY_BY_AIR * (by_air & (self.weight > 5_000))
        )

    def transit(self) -> Ints:
        """Return the planned days on the way: driving, handling, and what is in reserve."""
        driving = np.ceil(self.km / _taken([each.km_a_day for each in world.MODES], self.mode))
        handling = _taken([each.handling for each in world.MODES], self.mode)
        return np.asarray(driving + handling + self.reserve, dtype=np.int64)


def _frame(chance: _Chance, begins: date, constant: float, start: int) -> pl.DataFrame:
    drawn = _Drawn.of(chance, begins)
    late = chance.uniform() < _sigmoid(drawn.log_odds() + constant)
    days = np.minimum(1 + np.floor(-2.0 * np.log1p(-chance.uniform())), 12).astype(np.int64)
    early = np.where(drawn.transit() > 1, chance.whole(0, 1), 0)
    told_wrong = late & (chance.uniform() < 0.12)
    today = begins.toordinal() - date(1970, 1, 1).toordinal()
    first = today + drawn.day
    planned = first + drawn.transit()
    ids = [f"S-{number:05d}" for number in range(start + 1, start + chance.rows + 1)]
    whole = pl.DataFrame(
        {
            KEY: ids,
            "shipment_id": ids,
            "order_date": _dates(today - drawn.ordered),
            "planned_departure": _moments(first, drawn.minute),
            "planned_arrival": _dates(planned),
            "reserve_days": drawn.reserve.astype(np.float64),
            "carrier": _words([each.name for each in world.CARRIERS], drawn.carrier),
            "mode": _words([each.name for each in world.MODES], drawn.mode),
            "origin": _words([each.origin for each in world.LANES], drawn.lane),
            "destination_country": _words([each.country for each in world.LANES], drawn.lane),
            "distance_km": drawn.km,
            "weight_kg": drawn.weight,
            "value_eur": drawn.value,
            "incoterm": _words([name for name, _ in world.INCOTERMS], drawn.incoterm),
            "supplier": _words([name for name, _ in world.SUPPLIERS], drawn.supplier),
            "season": _words([name for name, _, _ in world.SEASONS], drawn.season),
            "note": [_note(note, wording) for note, wording in zip(drawn.note, drawn.wording, strict=True)],
            "label": np.where(late, "yes", "no"),
            "arrived_on": _dates(np.where(late, planned + days, planned - early)),
            "told_first": _dates(planned).zip_with(pl.Series(told_wrong), pl.Series([None], dtype=pl.Date)),
        },
        schema_overrides={"note": pl.String},
    )
    gone = {name: chance.uniform() < share for name, share in MISSING.items()}
    return whole.with_columns(
        pl.when(~pl.lit(pl.Series(missing))).then(pl.col(name)).alias(name) for name, missing in gone.items()
    ).select(KEY, *SHIPMENT_COLUMNS, "label", "arrived_on", "told_first")


def reports(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what was told of the arrivals, `label` with `arrived_on`, in the order of the days.

    Some late shipments are told as arrived on the planned day first; the right day comes as a further row.
    """
    right = frame.select(KEY, "label", "arrived_on")
    wrong = frame.drop_nulls("told_first").select(KEY, pl.lit("no").alias("label"), arrived_on="told_first")
    return pl.concat([wrong, right]).sort("arrived_on", KEY)


def _modes(km: Floats, draw: Floats) -> Ints:
    """Return the mode of each shipment: overseas by ship or plane, far by any, near by lorry mostly."""
    road, rail, air, sea = range(4)
    overseas = np.where(draw < 0.7, sea, air)
    far = np.select([draw < 0.45, draw < 0.65, draw < 0.8], [road, rail, air], sea)
    near = np.select([draw < 0.75, draw < 0.9], [road, rail], air)
    return np.asarray(np.where(km > 4_000, overseas, np.where(km > 1_300, far, near)), dtype=np.int64)


def _seasons(begins: date, day: Ints) -> Ints:
    years = np.array([begins.toordinal() + number for number in range(DAYS + 1)])
    places = [_season(date.fromordinal(int(number))) for number in years]
    return np.array(places)[day]


def _season(day: date) -> int:
    number = day.timetuple().tm_yday
    return next((place for place, (_, last, _) in enumerate(world.SEASONS) if number <= last), 0)


def _note(note: int, wording: int) -> str | None:
    wordings = world.NOTES[note].wordings
    return wordings[wording] if wordings else None


def _taken(effects: Sequence[float], places: Ints) -> Floats:
    return np.asarray(effects, dtype=np.float64)[places]


def _words(names: Sequence[str], places: Ints) -> pl.Series:
    return pl.Series(np.array(names, dtype=object)[places], dtype=pl.String)


def _dates(days: Ints) -> pl.Series:
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def _moments(days: Ints, minutes: Ints) -> pl.Series:
    microseconds = pl.Series(days * _US_A_DAY + minutes * 60_000_000)
    return microseconds.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _share(odds: Floats) -> float:
    return float(_sigmoid(odds).mean())
