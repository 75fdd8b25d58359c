"""What people said of cases, as numbers that can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from runtime.values import KEY

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Said:
    """Answers with a label, at most one of each person to each case.

    case, person, label: (n,) int64, places in `cases`, `people` and `labels`, one row an answer, sorted by case
    and person: so the same answers give the same numbers, in whatever order they came.
    """

    case: Integers
    person: Integers
    label: Integers
    cases: tuple[str, ...]
    people: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def answers_a_case(self) -> Integers:
        """Return (cases,) how many people answered each case."""
        return np.bincount(self.case, minlength=len(self.cases))

    def of(self, person: str) -> Integers:
        """Return (cases,) what a person said of each case, -1 where nothing."""
        found = np.full(len(self.cases), -1, dtype=np.int64)
        mine = self.person == self.people.index(person) if person in self.people else np.zeros(len(self.case), bool)
        found[self.case[mine]] = self.label[mine]
        return found


def said_in(
    frame: pl.DataFrame, labels: Sequence[str] = (), cases: Sequence[str] = (), people: Sequence[str] = ()
) -> Said:
    """Return the answers of a table with the columns of `runtime.answers.COLUMNS`; of one person the last counts.

    Answers without a label (cannot tell, skipped) are left out: they are neither right nor wrong. The first
    labels, cases and people are those that are named, the others follow in alphabetical order.
    """
    told = frame.filter((pl.col("outcome") == "answered") & (pl.col("label") != ""))
    told = told.unique([KEY, "person"], keep="last", maintain_order=True).sort(KEY, "person")
    names = tuple(
        _names(told[column], first) for column, first in ((KEY, cases), ("person", people), ("label", labels))
    )
    case, person, label = (
        _places(told[column], known) for column, known in zip((KEY, "person", "label"), names, strict=True)
    )
    order = np.lexsort((person, case))
    return Said(case[order], person[order], label[order], *names)


def _names(column: pl.Series, first: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *sorted(column.unique()))))


def _places(column: pl.Series, names: tuple[str, ...]) -> Integers:
    numbers = {name: place for place, name in enumerate(names)}
    return column.replace_strict(numbers, return_dtype=pl.Int64).to_numpy().astype(np.int64)
