"""Bringing a backup back: every file is proven before anything is put in its place."""

from __future__ import annotations

import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from filelock import FileLock, Timeout

from flows.problems import Refused, refuse
from runtime.artifacts import sync_file, sync_folder
from runtime.backup import DATABASE, MANIFEST, copied, make_folder, private
from runtime.database import sqlite_library

_NAME = re.compile(r"store\.db|artifacts/[0-9a-f]{2}/[0-9a-f]{62}")
_LARGEST_MANIFEST = 500_000_000


def restore(source: Path, folder: Path, replace: bool = False) -> Path | None:
    """Bring a backup back into a folder, and return where the store that was there now lies.

    Everything is proven before anything is put in place. Raises `Refused` for a damaged backup, for a
    folder that holds something unless `replace` sets it aside, and for a store that is in use.
    """
    there = folder.exists() and any(folder.iterdir())
    if there and not replace:
        raise refuse(
            "restore-over",
            f"{folder} holds something already, and is left as it is. Name another folder with --state DIR, or "
            "give --force-with-copy to set it aside under another name.",
        )
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".tandem-restore-", dir=folder.absolute().parent) as beside:
        fresh = Path(beside) / "store"
        _unpack(source, fresh)
        aside = _set_aside(folder) if there else None
        if folder.exists() and aside is None:
            folder.rmdir()  # empty, as was seen above; fails where something came in since
        os.rename(fresh, folder)
    sync_folder(folder.absolute().parent)
    return aside


def _unpack(source: Path, fresh: Path) -> None:
    """Copy a backup into a new folder, proving each file against the manifest."""
    with _opened(source) as backup:
        manifest = _manifest(backup, source)
        for name, said in manifest.items():
            place = fresh / name
            make_folder(place.parent, fresh)
            with backup.open(name) as packed, private(place) as copy:
                found = copied(packed, copy, said["bytes"])
            if found != said:
                raise _damaged(source, f"{name} is not what was backed up")
            sync_file(place)


class _Reads(Protocol):
    def open(self, name: str) -> IO[bytes]: ...


class _Unzipped:
    def __init__(self, source: zipfile.ZipFile, path: Path) -> None:
        self.source, self.path = source, path

    def open(self, name: str) -> IO[bytes]:
        try:
            return self.source.open(name)
        except KeyError:
            raise _damaged(self.path, f"{name} is missing") from None


class _Listed:
    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, name: str) -> IO[bytes]:
        try:
            return (self.path / name).open("rb")
        except FileNotFoundError:
            raise _damaged(self.path, f"{name} is missing") from None


@contextmanager
def _opened(source: Path) -> Iterator[_Reads]:
    if source.is_dir():
        yield _Listed(source)
        return
    if not source.is_file():
        raise refuse("backup-missing", f"There is no backup '{source}'. Name a folder or a .zip file.")
    try:
        with zipfile.ZipFile(source) as packed:
            yield _Unzipped(packed, source)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(source, str(error)) from None


def _manifest(backup: _Reads, source: Path) -> dict[str, dict[str, Any]]:
    try:
        with backup.open(MANIFEST) as file:
            files = json.loads(file.read(_LARGEST_MANIFEST))["files"]
        plain = {str(name): {"sha256": said["sha256"], "bytes": int(said["bytes"])} for name, said in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(source, "its manifest cannot be read") from None
    strange = [name for name in plain if not _NAME.fullmatch(name)]
    if strange or DATABASE not in plain:
        raise _damaged(source, f"its manifest names {strange[0]!r:.80}" if strange else "it holds no database")
    return plain


def _set_aside(folder: Path) -> Path:
    """Give a store another name, if no other program has it open."""
    with _unused(folder):
        aside = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}")
        os.rename(folder, aside)
    return aside


@contextmanager
def _unused(folder: Path) -> Iterator[None]:
    held = []
    try:
        for path in sorted(folder.glob("*.lock")):
            lock = FileLock(path)
            lock.acquire(timeout=0)
            held.append(lock)
        if (folder / DATABASE).is_file() and not _alone(folder / DATABASE):
            raise _in_use(folder)
        yield
    except Timeout:
        raise _in_use(folder) from None
    finally:
        for lock in held:
            lock.release()


def _alone(database: Path) -> bool:
    """Return whether nobody else has a database open: only then can it leave the write-ahead log."""
    library = sqlite_library()
    with closing(library.connect(database, timeout=0)) as connection:
        try:
            found = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except library.DatabaseError as error:
            return "locked" not in str(error)  # a damaged database may be set aside
    return bool(found == "delete")


def _in_use(folder: Path) -> Refused:
    return refuse(
        "store-in-use",
        f"Another program has the store in {folder} open, so it cannot be set aside. Close it and try again. "
        "Nothing was touched.",
    )


def _damaged(source: Path, why: str) -> Refused:
    return refuse(
        "backup-damaged", f"The backup '{source}' is damaged: {why}. Nothing was touched. Take another backup."
    )


CODES: tuple[tuple[str, str], ...] = (
    ("backup-missing", "There is no such backup. Name a folder or a .zip file."),
    ("backup-damaged", "The backup is damaged, and nothing was touched. Take another one."),
    ("restore-over", "The folder holds something already. Name another one, or set it aside."),
    ("store-in-use", "Another program has the store open. Close it and try again."),
)
