"""Two light kinds, a source and a model, that make a whole round cost milliseconds; all others are the real ones."""

from __future__ import annotations

from hashlib import blake2b
from typing import ClassVar

from flows.catalog import Catalog
from flows.ports import Log
from flows.problems import refuse
from flows.step import Measured, Step
from runtime.round import Round
from runtime.steps.choose import Decide, PickCases
from runtime.steps.deliver import WriteTable
from runtime.steps.people import AskPeople
from runtime.values import KEY, Answers, Figure, Measures, Predictions, Records

LABELS = ("yes", "no")


class ReadLines(Step):
    """Read one case a line: its key and, after a comma, the truth that only simulated people see."""

    kind: ClassVar[str] = "read-lines"
    family: ClassVar[str] = "source"
    purity: ClassVar[str] = "reads the world"
    says: ClassVar[str] = "Read {path}"

    path: str

    def run(self, round: Round) -> Records:
        import polars as pl

        file = round.folder / self.path
        if not file.is_file():
            raise refuse("file-missing", f"There is no file '{self.path}'.", "path")
        rows = [line.split(",") for line in file.read_text().splitlines() if line]
        if round.rehearsal:
            round.seal_truth(pl.DataFrame(rows, schema={KEY: pl.String, "label": pl.String}, orient="row"))
        keys = pl.DataFrame({KEY: [row[0] for row in rows]}, schema={KEY: pl.String})
        return Records(round.table([keys.with_columns(size=pl.col(KEY).str.len_chars())]))


class GuessLabel(Step):
    """Guess from the name alone, and know what people said: the guess moves with every answer."""

    kind: ClassVar[str] = "guess-label"
    family: ClassVar[str] = "model"
    says: ClassVar[str] = "Guess"
    teaches: ClassVar[str] = "model"

    bias: float = 0.5

    def run(self, round: Round, *, records: Records, answers: Log[Answers]) -> Predictions:
        import polars as pl

        from runtime.experience import from_people

        known = from_people(answers)
        version = f"{answers.count} answers"
        round.keep_model(version, version.encode())
        keys = list(records.table.frame([KEY])[KEY])
        chances = [_chance(key, answers.count, self.bias) for key in keys]
        table = pl.DataFrame(
            {
                KEY: keys,
                "probability": [[chance, 1 - chance] for chance in chances],
                "known": ["person" if key in known else "" for key in keys],
                "label": [known[key].label if key in known else None for key in keys],
                "held_out": [0] * len(keys),
                "group": keys,
                "changed": [False] * len(keys),
            },
            schema={
                KEY: pl.String,
                "probability": pl.Array(pl.Float32, 2),
                "known": pl.String,
                "label": pl.String,
                "held_out": pl.Int8,
                "group": pl.String,
                "changed": pl.Boolean,
            },
        )
        return Predictions(
            round.table([table]), records, classes=LABELS, positive="yes", target="late", version=version,
            learned_from=len(known),
        )  # fmt: skip


class CountKnown(Step):
    """Tell how many answers the log holds, as a figure for aims and limits."""

    kind: ClassVar[str] = "count-known"
    family: ClassVar[str] = "measure"
    says: ClassVar[str] = "Count"
    measures: ClassVar[tuple[Measured, ...]] = (
        Measured("known", "answers", "round", "How many answers are in the log."),
    )

    def run(self, round: Round, *, predictions: Predictions, answers: Log[Answers]) -> Measures:
        figure = Figure("known", float(answers.count), None, None, f"{answers.count}")
        return Measures(round.table([]), figures=(figure,))


def _chance(key: str, answers: int, bias: float) -> float:
    drawn = blake2b(f"{key}\n{answers}".encode(), digest_size=4).digest()
    return min(max(int.from_bytes(drawn, "big") / 2**32 + bias - 0.5, 0.0), 1.0)


CATALOG = Catalog([ReadLines, GuessLabel, CountKnown, PickCases, Decide, AskPeople, WriteTable])

FLOW = """\
tandem: 1
id: parcels
intent:
  aims:
    - count.known >= 8
  limits:
    - planners.questions <= 5
steps:
  parcels: {kind: read-lines, path: parcels.txt}
  guess: {kind: guess-label}
  unsure: {kind: pick-cases, at_most: 3, audit: 1}
  planners: {kind: ask-people, who: planners, question: Will it be late?}
  alone: {kind: decide}
  count: {kind: count-known}
  plan: {kind: write-table, path: decided.csv}
people:
  planners: {simulated: {people: 3, accuracy: 0.9}}
links:
  - parcels.records -> guess.records
  - guess.predictions -> unsure.predictions
  - guess.predictions -> count.predictions
  - unsure.cases -> planners.cases
  - unsure.rest -> alone.predictions
  - alone.decisions -> plan.decisions
  - planners.decided -> plan.decisions
  - planners.answers ~> guess.answers
  - planners.answers ~> count.answers
"""


def parcels(count: int = 20) -> str:
    """Return the lines of so many cases."""
    return "".join(f"P{number:02d},{LABELS[number % 3 == 0]}\n" for number in range(count))
