"""Tiny kinds that read, guess, pick, ask and measure, for tests of what is said about a flow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple

from pydantic import Field

from flows.catalog import Catalog
from flows.ports import Log
from flows.problems import refuse
from flows.step import Columns, Measured, Step


class Rows:
    """A table."""


class Guesses:
    """What a model proposes."""


class Picked:
    """Rows for people."""


class Answers:
    logged = True


class ReadRows(Step):
    kind: ClassVar = "read-rows"
    family: ClassVar = "source"
    says: ClassVar = "Read {path}"

    path: str
    """The file."""

    def run(self) -> Rows:
        return Rows()

    def peek(self, folder: Path) -> Mapping[str, Columns]:
        file = folder / self.path
        if not file.exists():
            raise refuse("file-missing", f"There is no file '{self.path}'.")
        return {"rows": dict.fromkeys(file.read_text().splitlines()[0].split(","), "")}


class Keep(Step):
    kind: ClassVar = "keep"
    family: ClassVar = "prepare"
    says: ClassVar = "Keep {columns}"

    columns_kept: list[str] = Field(alias="columns")

    def run(self, *, rows: Rows) -> Rows:
        return Rows()

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        known = incoming.get("rows")
        return {} if known is None else {"rows": {name: known.get(name, "") for name in self.columns_kept}}

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        return {"rows": tuple(self.columns_kept)}


class Tidy(Step):
    kind: ClassVar = "tidy"
    family: ClassVar = "prepare"
    says: ClassVar = "Tidy"

    def run(self, *, rows: Rows | None = None) -> Rows:
        return Rows()


class Stack(Step):
    kind: ClassVar = "stack"
    family: ClassVar = "prepare"
    says: ClassVar = "Stack"

    def run(self, *, rows: tuple[Rows, ...]) -> Rows:
        return Rows()


class Tutor(Step):
    kind: ClassVar = "tutor"
    family: ClassVar = "learn"
    says: ClassVar = "Tutor"

    def run(self, *, rows: Rows, answers: Answers | None = None, earlier: Log[Answers]) -> Rows:
        return rows


class Guess(Step):
    kind: ClassVar = "guess"
    family: ClassVar = "model"
    says: ClassVar = "Guess {target}"
    teaches: ClassVar = "model"

    target: str
    sure: float = Field(0.9, ge=0, le=1)

    def run(self, *, rows: Rows, answers: Log[Answers]) -> Guesses:
        return Guesses()

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        return {"rows": (self.target,)}


class PickOut(NamedTuple):
    picked: Picked
    rest: Guesses


class Pick(Step):
    kind: ClassVar = "pick"
    family: ClassVar = "choose"
    says: ClassVar = "Pick"

    audit: int = 4

    def run(self, *, guesses: Guesses) -> PickOut:
        return PickOut(Picked(), Guesses())


class Ask(Step):
    kind: ClassVar = "ask"
    family: ClassVar = "people"
    says: ClassVar = "Ask {who}"
    measures: ClassVar = (Measured("questions", "questions", "round", "How many were asked."),)

    who: str

    def ask(self, *, picked: Picked) -> None: ...

    def settle(self, *, picked: Picked) -> Answers:
        return Answers()


class Quality(Step):
    kind: ClassVar = "quality"
    family: ClassVar = "measure"
    says: ClassVar = "Measure"
    measures: ClassVar = (Measured("team_recall", "share", "round", "Found by the team."),)

    def run(self, *, guesses: Guesses, answers: Log[Answers]) -> None: ...


KINDS = Catalog([ReadRows, Keep, Tidy, Stack, Tutor, Guess, Pick, Ask, Quality])
