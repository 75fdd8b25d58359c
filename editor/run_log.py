"""The lines that a run writes, read while it writes them and never twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

Line = Mapping[str, object]

AT_ONCE = 1_000_000
"""Bytes read at once, so that no page waits for a long file."""


class RunLog:
    """A growing file of JSON lines; `new()` returns what came since it was last asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = 0
        self._half = b""

    def new(self) -> list[Line]:
        """Return the lines that were finished since; what is no JSON object is passed over."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._read)
                found = file.read(AT_ONCE)
        except OSError:
            return []
        self._read += len(found)
        *whole, self._half = (self._half + found).split(b"\n")
        return [line for text in whole if (line := _line(text))]

    def all(self) -> Iterator[Line]:
        """Yield all finished lines that were not read yet, however many there are."""
        while found := self.new():
            yield from found

    def behind(self) -> bool:
        """Return whether the file holds more than was read."""
        try:
            return self.path.stat().st_size > self._read
        except OSError:
            return False


def last_line(path: Path) -> Line:
    """Return the last line of a file; empty when there is none or it was never finished."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 100_000))
            found = file.read()
    except OSError:
        return {}
    whole = found.split(b"\n")[:-1]
    return _line(whole[-1]) if whole else {}


def _line(text: bytes) -> Line:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}
