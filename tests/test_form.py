"""The side panel: generated from what a kind declares; what is typed goes through the kind, or is refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from editing import KINDS, opened

from editor.columns import Workbench
from editor.fields import Field, Limits
from editor.form import commit, form_of, in_its_place, limits_in_words
from flows.check import check
from flows.command import Command
from flows.commands import AddStep, Configure
from flows.flow import Card, Flow
from flows.problems import Problem
from flows.step import Plain, Step

every_kind = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])


def flow_with(kind: str, **settings: Plain) -> Flow:
    return Flow("f", steps={"new": Card("new", kind, settings)})


def every_field(kind: str) -> Iterator[Field]:
    waiting = [one for section in form_of(flow_with(kind), KINDS, "new").sections for one in section.fields]
    while waiting:
        field = waiting.pop()
        yield field
        waiting += field.fields


def committed(flow: Flow, name: str, raw: Plain) -> Plain:
    command = commit(flow, KINDS, "new", name, raw)
    assert isinstance(command, Command), command
    value: Plain = command.apply(flow, KINDS).steps["new"].settings.get(name.split(".")[0])
    return value


def refused(flow: Flow, name: str, raw: Plain) -> str:
    problem = commit(flow, KINDS, "new", name, raw)
    assert isinstance(problem, Problem), problem
    return problem.message


@every_kind
def test_every_setting_has_a_field_in_plain_words(kind: type[Step]) -> None:
    form = form_of(flow_with(kind.kind), KINDS, "new")
    names = [one.name for section in form.sections for one in section.fields]
    assert sorted(names) == sorted(info.alias or name for name, info in kind.model_fields.items())
    assert form.sections[0].title == "What it does" or not kind.model_fields
    for field in every_field(kind.kind):
        assert "_" not in field.label
        assert field.help or "*" in field.name, field.name
        assert field.control != "choice" or len(field.choices) > 1
        assert field.control != "nested" or field.fields


@every_kind
def test_every_choice_and_default_is_taken_as_it_is(kind: type[Step]) -> None:
    for field in every_field(kind.kind):
        if "." not in field.name and field.control == "choice":
            for choice in field.choices:
                answer = commit(flow_with(kind.kind), KINDS, "new", field.name, choice.value)
                assert isinstance(answer, Command), answer


def test_what_a_sentence_shows_comes_first_and_what_is_rare_is_folded() -> None:
    form = form_of(flow_with("pick-cases", one_a_group=False), KINDS, "new")
    assert [(section.title, section.folded) for section in form.sections] == [
        ("What it does", False), ("Also set", False), ("More settings", True),
    ]  # fmt: skip
    assert {one.name for one in form.sections[0].fields} == {"by", "at_most", "audit"}
    assert [one.name for one in form.sections[1].fields] == ["one_a_group"]
    field = form.field("at_most")
    assert field and (field.value, field.given, field.limits) == (40, False, Limits(0, 1_000_000, whole=True))


@pytest.mark.parametrize(
    ("kind", "name", "raw", "value"),
    [
        ("pick-cases", "at_most", 7.0, 7),
        ("pick-cases", "at_most", " 1 000 ", 1000),
        ("pick-cases", "at_most", "", None),
        ("decide", "threshold", "0,7", 0.7),
        ("decide", "threshold", "lowest-cost", "lowest-cost"),
        ("decide", "at_least", "0.5", 0.5),
        ("predict-label", "target", "  late ", "late"),
        ("predict-label", "labels", ["yes", "", "no"], ["yes", "no"]),
        ("predict-label", "labels", [], None),
        ("predict-label", "held_out", {"column": "day", "since": "2026"}, {"column": "day", "since": "2026"}),
        ("predict-label", "shares", {"yes": 0.2}, {"yes": 0.2}),
        ("read-table", "header", False, False),
        ("read-table", "missing", ["", "?"], ["", "?"]),
        ("decide", "cost", {"missed": "400", "false-alarm": 30}, {"missed": 400.0, "false-alarm": 30.0}),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_setting(kind: str, name: str, raw: Plain, value: Plain) -> None:
    said = committed(flow_with(kind), name, raw)
    assert said == value and type(said) is type(value)


def test_a_part_changes_alone() -> None:
    flow = flow_with("decide", cost={"missed": 400, "false-alarm": 30})
    assert committed(flow, "cost.missed", "500") == {"missed": 500.0, "false-alarm": 30.0}
    assert committed(flow, "cost.held", 5) == {"missed": 400.0, "false-alarm": 30.0, "held": 5.0}
    rows = flow_with("keep-rows", where=[{"column": "mode", "value": "sea"}])
    first = committed(rows, "where.0.value", "air")
    assert first == [{"column": "mode", "value": "air"}]
    second = committed(rows, "where.1", {"column": "late", "test": "is known"})
    assert second == [{"column": "mode", "value": "sea"}, {"column": "late", "test": "is known"}]
    assert committed(flow_with("keep-rows", where=second), "where.0", None) == second[1:]


@pytest.mark.parametrize(
    ("kind", "name", "raw", "says"),
    [
        ("pick-cases", "at_most", -1, "Cases a round is a whole number from 0 to 1,000,000, and not -1."),
        ("pick-cases", "at_most", "many", "Cases a round is a whole number from 0 to 1,000,000, and not 'many'."),
        ("pick-cases", "at_most", 2.5, "and not 2.5."),
        ("pick-cases", "by", "magic", "By is one of: least sure,"),
        ("decide", "cost", {"missed": 3}, "What mistakes cost is complete when 'false alarm' is given as well."),
        ("decide", "cost.missed", 3, "is complete when 'false alarm' is given as well."),
        ("decide", "nothing", 3, "has no setting 'nothing'"),
        ("decide", "threshold", [1, 2], "Threshold"),
        ("ask-people", "people_per_case", "1e999", "from 1 to 100"),
        ("keep-rows", "where", [], "where"),
        ("not-yet", "a", 1, "no setting"),
    ],
)
def test_a_bad_value_is_refused_in_place_in_words(kind: str, name: str, raw: Plain, says: str) -> None:
    flow = flow_with(kind)
    if (kind, name) == ("keep-rows", "where"):
        assert isinstance(commit(flow, KINDS, "new", name, raw), Command), "nothing said: the setting is left out"
        return
    assert says in refused(flow, name, raw)


def test_problems_stand_at_their_field_and_at_their_part(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(AddStep(id="alone", kind="decide", settings={"threshold": "lowest-cost"}))
    form = form_of(session.flow, KINDS, "alone", session.problems())
    cost, other = form.field("cost"), form.field("at_least")
    assert cost and "needs what mistakes cost" in cost.problem and other and not other.problem
    loose = [problem.code for problem in form.problems]
    assert loose and "setting-conflict" not in loose, "what is about no setting stands above the fields"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"cost": {"missed": 3}}, "'What mistakes cost › A false alarm' is not filled in."),
        ({"at_least": 7}, "'How sure at least' is 7, but it must be at most 1."),
        ({"threshold": 7.0}, "7 is no probability between 0 and 1."),
    ],
)
def test_below_its_setting_a_problem_does_not_name_the_step_again(settings: dict[str, Plain], words: str) -> None:
    flow = flow_with("decide", **settings)
    problems = [one for one in check(flow, KINDS) if one.place.startswith("steps.new.")]
    assert [in_its_place(problem, flow.steps["new"]) for problem in problems] == [words]


def test_a_card_of_an_unknown_kind_has_a_form_without_fields() -> None:
    form = form_of(flow_with("not-yet", depth=3), KINDS, "new")
    assert form.sections == () and "not known" in form.says


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(), "a number"),
        (Limits(1, whole=True), "a whole number from 1 on"),
        (Limits(0, 1, low_open=True), "a number above 0 to 1"),
        (Limits(high=5, high_open=True), "a number below 5"),
    ],
)
def test_limits_are_said_in_words(limits: Limits, words: str) -> None:
    assert limits_in_words(limits) == words


def test_the_columns_that_really_flow_are_offered_before_anything_has_run(tmp_path: Path) -> None:
    session = opened(tmp_path)
    bench = Workbench(session.flow, KINDS, tmp_path)
    at_risk = {column.name: column for column in bench.offered("risk", "records")}
    assert list(at_risk) == ["id", "mode", "left_on", "late"]
    assert (at_risk["left_on"].type, at_risk["mode"].examples) == ("date", ("sea", "air"))
    assert [column.name for column in bench.offered("rows")] == list(at_risk), "a reader offers those of its file"
    assert bench.labels("unsure") == ("yes", "no")


def test_the_hidden_truth_is_offered_to_nobody(tmp_path: Path) -> None:
    session = opened(tmp_path)
    truth: dict[str, Plain] = {"name": "late", "column": "late", "hide": ["left_on"]}
    session.do(Configure(step="rows", setting="truth", value=truth))
    names = [column.name for column in Workbench(session.flow, KINDS, tmp_path).offered("unsure")]
    assert names == ["id", "mode"]
    session.do(Configure(step="rows", setting="truth", value={**truth, "start": 2}))
    shown = {column.name: column for column in Workbench(session.flow, KINDS, tmp_path).offered("unsure")}
    assert shown["mode"].examples and shown["late"].examples == (), "its values are those of the hidden column"


def test_nothing_is_offered_while_nothing_is_known(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(Configure(step="rows", setting="path", value="gone.csv"))
    bench = Workbench(session.flow, KINDS, tmp_path)
    assert bench.offered("risk") == bench.offered("rows") == bench.offered("nobody") == ()
    outside = Workbench(flow_with("read-table", path="../../etc/passwd"), KINDS, tmp_path)
    assert outside.offered("new") == ()
