"""What a person is told of their own way to answer: kindly, to them first, and without any consequence.

Nothing here discards or weighs an answer; whoever decides about answers looks at known cases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from runtime.reliability.pace import bounds

What = Literal["too fast", "always the same", "always with the model"]

LAST = 12
"""Answers that are looked at; as many again must be alike before the auditor is told as well."""
MOST_OF = 0.75
RARE = 0.001
"""How improbable it must be that so many answers in a row are alike, if one answered as the others do."""
LEAST_OTHERS = 30


@dataclass(frozen=True)
class Notice:
    """What stands out in the answers of a person.

    to_person: what they are told. to_auditor: empty until it went on for as many answers again, which the person
    has had to change it. answers: in how many of the last answers it was seen.
    """

    what: What
    person: str
    answers: int
    to_person: str
    to_auditor: str = ""


def notices(visits: pl.DataFrame, person: str) -> tuple[Notice, ...]:
    """Return what stands out in the last answers of a person, in a table of `runtime.reliability.visits`."""
    return (*_too_fast(visits, person), *_always_same(visits, person), *_always_model(visits, person))


def for_auditor(visits: pl.DataFrame) -> tuple[Notice, ...]:
    """Return what went on after the people themselves had been told."""
    people = sorted(visits["person"].unique())
    return tuple(notice for person in people for notice in notices(visits, person) if notice.to_auditor)


def _too_fast(visits: pl.DataFrame, person: str) -> Iterator[Notice]:
    mine = visits.filter(pl.col("person") == person).with_columns(bound=bounds(visits, person))
    last, before = mine.tail(LAST), mine.head(max(mine.height - LAST, 0)).tail(LAST)
    if not _hasty(last):
        return
    seconds = _seconds(last)
    count, to_auditor = LAST, ""
    if _hasty(before):
        count = 2 * LAST
        to_auditor = f"The last {count} answers of {person} took {_seconds(mine.tail(count))} each. {_TOLD}"
    says = f"Your last {LAST} answers took {seconds} each. Take the time you need."
    yield Notice("too fast", person, count, says, to_auditor)


def _hasty(rows: pl.DataFrame) -> bool:
    fast = rows.filter((pl.col("seconds") > 0) & (pl.col("seconds") < pl.col("bound"))).height
    return rows.height == LAST and fast >= MOST_OF * LAST


def _seconds(rows: pl.DataFrame) -> str:
    taken = rows.filter(pl.col("seconds") > 0)["seconds"].median()
    assert isinstance(taken, float)
    rounded = round(taken)
    return "less than a second" if rounded < 1 else f"{rounded} second{'s' if rounded > 1 else ''}"


def _always_same(visits: pl.DataFrame, person: str) -> Iterator[Notice]:
    """Yield that one label came again and again, where others give it less often to the questions of that step."""
    answered = visits.filter(pl.col("first") != "")
    for (step,), mine in answered.filter(pl.col("person") == person).group_by("step", maintain_order=True):
        label, run = _run(mine["first"].to_list())
        others = answered.filter((pl.col("person") != person) & (pl.col("step") == step))
        if others.height < LEAST_OTHERS:
            continue
        share = (others.filter(pl.col("first") == label).height + 1) / (others.height + 2)
        needed = max(LAST, math.ceil(math.log(RARE) / math.log(share)))
        if run < needed:
            continue
        says = f"Your last {run} answers were all “{label}”. Look at the next case as if it were the first."
        went_on = f"The last {run} answers of {person} at '{step}' were all “{label}”. {_TOLD}"
        yield Notice("always the same", person, run, says, went_on if run >= 2 * needed else "")


def _always_model(visits: pl.DataFrame, person: str) -> Iterator[Notice]:
    """Yield that every second look at a different answer of the model ended with the model's."""
    differed = pl.col("advice").is_not_null() & (pl.col("first") != "") & (pl.col("first") != pl.col("advice"))
    looked = visits.filter((pl.col("person") == person) & differed)
    gave_in, run = _run((looked["final"] == looked["advice"]).to_list())
    if not gave_in or run < LAST:
        return
    says = (
        f"In your last {run} second looks you took the model's answer each time. It is wrong at times: keep yours "
        "where you have a reason."
    )
    went_on = f"In the last {run} second looks {person} took the model's answer each time. {_TOLD}"
    yield Notice("always with the model", person, run, says, went_on if run >= 2 * LAST else "")


def _run(values: list[object]) -> tuple[object, int]:
    """Return the last value, and how many at the end are the same."""
    if not values:
        return None, 0
    count = next((number for number, value in enumerate(reversed(values)) if value != values[-1]), len(values))
    return values[-1], count


_TOLD = "They were told before. This alone says nothing about whether the answers are right, and discards none."
