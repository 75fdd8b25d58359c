"""A value that does not fit its setting is told in plain words: what it is, and what it must be."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from flows.catalog import Catalog
from flows.flow import Card, Flow
from flows.people import groups
from flows.step import Plain, Step


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    column: str


class Everything(Step):
    """Have a setting of every type."""

    kind: ClassVar[str] = "everything"
    family: ClassVar[str] = "model"
    says: ClassVar[str] = "Everything"

    whole: int = Field(1, ge=1, le=2_000_000)
    share: float = Field(0.5, gt=0, lt=1)
    sure: bool = True
    word: str = Field("a", min_length=1)
    choice: Literal["first", "that or this"] = "first"
    names: Annotated[tuple[str, ...], Field(min_length=1)] = ("a",)
    shares: dict[str, float] = {}
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    either: float | Literal["auto"] = "auto"
    least: Annotated[float, Field(ge=0)] | Literal["auto"] = "auto"
    even: int = 2

    @field_validator("even")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("Only even numbers do.")
        return value


CATALOG = Catalog([Everything])


def told(settings: dict[str, Plain]) -> list[tuple[str, str]]:
    _, problems = CATALOG.read(Card("it", "everything", settings))
    assert {problem.code for problem in problems} <= {"setting-wrong"}
    return [(problem.place, problem.message.removeprefix("In 'It', ")) for problem in problems]


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("whole", "x", "'Whole' is 'x', which is no whole number."),
        ("whole", 1.5, "'Whole' is 1.5, which is no whole number."),
        ("whole", None, "'Whole' is empty, which is no whole number."),
        ("whole", 0, "'Whole' is 0, but it must be at least 1."),
        ("whole", 3_000_000, "'Whole' is 3000000, but it must be at most 2,000,000."),
        ("share", "x", "'Share' is 'x', which is no number."),
        ("share", [], "'Share' is an empty list, which is no number."),
        ("share", 0, "'Share' is 0, but it must be more than 0."),
        ("share", 1, "'Share' is 1, but it must be less than 1."),
        ("sure", "perhaps", "'Sure' is 'perhaps', which is neither true nor false."),
        ("sure", [], "'Sure' is an empty list, which is neither true nor false."),
        ("word", ["a"], "'Word' is a list (a), which is no text."),
        ("word", "", "'Word' is empty, but it must have at least 1 letter."),
        ("choice", "last", "'Choice' is 'last', which is none of: 'first', 'that or this'."),
        ("names", "a", "'Names' is 'a', which is no list such as [one, two]."),
        ("names", [], "'Names' is an empty list, but it must have at least 1 entry."),
        ("shares", "a", "'Shares' is 'a', which is no set of names with values such as {name: value}."),
        ("part", "a", "'Part' is 'a', which is no set of names with values such as {name: value}."),
        ("either", "x", "'Either' is 'x', which is no number and none of: 'auto'."),
        ("least", -1, "'Least' is -1, but it must be at least 0."),
        ("even", 3, "'Even' does not fit: Only even numbers do."),
    ],
)
def test_a_wrong_value_is_told_once_and_in_plain_words(setting: str, value: Plain, words: str) -> None:
    assert told({setting: value}) == [(f"steps.it.{setting}", words)]


def test_a_wrong_value_deep_inside_names_its_place() -> None:
    assert told({"parts": [{"column": "a"}, {"column": 3}]}) == [
        ("steps.it.parts.1.column", "'Parts › entry 2 › Column' is 3, which is no text.")
    ]
    assert told({"shares": {"yes": "much"}}) == [
        ("steps.it.shares.yes", "'Shares › yes' is 'much', which is no number.")
    ]


def test_people_are_told_in_the_same_words_as_settings() -> None:
    people: dict[str, Plain] = {"staff": {"simulated": {"people": "many", "accuracy": 2, "by_label": {"yes": []}}}}
    assert [problem.message for problem in groups(Flow("f", people=people))[1]] == [
        "'People' of the people 'staff' is 'many', which is no whole number.",
        "'Accuracy' of the people 'staff' is 2, but it must be at most 1.",
        "'By label › yes' of the people 'staff' is an empty list, which is no number.",
    ]


def test_a_part_that_is_missing_is_named_whole() -> None:
    _, (problem,) = CATALOG.read(Card("it", "everything", {"parts": [{}]}))
    assert (problem.code, problem.place) == ("setting-missing", "steps.it.parts.0.column")
