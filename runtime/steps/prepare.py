"""Steps that prepare: which rows and columns go on, and columns made from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.names import Names
from flows.step import Columns, Step
from runtime.round import Round
from runtime.values import Records

Test = Literal[
    "is", "is not", "one of", "more than", "less than", "at least", "at most", "between", "after", "before",
    "contains", "is missing", "is known",
]  # fmt: skip
WITHOUT_VALUE = ("is missing", "is known")
WITH_VALUES = ("one of", "between")


class Condition(BaseModel):
    """One test that a row passes or not. A missing value passes `is missing` only."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, use_attribute_docstrings=True
    )

    column: str
    """The column that is looked at."""
    test: Test = "is"
    """How its value is compared; numbers and dates as such, words letter by letter, `contains` in any case."""
    value: str = ""
    """What it is compared with: a word, a number, or a day or moment such as 2026-03-02 or 2026-03-02 14:30."""
    values: Names = ()
    """For `one of` the words, numbers or dates; for `between` the two ends, which both belong to it."""

    def complaint(self) -> str:
        """Return what is wrong between test and values, or nothing."""
        if self.test in WITHOUT_VALUE and (self.value or self.values):
            return f"'{self.column}' '{self.test}' compares with nothing. Leave out the value."
        if self.test == "between" and (self.value or len(self.values) != 2):
            return f"'{self.column}' 'between' needs its two ends: values: [1, 10]."
        if self.test == "one of" and (self.value or not self.values):
            return f"'{self.column}' 'one of' needs a list: values: [sea, road]."
        if self.test not in (*WITHOUT_VALUE, *WITH_VALUES) and (self.values or not self.value):
            return f"'{self.column}' '{self.test}' needs one `value`, and no `values`."
        return ""


class KeepRows(Step):
    """Keep the rows that meet conditions, and leave out all others."""

    kind: ClassVar[str] = "keep-rows"
    family: ClassVar[Literal["prepare"]] = "prepare"
    says: ClassVar[str] = "Keep the rows that meet {match} of: {where}"
    libraries: ClassVar[tuple[str, ...]] = ("polars",)

    where: tuple[Condition, ...] = Field(min_length=1, max_length=100)
    """The conditions: `[{column: mode, test: is, value: sea}]`."""
    match: Literal["all", "any"] = "all"
    """Whether a row must meet all of them, or any one."""

    def run(self, round: Round, *, records: Records) -> Records:
        """Return the rows that meet the conditions, in their order, with all their columns."""
        from runtime.preparing.rows import keep_rows

        return keep_rows(self, round, records)

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns that leave: those that arrive."""
        return {"records": incoming["records"]} if "records" in incoming else {}

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that the conditions name."""
        return {"records": tuple(dict.fromkeys(condition.column for condition in self.where))}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong in the conditions."""
        said = [condition.complaint() for condition in self.where]
        return tuple(("where", each) for each in said if each)


class KeepColumns(Step):
    """Keep some columns, or drop some and keep the others. The key of each case always stays."""

    kind: ClassVar[str] = "keep-columns"
    family: ClassVar[Literal["prepare"]] = "prepare"
    says: ClassVar[str] = "Keep the columns {keep}; drop {drop}"
    libraries: ClassVar[tuple[str, ...]] = ("polars",)

    keep: Names = ()
    """The columns that go on, in this order."""
    drop: Names = ()
    """The columns that are left out."""

    def run(self, round: Round, *, records: Records) -> Records:
        """Return all rows with the columns that go on."""
        from runtime.preparing.columns import keep_columns

        return keep_columns(self, round, records)

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns that leave."""
        return {"records": self.kept(incoming["records"])} if "records" in incoming else {}

    def kept(self, there: Columns) -> Columns:
        """Return the columns of `there` that go on."""
        if self.keep:
            return {name: there[name] for name in self.keep if name in there}
        return {name: kind for name, kind in there.items() if name not in self.drop}

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that the settings name."""
        return {"records": (*self.keep, *self.drop)}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        if self.keep and self.drop:
            return (("drop", "Name the columns to keep, or those to drop, not both."),)
        if not self.keep and not self.drop:
            return (("keep", "Name the columns to keep, or those to drop."),)
        return ()
