"""Words on the terminal: plain where they are piped, with few colours where somebody looks."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from flows.problems import Problem

Style = Literal["bold", "dim", "red", "yellow", "cyan", "green"]
_CODES: dict[Style, str] = {
    "bold": "1", "dim": "2", "red": "1;31", "yellow": "1;33", "cyan": "36", "green": "32",
}  # fmt: skip
_LEVELS: dict[str, Style] = {"error": "red", "warning": "yellow", "hint": "cyan"}


def say(text: str = "", stream: TextIO | None = None) -> None:
    """Write one line to standard output, or to another stream."""
    (stream or sys.stdout).write(f"{text}\n")


def say_json(plain: object) -> None:
    """Write plain data as one line of JSON, at once."""
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def coloured(stream: TextIO) -> bool:
    """Return whether a stream shows colours and somebody wants them."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, style: Style, stream: TextIO | None = None) -> str:
    """Return a text in a colour where the stream shows colours."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if coloured(stream or sys.stdout) else text


def columns(stream: TextIO | None = None) -> int:
    """Return how many columns to write: those of the terminal up to 100, and 80 where there is none."""
    if not (stream or sys.stdout).isatty():
        return 80
    return max(40, min(os.get_terminal_size((stream or sys.stdout).fileno()).columns, 100))


def shortest(path: str) -> str:
    """Return a path as seen from here, where that is shorter."""
    return min(path, os.path.relpath(path), key=len)


def say_problems(problems: Iterable[Problem], name: str = "", stream: TextIO | None = None) -> None:
    """Write problems, each with the line that it is about and what mends it."""
    for problem in problems:
        say(_line(problem, name, stream or sys.stdout), stream)
        if problem.fix is not None:
            say(f"  fix: {problem.fix_says}", stream)


def _line(problem: Problem, name: str, stream: TextIO) -> str:
    from flows.show.wording import visible

    place = f"{name}:{problem.line}: " if problem.line and name else ""
    message = re.sub(r"^Line \d+: ", "", problem.message) if place else problem.message
    level = paint(problem.level, _LEVELS[problem.level], stream)
    # A sentence names steps and settings as the editor does; the exact place tells what to look for in the file.
    exact = f"{visible(problem.place)} " if "." in problem.place else ""
    return f"{visible(place)}{level}: {visible(message)} {paint(f'{exact}[{problem.code}]', 'dim', stream)}"
