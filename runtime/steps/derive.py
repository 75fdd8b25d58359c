"""The step that makes a column from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from flows.names import Names
from flows.slots import Slot
from flows.step import Columns, Step
from runtime.round import Round
from runtime.values import KEY, Records

How = Literal[
    "compare", "days-between", "hours-between", "bins", "join-words", "part-of-date", "calculate", "copy"
]  # fmt: skip

TAKES: Mapping[How, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "compare": (("column", "test"), ("other", "value")),
    "days-between": (("column", "other"), ()),
    "hours-between": (("column", "other"), ()),
    "bins": (("column", "edges", "bins"), ()),
    "join-words": (("joined",), ("between",)),
    "part-of-date": (("column", "part"), ()),
    "calculate": (("column", "sign"), ("other", "value")),
    "copy": (("column",), ()),
}
"""For each way to make a column: the settings that it needs, and those that it may have."""

_HOW = {
    "compare": "comparing",
    "days-between": "counting the days between",
    "hours-between": "counting the hours between",
    "bins": "sorting numbers into bins",
    "join-words": "joining words",
    "part-of-date": "taking a part of a date",
    "calculate": "calculating",
    "copy": "copying",
}

WORD_PARTS = ("weekday", "month")


class DeriveColumn(Step):
    """Make a column from others.

    Where one of them is missing, the new one is missing.
    """

    kind: ClassVar[str] = "derive-column"
    title: ClassVar[str] = "Make a column"
    also_called: ClassVar[tuple[str, ...]] = (
        "calculate", "compute", "new", "formula", "compare", "days", "feature",
    )  # fmt: skip
    family: ClassVar[Literal["prepare"]] = "prepare"
    says: ClassVar[str] = "Make {name} by {how}"
    libraries: ClassVar[tuple[str, ...]] = ("polars",)

    name: Annotated[str, Slot(label="new column", prompt="name a column")] = Field(min_length=1)
    """What the new column is called."""
    how: Annotated[How, Slot(words=_HOW)]
    """How it is made.

    `compare`: "yes" where `column` passes the `test` against `other` or `value`, else "no".
    `days-between`, `hours-between`: from `column` to `other`, below zero when `other` is earlier.
    `bins`: a word by the size of a number. `join-words`: the words of several columns in one.
    `part-of-date`: such as its weekday. `calculate`: two numbers. `copy`: the column once more.
    """
    column: Annotated[str, Slot("column")] = ""
    """The column that it is made from."""
    other: Annotated[str, Slot("column", label="second column")] = ""
    """The second column."""
    value: str = ""
    """A word, number or date in the place of a second column."""
    test: Literal["", "is", "is not", "more than", "less than", "at least", "at most", "after", "before"] = ""
    """With `compare`: how. A day without a time is compared with whole days, in UTC."""
    edges: tuple[float, ...] = ()
    """With `bins`: where a new bin begins, rising: [10, 100] makes below 10, from 10, and from 100."""
    bins: Names = ()
    """With `bins`: what the bins are called, one word more than there are edges."""
    joined: Annotated[Names, Slot("column", label="columns to join")] = ()
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
        named = self.joined if self.how == "join-words" else (self.column, self.other)
        return tuple(dict.fromkeys(name for name in named if name))

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that it is made from."""
        return {"records": self.parents()}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        return (*self._unfit(), *self._bins(), *self._second(), *self._name())

    def _unfit(self) -> list[tuple[str, str]]:
        needed, allowed = TAKES[self.how]
        fields = type(self).model_fields
        given = {name for name, field in fields.items() if getattr(self, name) != field.default}
        missing = [(name, f"`how: {self.how}` needs `{name}`.") for name in needed if name not in given]
        strange = sorted(given - {"name", "how", *needed, *allowed})
        takes = ", ".join((*needed, *allowed))
        says = f"`how: {self.how}` takes no `{{}}`; it takes {takes}."
        return missing + [(name, says.format(name)) for name in strange]

    def _bins(self) -> list[tuple[str, str]]:
        if self.how != "bins" or not self.edges:
            return []
        if list(self.edges) != sorted(set(self.edges)):
            return [("edges", "The edges of bins must rise from one to the next.")]
        if len(self.bins) != len(self.edges) + 1:
            wanted = len(self.edges) + 1
            return [("bins", f"{len(self.edges)} edges make {wanted} bins: give each bin a word.")]
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
