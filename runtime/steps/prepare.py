"""Steps that prepare: which rows and columns go on, and columns made from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from flows.names import Names
from flows.slots import Slot
from flows.step import Columns, Step
from runtime.round import Round
from runtime.values import Records

Test = Literal[
    "is", "is not", "one of", "more than", "less than", "at least", "at most", "between", "after", "before",
    "contains", "is missing", "is known",
]  # fmt: skip
WITHOUT_VALUE = ("is missing", "is known")
WITH_VALUES = ("one of", "between")


def _plain_word(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


Word = Annotated[
    str,
    BeforeValidator(_plain_word),
    WithJsonSchema({"anyOf": [{"type": name} for name in ("string", "number", "boolean")]}),
]
"""A word of a table: a bare `true` in a flow file is the word that a column of yes and no holds."""


class Condition(BaseModel):
    """One test that a row passes or not. A missing value passes `is missing` only."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True, use_attribute_docstrings=True)

    column: Annotated[str, Slot("column")]
    """The column that is looked at."""
    test: Test = "is"
    """How its value is compared: numbers and dates as such, words letter by letter.

    `contains` takes capital and small letters for the same. A day is compared with whole days, in UTC.
    """
    value: Word = ""
    """What it is compared with: a word, a number, a day (2026-03-02) or a moment (2026-03-02 14:30)."""
    values: Names = ()
    """For `one of` the words, numbers or dates; for `between` the two ends, which both belong to it."""

    def sentence(self) -> str:
        """Return the condition in words."""
        between = " and " if self.test == "between" else " or "
        return " ".join(filter(None, (self.column, self.test, self.value or between.join(self.values))))

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
    title: ClassVar[str] = "Keep some rows"
    also_called: ClassVar[tuple[str, ...]] = (
        "filter",
        "where",
        "only",
        "remove",
        "drop",
        "select",
        "condition",
    )
    family: ClassVar[Literal["prepare"]] = "prepare"
    says: ClassVar[str] = "Keep the rows that meet {match} of: {where}"
    libraries: ClassVar[tuple[str, ...]] = ("polars",)

    where: Annotated[tuple[Condition, ...], Slot(label="conditions", prompt="choose conditions")] = Field(
        min_length=1, max_length=100
    )
    """The conditions: `[{column: mode, test: is, value: sea}]`."""
    match: Literal["all", "any"] = "all"
    """Whether a row must meet all of them, or any one."""

    def sentence(self) -> str:
        """Return the card's sentence."""
        joined = " and " if self.match == "all" else " or "
        return f"Keep the rows where {joined.join(each.sentence() for each in self.where)}"

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
    """Keep some columns, or drop some and keep the others.

    The key of each case always stays.
    """

    kind: ClassVar[str] = "keep-columns"
    title: ClassVar[str] = "Keep some columns"
    also_called: ClassVar[tuple[str, ...]] = (
        "select",
        "drop",
        "remove",
        "fields",
        "hide",
    )
    family: ClassVar[Literal["prepare"]] = "prepare"
    says: ClassVar[str] = "Keep the columns {keep}, or drop {drop}"
    libraries: ClassVar[tuple[str, ...]] = ("polars",)

    keep: Annotated[Names, Slot("column", label="columns to keep")] = ()
    """The columns that go on, in this order."""
    drop: Annotated[Names, Slot("column", label="columns to leave out")] = ()
    """The columns that are left out."""

    def saying(self) -> str:
        """Return the card's sentence with its slot open."""
        return "Keep the columns {keep}" if self.keep else "Drop the columns {drop}"

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
