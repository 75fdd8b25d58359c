"""Answers that were acknowledged survive a power cut at any write, in the mode in which the store is opened."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from light_kinds import FLOW
from playing import Playground
from sqlalchemy import Engine, event

from runtime.database import open_database

apsw = pytest.importorskip("apsw", reason="power cuts are simulated with apsw: pip install apsw")

ANSWERS = 12


class Operation(NamedTuple):
    """One thing that a database did to a file, or the acknowledgement of an answer."""

    what: Literal["write", "truncate", "delete", "sync", "sync folder", "acknowledge"]
    file: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """What the platter holds when the power is cut: all that was synced, and of the rest what chance kept."""

    chance: random.Random
    keeps: float
    durable: dict[str, bytearray] = field(default_factory=dict)
    waiting: dict[str, list[Operation]] = field(default_factory=dict)
    acknowledged: int = 0

    def do(self, operation: Operation) -> None:
        if operation.what == "acknowledge":
            self.acknowledged += 1
        elif operation.what == "sync":
            for each in self.waiting.pop(operation.file, []):
                _apply(self.durable, each)
        elif operation.what == "sync folder":
            for name in [name for name, each in self.waiting.items() if each[-1].what == "delete"]:
                del self.waiting[name]
                self.durable.pop(name, None)
        else:
            self.waiting.setdefault(operation.file, []).append(operation)

    def after_a_cut(self) -> dict[str, bytes]:
        left = {name: bytearray(content) for name, content in self.durable.items()}
        for operations in self.waiting.values():
            for operation in operations:
                if self.chance.random() < self.keeps:
                    _apply(left, operation)
        return {name: bytes(content) for name, content in left.items()}


def _apply(files: dict[str, bytearray], operation: Operation) -> None:
    if operation.what == "delete":
        files.pop(operation.file, None)
        return
    content = files.setdefault(operation.file, bytearray())
    if operation.what == "truncate":
        del content[operation.offset :]
        return
    content.extend(bytes(max(0, operation.offset - len(content))))
    content[operation.offset : operation.offset + len(operation.data)] = operation.data


def watched(log: list[Operation]) -> Any:
    """Return a file system for SQLite that passes everything on and notes what changes files."""

    class File(apsw.VFSFile):  # type: ignore[misc]
        def __init__(self, name: Any, flags: Any) -> None:
            super().__init__("", name, flags)
            path = name.filename() if isinstance(name, apsw.URIFilename) else name
            self.file = Path(path).name if path else ""
            journal = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL
            self.new = bool(flags[0] & journal and flags[0] & apsw.SQLITE_OPEN_CREATE)

        def xWrite(self, data: bytes, offset: int) -> None:
            log.append(Operation("write", self.file, offset, bytes(data)))
            super().xWrite(data, offset)

        def xTruncate(self, size: int) -> None:
            log.append(Operation("truncate", self.file, size))
            super().xTruncate(size)

        def xSync(self, flags: int) -> None:
            log.append(Operation("sync", self.file))
            if self.new:  # SQLite syncs the folder with the first sync of a journal that it made
                log.append(Operation("sync folder"))
            self.new = False
            super().xSync(flags)

    class System(apsw.VFS):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__("watched", "")

        def xOpen(self, name: Any, flags: Any) -> Any:
            return File(name, flags)

        def xDelete(self, name: str, sync_folder: bool) -> None:
            log.append(Operation("delete", Path(name).name))
            if sync_folder:
                log.append(Operation("sync folder"))
            super().xDelete(name, sync_folder)

    return System()


def statements_of_answers(folder: Path) -> tuple[list[str], list[str]]:
    """Return the SQL by which the store begins a round with its questions, and that by which it takes answers."""
    place = Playground(folder, FLOW.replace("at_most: 3", "at_most: 12").replace("questions <= 5", "questions <= 50"))
    seen: list[str] = []

    def trace(connection: Any, _record: object) -> None:
        connection.set_trace_callback(seen.append)

    event.listen(Engine, "connect", trace)
    try:
        place.live()
        begun = list(seen)
        seen.clear()
        for question in place.open()[:ANSWERS]:
            place.answer(question, "yes")
    finally:
        event.remove(Engine, "connect", trace)
    return _writing(begun), _writing(seen)


def _writing(statements: list[str]) -> list[str]:
    """Leave out what only reads, and the modes that the test itself chooses."""
    words = ("BEGIN IMMEDIATE", "COMMIT", "INSERT", "UPDATE", "CREATE")
    return [text for text in statements if text.lstrip().upper().startswith(words)]


def modes_of_the_store(folder: Path) -> tuple[str, int]:
    engine = open_database(folder / "modes.db")
    with engine.connect() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    engine.dispose()
    return str(journal).upper(), int(synchronous)


def operations(folder: Path, begin: list[str], answer: list[str], journal: str, synchronous: int) -> list[Operation]:
    """Play the statements on a watched disk and return all that happened to it."""
    log: list[Operation] = []
    folder.mkdir()
    system = watched(log)
    connection = apsw.Connection(str(folder / "store.db"), vfs="watched")
    assert connection.execute(f"PRAGMA journal_mode={journal}").get == journal.lower()
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("PRAGMA wal_autocheckpoint=20")  # checkpoints among the answers as well
    for text in begin:
        connection.execute(text)
    for text in answer:
        connection.execute(text)
        if text.startswith("COMMIT"):
            log.append(Operation("acknowledge"))
    connection.close()
    del system
    return log


def lost_answers(folder: Path, log: list[Operation], keeps: float) -> int:
    """Cut the power after every operation and count the cuts after which an acknowledged answer is gone."""
    disk = Disk(random.Random(7), keeps)
    lost = 0
    for operation in log:
        disk.do(operation)
        if disk.acknowledged and operation.what != "acknowledge":
            lost += _answers_after(disk, folder) < disk.acknowledged
    assert disk.acknowledged == ANSWERS
    return lost


def _answers_after(disk: Disk, folder: Path) -> int:
    """Return how many answers are there once the power is back; -1 for a database that is broken."""
    for path in folder.glob("store.db*"):
        path.unlink()
    for name, content in disk.after_a_cut().items():
        (folder / name).write_bytes(content)
    connection = sqlite3.connect(folder / "store.db")
    try:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            return -1
        return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])
    except sqlite3.DatabaseError:
        return -1
    finally:
        connection.close()


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    return statements_of_answers(tmp_path_factory.mktemp("place"))


CUTS = (0.0, 0.5)
"""The share of writes that reach the disk without having been synced."""


@pytest.mark.parametrize("keeps", CUTS)
def test_no_acknowledged_answer_is_lost_in_the_mode_of_the_store(
    statements: tuple[list[str], list[str]], tmp_path: Path, keeps: float
) -> None:
    log = operations(tmp_path / "watched", *statements, *modes_of_the_store(tmp_path))
    assert lost_answers(tmp_path, log, keeps) == 0


@pytest.mark.parametrize("keeps", CUTS)
def test_none_is_lost_either_where_the_library_is_too_old_for_a_write_ahead_log(
    statements: tuple[list[str], list[str]], tmp_path: Path, keeps: float
) -> None:
    log = operations(tmp_path / "watched", *statements, "TRUNCATE", 2)
    assert lost_answers(tmp_path, log, keeps) == 0


@pytest.mark.parametrize(("journal", "synchronous"), [("WAL", 1), ("DELETE", 2)])
def test_a_weaker_mode_loses_some_so_the_test_can_fail(
    statements: tuple[list[str], list[str]], tmp_path: Path, journal: str, synchronous: int
) -> None:
    """Also the mode in which SQLite opens by itself, DELETE with FULL: a journal that comes back undoes an answer."""
    log = operations(tmp_path / "watched", *statements, journal, synchronous)
    assert lost_answers(tmp_path, log, 0.0) > 0
