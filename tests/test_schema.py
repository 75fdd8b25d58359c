"""The JSON Schema of the flow file says what reading takes, and refuses what reading refuses."""

from pathlib import Path
from typing import ClassVar, Literal

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it brings no types
from pydantic import BaseModel, Field

import flows
from flows.catalog import Catalog
from flows.document import read
from flows.flow import Card
from flows.problems import Refused
from flows.reading import flow_of
from flows.schema import schema
from flows.step import Plain, Step

EXAMPLE = (Path(next(iter(flows.__path__))) / "DESIGN.md").read_text().split("```yaml\n")[1].split("```")[0]


class Cost(BaseModel, extra="forbid"):
    missed: float = Field(default=1, ge=0)


class Guess(Step):
    """Guess a label for every row.

    More about it.
    """

    kind: ClassVar = "guess"
    family: ClassVar = "model"
    says: ClassVar = "Guess"
    version: ClassVar = 2

    target: str
    """The column to guess."""
    at_most: int = Field(40, ge=1, le=100)
    """How many rows."""
    by: Literal["margin", "entropy"] = "margin"
    labels: tuple[str, ...] = ()
    cost: Cost = Cost()

    def run(self) -> None: ...


def buying() -> type[Step]:
    """Return a kind that calls a part of its settings like `Guess` does, and means something else."""

    class Cost(BaseModel, extra="forbid"):
        paid: float = 0

    class Buy(Step):
        kind: ClassVar = "buy"
        family: ClassVar = "deliver"
        says: ClassVar = "Buy"

        cost: Cost

        def run(self) -> None: ...

    return Buy


KINDS = Catalog([Guess, buying()])
SCHEMA = schema(KINDS)
VALIDATOR = Draft202012Validator(SCHEMA)


def accepts(text: str) -> bool:
    return bool(VALIDATOR.is_valid(read(text).data))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_example_of_the_design_is_valid_but_for_its_kinds() -> None:
    errors = list(VALIDATOR.iter_errors(read(EXAMPLE).data))
    assert {tuple(error.absolute_path)[::2] for error in errors} == {("steps", "kind")}


CARDS: list[tuple[dict[str, Plain], bool]] = [
    ({"target": "late"}, True),
    (
        {"target": "late", "at_most": 100, "by": "entropy", "labels": ["yes", "no"], "cost": {"missed": 4}},
        True,
    ),
    ({"target": 2024, "labels": [0, 1]}, True),
    ({}, False),
    ({"target": "late", "at_most": 101}, False),
    ({"target": "late", "at_most": "many"}, False),
    ({"target": "late", "by": "magic"}, False),
    ({"target": "late", "traget": "late"}, False),
    ({"target": "late", "cost": {"paid": 3}}, False),
    ({"target": ["late"]}, False),
    ({"target": None}, False),
]


@pytest.mark.parametrize(("settings", "fine"), CARDS, ids=[str(settings) for settings, _ in CARDS])
def test_schema_and_catalog_agree_about_settings(settings: dict[str, Plain], fine: bool) -> None:
    step, _ = KINDS.read(Card("a", "guess", settings))
    data = {"tandem": 1, "steps": {"a": {"kind": "guess", **settings}}}
    assert (step is not None, VALIDATOR.is_valid(data)) == (fine, fine)


def test_each_kind_keeps_its_own_parts() -> None:
    assert accepts("tandem: 1\nsteps: {a: {kind: buy, cost: {paid: 3}}}\n")
    assert not accepts("tandem: 1\nsteps: {a: {kind: buy, cost: {missed: 3}}}\n")


FILES = [
    ("tandem: 1", True),
    ("name: x", False),
    ("tandem: one", False),
    ("tandem: 99", False),
    ("tandem: 1\nid:\nname: 2026\nintent:\nstarts:\nsteps:\npeople:\nlinks:\nlayout:", True),
    ("tandem: 1\nid: Late One", False),
    ("tandem: 1\nsteps: {a: {kind: guess, target: x, title: Hm, formerly: b, version: 1}}", True),
    ("tandem: 1\nsteps: {a: {kind: guess, target: x, version: new}}", False),
    ("tandem: 1\nsteps: {A b: {kind: guess, target: x}}", False),
    ("tandem: 1\nsteps: [a]", False),
    ("tandem: 1\nsteps: {a: guess}", False),
    ("tandem: 1\nlinks: [a.b -> c.d, a.b ~> c.d, a.b->c.d]", True),
    ("tandem: 1\nlinks: [a.b to c.d]", False),
    ("tandem: 1\nlinks: [a.b → c.d]", False),
    ("tandem: 1\nlinks: word", False),
    ("tandem: 1\nintent: {goal: x, aims: [a.b >= 0.5, a.c<1e-3], limits: [a.b > -2]}", True),
    ("tandem: 1\nintent: {aims: [much better]}", False),
    ("tandem: 1\nintent: word", False),
    ("tandem: 1\npeople: {a: {simulated: {people: 6, by_label: {yes: 0.5}}}, b: }", True),
    ("tandem: 1\nrehearsal: {begins: 2026-03-02 06:00, every: 1 day}", True),
    ("tandem: 1\nrehearsal: tomorrow", False),
    ("tandem: 1\nlayout: {a: [1, -2]}", True),
    ("tandem: 1\nlayout: {a: [1, 2.5]}", False),
    ("tandem: 1\nlayout: {a: [1, 2, 3]}", False),
    ("tandem: 1\nlayout: {a: [1, 999999999]}", False),
    ("tandem: 1\nnotes: {a: {text: Ask, at: [1, -2], size: [3, 4]}, b: {}}\ngroups:", True),
    ("tandem: 1\nnotes: {a: {text: Ask, size: [0, 4]}}", False),
    ("tandem: 1\nnotes: {a: Ask}", False),
    ("tandem: 1\ngroups: {a: {title: Two, steps: [b, c], folded: true}, d: {steps: }}", True),
    ("tandem: 1\ngroups: {a: {steps: b}}", False),
    ("tandem: 1\ngroups: {a: {folded: maybe}}", False),
    ("tandem: 1\nstesp: {}", False),
]


@pytest.mark.parametrize(("text", "fine"), FILES, ids=[text.replace("tandem: 1\n", "") for text, _ in FILES])
def test_schema_and_reading_agree_about_files(text: str, fine: bool) -> None:
    try:
        problems = flow_of(read(text), "x")[1]
    except Refused as refused:
        problems = refused.problems
    assert (problems == (), accepts(text)) == (fine, fine)


def test_help_of_settings_and_kinds_is_in_the_schema() -> None:
    definitions = SCHEMA["$defs"]
    assert isinstance(definitions, dict)
    guess = definitions["guess"]
    assert isinstance(guess, dict) and isinstance(guess["properties"], dict)
    assert guess["properties"]["kind"] == {"const": "guess", "description": "Guess a label for every row."}
    assert guess["properties"]["at_most"] == {
        "default": 40,
        "description": "How many rows.",
        "maximum": 100,
        "minimum": 1,
        "title": "At Most",
        "type": "integer",
    }
