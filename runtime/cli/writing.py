"""Files that a command writes: whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
from pathlib import Path

from flows.problems import Refused, refuse


def write_new(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet; refuse with a sentence when it is, or cannot be."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise there_already(path) from None
    except (FileNotFoundError, NotADirectoryError):
        raise refuse(
            "file-nowhere", f"There is no folder '{path.parent}' to write '{path.name}' into. Make it first."
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def there_already(path: Path) -> Refused:
    """Return the refusal to write over something, to be raised."""
    return refuse("file-there", f"'{path}' is there already and is left as it is. Take another name, or move it.")


CODES: tuple[tuple[str, str], ...] = (
    ("file-nowhere", "The folder to write into is not there. Make it, or name another one."),
    ("file-there", "A file or folder of that name is there already. Nothing is ever written over."),
)
