"""What the flow is for: the goal in words, aims to reach and limits that are enforced."""

from __future__ import annotations

import re
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from flows.problems import refuse

Comparison = Literal[">=", "<=", ">", "<"]
_SHAPE = re.compile(r"^\s*([\w-]+)\.([\w-]+)\s*(>=|<=|>|<)\s*(\S+)\s*$")


class Target(BaseModel):
    """One aim or limit, such as `quality.team_recall >= 0.95`."""

    model_config = ConfigDict(frozen=True)

    step: str
    measure: str
    comparison: Comparison
    number: float

    @classmethod
    def read(cls, text: str, place: str = "intent", line: int | None = None) -> Target:
        """Return the target that a text says; refuse with a sentence when it does not say one."""
        found = _SHAPE.match(text)
        number = _number(found.group(4)) if found else None
        if not found or number is None:
            raise refuse(
                "target-unreadable",
                f"'{text}' is not understood as an aim or a limit. Write a step, a dot, one of its measures, "
                f"one of {' '.join(get_args(Comparison))} and a number: quality.team_recall >= 0.95",
                place,
                line,
            )
        step, measure, comparison, _ = found.groups()
        return cls.model_validate({"step": step, "measure": measure, "comparison": comparison, "number": number})

    def holds(self, value: float) -> bool:
        """Return whether a value keeps this target."""
        if self.comparison == ">=":
            return value >= self.number
        if self.comparison == "<=":
            return value <= self.number
        return value > self.number if self.comparison == ">" else value < self.number

    def __str__(self) -> str:
        # Six digits read well, but must not change the number.
        short = f"{self.number:g}"
        number = short if float(short) == self.number else repr(self.number)
        return f"{self.step}.{self.measure} {self.comparison} {number}"


class Intent(BaseModel):
    """The goal in words, the aims and the limits of a flow."""

    model_config = ConfigDict(frozen=True)

    goal: str = ""
    aims: tuple[Target, ...] = ()
    limits: tuple[Target, ...] = ()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) != float("inf") and number == number else None
