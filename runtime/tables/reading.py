"""Opening a table: what its columns are, what was odd, and its rows as typed frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType, TracebackType

import polars as pl

from flows.problems import refuse
from runtime.tables.columns import Columns
from runtime.tables.deciding import decide
from runtime.tables.delimited import stage_delimited
from runtime.tables.excel import stage_excel
from runtime.tables.formats import format_of
from runtime.tables.headings import free
from runtime.tables.json_lines import stage_json_lines
from runtime.tables.keys import Keys, keys_of_columns, keys_of_rows
from runtime.tables.oddities import Oddity, quoted
from runtime.tables.parquet import stage_parquet
from runtime.tables.settings import ColumnType, TableSettings
from runtime.tables.stage import Stage
from runtime.tables.survey import survey
from runtime.tables.telling import told
from runtime.tables.unpacking import unpack
from runtime.tables.workspace import Workspace

__all__ = ["Oddity", "Reading", "open_table"]


def open_table(
    path: Path,
    settings: TableSettings = TableSettings(),  # noqa: B008 - frozen, so one value serves all calls
    key: tuple[str, ...] = (),
    drop: tuple[str, ...] = (),
) -> Reading:
    """Read a table of any format once, and return what is needed to load it frame by frame.

    `key` names the columns that together tell rows apart; without it a row is known by its own words.
    `drop` names columns that no frame, report or key holds; `Reading.dropped` alone gives them.
    Memory is bounded by a batch, and 8 bytes a row for the keys; a copy of the words lies in a temporary
    folder until the reading is closed. Raises `Refused` with a code from `CODES` for what cannot be read.
    """
    space = Workspace()
    try:
        stage = Stage(space)
        report = _staged(path, settings, stage, space)
        _judge_names(stage, path.name, key, drop)
        keys = _keys(stage, path.name, key, drop)
        return Reading(stage, report, settings, keys, drop, space)
    except BaseException:
        space.close()
        raise


class Reading:
    """A table that was opened: its columns, the number of rows, what was odd, and its frames."""

    columns: Mapping[str, ColumnType]
    rows: int
    report: tuple[Oddity, ...]

    def __init__(
        self,
        stage: Stage,
        report: tuple[Oddity, ...],
        settings: TableSettings,
        keys: Keys,
        drop: tuple[str, ...],
        space: Workspace,
    ) -> None:
        self._stage, self._settings, self._drop, self._space = stage, settings, drop, space
        self._keys = keys
        self._columns, odd = _decided(stage, _kept(stage, drop), settings)
        self.columns = MappingProxyType(self._columns.types())
        self.rows = stage.rows
        self.report = (*(each for each in report if each.column not in drop), *odd)

    def frames(self, rows: int = 250_000) -> Iterator[pl.DataFrame]:
        """Yield the table in frames of this many rows, the last one shorter; at least one frame.

        The first column is the key (String). Numbers are Float64, dates Date, datetimes Datetime[us, UTC],
        all others String; missing is null. Each call yields the same frames, bit for bit.
        """
        yield from _sized(self._frames(self._columns), max(1, rows), self._columns.empty())

    def dropped(self) -> pl.DataFrame:
        """Return the key and the dropped columns as typed, whole."""
        return pl.concat([self._dropped.empty(), *self._frames(self._dropped)])

    def close(self) -> None:
        """Remove the temporary copy; frames cannot be read afterwards."""
        self._space.close()

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _dropped(self) -> Columns:
        return _decided(self._stage, self._drop, self._settings)[0]

    def _frames(self, columns: Columns) -> Iterator[pl.DataFrame]:
        needed = tuple(dict.fromkeys((*self._keys.columns, *columns.names)))
        seen: Counter[int] = Counter()
        start = 0
        for part in self._stage.frames(needed):
            yield columns.frame(self._keys.of(part, start, seen), part, self._settings.missing)
            start += part.height


def _staged(path: Path, settings: TableSettings, stage: Stage, space: Workspace) -> tuple[Oddity, ...]:
    try:
        plain, name = unpack(path, settings.at_most_bytes, space)
        kind = format_of(plain, name, settings)
    except OSError as error:
        reason = error.strerror or str(error)
        raise refuse("table-file", f"{path.name} cannot be read: {reason}. Check the path.") from error
    if kind == "parquet":
        return stage_parquet(plain, name, settings, stage)
    if kind == "excel":
        return stage_excel(plain, name, settings, stage)
    if kind == "json-lines":
        return stage_json_lines(plain, name, settings, stage, space)
    return stage_delimited(plain, name, settings, kind == "tsv", stage, space)


def _judge_names(stage: Stage, name: str, key: tuple[str, ...], drop: tuple[str, ...]) -> None:
    for column in (*key, *drop):
        if column not in stage.names:
            message = f"{name} has no column called {column}. Its columns are {quoted(stage.names, 20)}."
            raise refuse("table-column", message, column)
    for column in key:
        if column in drop:
            message = f"The column {column} cannot be the key and left out at the same time."
            raise refuse("table-column", message, column)
    if not set(stage.names) - set(drop):
        raise refuse("table-column", f"All columns of {name} are left out, so nothing remains to be read.")


def _keys(stage: Stage, name: str, key: tuple[str, ...], drop: tuple[str, ...]) -> Keys:
    if key:
        return keys_of_columns(partial(stage.frames, key), key, name)
    return keys_of_rows(partial(stage.frames, _kept(stage, drop)))


def _kept(stage: Stage, drop: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in stage.names if name not in drop)


def _decided(stage: Stage, names: tuple[str, ...], settings: TableSettings) -> tuple[Columns, tuple[Oddity, ...]]:
    schema = {name: stage.schema[name] for name in names}
    found = survey(stage.frames(names), schema, settings)
    decisions = decide(found, stage.rows, settings)
    notes: dict[str, str] = {}
    taken = set(stage.names)
    for decision in decisions:
        if decision.noted:
            wanted = f"{decision.column}: note"
            notes[decision.column] = free(wanted, taken) if wanted in taken else wanted
            taken.add(notes[decision.column])
    odd = [each for one in decisions for each in told(one, found[one.column], notes.get(one.column, ""))]
    return Columns(decisions, notes), tuple(odd)


def _sized(frames: Iterator[pl.DataFrame], rows: int, empty: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut and join frames to this many rows each."""
    held, any_yet = empty, False
    for frame in frames:
        held = pl.concat([held, frame])
        while held.height >= rows:
            yield held.head(rows).rechunk()
            held, any_yet = held.slice(rows), True
    if held.height or not any_yet:
        yield held.rechunk()
