"""Backing up a store while it is used: every file is named with its digest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from flows.problems import Refused, refuse
from runtime.artifacts import Artifacts, sync_file, sync_folder
from runtime.database import sqlite_library

DATABASE = "store.db"
MANIFEST = "manifest.json"
_CHUNK = 1 << 20

# Which columns name artifacts: some hold a digest, others JSON in which tables name their partitions.
_DIGESTS = (("rounds", "flow"), ("rounds", "asked_before"), ("models", "artifact"), ("outbox", "artifact"))
_TABLES = (
    ("results", "outputs"),
    ("logs", "value"),
    ("truths", "table"),
    ("outbox", "delivered"),
    ("runs", "wanted"),  # what was lent to a trial
)


@dataclass(frozen=True)
class Backup:
    """What a backup holds: files and bytes, and the artifacts that were gone or damaged already."""

    files: int
    bytes: int
    lost: tuple[str, ...]


def back_up(folder: Path, target: Path) -> Backup:
    """Copy a store that may be in use into a new folder, or into a new file that ends in .zip.

    The database is copied first, as it stood at one moment; then every artifact that it names, none
    of which ever changes. Only the owner may read the copy. Raises `Refused` when the target is there.
    """
    _refuse_used(target)
    copying: Writes = _Zip(target) if target.suffix.lower() == ".zip" else _Folder(target)
    with copying, tempfile.TemporaryDirectory(prefix=".tandem-backup-", dir=target.absolute().parent) as beside:
        database = Path(beside) / DATABASE
        copy_database(folder / DATABASE, database)
        manifest = {DATABASE: copying.add(DATABASE, database)}
        lost = []
        kept = Artifacts(folder / "artifacts")
        for digest in sorted(_named(database)):
            name = f"artifacts/{digest[:2]}/{digest[2:]}"
            path = kept.path(digest)
            found = copying.add(name, path) if path.is_file() else {}
            if found.get("sha256") == digest:
                manifest[name] = found
            else:
                lost.append(digest)
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        plain = {"tandem": 1, "made": made, "lost": lost, "files": manifest}
        copying.finish(json.dumps(plain, indent=1).encode())
    return Backup(len(manifest), sum(int(entry["bytes"]) for entry in manifest.values()), tuple(lost))


class Writes(Protocol):
    """Where a backup is written."""

    def __enter__(self) -> Writes: ...

    def __exit__(self, *error: object) -> None: ...

    def add(self, name: str, path: Path) -> dict[str, Any]:
        """Copy one file and return its digest and size."""

    def finish(self, manifest: bytes) -> None:
        """Write the manifest: only now it is a backup."""


class _Folder:
    """A backup as a folder, which gets its name when it is whole."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.beside = Path(tempfile.mkdtemp(prefix=".tandem-backup-", dir=target.absolute().parent))

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self.beside, ignore_errors=True)

    def add(self, name: str, path: Path) -> dict[str, Any]:
        place = self.beside / name
        make_folder(place.parent, self.beside)
        with path.open("rb") as source, private(place) as copy:
            found = copied(source, copy)
        sync_file(place)
        return found

    def finish(self, manifest: bytes) -> None:
        with private(self.beside / MANIFEST) as file:
            file.write(manifest)
        sync_file(self.beside / MANIFEST)
        if self.target.exists():
            self.target.rmdir()
        os.rename(self.beside, self.target)
        sync_folder(self.target.absolute().parent)


class _Zip:
    """A backup as one file, which gets its name when it is whole."""

    def __init__(self, target: Path) -> None:
        self.target = target
        handle, name = tempfile.mkstemp(prefix=".tandem-backup-", dir=target.absolute().parent)
        self.path, self.file = Path(name), os.fdopen(handle, "wb")
        self.zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_STORED)

    def __enter__(self) -> _Zip:
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)

    def add(self, name: str, path: Path) -> dict[str, Any]:
        # Partitions are packed already; the database is not.
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED if name == DATABASE else zipfile.ZIP_STORED
        entry.external_attr = 0o600 << 16
        with path.open("rb") as source, self.zip.open(entry, "w", force_zip64=True) as copy:
            return copied(source, copy)

    def finish(self, manifest: bytes) -> None:
        self.zip.writestr(zipfile.ZipInfo(MANIFEST, (1980, 1, 1, 0, 0, 0)), manifest)
        self.zip.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        try:
            os.link(self.path, self.target)  # unlike a rename, this never takes the place of another file
        except FileExistsError:
            raise _used(self.target) from None
        sync_folder(self.target.absolute().parent)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be written meanwhile, as it stands at one moment, into one plain file."""
    if not source.is_file():
        raise refuse("store-missing", f"There is no store in {source.parent}. Name its folder with --state DIR.")
    library = sqlite_library()
    with private(target):
        pass
    with closing(library.connect(source, timeout=30)) as live, closing(library.connect(target)) as copy:
        live.backup(copy, pages=2_000)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise refuse("store-damaged", f"The database in {source.parent} is damaged: {found}. Nothing was backed up.")


def _named(database: Path) -> set[str]:
    """Return the digests of all artifacts that a database names."""
    found: set[str] = set()
    with closing(sqlite_library().connect(database)) as connection:
        for table, column in _DIGESTS:
            found.update(row[0] for row in connection.execute(f'SELECT "{column}" FROM "{table}"') if row[0])
        for table, column in _TABLES:
            for row in connection.execute(f'SELECT "{column}" FROM "{table}"'):
                found.update(partitions(json.loads(row[0])) if row[0] else ())
    return found


def partitions(plain: Any) -> Iterator[str]:
    """Yield the digests of all partitions of all tables that plain data describes."""
    if isinstance(plain, dict):
        if "columns" in plain and "parts" in plain:
            yield from (digest for digest, _ in plain["parts"])
        for part in plain.values():
            yield from partitions(part)
    elif isinstance(plain, list):
        for part in plain:
            yield from partitions(part)


def copied(source: IO[bytes], copy: IO[bytes], most: int | None = None) -> dict[str, Any]:
    """Copy a file, at most so many bytes of it, and return its digest and size."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if most is not None and size > most:
            break  # more than was backed up: no need to unpack the rest to know that it is wrong
        copy.write(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}


def private(path: Path) -> IO[bytes]:
    """Open a new file that only its owner can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def make_folder(folder: Path, top: Path) -> None:
    """Make a folder and those above it up to the top, readable for their owner only."""
    if folder != top and not folder.exists():
        make_folder(folder.parent, top)
    folder.mkdir(mode=0o700, exist_ok=True)


def _refuse_used(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise _used(target)
    if not target.absolute().parent.is_dir():
        raise refuse("backup-nowhere", f"There is no folder '{target.parent}' to write the backup into. Make it first.")


def _used(target: Path) -> Refused:
    return refuse("backup-there", f"'{target}' is there already and is left as it is. Take another name.")


CODES: tuple[tuple[str, str], ...] = (
    ("backup-there", "A file or folder of that name is there already. Take another name."),
    ("backup-nowhere", "The folder to write the backup into is not there. Make it first."),
    ("store-damaged", "The database of the store is damaged. Bring back a backup."),
)
