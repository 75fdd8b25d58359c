"""The words of a table as they stood in the file, kept in parts on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from runtime.tables.workspace import Workspace


class Stage:
    """Rows in parts, in file order; memory holds one part at a time.

    Columns are String, or typed where the format itself has types. A later part may bring new columns:
    they are null in the parts before.
    """

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._parts: list[Path] = []
        self.rows = 0
        self.schema: dict[str, pl.DataType] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns, in the order in which they came."""
        return tuple(self.schema)

    def begin(self, names: Sequence[str]) -> None:
        """Start again with these columns of words and no rows."""
        for part in self._parts:
            part.unlink(missing_ok=True)
        self._parts, self.rows = [], 0
        self.schema = {name: pl.String() for name in names}

    def add(self, frame: pl.DataFrame) -> None:
        """Append the rows of a frame."""
        self.schema |= {name: kind for name, kind in frame.schema.items() if name not in self.schema}
        if frame.height:
            part = self._space.file(f"part-{len(self._parts):06}.arrow")
            frame.write_ipc(part, compression="lz4")
            self._parts.append(part)
            self.rows += frame.height

    def frames(self, names: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Yield the parts with these columns, in file order."""
        for part in self._parts:
            frame = pl.read_ipc(part)
            yield frame.select(
                pl.col(name) if name in frame.columns else pl.lit(None, self.schema[name]).alias(name) for name in names
            )
