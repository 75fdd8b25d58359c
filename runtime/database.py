"""Opening the database so that nothing acknowledged is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from flows.problems import refuse

# Versions of SQLite before these can lose committed rows when a write-ahead log starts over.
_MENDED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "lustre", "beegfs"}

READ_ONLY = "tandem_read_only"
"""The option of a connection that only reads, and so never waits for a writer."""


def open_database(path: Path, mounts: Path = Path("/proc/mounts")) -> Engine:
    """Return the engine for a SQLite file, in a mode that keeps what it acknowledged.

    WAL with FULL sync where the library is sound, else TRUNCATE with FULL sync. Raises `Refused`
    for a file on a network file system, where locks cannot be trusted.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_network(path.parent.resolve(), mounts)
    library = sqlite_library()
    journal = "WAL" if _sound(library) else "TRUNCATE"
    engine = create_engine(
        f"sqlite:///{path}", module=library, connect_args={"timeout": 30.0, "check_same_thread": False}
    )
    event.listen(engine, "connect", lambda connection, _: _prepare(connection, journal, path))
    # The driver's own transactions begin late and cannot be trusted for reads that decide a write.
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_library() -> ModuleType:
    """Return the newest SQLite driver at hand."""
    try:
        import pysqlite3.dbapi2 as newest
    except ImportError:
        return sqlite3
    return newest if newest.sqlite_version_info > sqlite3.sqlite_version_info else sqlite3


def _sound(library: ModuleType) -> bool:
    version = library.sqlite_version_info
    return version >= _MENDED[0] or any(version[:2] == mended[:2] and version >= mended for mended in _MENDED[1:])


def _prepare(connection: Any, journal: str, path: Path) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    found = cursor.execute(f"PRAGMA journal_mode={journal}").fetchone()[0]
    cursor.close()
    if found.upper() != journal:
        raise refuse(
            "store-mode",
            f"The store {path} is in the mode {found}, and this program needs {journal} to keep what it "
            "acknowledges. Another program holds it, or the folder cannot carry it. Close the other program, "
            "or choose another folder with --state.",
        )


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READ_ONLY)
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    cursor.close()


def _refuse_network(folder: Path, mounts: Path) -> None:
    if not mounts.exists():
        return
    kinds = {}
    for line in mounts.read_text(errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        kinds[point.replace("\\040", " ")] = kind
    for parent in (folder, *folder.parents):
        if str(parent) not in kinds:
            continue
        kind = kinds[str(parent)]
        if kind in _NETWORK:
            raise refuse(
                "store-on-network",
                f"{folder} lies on a network file system ({kind}), where SQLite can lose rows. "
                "Choose a folder of this machine with --state DIR.",
            )
        return
