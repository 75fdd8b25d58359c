"""Sentences name steps, settings and links as the canvas and the forms do; the exact place stands beside them."""

from __future__ import annotations

from io import StringIO

import pytest
from editing import KINDS

from editor.form import form_of
from flows.check import check
from flows.flow import Card, Flow, Link
from flows.problems import Problem
from flows.titles import link_name, named, route, setting_title, to_draw, without_code
from runtime.cli.printing import say_problems
from runtime.steps.choose import Decide
from runtime.steps.people import AskPeople

FLOW = Flow(
    "f",
    steps={
        "rows": Card("rows", "read-table", {"path": "a.csv"}),
        "late-risk": Card("late-risk", "predict-label", title="Will it be late?"),
        "alone": Card("alone", "decide", {"threshold": "lowest-cost"}),
    },
    links=(
        Link.between("rows.records", "late-risk.records"),
        Link.between("late-risk.predictions", "alone.predictions"),
    ),
)


def found(flow: Flow, code: str) -> Problem:
    return next(problem for problem in check(flow, KINDS) if problem.code == code)


def test_a_missing_setting_is_said_with_the_title_of_its_card_and_the_label_of_its_form() -> None:
    problem = found(FLOW, "setting-missing")
    assert problem.message == "'Will it be late?' is not complete: 'What is predicted' is not filled in."
    form = form_of(FLOW, KINDS, "late-risk")
    assert "what is predicted" in [field.label for section in form.sections for field in section.fields]


def test_the_terminal_keeps_the_line_and_the_exact_place() -> None:
    told = StringIO()
    say_problems([found(FLOW, "setting-missing").at(7)], "flow.yaml", told)
    assert told.getvalue().startswith("flow.yaml:7: error: 'Will it be late?'")
    assert told.getvalue().endswith("steps.late-risk.target [setting-missing]\n")


def test_settings_that_do_not_go_together_are_named_as_their_form_names_them() -> None:
    says = found(FLOW, "setting-conflict").message
    assert says.startswith("In 'Alone', at 'What mistakes cost': 'Threshold: the lowest cost' needs")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("`wait: quorum` needs it", "'Wait: quorum' needs it"),
        ("`show_model` and `nothing here`", "'Show model' and 'nothing here'"),
        ("with `pass-on`", "with 'pass it on'"),
        ("no code, `unclosed", "no code, `unclosed"),
    ],
)
def test_code_in_a_text_becomes_the_words_of_the_form(text: str, words: str) -> None:
    assert without_code(AskPeople, text) == words


def test_no_help_of_a_form_shows_code_of_the_file() -> None:
    for kind in KINDS:
        form = form_of(Flow("f", steps={"new": Card("new", kind.kind)}), KINDS, "new")
        assert not [one.help for section in form.sections for one in section.fields if "`" in one.help]


def test_a_part_of_a_setting_is_named_with_what_it_is_part_of() -> None:
    assert setting_title(Decide, ("cost", "false-alarm")) == "What mistakes cost › A false alarm"
    assert setting_title(Decide, ("cost", "gone", 3)) == "What mistakes cost › gone › entry 4"


def test_two_steps_of_one_title_are_told_apart() -> None:
    twins = Flow("f", steps={one: Card(one, "read-table", title="Orders") for one in ("a", "b")})
    assert (named(twins, "a"), named(twins, "b"), named(twins, "c")) == ("'Orders' (a)", "'Orders' (b)", "'c'")


def test_links_and_ways_are_said_in_words() -> None:
    forward, back = FLOW.links[1], Link.between("alone.decisions", "late-risk.answers", True)
    assert link_name(FLOW, forward) == "link from 'Will it be late?' to 'Alone' (predictions)"
    assert to_draw(FLOW, back) == "Draw feedback from 'Alone' to 'Will it be late?' (decisions to answers)"
    assert route(FLOW, ("rows", "late-risk", "gone")) == "Rows → Will it be late? → gone"
    assert route(FLOW, ["alone"] * 5_000).count("→") == 11


SILENT = Flow(
    "f",
    steps={
        "orders": Card("orders", "read-table", {"path": "a.csv"}),
        "ask": Card("ask", "ask-people", {"who": "staff", "question": "Right?"}),
    },
    people={"staff": {"simulated": {"people": 2}}},
)


def test_simulated_people_whom_nobody_tells_what_is_right_are_a_hint_that_names_the_setting() -> None:
    hint = found(SILENT, "rehearsal-silent")
    assert (hint.level, hint.place) == ("hint", "steps.orders.truth")
    assert "(staff)" in hint.message and "'Orders'" in hint.message and "'Truth'" in hint.message


@pytest.mark.parametrize(
    "flow",
    [
        pytest.param({"orders": {"path": "a.csv", "truth": {"name": "late", "column": "late"}}}, id="sealed"),
        pytest.param({"demo": {}}, id="a source that seals by itself"),
        pytest.param({"other": {}}, id="a source of which nothing is known"),
    ],
)
def test_simulated_people_who_may_learn_what_is_right_are_no_hint(flow: dict[str, dict[str, object]]) -> None:
    kinds = {"orders": "read-table", "demo": "demo-data", "other": "not-yet"}
    cards = {id: Card(id, kinds[id], settings) for id, settings in flow.items()}  # type: ignore[arg-type]
    told = Flow("f", steps={**SILENT.steps, **cards}, people=SILENT.people)
    assert "rehearsal-silent" not in {problem.code for problem in check(told, KINDS)}


def test_people_who_are_not_simulated_are_no_hint() -> None:
    real = Flow("f", steps=SILENT.steps, people={"staff": {"accounts": ["anna"]}})
    assert "rehearsal-silent" not in {problem.code for problem in check(real, KINDS)}
