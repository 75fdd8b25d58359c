"""What was odd in a table, and what was done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 3
"""How many examples a sentence shows."""


@dataclass(frozen=True)
class Oddity:
    """One odd thing: where, how often, up to three examples, and a sentence for the reader.

    `column` is empty where the whole file is meant. `count` is in values, or in rows or columns where the
    sentence says so.
    """

    column: str
    code: str
    count: int
    examples: tuple[str, ...]
    says: str


def quoted(words: Sequence[object], at_most: int = SHOWN) -> str:
    """Return the first words as a list for a sentence, each one cut to a length that can be read."""
    shown = ", ".join(f'"{clipped(str(word))}"' for word in words[:at_most])
    return f"{shown} and {len(words) - at_most:,} more" if len(words) > at_most else shown


def clipped(word: str, at_most: int = 60) -> str:
    """Return the word on one line, cut where it is long."""
    line = " ".join(word.split())
    return line if len(line) <= at_most else line[: at_most - 1] + "…"


def counted(count: int, what: str) -> str:
    """Return the number with its noun: 1 value, 2 values."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
