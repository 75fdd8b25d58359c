"""Steps that read: tables of cases, and what really happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.names import Names
from flows.problems import refuse
from flows.slots import Slot
from flows.step import Columns, Step
from runtime.artifacts import hash_of_file
from runtime.round import Round
from runtime.tables.settings import TableSettings
from runtime.values import Outcomes, Records

Comparison = Literal["", "after", "before", "more than", "less than", "is", "is not"]


class SealedTruth(BaseModel):
    """What is known only afterwards, hidden from all but simulated people and measures."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str
    """What the truth is called: the model's target, such as `late`."""
    column: Annotated[str, Slot("column")]
    """The column that holds it, or that it is read from."""
    comparison: Comparison = ""
    """How it is read from the column: `after` makes the truth "yes" where the column is after `other`."""
    other: str = ""
    """The column or the value to compare with."""
    hide: Annotated[Names, Slot("column", label="columns to hide as well")] = ()
    """Further columns that are known only afterwards: they are left out as well."""
    start: int = Field(0, ge=0)
    """How many rows, drawn at random, show their truth from the beginning: the start set."""


class Dialect(Step):
    """The settings of all steps that read a file."""

    path: Annotated[str, Slot("file", label="file", prompt="choose a file")]
    """The file, seen from the folder of the flow."""
    format: Literal["auto", "csv", "tsv", "parquet", "json-lines", "excel"] = "auto"
    """What kind of file it is; by itself it is told from the ending and the content."""
    separator: Literal["auto", "comma", "semicolon", "tab", "pipe"] = "auto"
    """What stands between the fields of a line."""
    encoding: Literal["auto", "utf-8", "utf-16", "windows-1252", "latin-1"] = "auto"
    """How the letters are stored."""
    decimal: Literal["auto", "point", "comma"] = "auto"
    """What stands before the decimals of a number."""
    dates: Literal["ask", "day-first", "month-first"] = "ask"
    """How 06/02/2006 is read where a column does not show it by itself."""
    missing: tuple[str, ...] = TableSettings().missing
    """Words that mean: not known."""
    text_columns: Annotated[Names, Slot("column", label="columns that stay words")] = ()
    """Columns that stay words, whatever they look like."""
    sheet: str = ""
    """The sheet of an Excel file; the first one by itself."""
    quoting: Literal["auto", "none"] = "auto"
    """Whether quotation marks hold a field together."""
    header: bool = True
    """Whether the first line holds the names of the columns."""
    at_most_bytes: int = Field(2_000_000_000, ge=1)
    """What a compressed file may unpack to, in bytes."""
    at_most_columns: int = Field(5_000, ge=1, le=100_000)
    """How many columns a file may have; more are mostly a wrong separator."""

    def table_settings(self, *words: str) -> TableSettings:
        """Return the settings of the reader; `words` are further columns that stay words."""
        return TableSettings(
            format=self.format,
            separator=self.separator,
            encoding=self.encoding,
            decimal=self.decimal,
            dates=self.dates,
            missing=self.missing,
            text_columns=(*self.text_columns, *words),
            sheet=self.sheet,
            quoting=self.quoting,
            header=self.header,
            at_most_bytes=self.at_most_bytes,
            at_most_columns=self.at_most_columns,
        )

    def named(self, folder: Path) -> Mapping[str, str]:
        """Return the names of the columns of a text file; types are not known yet.

        Words among numbers or dates become a column of their own, so each may have one beside it.
        """
        from runtime.tables.headline import headline

        names = headline(self.file(folder), self.table_settings()) or ()
        return dict.fromkeys((*names, *(f"{name}: note" for name in names)), "")

    def seen(self, folder: Path) -> Mapping[str, str]:
        """Return the columns of the file with their types, as far as its beginning tells them."""
        from runtime.tables.glimpse import glimpse

        found = glimpse(self.file(folder), self.table_settings())
        return found.columns if found else {}

    def reads(self) -> tuple[str, ...]:
        """Return the file."""
        return (self.path,)

    def looks_at(self, folder: Path) -> str:
        """Return the hash of the file."""
        return hash_of_file(self.file(folder))

    def file(self, folder: Path) -> Path:
        """Return the file; raises `Refused` when it lies outside the workspace or is not there."""
        path = (folder / self.path).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise refuse(
                "path-outside",
                f"'{self.path}' lies outside the workspace {folder}. Put the file into the folder of the flow.",
                "path",
            )
        if not path.is_file():
            near = ", ".join(sorted(entry.name for entry in folder.iterdir() if entry.is_file())[:8])
            raise refuse(
                "file-missing", f"There is no file '{self.path}' in {folder}. There are: {near or 'no files'}.", "path"
            )
        return path


class ReadTable(Dialect):
    """Read the cases from a table: CSV, TSV, Parquet, JSON Lines or Excel, also compressed."""

    kind: ClassVar[str] = "read-table"
    title: ClassVar[str] = "Read a table"
    also_called: ClassVar[tuple[str, ...]] = (
        "csv", "excel", "file", "open", "import", "load", "data", "upload", "spreadsheet", "parquet",
    )  # fmt: skip
    family: ClassVar[Literal["source"]] = "source"
    purity: ClassVar[Literal["reads the world"]] = "reads the world"
    says: ClassVar[str] = "Read {path}"

    key: Annotated[Names, Slot("column", label="what tells cases apart")] = ()
    """The column, or columns, that tell cases apart; without it a case is known by all its words."""
    truth: SealedTruth | None = None
    """For rehearsals: what is known only afterwards. It never leaves this step."""
    vanished_columns: Literal["stop", "go on"] = "stop"
    """What to do when a column of the last round is no longer in the file."""

    no_rows: Literal["stop", "go on"] = "stop"
    """What to do when the file has columns but no rows."""

    def peek(self, folder: Path) -> Mapping[str, Columns]:
        """Return the names of the columns that leave, from the first line of the file."""
        return self._leaving(self.named(folder))

    def look(self, folder: Path) -> Mapping[str, Columns]:
        """Return the columns that leave with their types, from the beginning of the file."""
        return self._leaving(self.seen(folder))

    def _leaving(self, seen: Mapping[str, str]) -> Mapping[str, Columns]:
        if not seen:
            return {}
        hidden = {self.truth.column, *self.truth.hide} if self.truth else set()
        shown = {self.truth.name: "category"} if self.truth and self.truth.start else {}
        return {"records": {name: kind for name, kind in seen.items() if name not in hidden} | shown}

    def run(self, round: Round) -> Records:
        """Read the file anew and keep what it says as this round's snapshot."""
        from runtime.steps.reading import read_cases

        return read_cases(self, round)


class ReadOutcomes(Dialect):
    """Read what really happened, each with the moment at which it became known."""

    kind: ClassVar[str] = "read-outcomes"
    title: ClassVar[str] = "Read what really happened"
    also_called: ClassVar[tuple[str, ...]] = (
        "outcomes", "truth", "result", "known", "feedback", "arrived", "ground-truth",
    )  # fmt: skip
    family: ClassVar[Literal["source"]] = "source"
    purity: ClassVar[Literal["reads the world"]] = "reads the world"
    by_round: ClassVar[bool] = True
    says: ClassVar[str] = "Read what really happened from {path}, known at {known_at}"

    key: Annotated[Names, Slot("column", label="what tells cases apart", prompt="choose a column")]
    """The column, or columns, that name the case, as in the table of cases."""
    outcome: Annotated[str, Slot("column", label="what happened", prompt="choose a column")]
    """The column that says what happened; empty means not yet known."""
    known_at: Annotated[str, Slot("column", label="known at", prompt="choose a date column")]
    """The column with the date or moment at which it became known."""

    def run(self, round: Round) -> Outcomes:
        """Return every outcome that is known by the time of the round; corrections come as further rows."""
        from runtime.steps.reading import read_outcomes

        return read_outcomes(self, round)


