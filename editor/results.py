"""What a book has shown so far: figures by round, aims, limits, who decided, files and versions of models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from runtime.limits import Verdict
from runtime.outbox import place_of
from runtime.overview import figures_of, rounds_of, targets_of
from runtime.schema import models, outbox
from runtime.values import Figure, Table

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow
    from flows.step import Measured
    from runtime.limits import Judged
    from runtime.store import Book, Store

Who = Literal["model", "people", "team", ""]
_WHO: tuple[Who, ...] = ("model", "people", "team")


@dataclass(frozen=True)
class Series:
    """One measure over the rounds of a table: `figures` has one entry a round, None where it was not taken.

    `base` is the measure without whom it is about, so that model, people and team share a chart.
    """

    name: str
    base: str
    who: Who
    label: str
    unit: str
    says: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True)
class MeasureTable:
    """What one step measured: a column a measure, a row a round."""

    step: str
    title: str
    rounds: tuple[int, ...]
    series: tuple[Series, ...]

    def of(self, base: str) -> tuple[Series, ...]:
        """Return a measure for model, people and team, as far as each is measured."""
        return tuple(series for series in self.series if series.base == base)

    def bases(self) -> tuple[str, ...]:
        """Return the measures, those of which something is known first."""
        known = {series.base for series in self.series if any(f and f.value is not None for f in series.figures)}
        names = dict.fromkeys(series.base for series in self.series)
        return tuple(sorted(names, key=lambda base: base not in known))


@dataclass(frozen=True)
class AimLine:
    """An aim with its latest figure; `met` is `unknown` while too little is known."""

    text: str
    met: Verdict
    figure: Figure | None
    says: str


@dataclass(frozen=True)
class LimitLine:
    """A limit and how near it is: `share` is how much of it is used, 1 at the limit; None without a value."""

    text: str
    kept: Verdict
    value: float | None
    limit: float
    share: float | None
    says: str


@dataclass(frozen=True)
class FileLine:
    """A file that was delivered, and whether it is in its place already."""

    step: str
    round: int
    path: Path
    published: str
    there: bool


@dataclass(frozen=True)
class ModelVersionLine:
    """One version of a step's model and from how many known cases it learned, where it says so."""

    step: str
    number: int
    round: int
    version: str
    learned_from: int | None


@dataclass(frozen=True)
class Results:
    """All that a page shows of a book. `decided` counts the rows of each delivered file by who decided them."""

    book: str
    rehearsal: bool
    rounds: int
    tables: tuple[MeasureTable, ...] = ()
    aims: tuple[AimLine, ...] = ()
    limits: tuple[LimitLine, ...] = ()
    files: tuple[FileLine, ...] = ()
    decided: Mapping[str, Mapping[str, int]] | None = None
    models: tuple[ModelVersionLine, ...] = ()


def results_of(store: Store, book: Book, flow: Flow, catalog: Catalog, folder: Path) -> Results:
    """Return what a book has shown so far; reads delivered tables, so call it when a round ended, not in between."""
    return Results(
        book=book.name,
        rehearsal=book.rehearsal,
        rounds=len(rounds_of(store, book)),
        tables=_tables(store, book, flow, catalog),
        aims=tuple(_aim(judged) for judged in targets_of(store, book, flow, catalog, aims=True)),
        limits=tuple(_limit(judged) for judged in targets_of(store, book, flow, catalog, aims=False)),
        files=_files(store, book, folder),
        decided=decided_by(store, book),
        models=_models(store, book),
    )


def share_used(judged: Judged) -> float | None:
    """Return how much of a limit is used: 0 nothing, 1 at it, more beyond; None while it has no value."""
    value = judged.figure.value if judged.figure else None
    if value is None:
        return None
    limit, least = judged.target.number, judged.target.comparison in (">=", ">")
    over, under = (limit, value) if least else (value, limit)
    if over <= 0:
        return 0.0
    return over / under if under > 0 else float("inf")


def decided_by(store: Store, book: Book) -> dict[str, dict[str, int]]:
    """Return how many rows of each last delivered table were decided by whom, by the file's name."""
    query = select(outbox.c.target, outbox.c.delivered).where(outbox.c.book == book.id).order_by(outbox.c.round)
    with store.reading() as connection:
        newest = {row.target: row.delivered for row in connection.execute(query) if row.delivered}
    found = {}
    for target, plain in newest.items():
        frame = Table.read(plain, store.artifacts).frame(["decided_by"])
        counts = frame["decided_by"].value_counts(sort=True).rows() if frame.width else []
        found[target] = {str(who): int(rows) for who, rows in counts}
    return found


def _tables(store: Store, book: Book, flow: Flow, catalog: Catalog) -> tuple[MeasureTable, ...]:
    tables = []
    for card in flow.steps.values():
        kind = catalog.get(card.kind)
        history = figures_of(store, book, card.memory) if kind is not None and kind.family == "measure" else {}
        if kind is not None and history:
            title = card.title or card.id.replace("-", " ").capitalize()
            tables.append(MeasureTable(card.id, title, tuple(history), _series(history, kind.measures)))
    return tuple(tables)


def _series(history: Mapping[int, Mapping[str, Figure]], declared: tuple[Measured, ...]) -> tuple[Series, ...]:
    """Return the measures in the order of their declaration; those that the kind does not declare follow."""
    known = {measured.name: measured for measured in declared}
    there = dict.fromkeys(name for figures in history.values() for name in figures)
    names = [*(name for name in known if name in there), *(name for name in there if name not in known)]
    found = []
    for name in names:
        who, base = _split(name)
        measured = known.get(name)
        found.append(
            Series(
                name=name,
                base=base,
                who=who,
                label=_label(who, base),
                unit=measured.unit if measured else "",
                says=measured.says if measured else "",
                figures=tuple(figures.get(name) for figures in history.values()),
            )
        )
    return tuple(found)


def _split(name: str) -> tuple[Who, str]:
    for who in _WHO:
        if name.startswith(f"{who}_") and not name.startswith("team_minus_"):
            return who, name.removeprefix(f"{who}_")
    return "", name


def _label(who: Who, base: str) -> str:
    words = base.replace("_", " ").replace("auc", "AUC").replace("f1", "F1").replace(" minus ", " less ")
    return f"{words} of the {who}" if who in ("model", "team") else f"{words} of people" if who else words


def _aim(judged: Judged) -> AimLine:
    return AimLine(str(judged.target), judged.verdict, judged.figure, judged.sentence("aim"))


def _limit(judged: Judged) -> LimitLine:
    value = judged.figure.value if judged.figure else None
    return LimitLine(
        str(judged.target), judged.verdict, value, judged.target.number, share_used(judged), judged.sentence("limit")
    )


def _files(store: Store, book: Book, folder: Path) -> tuple[FileLine, ...]:
    query = select(outbox).where(outbox.c.book == book.id).order_by(outbox.c.round, outbox.c.target)
    with store.reading() as connection:
        newest = {(row.step, row.target): row for row in connection.execute(query)}
    found = []
    for row in newest.values():
        path = place_of(store, book, folder, row.target)
        found.append(FileLine(row.step, row.round, path, row.published or "", path.exists()))
    return tuple(found)


def _models(store: Store, book: Book) -> tuple[ModelVersionLine, ...]:
    query = select(models).where(models.c.book == book.id).order_by(models.c.step, models.c.number)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(ModelVersionLine(row.step, row.number, row.round, row.version, _learned(row.facts)) for row in rows)


def _learned(facts: Mapping[str, object]) -> int | None:
    found = facts.get("answers")
    return found if isinstance(found, int) else None
