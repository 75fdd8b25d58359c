"""The names of columns, made unique."""

from __future__ import annotations

from collections.abc import Container, Sequence

from flows.problems import Refused, refuse
from runtime.tables.oddities import Oddity, quoted
from runtime.tables.settings import KEY


def headings(found: Sequence[str]) -> tuple[tuple[str, ...], tuple[Oddity, ...]]:
    """Return names that are trimmed, never empty and never twice, and what was renamed.

    An empty name becomes `column 3`, a second `price` becomes `price (2)`, and `*` becomes `column *`.
    Raises `table-reserved` for `__key__`.
    """
    names: list[str] = []
    empty, twice, patterns = [], [], []
    taken = {" ".join(name.split()) for name in found}
    for position, raw in enumerate(found, start=1):
        wanted = _plain(" ".join(raw.split())) or f"column {position}"
        name = wanted if wanted not in names and (raw.strip() or wanted not in taken) else free(wanted, taken)
        taken.add(name)
        names.append(name)
        if not raw.strip():
            empty.append(name)
        elif name != wanted:
            twice.append(name)
        elif wanted != " ".join(raw.split()):
            patterns.append(name)
    judge_reserved(names)
    report = (
        *_renamed("name-empty", "had no name", empty),
        *_renamed("name-twice", "had the name of another", twice),
        *_renamed("name-pattern", "had a name that means several columns", patterns),
    )
    return tuple(names), report


def _plain(name: str) -> str:
    """Return a name that no program reads as "all columns" or as a pattern."""
    if name == "*" or (name.startswith("^") and name.endswith("$")):
        return f"column {name}"
    return name


def judge_reserved(names: Container[str]) -> None:
    """Refuse a table with a column that is called like the key."""
    if KEY in names:
        message = f'A column is called "{KEY}". That name is reserved for the key: rename it in the file.'
        raise refuse("table-reserved", message, KEY)


def numbered(count: int) -> tuple[str, ...]:
    """Return the names of columns in a file without a header."""
    return tuple(f"column {position}" for position in range(1, count + 1))


def free(name: str, taken: set[str]) -> str:
    """Return the name with the first number that makes it unique: `price (2)`."""
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def too_wide(name: str, count: int, at_most: int) -> Refused:
    """Return the refusal of a table with too many columns."""
    message = f"{name} has {count:,} columns or more; at most {at_most:,} are allowed."
    return refuse("table-too-wide", f"{message} Check `separator`, or raise `at_most_columns`.")


def _renamed(code: str, why: str, names: list[str]) -> tuple[Oddity, ...]:
    if not names:
        return ()
    says = f"{len(names):,} of the columns {why}; they are called {quoted(names)}."
    return (Oddity("", code, len(names), tuple(names[:3]), says),)
