"""What is wrong with a flow, as data: printing it is someone else's job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flows.commands import Command

Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what, where, and what to do about it.

    `place` is a dotted path into the file (`steps.risk.target`), `line` counts from 1.
    An `error` keeps a flow from running, a `warning` does not, a `hint` is advice.
    """

    code: str
    message: str
    place: str = ""
    line: int | None = None
    level: Level = "error"
    fix: Command | None = None
    fix_says: str = ""

    def at(self, line: int | None) -> Problem:
        """Return the same problem with its line in the file."""
        return replace(self, line=line)

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain data for JSON."""
        plain: dict[str, object] = {
            "code": self.code,
            "level": self.level,
            "message": self.message,
            "place": self.place,
            "line": self.line,
        }
        if self.fix is not None:
            plain["fix"] = {"says": self.fix_says, "command": self.fix.as_dict()}
        return plain


class Refused(Exception):
    """Something asked for cannot be done; the problems say why, and nothing has changed."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


def refuse(code: str, message: str, place: str = "", line: int | None = None) -> Refused:
    """Return the exception for one problem, to be raised."""
    return Refused(Problem(code, message, place, line))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems that keep a flow from running."""
    return tuple(problem for problem in problems if problem.level == "error")
