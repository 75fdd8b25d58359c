"""One law for every kind of step, built in or of an installed package."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from sample_settings import beyond, minimal, variants

from flows.catalog import Catalog, installed
from flows.flow import SLUG, Card
from flows.ports import Port, inputs_of
from flows.schema import schema
from flows.step import Family, Per, Purity, Step
from runtime.artifacts import Artifacts
from runtime.reference.settings import settings_of
from runtime.round import Round
from runtime.steps import BUILTIN
from runtime.values import Value

KINDS = installed(BUILTIN)
MEASURE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

every_kind = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])


def ports(kind: type[Step]) -> tuple[Port, ...]:
    step = kind.model_validate(minimal(kind))
    settled = inputs_of(kind.settle) if hasattr(kind, "settle") else ()
    return (*step.inputs(), *step.outputs(), *settled)


def one_sentence(text: str) -> bool:
    return text.endswith(".") and not re.search(r"[.!?]\s+[A-Z]", text)


@every_kind
def test_a_kind_says_what_it_is(kind: type[Step]) -> None:
    """It has a slug, a family, and one sentence that a user understands."""
    assert SLUG.match(kind.kind)
    assert kind.family in get_args(Family)
    assert kind.purity in get_args(Purity)
    assert kind.__doc__ is not None, "a kind needs a docstring of its own"
    summary = inspect.cleandoc(kind.__doc__).split("\n\n")[0]
    assert one_sentence(" ".join(summary.split())), summary


@every_kind
def test_every_setting_has_help(kind: type[Step]) -> None:
    for setting in settings_of(kind):
        assert setting.help.endswith("."), f"{setting.name}: {setting.help!r} is no sentence"
        assert "anything" not in setting.takes, f"{setting.name} takes anything: say what"


@every_kind
def test_the_card_reads_as_a_sentence(kind: type[Step]) -> None:
    """Its slots are settings, and a card with the least settings fills them all."""
    slots = set(re.findall(r"\{(\w+)\}", kind.says))
    assert slots <= set(kind.model_fields)
    sentence = kind.model_validate(minimal(kind)).sentence()
    assert sentence
    assert not re.search(r"[{}]|None", sentence)


@every_kind
def test_the_least_settings_are_read_without_a_complaint(kind: type[Step]) -> None:
    step, problems = KINDS.read(Card("step", kind.kind, minimal(kind)))
    assert problems == ()
    assert step is not None


@every_kind
def test_settings_survive_being_saved(kind: type[Step]) -> None:
    """Every choice and both ends of every limit are read, written and read again as the same."""
    for name, value in (("", None), *variants(kind)):
        given = {**minimal(kind), **({name: value} if name else {})}
        step = kind.model_validate(given)
        for sparse in (True, False):
            saved = step.model_dump(mode="json", by_alias=True, exclude_unset=sparse)
            assert kind.model_validate(saved) == step, f"{name}: {value!r}"


@every_kind
def test_what_lies_beyond_a_limit_is_refused(kind: type[Step]) -> None:
    for name, value in beyond(kind):
        with pytest.raises(ValidationError):
            kind.model_validate({**minimal(kind), name: value})


@every_kind
def test_a_card_is_valid_by_the_schema_of_the_file(kind: type[Step]) -> None:
    said = schema(Catalog([kind]))
    Draft202012Validator.check_schema(said)
    drawn = {"tandem": 1, "steps": {"step": {"kind": kind.kind, **minimal(kind)}}}
    assert [error.message for error in Draft202012Validator(said).iter_errors(drawn)] == []


@every_kind
def test_ports_carry_values(kind: type[Step]) -> None:
    """What flows is a value of the runtime; what flows back is a log; names are unique."""
    for port in ports(kind):
        assert issubclass(port.type, Value)
        assert port.type.logged or not port.feedback, f"{port.name}: {port.type_name} is no log"
    step = kind.model_validate(minimal(kind))
    for side in (step.inputs(), step.outputs()):
        names = [port.name for port in side]
        assert len(set(names)) == len(names)


@every_kind
def test_a_kind_runs_or_waits(kind: type[Step]) -> None:
    """It has `run`, or both `ask` and `settle`, whose inputs are the same ports."""
    assert hasattr(kind, "run") != kind.waits()
    assert kind.waits() == hasattr(kind, "settle")
    if kind.waits():
        step = kind.model_validate(minimal(kind))
        assert step.inputs() == inputs_of(kind.settle)  # type: ignore[attr-defined]
        assert kind.family == "people"
        assert kind.by_round, "whom to ask depends on what is open in the round"


@every_kind
def test_every_version_has_its_migration(kind: type[Step]) -> None:
    assert kind.version >= 1
    assert len(kind.migrations) == kind.version - 1


@every_kind
def test_a_kind_declares_what_it_touches(kind: type[Step]) -> None:
    """Only deliver steps deliver, and only people and measures may open the sealed truth."""
    assert (kind.family == "deliver") == (kind.purity == "delivers")
    assert not kind.opens_truth or kind.family in ("people", "measure")
    assert not kind.teaches or any(port.feedback for port in ports(kind)), "nothing can teach it"


@every_kind
def test_measures_have_a_name_a_unit_and_a_sentence(kind: type[Step]) -> None:
    names = [measure.name for measure in kind.measures]
    assert len(set(names)) == len(names)
    for measure in kind.measures:
        assert MEASURE.fullmatch(measure.name)
        assert measure.unit
        assert measure.per in get_args(Per)
        assert measure.says.endswith(".")


@pytest.mark.parametrize("what", ["number", "now"])
def test_only_a_kind_that_declares_it_sees_which_round_it_is(what: str, tmp_path: Path) -> None:
    """Else a kept result could hold the time of another round."""
    with pytest.raises(TypeError, match="by_round"):
        getattr(Round(1, Artifacts(tmp_path), by_round=False), what)


def test_only_a_kind_that_declares_it_opens_the_truth(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="opens_truth"):
        Round(1, Artifacts(tmp_path)).truth()
    assert Round(1, Artifacts(tmp_path), opens_truth=True).truth() is None
