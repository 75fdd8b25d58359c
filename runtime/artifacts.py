"""Files named by what they hold: written once, synced, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import Refused, refuse

if TYPE_CHECKING:
    import polars as pl


Stamp = tuple[int, int, int]
"""What tells one state of a file from another: its number on the disk, its size, when it was written."""


@dataclass(frozen=True)
class Artifacts:
    """A folder of files named by their SHA-256; the same content is stored once."""

    folder: Path
    _checked: dict[str, Stamp] = field(default_factory=dict, init=False, repr=False, compare=False)
    # What each file looked like when its hash was last taken: a file of 100 MB is hashed once, not at every read.

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
        """Return the stored bytes; refuse with a sentence when the file is gone or damaged."""
        return self.found(digest).read_bytes()

    def found(self, digest: str) -> Path:
        """Return the path of a stored file; refuse with a sentence when it is gone or damaged."""
        path = self.path(digest)
        try:
            whole = self._whole(digest, path)
        except FileNotFoundError:
            raise _lost("artifact-missing", f"The stored file {digest[:12]} is gone from {self.folder}.") from None
        if not whole:
            raise _lost("artifact-damaged", f"The stored file {path} no longer holds what it held when it was stored.")
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
        # A stored file that was damaged since is mended by the same content when it comes again.
        if not final.exists() or not self._whole(digest, final):
            final.parent.mkdir(exist_ok=True)
            sync_file(path)
            os.replace(path, final)
            self._checked[digest] = _stamp(final)
        # Also for a file that was there: whoever put it may have been killed before its name was on the disk.
        sync_folder(final.parent)
        sync_folder(self.folder)
        return digest

    def _whole(self, digest: str, path: Path) -> bool:
        """Return whether a file holds what its name says; hashed again only when it was written since."""
        stamp = _stamp(path)
        if self._checked.get(digest) != stamp:
            if hash_of_file(path) != digest:
                return False
            self._checked[digest] = stamp
        return True


def _lost(code: str, found: str) -> Refused:
    advice = "Restore the folder from a backup (tandem restore), or start a new book with --book NAME."
    return refuse(code, f"{found} {advice}")


def _stamp(path: Path) -> Stamp:
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns


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
