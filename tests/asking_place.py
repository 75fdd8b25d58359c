"""A folder of cases with all that people can be asked about, and a light model that knows the labels in the data."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import ClassVar

from playing import Playground

from flows.catalog import Catalog
from flows.ports import Log
from flows.step import Step
from runtime.experience import from_people
from runtime.round import Round
from runtime.steps.choose import Decide, PickCases
from runtime.steps.correct import ApplyCorrections
from runtime.steps.deliver import WriteTable
from runtime.steps.people import AskPeople
from runtime.steps.source import ReadTable
from runtime.values import KEY, Answers, Predictions, Records

LABELS = ("yes", "no")


class Knows(Step):
    """Guess from the days alone, and know what the data and people say."""

    kind: ClassVar[str] = "knows"
    family: ClassVar[str] = "model"
    says: ClassVar[str] = "Guess"
    teaches: ClassVar[str] = "model"

    clever: bool = True

    def run(self, round: Round, *, records: Records, answers: Log[Answers]) -> Predictions:
        import polars as pl

        frame = records.table.frame()
        said = from_people(answers, LABELS)
        data = frame["late"].to_list() if "late" in frame.columns else [None] * frame.height
        rows = []
        for key, days, late in zip(frame[KEY], frame["days"].fill_null(0), data, strict=True):
            chance = min(max(days / 100, 0.1), 0.9) if self.clever else 0.5
            known = "data" if late else "person" if key in said else ""
            label = late or (said[key].label if key in said else None)
            rows.append((key, [chance, 1 - chance], known, label, 0, key, False))
        schema = {
            KEY: pl.String, "probability": pl.Array(pl.Float32, 2), "known": pl.String, "label": pl.String,
            "held_out": pl.Int8, "group": pl.String, "changed": pl.Boolean,
        }  # fmt: skip
        table = round.table([pl.DataFrame(rows, schema=schema, orient="row")])
        learned = sum(row[2] != "" for row in rows) + self.clever
        return Predictions(table, records, LABELS, "yes", "late", "v1", learned_from=learned)


CATALOG = Catalog([ReadTable, Knows, PickCases, Decide, AskPeople, ApplyCorrections, WriteTable])

FLOW = """\
tandem: 1
id: parcels
steps:
  rows: {kind: read-table, path: rows.csv, key: id, truth: {name: TRUTH, column: SEALED, hide: [true_label, true_days]}}
  risk: {kind: knows}
  some: {kind: pick-cases, by: random, at_most: 4}
  staff: {kind: ask-people, who: staff, question: What is right here?, HOW}
  plan: {kind: write-table, path: decided.csv}
people:
  staff: {simulated: {people: 3, accuracy: ACCURACY}}
links:
  - rows.records -> risk.records
  - risk.predictions -> some.predictions
  - some.cases -> staff.cases
  - staff.decided -> plan.decisions
  - staff.answers ~> risk.answers
"""
HEADS = (
    "id",
    "carrier",
    "days",
    "account",
    "draft_a",
    "draft_b",
    "usual",
    "unusual",
    "note",
    "arrived",
    "true_label",
    "true_days",
)


def cases(count: int = 12) -> str:
    """Return the cases: of every third one the label is known from the beginning, and only then when it arrived."""
    rows = [",".join((*HEADS, "late"))]
    for number in range(count):
        late, known = LABELS[number % 2], number % 3 == 0
        rows.append(
            f"C{number:02d},{'AB'[number % 2]},{10 * number + 5},47{number:02d},Dear sir {number},Hello {number},"
            f"yes,no,the parcel {number} came late,{'2026-01-02' if known else ''},{late},{10 * number + 3},"
            f"{late if known else ''}"
        )
    return "\n".join(rows) + "\n"


def place(folder: Path, how: str, truth: str = "true_label", accuracy: float = 1, flow: str = FLOW) -> Playground:
    """Return a place in which people are asked that way, with a sealed truth of that column for rehearsals."""
    name = {"true_label": "late", "true_days": "right_days"}[truth]
    text = flow.replace("TRUTH", name).replace("SEALED", truth).replace("HOW", how).replace("ACCURACY", str(accuracy))
    made = Playground(folder, text, "", CATALOG)
    (folder / "rows.csv").write_text(cases(), encoding="utf-8")
    return made


def delivered(folder: Path) -> dict[str, dict[str, str]]:
    """Return the rows of the delivered table that somebody decided, by case."""
    with folder.open(encoding="utf-8") as file:
        return {row["case"]: row for row in csv.DictReader(file) if row["decision"]}
