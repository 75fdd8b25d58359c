"""Turning a text file of any encoding into UTF-8, checked to its last byte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.problems import Refused, refuse
from runtime.tables.oddities import Oddity
from runtime.tables.settings import TableSettings
from runtime.tables.unpacking import CHUNK
from runtime.tables.workspace import Workspace

PYTHON_NAMES = {"utf-8": "utf-8", "utf-16": "utf-16", "windows-1252": "cp1252", "latin-1": "latin-1"}


@dataclass(frozen=True)
class Text:
    """A checked UTF-8 file (a BOM may lead it): whether its quotes pair up, and what was odd."""

    path: Path
    quotes_pair: bool
    report: tuple[Oddity, ...]


def as_utf8(path: Path, name: str, settings: TableSettings, space: Workspace) -> Text:
    """Return the file as UTF-8: itself where it is that already, else a copy.

    Without a BOM, what is no UTF-8 is read as windows-1252 and reported. Raises `table-encoding` for bytes
    that are no text, `table-nul` for NUL bytes, `table-empty` for nothing but blanks.
    """
    encoding = settings.encoding
    if encoding == "auto":
        encoding = "utf-16" if _has_utf16_mark(path) else "utf-8"
    try:
        return _checked(path, name, encoding, space)
    except UnicodeDecodeError as error:
        if settings.encoding != "auto" or encoding != "utf-8":
            raise _undecodable(name, encoding, error) from error
    try:
        text = _checked(path, name, "windows-1252", space)
    except UnicodeDecodeError as error:
        raise _undecodable(name, "utf-8 or windows-1252", error) from error
    says = "The file is no UTF-8; it was read as windows-1252. If letters look wrong, set `encoding`."
    return Text(text.path, text.quotes_pair, (Oddity("", "encoding", 1, (), says),))


def _checked(path: Path, name: str, encoding: str, space: Workspace) -> Text:
    lines, quotes, blank = 0, 0, True
    copy = None if encoding == "utf-8" else space.file("as-utf-8")
    out = copy.open("wb") if copy else None
    try:
        for text in _decoded(path, encoding):
            if "\0" in text:
                raise _nul(name, lines + text[: text.index("\0")].count("\n") + 1)
            lines += text.count("\n")
            quotes += text.count('"')
            blank = blank and not text.strip("\ufeff \t\r\n")
            if out:
                out.write(text.encode())
    finally:
        if out:
            out.close()
    if blank:
        raise refuse("table-empty", f"{name} is empty. A table needs at least a line with column names.")
    return Text(copy or path, quotes % 2 == 0, ())


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(PYTHON_NAMES[encoding])()
    offset = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                error.reason = f"near byte {offset + error.start + 1:,}"
                raise
            offset += len(chunk)
            if text:
                yield text
            if not chunk:
                return


def _has_utf16_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _undecodable(name: str, encoding: str, error: UnicodeDecodeError) -> Refused:
    found = error.object[error.start : error.start + 1].hex()
    message = f"{name} is no text in {encoding}: {error.reason} stands 0x{found}."
    return refuse("table-encoding", f"{message} Set `encoding`, or save the file as UTF-8.")


def _nul(name: str, line: int) -> Refused:
    message = f"{name} holds a NUL byte in line {line:,}, so it is not plain text."
    return refuse("table-nul", f"{message} If it is UTF-16, set `encoding: utf-16`; else export it again.", "")
