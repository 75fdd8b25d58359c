"""JSON Lines: one object a line, the union of their keys as columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from flows.problems import Refused, refuse
from runtime.tables.encodings import as_utf8
from runtime.tables.headings import judge_reserved, too_wide
from runtime.tables.oddities import Oddity, clipped, counted
from runtime.tables.settings import TableSettings
from runtime.tables.stage import Stage
from runtime.tables.workspace import Workspace

BATCH = 20_000


@dataclass
class _Nested:
    """Values inside values that a column held."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


def stage_json_lines(
    path: Path, name: str, settings: TableSettings, stage: Stage, space: Workspace
) -> tuple[Oddity, ...]:
    """Put every object on the stage as words; nested values become JSON text and are reported.

    Raises `table-line` with the line number for a line that is no JSON object.
    """
    text = as_utf8(path, name, settings, space)
    stage.begin(())
    nested: dict[str, _Nested] = {}
    rows: list[dict[str, str | None]] = []
    for item in _objects(text.path, name):
        rows.append({key: _word(key, value, nested) for key, value in item.items()})
        if len(rows) == BATCH:
            _add(rows, name, settings, stage)
            rows = []
    _add(rows, name, settings, stage)
    return (*text.report, *(_told(column, met) for column, met in nested.items()))


def _objects(path: Path, name: str) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise _broken(name, number, line, "is no JSON") from error
            if not isinstance(item, dict):
                raise _broken(name, number, line, "is no JSON object")
            yield item


def _word(key: str, value: object, nested: dict[str, _Nested]) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    words = as_json(value)
    met = nested.setdefault(key, _Nested())
    met.count += 1
    if len(met.examples) < 3:
        met.examples.append(clipped(words))
    return words


def as_json(value: object) -> str:
    """Return a nested value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _add(rows: list[dict[str, str | None]], name: str, settings: TableSettings, stage: Stage) -> None:
    found = dict.fromkeys(key for row in rows for key in row)
    columns = dict.fromkeys((*stage.names, *found))
    if len(columns) > settings.at_most_columns:
        raise too_wide(name, len(columns), settings.at_most_columns)
    judge_reserved(columns)
    words = {key: pl.Series(key, [_clean(row.get(key)) for row in rows], pl.String) for key in found}
    stage.add(pl.DataFrame(words))


def _clean(word: str | None) -> str | None:
    """Return the word without lone surrogates, which JSON can spell and no text file can hold."""
    return None if word is None else word.encode("utf-8", "replace").decode("utf-8")


def _told(column: str, met: _Nested) -> Oddity:
    says = f"{counted(met.count, 'value')} of {column} held lists or objects; they are kept as JSON text."
    return Oddity(column, "nested", met.count, tuple(met.examples), says)


def _broken(name: str, number: int, line: str, why: str) -> Refused:
    message = f"Line {number:,} of {name} {why}: {clipped(line, 40)}"
    return refuse("table-line", f'{message}. Each line must be one object such as {{"id": 1}}.', line=number)
