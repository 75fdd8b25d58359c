"""The step that makes a column from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.names import Names
from flows.step import Columns, Step
from runtime.round import Round
from runtime.values import KEY, Records

How = Literal["compare", "time-between", "bins", "join-words", "part-of-date", "calculate", "copy"]

TAKES: Mapping[How, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "compare": (("column", "test"), ("other", "value")),
    "time-between": (("column", "other"), ("unit",)),
    "bins": (("column", "edges", "words"), ()),
    "join-words": (("columns",), ("between",)),
    "part-of-date": (("column", "part"), ()),
    "calculate": (("column", "sign"), ("other", "value")),
    "copy": (("column",), ()),
}
"""For each way to make a column: the settings that it needs, and those that it may have."""

WORD_PARTS = ("weekday", "month")


class DeriveColumn(Step):
    """Make a column from others. Where one of them is missing, the new one is missing."""

    kind: ClassVar[str] = "derive-column"
    family: ClassVar[Literal["prepare"]] = "prepare"
    says: ClassVar[str] = "Make {name} from {column} {columns} {other} ({how})"
    libraries: ClassVar[tuple[str, ...]] = ("polars",)

    name: str = Field(min_length=1)
    """What the new column is called."""
    how: How
    """How it is made.

    `compare`: "yes" where `column` passes the `test` against `other` or `value`, else "no".
    `time-between`: the days or hours from `column` to `other`, below zero when `other` is earlier.
    `bins`: a word by the size of a number. `join-words`: the words of several columns in one.
    `part-of-date`: such as its weekday. `calculate`: two numbers. `copy`: the column once more.
    """
    column: str = ""
    """The column that it is made from."""
    other: str = ""
    """The second column."""
    value: str = ""
    """A word, number or date in the place of a second column."""
    test: Literal["", "is", "is not", "more than", "less than", "at least", "at most", "after", "before"] = ""
    """With `compare`: how. A day without a time is compared with whole days, in UTC."""
    unit: Literal["days", "hours"] = "days"
    """With `time-between`: in what it is counted, with decimals."""
    edges: tuple[float, ...] = ()
    """With `bins`: where a new bin begins, rising; [10, 100] makes three bins: below 10, from 10, from 100."""
    words: Names = ()
    """With `bins`: what the bins are called, one word more than there are edges."""
    columns_: Names = Field((), alias="columns")
    """With `join-words`: the columns, in order."""
    between: str = " "
    """With `join-words`: what stands between them."""
    part: Literal["", "year", "quarter", "month", "week", "day", "weekday", "hour"] = ""
    """With `part-of-date`: which. Weekday and month are words, the others numbers; the hour is in UTC."""
    sign: Literal["", "plus", "minus", "times", "divided by"] = ""
    """With `calculate`: how. What is divided by zero is missing."""

    def run(self, round: Round, *, records: Records) -> Records:
        """Return all rows with the new column as the last one."""
        from runtime.preparing.deriving import derive_column

        return derive_column(self, round, records)

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns that leave: those that arrive, and the new one."""
        if "records" not in incoming:
            return {}
        return {"records": {**incoming["records"], self.name: self.type_of(incoming["records"])}}

    def type_of(self, there: Columns) -> str:
        """Return the type of the new column."""
        if self.how == "compare":
            return "yes-no"
        if self.how == "copy":
            return there.get(self.column, "")
        if self.how == "part-of-date" and self.part in WORD_PARTS:
            return "category"
        return {"bins": "category", "join-words": "text"}.get(self.how, "number")

    def parents(self) -> tuple[str, ...]:
        """Return the columns that it is made from."""
        named = self.columns_ if self.how == "join-words" else (self.column, self.other)
        return tuple(dict.fromkeys(name for name in named if name))

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that it is made from."""
        return {"records": self.parents()}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        return (*self._unfit(), *self._bins(), *self._second(), *self._name())

    def _unfit(self) -> list[tuple[str, str]]:
        needed, allowed = TAKES[self.how]
        given = {self._spelled(name) for name in self.model_fields_set if getattr(self, name) not in ("", ())}
        missing = [(name, f"`how: {self.how}` needs `{name}`.") for name in needed if name not in given]
        strange = sorted(given - {"name", "how", *needed, *allowed})
        takes = ", ".join((*needed, *allowed))
        return missing + [(name, f"`how: {self.how}` takes no `{name}`; it takes {takes}.") for name in strange]

    def _bins(self) -> list[tuple[str, str]]:
        if self.how != "bins" or not self.edges:
            return []
        if list(self.edges) != sorted(set(self.edges)):
            return [("edges", "The edges of bins must rise from one to the next.")]
        if len(self.words) != len(self.edges) + 1:
            return [("words", f"{len(self.edges)} edges make {len(self.edges) + 1} bins: give each bin a word.")]
        return []

    def _second(self) -> list[tuple[str, str]]:
        if self.how in ("compare", "calculate") and bool(self.other) == bool(self.value):
            return [("other", f"`how: {self.how}` needs a second column as `other`, or a `value`, not both.")]
        return []

    def _name(self) -> list[tuple[str, str]]:
        if self.name == KEY or "\0" in self.name:
            return [("name", f"A column cannot be called '{self.name}'. Choose another name.")]
        if self.name in self.parents():
            return [("name", f"'{self.name}' cannot be made from itself. Choose another name.")]
        return []

    @staticmethod
    def _spelled(name: str) -> str:
        return name.rstrip("_")
