"""The names of a text table's columns, from its first lines alone and without loading a table library."""

from __future__ import annotations

import gzip
from pathlib import Path

from runtime.tables.encodings import as_utf8
from runtime.tables.formats import format_of
from runtime.tables.layout import layout
from runtime.tables.settings import TableSettings
from runtime.tables.unpacking import packing
from runtime.tables.workspace import Workspace

LOOKED_AT = 200_000
"""Bytes of text in which the first line must end."""


def headline(path: Path, settings: TableSettings) -> tuple[str, ...] | None:
    """Return the names in a CSV or TSV file, also gzipped; None for other formats. Raises `Refused`."""
    kind = packing(path)
    if kind == "zip":
        return None
    name = path.stem if kind == "gzip" else path.name
    space = Workspace()
    try:
        part = space.file(name)
        part.write_bytes(_start(path, kind == "gzip"))
        form = format_of(part, name, settings)
        if form not in ("csv", "tsv"):
            return None
        return layout(as_utf8(part, name, settings, space).path, name, settings, form == "tsv").names
    finally:
        space.close()


def _start(path: Path, packed: bool) -> bytes:
    with gzip.open(path) if packed else path.open("rb") as file:
        found = file.read(LOOKED_AT)
    # A letter of several bytes must not be cut in the middle; a file of one line is taken as it is.
    return found if len(found) < LOOKED_AT else found[: found.rfind(b"\n") + 1] or found
