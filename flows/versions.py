"""The number of the file format, and how files of an older format are brought forward."""

from __future__ import annotations

from collections.abc import Callable

from flows.problems import Problem, refuse
from flows.step import Plain

Migration = Callable[[dict[str, Plain]], dict[str, Plain]]

MIGRATIONS: tuple[Migration, ...] = ()
"""Pure functions that bring a file of format 1 to 2, 2 to 3, and so on."""

FORMAT = len(MIGRATIONS) + 1
"""The format that this program writes."""


def bring_forward(data: dict[str, Plain], migrations: tuple[Migration, ...] = MIGRATIONS) -> dict[str, Plain]:
    """Return the data of a file in the newest format; refuse a file of a newer program.

    A file that does not say its format is taken for the newest: see `format_problem`.
    """
    newest = len(migrations) + 1
    found = format_of(data)
    if found is None:
        return data
    if found > newest:
        raise refuse(
            "format-newer",
            f"This file is of format {found}, and this program knows format {newest} and older ones. "
            "Open it with a newer Tandem.",
            "tandem",
        )
    for migration in migrations[found - 1 :]:
        data = migration(data)
    return data if found == newest else {**data, "tandem": newest}


def format_of(data: dict[str, Plain]) -> int | None:
    """Return the format that a file says it has, or None."""
    found = data.get("tandem")
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 1 else None


def format_problem(data: dict[str, Plain]) -> Problem | None:
    """Return what is wrong with the format that a file says it has."""
    if format_of(data) is not None:
        return None
    if "tandem" not in data:
        says = f"This file does not say its format. Write as its first line: tandem: {FORMAT}"
        return Problem("format-missing", says, "tandem")
    says = f"The format is {str(data['tandem'])[:40]!r}, which is none. Write: tandem: {FORMAT}"
    return Problem("format-wrong", says, "tandem")


CODES: tuple[tuple[str, str], ...] = (
    ("format-missing", "The file does not begin with `tandem: 1`. Add that line."),
    ("format-wrong", "`tandem:` is not a number from 1 on. Write `tandem: 1`."),
    ("format-newer", "The file was written by a newer Tandem. Open it with that one."),
)
