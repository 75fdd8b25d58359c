"""What people's part costs: answers, minutes and money by round."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class EffortLine:
    """What people did for the questions of one round, corrections and second looks included.

    minutes and cost are those that the answers state. second_looks: how many times the model's advice was
    seen after a first answer, and second_look_minutes what was said after it took.
    """

    round: int
    questions: int
    answers: int
    people: int
    minutes: float
    cost: float
    second_looks: int
    second_look_minutes: float
    says: str


def effort(answers: pl.DataFrame) -> tuple[EffortLine, ...]:
    """Return the effort of each round; answers: with the columns of `runtime.answers.COLUMNS`."""
    lines = []
    for (number,), part in answers.sort("asked_in").group_by("asked_in", maintain_order=True):
        after = part.filter(pl.col("stage") == "final")
        minutes, cost = float(part["seconds"].sum()) / 60, float(part["cost"].sum())
        line = EffortLine(
            round=int(str(number)),
            questions=part["question"].n_unique(),
            answers=part.height,
            people=part["person"].n_unique(),
            minutes=minutes,
            cost=cost,
            second_looks=part.filter(pl.col("stage") == "first").height,
            second_look_minutes=float(after["seconds"].sum()) / 60,
            says=f"{part.height:,} answers to {part['question'].n_unique():,} questions, {minutes:,.1f} minutes",
        )
        lines.append(line)
    return tuple(lines)
