"""Backing up a store while it is used, and bringing it back: every file proven by its digest."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from filelock import FileLock, Timeout

from flows.problems import Refused, refuse
from runtime.artifacts import Artifacts, sync_file, sync_folder
from runtime.database import sqlite_library

DATABASE = "store.db"
MANIFEST = "manifest.json"
_NAME = re.compile(r"store\.db|artifacts/[0-9a-f]{2}/[0-9a-f]{62}")
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 500_000_000

# Which columns name artifacts: some hold a digest, others JSON in which tables name their partitions.
_DIGESTS = (("rounds", "flow"), ("rounds", "asked_before"), ("models", "artifact"), ("outbox", "artifact"))
_TABLES = (("results", "outputs"), ("logs", "value"), ("truths", "table"), ("outbox", "delivered"))


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
        _copy_database(folder / DATABASE, database)
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
        _make(place.parent, self.beside)
        with path.open("rb") as source, _private(place) as copy:
            found = _copied(source, copy)
        sync_file(place)
        return found

    def finish(self, manifest: bytes) -> None:
        with _private(self.beside / MANIFEST) as file:
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
            return _copied(source, copy)

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


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be written meanwhile, as it stands at one moment, into one plain file."""
    if not source.is_file():
        raise refuse("store-missing", f"There is no store in {source.parent}. Name its folder with --state DIR.")
    library = sqlite_library()
    with _private(target):
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
                found.update(_partitions(json.loads(row[0])) if row[0] else ())
    return found


def _partitions(plain: Any) -> Iterator[str]:
    if isinstance(plain, dict):
        if "columns" in plain and "parts" in plain:
            yield from (digest for digest, _ in plain["parts"])
        for part in plain.values():
            yield from _partitions(part)
    elif isinstance(plain, list):
        for part in plain:
            yield from _partitions(part)


def _unpack(source: Path, fresh: Path) -> None:
    """Copy a backup into a new folder, proving each file against the manifest."""
    with _opened(source) as backup:
        manifest = _manifest(backup, source)
        for name, said in manifest.items():
            place = fresh / name
            _make(place.parent, fresh)
            with backup.open(name) as packed, _private(place) as copy:
                found = _copied(packed, copy, said["bytes"])
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


def _copied(source: IO[bytes], copy: IO[bytes], most: int | None = None) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if most is not None and size > most:
            break  # more than was backed up: no need to unpack the rest to know that it is wrong
        copy.write(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _make(folder: Path, top: Path) -> None:
    """Make a folder and those above it up to the top, readable for their owner only."""
    if folder != top and not folder.exists():
        _make(folder.parent, top)
    folder.mkdir(mode=0o700, exist_ok=True)


def _refuse_used(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise _used(target)
    if not target.absolute().parent.is_dir():
        raise refuse("backup-nowhere", f"There is no folder '{target.parent}' to write the backup into. Make it first.")


def _used(target: Path) -> Refused:
    return refuse("backup-there", f"'{target}' is there already and is left as it is. Take another name.")


def _in_use(folder: Path) -> Refused:
    return refuse(
        "store-in-use",
        f"Another program has the store in {folder} open, so it cannot be set aside. Close it and try again. "
        "Nothing was touched.",
    )


def _damaged(source: Path, why: str) -> Refused:
    return refuse("backup-damaged", f"The backup '{source}' is damaged: {why}. Nothing was touched. Take another backup.")


CODES: tuple[tuple[str, str], ...] = (
    ("backup-there", "A file or folder of that name is there already. Take another name."),
    ("backup-nowhere", "The folder to write the backup into is not there. Make it first."),
    ("backup-missing", "There is no such backup. Name a folder or a .zip file."),
    ("backup-damaged", "The backup is damaged, and nothing was touched. Take another one."),
    ("restore-over", "The folder holds something already. Name another one, or set it aside."),
    ("store-damaged", "The database of the store is damaged. Bring back a backup."),
    ("store-in-use", "Another program has the store open. Close it and try again."),
)
