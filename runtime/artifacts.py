"""Files named by what they hold: written once, synced, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import refuse

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Artifacts:
    """A folder of files named by their SHA-256; the same content is stored once."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Store bytes and return their hash; when this returns they survive a power cut."""
        return self.put_with(lambda path: path.write_bytes(content))

    def put_frame(self, frame: pl.DataFrame) -> str:
        """Store one partition of a table as Parquet and return its hash."""
        return self.put_with(lambda path: frame.write_parquet(path, compression="zstd", statistics=False))

    def put_with(self, write: Callable[[Path], object]) -> str:
        """Store the file that `write` fills and return its hash."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="new-", dir=self.folder)
        os.close(handle)
        path = Path(name)
        try:
            write(path)
            return self._settle(path)
        finally:
            path.unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """Return where the file of that hash lies, whether or not it is there."""
        return self.folder / digest[:2] / digest[2:]

    def get(self, digest: str) -> bytes:
        """Return the stored bytes; refuse with a sentence when the file is gone."""
        return self.found(digest).read_bytes()

    def found(self, digest: str) -> Path:
        """Return the path of a stored file; refuse with a sentence when it is gone."""
        path = self.path(digest)
        if not path.exists():
            raise refuse(
                "artifact-missing",
                f"The stored file {digest[:12]} is gone from {self.folder}. Restore the folder from a backup "
                "(tandem restore), or start a new book with --book NAME.",
            )
        return path

    def frame(self, digest: str, columns: list[str] | None = None) -> pl.DataFrame:
        """Return one stored partition of a table, or some of its columns."""
        import polars as pl

        return pl.read_parquet(self.found(digest), columns=columns, glob=False, hive_partitioning=False)

    def __iter__(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("??/*")):
            yield path.parent.name + path.name

    def _settle(self, path: Path) -> str:
        digest = hash_of_file(path)
        final = self.path(digest)
        if not final.exists():
            final.parent.mkdir(exist_ok=True)
            sync_file(path)
            os.replace(path, final)
        # Also for a file that was there: whoever put it may have been killed before its name was on the disk.
        sync_folder(final.parent)
        sync_folder(self.folder)
        return digest


def hash_of_file(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Return when the content of a file is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Return when the names in a folder are on the disk."""
    sync_file(path)
