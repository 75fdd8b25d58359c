"""Unpacking gzip and zip, streamed and bounded, so that a bomb ends with a sentence."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import IO

from flows.problems import Refused, refuse
from runtime.tables.oddities import quoted
from runtime.tables.workspace import Workspace

CHUNK = 1 << 20
LAYERS = 2  # a .csv.gz inside a .zip happens; deeper nesting is only ever seen in bombs


def unpack(path: Path, at_most_bytes: int, space: Workspace) -> tuple[Path, str]:
    """Return the plain file and the name that tells its format (`a.csv.gz` gives `a.csv`)."""
    name = path.name
    for layer in range(LAYERS + 1):
        kind = packing(path)
        if kind == "plain":
            return path, name
        if layer == LAYERS:
            break
        target = space.file(f"unpacked-{layer}")
        name = (_gunzip if kind == "gzip" else _unzip)(path, name, target, at_most_bytes)
        path = target
    raise refuse("table-packed", f"{name} is packed more than {LAYERS} times over. Unpack it first.")


def packing(path: Path) -> str:
    """Return `gzip`, `zip` or `plain`, judged by content; an Excel file counts as plain."""
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        return "gzip"
    if start != b"PK\x03\x04" and start != b"PK\x05\x06":
        return "plain"
    return "plain" if is_workbook(path) else "zip"


def is_workbook(path: Path) -> bool:
    """Return whether this zip file is an Excel workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _gunzip(path: Path, name: str, target: Path, at_most_bytes: int) -> str:
    try:
        with gzip.open(path) as source:
            _copy(source, target, at_most_bytes, name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise refuse("table-packed", f"{name} is a gzip file that is broken or cut off: {error}.") from error
    return name[:-3] if name.lower().endswith(".gz") else name


def _unzip(path: Path, name: str, target: Path, at_most_bytes: int) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            member = _only_table(archive, name)
            with archive.open(member) as source:
                _copy(source, target, at_most_bytes, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise refuse("table-packed", f"{name} is a zip file that is broken or cannot be unpacked.") from error
    except RuntimeError as error:  # this is how zipfile says that a password is needed
        raise refuse("table-packed", f"{name} is protected by a password. Unpack it first.") from error
    return Path(member.filename).name


def _only_table(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if _is_content(member.filename)]
    if len(members) == 1:
        return members[0]
    if not members:
        raise refuse("table-packed", f"{name} holds no file. A zip file must hold exactly one table.")
    listed = quoted([member.filename for member in members], 10)
    message = f"{name} holds {len(members)} files: {listed}. Unpack it, and name the one to be read."
    raise refuse("table-packed", message)


def _is_content(filename: str) -> bool:
    hidden = filename.startswith("__MACOSX/") or Path(filename).name.startswith(".")
    return not hidden and not filename.endswith("/")


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, at_most_bytes: int, name: str) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > at_most_bytes:
                raise too_large(name, at_most_bytes)
            out.write(chunk)


def too_large(name: str, at_most_bytes: int) -> Refused:
    """Return the refusal of a file that unpacks to more than is allowed."""
    return refuse(
        "table-too-large",
        f"{name} unpacks to more than {at_most_bytes:,} bytes. If that is meant, raise `at_most_bytes`.",
    )
