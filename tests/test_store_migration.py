"""A store of an older program opens, works on, and is kept as it was beside itself."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playing import BEGIN, Playground

from runtime.audit import audit
from runtime.database import sqlite_library
from runtime.restore import restore
from runtime.schema import VERSION
from runtime.store import Store

OLD = Path(__file__).parent / "stores" / "version-1.zip"
"""A backup that the program made when its tables had version 1: live work with a correction, and a rehearsal."""


@pytest.fixture
def place(tmp_path: Path) -> Playground:
    place = Playground(tmp_path / "place")
    restore(OLD, place.folder / ".tandem")
    place.wait(days=3)
    return place


def columns(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return name, type and default of every column by table, and the indexes."""
    with closing(sqlite_library().connect(database)) as connection:
        names = sorted(row[0] for row in connection.execute("select name from sqlite_master where type = 'table'"))
        found = {name: sorted(row[1:] for row in connection.execute(f"pragma table_info('{name}')")) for name in names}
        made = "select name, tbl_name from sqlite_master where type = 'index' and sql is not null"
        return {
            **{name: [row[:4] for row in rows] for name, rows in found.items()},
            "indexes": sorted(tuple(row) for row in connection.execute(made)),
        }


def everything(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump())


def test_an_older_store_gets_the_tables_of_a_new_one(place: Playground, tmp_path: Path) -> None:
    place.store().close()
    Store.open(tmp_path / "new").close()
    assert columns(place.folder / ".tandem" / "store.db") == columns(tmp_path / "new" / "store.db")


def test_the_store_as_it_was_lies_beside_it_and_opens_once_more(place: Playground, tmp_path: Path) -> None:
    before = everything(place.folder / ".tandem" / "store.db")
    place.store().close()
    beside = place.folder / ".tandem" / "store-version-1.db"
    assert everything(beside) == before
    again = tmp_path / "again"
    again.mkdir()
    beside.rename(again / "store.db")
    with closing(Store.open(again, lambda: BEGIN)) as store:
        assert len(store.books()) == 2
    assert place.store().books() and not beside.exists(), "A store of this version is not copied again."


def test_a_migration_that_broke_off_is_done_from_the_start(place: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(place.folder / ".tandem" / "store.db")
    monkeypatch.setattr("runtime.migration._indexes", lambda tx: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        place.store()
    assert everything(place.folder / ".tandem" / "store.db") == before
    monkeypatch.undo()
    place.store().close()
    assert everything(place.folder / ".tandem" / "store-version-1-2.db") == before


def test_what_an_older_program_wrote_keeps_its_digests_and_work_goes_on(place: Playground) -> None:
    store = place.store()
    assert [audit(store, book) for book in store.books()] == [(), ()]
    open_before = place.open()
    for question in open_before:
        place.answer(question, "yes", "bob")
    assert place.live().closed, "The round that waited in the older program goes on with new answers."
    assert place.live().sentence, "And logs of both programs are read as one."
    assert [audit(store, book) for book in store.books()] == [(), ()]
    old = [row for row in place.rows("answers") if row["person"] == "ann"]
    assert {(row["stage"], row["reason"], row["value"]) for row in old} == {("only", "", None)}


def test_a_newer_store_is_left_alone(place: Playground) -> None:
    place.store().close()
    with closing(sqlite_library().connect(place.folder / ".tandem" / "store.db")) as connection:
        connection.execute(f"update settings set value = '{VERSION + 1}' where name = 'version'")
        connection.commit()
    with pytest.raises(Exception, match="newer Tandem"):
        place.store()


def test_the_fixture_is_of_version_1() -> None:
    with zipfile.ZipFile(OLD) as packed:
        assert b"why_said" not in packed.read("store.db")
