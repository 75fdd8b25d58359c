"""A first look at a table: its columns and a few of their values, from the beginning of the file alone."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import polars as pl

from flows.problems import Refused
from runtime.tables.reading import open_table
from runtime.tables.settings import KEY, TableSettings
from runtime.tables.unpacking import packing
from runtime.tables.workspace import Workspace

LOOKED_AT = 1_000_000
"""Bytes of text that are looked at; what is smaller is read whole."""
MOST_WHOLE = 20_000_000
"""Bytes up to which a file that cannot be cut (Excel, zip) is read whole."""
EXAMPLES = 20


@dataclass(frozen=True)
class Glimpse:
    """The columns of a table with their types, and up to 20 different values of each, as words."""

    columns: Mapping[str, str]
    examples: Mapping[str, tuple[str, ...]]


def glimpse(path: Path, settings: TableSettings) -> Glimpse | None:
    """Return a first look at a table, or None when a look at its beginning does not tell its columns.

    Types are those of what was looked at. Raises `Refused` for what cannot be read at all.
    """
    told = path.stat()
    return _glimpse(path, settings, told.st_size, told.st_mtime_ns)


@lru_cache(maxsize=64)
def _glimpse(path: Path, settings: TableSettings, size: int, _changed: int) -> Glimpse | None:
    space = Workspace()
    try:
        part = _beginning(path, size, settings, space)
        return None if part is None else _look(part, settings)
    except Refused:
        if size > LOOKED_AT:  # what looks broken may only be cut, as a quoted field of several lines
            return None
        raise
    finally:
        space.close()


def _look(path: Path, settings: TableSettings) -> Glimpse:
    with open_table(path, settings) as reading:
        frame = next(iter(reading.frames(1_000))).drop(KEY)
        columns = MappingProxyType(dict(reading.columns))
    return Glimpse(columns, MappingProxyType({name: _examples(frame[name]) for name in columns}))


def _beginning(path: Path, size: int, settings: TableSettings, space: Workspace) -> Path | None:
    kind = packing(path)
    if kind == "gzip":
        with suppress(OSError, EOFError, zlib.error), gzip.open(path) as file:
            return _cut(file.read(LOOKED_AT + 1), path.with_suffix("").name, space)
        return path  # reading it whole says in words what is wrong with it
    if size <= LOOKED_AT:
        return path
    with path.open("rb") as opened:
        start = opened.read(LOOKED_AT + 1)
    if start.startswith(b"PAR1"):
        part = space.file("beginning.parquet")
        pl.scan_parquet(path, glob=False).head(1_000).collect().write_parquet(part)
        return part
    if kind == "zip" or start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return path if size <= MOST_WHOLE else None
    # Later lines of JSON may hold further columns, so that its beginning does not tell them.
    if settings.format == "json-lines" or start.lstrip().startswith(b"{"):
        return path if size <= MOST_WHOLE else None
    return _cut(start, path.name, space)


def _cut(start: bytes, name: str, space: Workspace) -> Path:
    part = space.file(name)
    lines = start if len(start) <= LOOKED_AT else start[: start.rfind(b"\n") + 1]
    part.write_bytes(lines or start)
    return part


def _examples(series: pl.Series) -> tuple[str, ...]:
    found = series.drop_nulls().unique(maintain_order=True).head(EXAMPLES + 1).to_list()
    return tuple(map(_in_words, found))


def _in_words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
