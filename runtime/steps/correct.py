"""The step that adjusts a number as people corrected it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from flows.ports import Log
from flows.slots import Slot
from flows.step import Columns, Step
from runtime.choosing.wording import adjusted_by
from runtime.round import Round
from runtime.values import Answers, Records


class ApplyCorrections(Step):
    """Adjust a number as people corrected it in earlier rounds, until their corrections expire.

    A correction of one case counts while its number is what it was when it was corrected. One that holds for all
    cases that are alike is added to the number of each; a newer one takes its place. Where several people
    corrected the same, their median counts.
    """

    kind: ClassVar[str] = "apply-corrections"
    title: ClassVar[str] = "Apply corrections"
    also_called: ClassVar[tuple[str, ...]] = ("adjust", "override", "correct", "number", "feedback", "fix")
    family: ClassVar[Literal["prepare"]] = "prepare"
    by_round: ClassVar[bool] = True
    teaches: ClassVar[Literal["model"]] = "model"
    says: ClassVar[str] = "Adjust {column} as people corrected it"
    libraries: ClassVar[tuple[str, ...]] = ("polars",)

    column: Annotated[str, Slot("column", "records", prompt="choose a column of numbers")]
    """The number that people correct.

    By how much it was adjusted stands in a new column beside it, which is missing where it was not.
    """

    def run(self, round: Round, *, records: Records, answers: Log[Answers]) -> Records:
        """Return all rows, the number adjusted where a correction is in force, and the column that says so."""
        from runtime.preparing.correcting import apply_corrections

        return apply_corrections(self, round, records, answers)

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns that leave: those that arrive, and the one that says by how much."""
        if "records" not in incoming:
            return {}
        return {"records": {**incoming["records"], adjusted_by(self.column): "number"}}

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return the column of the number."""
        return {"records": (self.column,)}
