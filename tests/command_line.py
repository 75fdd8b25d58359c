"""A small flow of light kinds and its command line, as somebody in a folder of their own uses it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from flows.catalog import Catalog
from flows.ports import Log
from flows.step import Measured, Step
from runtime.cli import main
from runtime.round import Round
from runtime.steps.choose import PickCases
from runtime.steps.deliver import WriteTable
from runtime.steps.people import AskPeople
from runtime.steps.source import ReadTable
from runtime.values import KEY, Answers, Figure, Measures, Predictions, Records

DO: dict[str, Callable[[], object]] = {}
"""What `guess` does beside its work: tests put trouble here."""


class Guess(Step):
    """Say how likely each case is late, from how many answers there are."""

    kind = "guess"
    family = "model"
    says = "Guess"
    teaches = "model"

    def run(self, round: Round, *, records: Records, answers: Log[Answers]) -> Predictions:
        DO.get("guess", lambda: None)()
        keys = records.table.frame([KEY])[KEY].to_list()
        said = dict(answers.table.frame().select(KEY, "label").iter_rows()) if answers.count else {}
        chance = 0.7 + 0.001 * answers.count + DO.get("noise", float)()  # type: ignore[operator]
        frame = pl.DataFrame(
            {
                KEY: keys,
                "probability": [[chance, 1 - chance]] * len(keys),
                "known": ["person" if key in said else "" for key in keys],
                "label": [said.get(key, "") for key in keys],
                "held_out": [0] * len(keys),
                "group": keys,
                "changed": [False] * len(keys),
            },
            schema_overrides={"probability": pl.Array(pl.Float32, 2), "held_out": pl.Int8},
        )
        return Predictions(
            round.table([frame]), records, ("yes", "no"), "yes", "late", f"v{answers.count}", learned_from=len(said)
        )


class Quality(Step):
    """Measure how many answers there are."""

    kind = "quality"
    family = "measure"
    says = "Measure"
    measures = (
        Measured("model_recall", "share", "round", "Of the model."),
        Measured("team_recall", "share", "round", "Of the team."),
    )

    def run(self, round: Round, *, predictions: Predictions, answers: Log[Answers]) -> Measures:
        share = min(answers.count / 8, 1.0)
        team = Figure("team_recall", share, share / 2, 1.0, f"{share:.2f}")
        model = Figure("model_recall", None, None, None, "Too few cases.")
        return Measures(round.table([pl.DataFrame({"at": [share]})]), (model, team))


CATALOG = Catalog([ReadTable, Guess, PickCases, AskPeople, Quality, WriteTable])

FLOW = """\
tandem: 1
id: late
intent:
  aims: [quality.team_recall >= 0.4]
  limits: [staff.questions <= 40]
steps:
  rows: {kind: read-table, path: rows.csv, key: id, truth: {name: late, column: truth}}
  risk: {kind: guess}
  some: {kind: pick-cases, at_most: 4}
  staff:
    kind: ask-people
    who: staff
    question: Will it be late?
    show_model: after-own-answer
  quality: {kind: quality}
  out: {kind: write-table, path: decided.csv}
people:
  staff: {accounts: [anna, ben], simulated: {people: 3, accuracy: 1}}
links:
  - rows.records -> risk.records
  - risk.predictions -> some.predictions
  - some.cases -> staff.cases
  - staff.decided -> out.decisions
  - risk.predictions -> quality.predictions
  - staff.answers ~> risk.answers
  - staff.answers ~> quality.answers
"""
ROWS = "id,carrier,truth\n" + "".join(
    f"S{n:02},{'=1+1' if n % 2 else 'Blue [red]'},{'yes' if n % 3 else 'no'}\n" for n in range(12)
)


class Said:
    """What a command said, and its exit status."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


Tandem = Callable[..., Said]


def at_work(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    """Return the command line in a fresh folder with the flow and its data; nothing is typed by itself."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("TANDEM_DEBUG", raising=False)
    DO.clear()
    Path("rows.csv").write_text(ROWS)
    Path("flow.yaml").write_text(FLOW)

    def run(line: str, typed: str = "") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        return Said(main(line.split(), CATALOG), *capsys.readouterr())

    return run


REHEARSE = "run flow.yaml --people simulated"
