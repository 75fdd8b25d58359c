"""Bringing the tables of an older store up to date: what was there is copied beside it first, and stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Index, inspect, text, update
from sqlalchemy.schema import CreateColumn

from runtime.backup import DATABASE, copy_database
from runtime.schema import VERSION, schema, settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

ADDED: Mapping[int, Mapping[str, tuple[str, ...]]] = {
    2: {
        "questions": ("escalates", "escalate_to", "together"),
        "answers": ("stage", "confidence", "value", "reason", "seen", "shown_at", "withdrawn"),
    },
}
"""The columns that came with each version, by table; whole tables and indexes that are new come by themselves."""


def migrate(tx: Connection, folder: Path, version: int) -> None:
    """Bring a store from an older version of its tables to this one, in one transaction that nobody else writes in.

    The database as it was lies beside it afterwards, as `store-version-1.db`. Columns are added with
    the value that old rows have; no row is touched.
    """
    copy_database(folder / DATABASE, _free(folder, version))
    for number in range(version + 1, VERSION + 1):
        for table, names in ADDED[number].items():
            for name in names:
                column = CreateColumn(schema.tables[table].c[name]).compile(dialect=tx.dialect)
                tx.execute(text(f'ALTER TABLE "{table}" ADD COLUMN {column}'))
    schema.create_all(tx)
    for index in _indexes(tx):
        index.create(tx)
    tx.execute(update(settings).where(settings.c.name == "version").values(value=str(VERSION)))


def _free(folder: Path, version: int) -> Path:
    """Return a name that no file has yet: a migration that broke off before may have left its copy."""
    name = folder / f"store-version-{version}.db"
    number = 1
    while name.exists():
        number += 1
        name = folder / f"store-version-{version}-{number}.db"
    return name


def _indexes(tx: Connection) -> list[Index]:
    """Return the indexes that tables of the older version lack."""
    there = {str(index["name"]) for name in schema.tables for index in inspect(tx).get_indexes(name)}
    return [index for table in schema.tables.values() for index in table.indexes if index.name not in there]
