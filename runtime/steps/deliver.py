"""Steps that deliver: they run last, after every limit is judged."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, ClassVar, Literal

from flows.slots import Slot
from flows.step import Step
from runtime.round import Round
from runtime.values import Decisions


class WriteTable(Step):
    """Write every case with its decision, who decided it, and by which version of the model."""

    kind: ClassVar[str] = "write-table"
    title: ClassVar[str] = "Write a table"
    also_called: ClassVar[tuple[str, ...]] = ("save", "export", "csv", "file", "output", "result", "deliver",)
    family: ClassVar[Literal["deliver"]] = "deliver"
    purity: ClassVar[Literal["delivers"]] = "delivers"
    says: ClassVar[str] = "Write the decisions to {path}"

    path: Annotated[str, Slot("new file", label="file", prompt="name a file", begins="decided.csv")]
    """The file, seen from the folder of the flow: .csv, .parquet or .jsonl."""
    delivered: Literal["keep", "replace"] = "keep"
    """What happens to a row that was delivered with another decision: it stays, or it is written anew.

    Either way it is listed in a file beside it whose name ends in `.changes.csv`.
    """

    def run(self, round: Round, *, decisions: tuple[Decisions, ...]) -> None:
        """Hand the table over for publishing: one row a case, and a person's decision wins."""
        from runtime.delivering.tables import write_table

        write_table(self, round, decisions)

    def writes(self) -> tuple[str, ...]:
        """Return the table and the list of changes beside it."""
        return (self.path, str(PurePath(self.path).with_suffix(".changes.csv")))

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong with the settings."""
        if not self.path.lower().endswith((".csv", ".parquet", ".jsonl")):
            return (("path", f"'{self.path}' must end in .csv, .parquet or .jsonl."),)
        return ()
