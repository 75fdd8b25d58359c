"""Files that a person brings into the workspace: bounded in size, safely named, and never over another file."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path, PureWindowsPath
from unicodedata import normalize

from editor.beginnings import TABLES
from flows.problems import refuse
from flows.spelling import listed

MOST_BYTES = 500 * 1024 * 1024
"""The largest file that is taken."""
_LONGEST = 100


async def take(folder: Path, name: str, pieces: AsyncIterator[bytes], most: int = MOST_BYTES) -> str:
    """Write a file that arrives in pieces into a folder, and return its name there.

    A name that is taken gets a number. Raises `Refused` for what is no table, is empty or is too
    large; nothing is left behind then.
    """
    wanted = safe_name(name)
    handle, part = tempfile.mkstemp(prefix=".upload-", dir=folder)
    try:
        with open(handle, "wb") as file:
            await _write(file.fileno(), pieces, wanted, most)
        return _placed(Path(part), folder, wanted)
    finally:
        Path(part).unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """Return a file name that stays in its folder; refuse a file that no step can read."""
    last = PureWindowsPath(normalize("NFC", name)).name
    ending = next((end for end in sorted(TABLES, key=len, reverse=True) if last.lower().endswith(end)), "")
    if not ending:
        says = f"'{last:.80}' is not a table that can be read. Bring a file that ends with {listed(TABLES)}."
        raise refuse("upload-unreadable", says)
    stem = re.sub(r"[^\w.() -]", "-", last[: -len(ending)]).strip(". -")[:_LONGEST] or "table"
    return f"{stem}{ending}"


async def _write(handle: int, pieces: AsyncIterator[bytes], name: str, most: int) -> None:
    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > most:
            says = f"'{name}' is larger than {most // 1024**2:,} MB. Put it into the folder of the flow by hand."
            raise refuse("upload-large", says)
        _all(handle, piece)
    if not size:
        raise refuse("upload-empty", f"'{name}' is empty. Look whether it is the right file.")
    os.fsync(handle)


def _all(handle: int, piece: bytes) -> None:
    try:
        while piece:
            piece = piece[os.write(handle, piece) :]
    except OSError as error:
        raise refuse("upload-not-kept", f"The file could not be written: {error.strerror}.") from None


def _placed(part: Path, folder: Path, wanted: str) -> str:
    """Give the file its name; taking the name first fails where it is taken, so that nothing is overwritten."""
    stem, dot, ending = wanted.partition(".")
    part.chmod(0o644)
    for number in range(1, 10_000):
        name = wanted if number == 1 else f"{stem}-{number}{dot}{ending}"
        try:
            os.close(os.open(folder / name, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        os.replace(part, folder / name)
        return name
    raise refuse("upload-not-kept", f"There are too many files called '{wanted}' already.")


CODES: tuple[tuple[str, str], ...] = (
    ("upload-unreadable", "Only tables can be brought in. Save the data as CSV, Excel or Parquet."),
    ("upload-large", "The file is too large to be sent through the browser. Copy it into the flow's folder."),
    ("upload-empty", "The file holds nothing."),
    ("upload-not-kept", "The file could not be written into the flow's folder. Look at space and rights."),
)
