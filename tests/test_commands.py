"""Every edit is a command: it makes a new flow, or it refuses with a sentence and nothing has changed."""

from __future__ import annotations

from copy import deepcopy

import pytest
from small_kinds import CATALOG, EMPTY, PAIR, links, made, refused

from flows.commands import (
    AddStep,
    All,
    ChangeKind,
    Configure,
    Connect,
    Disconnect,
    InsertInto,
    Move,
    Paste,
    Piece,
    PutIntoLink,
    RemoveStep,
    RenameStep,
    Retitle,
    SetAims,
    SetGoal,
    SetName,
)
from flows.flow import Card
from flows.paste import copy_piece


def test_an_edit_returns_a_new_flow_and_leaves_the_old_one() -> None:
    before = deepcopy(PAIR)
    after = Retitle(step="risk", title="Late?").apply(PAIR, CATALOG)
    assert PAIR == before != after
    assert after.steps["risk"].title == "Late?"


def test_values_come_in_as_their_kind_writes_them() -> None:
    flow = made(Configure(step="risk", setting="most", value=9.0), flow=PAIR)
    assert repr(flow.steps["risk"].settings["most"]) == "9"
    alone = made(AddStep(id="b", kind="predict", settings={"most": 9.0, "tuned": {"rounds": 2.0}}))
    assert repr(alone.steps["b"].settings) == "{'most': 9, 'tuned': {'rounds': 2}}", "and adds no defaults"


def test_a_step_may_lack_settings_but_not_hold_wrong_ones() -> None:
    assert made(AddStep(id="risk", kind="predict")).steps["risk"].settings == {}
    wrong = refused(EMPTY, AddStep(id="risk", kind="predict", settings={"most": 0}))
    assert wrong.code == "setting-wrong" and "'Most' is 0" in wrong.message
    unknown = refused(PAIR, Configure(step="risk", setting="mots", value=3))
    assert unknown.code == "setting-unknown" and "'most'" in unknown.message
    nested = refused(PAIR, Configure(step="risk", setting="tuned", value={"pace": 1}))
    assert nested.code == "setting-missing" and "'Tuned › Rounds'" in nested.message


def test_a_setting_that_is_wrong_does_not_keep_another_from_being_set() -> None:
    broken = EMPTY.with_card(Card("risk", "predict", {"most": -1, "target": "late"}))
    other = made(Configure(step="risk", setting="method", value="fast"), flow=broken)
    assert other.steps["risk"].settings == {"most": -1, "target": "late", "method": "fast"}
    without = made(Configure(step="risk", setting="most", unset=True), flow=broken)
    assert without.steps["risk"].settings == {"target": "late"}


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("Risk", "id-malformed"),
        ("a.b", "id-malformed"),
        ("a\n", "id-malformed"),
        ("", "id-malformed"),
        ("a" * 81, "id-malformed"),
        ("risk", "id-taken"),
    ],
)
def test_an_id_is_a_free_slug(id: str, code: str) -> None:
    assert refused(PAIR, AddStep(id=id, kind="ask")).code == code


def test_an_unknown_kind_is_refused_with_what_was_meant() -> None:
    assert "Did you mean 'predict'?" in refused(EMPTY, AddStep(id="a", kind="predictt")).message


@pytest.mark.parametrize(
    ("source", "target", "feedback", "code", "says"),
    [
        ("rows.records", "risks.records", False, "link-step-unknown", "Did you mean 'risk'?"),
        ("rows.record", "risk.records", False, "link-port-unknown", "Did you mean 'records'?"),
        ("rows.records", "rows.records", False, "link-port-unknown", "'Rows' has no input"),
        ("rows.records", "risk.answers", True, "link-no-log", "gives records, which cannot be fed back"),
        ("rows.records", "planners.predictions", False, "link-type", "Put 'Predict' between them."),
        ("rows.records", "risk.records", False, "link-twice", "already"),
        ("planners.answers", "risk.answers", False, "link-needs-feedback", "~>"),
        ("planners.answers", "risk.records", True, "link-no-feedback", "feedback goes to: answers."),
        ("risk.predictions", "planners.predictions", True, "link-no-feedback", "no input for feedback"),
        ("rows", "risk.records", False, "link-end-unreadable", "a dot and a port"),
        ("rows.records\n", "risk.records", False, "link-end-unreadable", "a dot"),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_its_reason(
    source: str, target: str, feedback: bool, code: str, says: str
) -> None:
    problem = refused(PAIR, Connect(source=source, target=target, feedback=feedback))
    assert (problem.code, says in problem.message) == (code, True), problem.message


def test_a_forward_link_never_closes_a_loop_and_the_loop_is_named() -> None:
    flow = made(
        AddStep(id="a", kind="halve"),
        AddStep(id="b", kind="halve"),
        AddStep(id="c", kind="halve"),
        Connect(source="a.sure", target="b.predictions"),
        Connect(source="b.sure", target="c.predictions"),
    )
    problem = refused(flow, Connect(source="c.sure", target="a.more"))
    assert problem.code == "link-closes-loop" and "A → B → C → A" in problem.message
    assert "A → A" in refused(flow, Connect(source="a.sure", target="a.more")).message


def test_a_loop_is_offered_as_feedback_where_the_step_remembers() -> None:
    flow = made(
        Disconnect(source="rows.records", target="risk.records"),
        AddStep(id="told", kind="retell"),
        AddStep(id="more", kind="ask"),
        Connect(source="told.records", target="risk.records"),
        Connect(source="risk.predictions", target="more.predictions"),
        flow=PAIR,
    )
    assert refused(flow, Connect(source="more.answers", target="told.answers")).code == "link-closes-loop"
    problem = refused(flow, Connect(source="more.answers", target="risk.answers"))
    assert problem.fix and links(made(problem.fix, flow=flow))[-1] == "more.answers ~> risk.answers"


def test_types_that_differ_are_refused_with_a_step_that_bridges_them() -> None:
    problem = refused(PAIR, Connect(source="rows.records", target="planners.predictions"))
    assert problem.fix and problem.fix_says == "Put 'Predict' between them."
    mended = made(problem.fix, flow=PAIR)
    assert links(mended)[-2:] == [
        "rows.records -> predict.records",
        "predict.predictions -> planners.predictions",
    ]
    assert mended.layout["predict"] == (10, 0)


def test_a_taken_port_offers_to_replace_its_link() -> None:
    flow = made(AddStep(id="other", kind="read"), flow=PAIR)
    problem = refused(flow, Connect(source="other.records", target="risk.records"))
    assert problem.code == "link-port-taken" and problem.fix
    assert "rows.records -> risk.records" not in links(made(problem.fix, flow=flow))


def test_a_port_that_takes_many_keeps_its_links_in_order() -> None:
    flow = made(
        AddStep(id="h", kind="halve"),
        AddStep(id="who", kind="ask"),
        Connect(source="h.unsure", target="who.predictions"),
        Connect(source="h.sure", target="who.predictions"),
    )
    assert links(flow) == ["h.unsure -> who.predictions", "h.sure -> who.predictions"]


def test_a_step_of_an_unknown_kind_is_kept_linked_and_moved() -> None:
    strange = EMPTY.with_card(Card("odd", "from-afar", {"x": [1]}, version=9))
    flow = made(
        AddStep(id="risk", kind="predict"),
        Connect(source="odd.anything", target="risk.records"),
        Move(positions={"odd": (3, 4)}),
        RenameStep(step="odd", to="even"),
        flow=strange,
    )
    assert flow.steps["even"] == Card("even", "from-afar", {"x": [1]}, formerly="odd", version=9)
    assert links(flow) == ["even.anything -> risk.records"]
    assert refused(flow, Configure(step="even", setting="x", value=2)).code == "kind-unknown"


def test_renaming_carries_everything_along_and_back() -> None:
    there = made(RenameStep(step="risk", to="danger"), RenameStep(step="rows", to="cargo"), flow=PAIR)
    assert there.steps["danger"].memory == "risk"
    assert "cargo.records -> danger.records" in links(there) and "planners.answers ~> danger.answers" in links(there)
    assert [str(aim) for aim in there.intent.aims] == ["danger.recall >= 0.9"]
    assert there.layout["danger"] == (10, 4) and list(there.steps) == ["cargo", "danger", "planners"]
    assert there.people["planners"] == {"simulated": {"people": 3, "truth": "cargo"}}
    further = RenameStep(step="danger", to="peril")
    back = made(further, RenameStep(step="peril", to="risk"), RenameStep(step="cargo", to="rows"), flow=there)
    assert back == PAIR


def test_no_step_takes_the_id_under_which_another_keeps_what_it_learned() -> None:
    flow = made(RenameStep(step="risk", to="danger"), flow=PAIR)
    for command in (AddStep(id="risk", kind="ask"), RenameStep(step="planners", to="risk")):
        problem = refused(flow, command)
        assert problem.code == "id-taken" and "'danger'" in problem.message and "'risk-2'" in problem.message
    pasted = made(Paste(piece=Piece.model_validate(copy_piece(PAIR, ["risk"]))), flow=flow)
    assert "risk-2" in pasted.steps


def test_removing_a_step_takes_its_links_and_place_and_heals_where_one_type_fits() -> None:
    flow = made(
        AddStep(id="h", kind="halve", settings={"most": 2}),
        Disconnect(source="risk.predictions", target="planners.predictions"),
        Connect(source="risk.predictions", target="h.predictions"),
        Connect(source="h.unsure", target="planners.predictions"),
        flow=PAIR,
    )
    assert sorted(links(made(RemoveStep(step="h", heal=True), flow=flow))) == sorted(links(PAIR))
    assert links(made(RemoveStep(step="h"), flow=flow)) == [
        "rows.records -> risk.records",
        "planners.answers ~> risk.answers",
    ]
    assert "risk" not in made(RemoveStep(step="risk"), flow=PAIR).layout


def test_healing_never_fills_a_port_twice() -> None:
    flow = made(
        AddStep(id="top", kind="halve"),
        AddStep(id="mid", kind="halve"),
        AddStep(id="end", kind="halve"),
        Connect(source="top.sure", target="mid.predictions"),
        Connect(source="mid.sure", target="end.predictions"),
        Connect(source="mid.unsure", target="end.more"),
    )
    healed = made(RemoveStep(step="mid", heal=True), flow=flow)
    assert links(healed) == ["top.sure -> end.predictions", "top.sure -> end.more"]


def test_a_step_goes_into_a_link_at_the_place_of_the_link() -> None:
    into = InsertInto(source="risk.predictions", target="planners.predictions", id="h", kind="halve")
    unclear = refused(PAIR, into)
    assert unclear.code == "insert-unclear" and "predictions, more" in unclear.message
    flow = made(into.model_copy(update={"into": "predictions", "out": "unsure"}), flow=PAIR)
    assert links(flow) == [
        "rows.records -> risk.records",
        "risk.predictions -> h.predictions",
        "h.unsure -> planners.predictions",
        "planners.answers ~> risk.answers",
    ]
    assert flow.layout["h"] == (15, 2)
    unfit = InsertInto(source="rows.records", target="risk.records", id="h", kind="halve")
    assert refused(PAIR, unfit).code == "insert-unfit"
    assert refused(PAIR, unfit.model_copy(update={"target": "planners.predictions"})).code == "link-unknown"


def test_a_step_that_is_there_goes_into_a_link_by_what_is_free_and_keeps_its_links() -> None:
    flow = made(
        AddStep(id="h", kind="halve", position=(0, 20)),
        AddStep(id="other", kind="ask"),
        Connect(source="h.sure", target="other.predictions"),
        flow=PAIR,
    )
    put = PutIntoLink(source="risk.predictions", target="planners.predictions", step="h", position=(15, 2))
    assert refused(flow, put).code == "insert-unclear", "two inputs fit: nothing is guessed"
    after = made(put.model_copy(update={"into": "more", "out": "unsure"}), flow=flow)
    assert links(after) == [
        "rows.records -> risk.records",
        "risk.predictions -> h.more",
        "h.unsure -> planners.predictions",
        "planners.answers ~> risk.answers",
        "h.sure -> other.predictions",
    ]
    assert after.layout["h"] == (15, 2)


@pytest.mark.parametrize(
    ("step", "code", "says"),
    [
        ("risk", "insert-unfit", "is at one end of"),
        ("rows", "insert-unfit", "no input of it takes predictions"),
        ("full", "insert-unfit", "a link already"),
        ("strange", "insert-unfit", "nothing is known of its ports"),
        ("late", "link-closes-loop", "loop"),
        ("nobody", "step-unknown", "no step"),
    ],
)
def test_a_step_that_cannot_go_into_a_link_is_refused_with_the_reason(step: str, code: str, says: str) -> None:
    flow = made(
        AddStep(id="full", kind="halve"),
        AddStep(id="first", kind="halve"),
        Connect(source="first.sure", target="full.predictions"),
        Connect(source="first.unsure", target="full.more"),
        AddStep(id="late", kind="halve"),
        AddStep(id="end", kind="halve"),
        Connect(source="risk.predictions", target="first.predictions"),
        Connect(source="end.sure", target="late.more"),
        Disconnect(source="risk.predictions", target="planners.predictions"),
        Connect(source="risk.predictions", target="end.predictions"),
        flow=PAIR,
    )
    flow = flow.with_card(Card("strange", "no-such-kind"))
    problem = refused(flow, PutIntoLink(source="risk.predictions", target="end.predictions", step=step, out="sure"))
    assert problem.code == code and says in problem.message


def test_a_setting_that_takes_ports_away_is_refused_while_they_are_linked() -> None:
    flow = made(
        AddStep(id="way", kind="route", settings={"branches": ["left", "right"]}),
        AddStep(id="who", kind="ask"),
        Connect(source="way.left", target="who.predictions"),
        Connect(source="way.right", target="who.predictions"),
    )
    change = Configure(step="way", setting="branches", value=["left"])
    problem = refused(flow, change)
    assert problem.code == "links-lost" and "link from 'Way' to 'Who' (right" in problem.message and problem.fix
    assert links(made(problem.fix, flow=flow)) == ["way.left -> who.predictions"]
    assert made(Configure(step="way", setting="branches", value=["right", "left"]), flow=flow).links == flow.links


def test_another_kind_never_loses_settings_silently() -> None:
    flow = made(AddStep(id="h", kind="halve", settings={"most": 3}))
    assert made(ChangeKind(step="h", kind="predict"), flow=flow).steps["h"] == Card("h", "predict", {"most": 3})
    problem = refused(flow, ChangeKind(step="h", kind="ask"))
    assert problem.code == "settings-lost" and "'most'" in problem.message and problem.fix
    assert made(problem.fix, flow=flow).steps["h"] == Card("h", "ask", {})
    both = refused(PAIR, ChangeKind(step="risk", kind="retell"))
    assert both.code == "settings-lost" and both.fix
    assert made(both.fix, flow=PAIR).steps["risk"] == Card("risk", "retell") and "target" in both.fix_says
    assert refused(PAIR, ChangeKind(step="planners", kind="retell")).code == "links-lost"


def test_all_edits_are_made_or_none() -> None:
    both = All(commands=(SetName(name="New"), RemoveStep(step="nobody")))
    assert refused(PAIR, both).code == "step-unknown"
    assert made(All(commands=(SetName(name="New"), SetGoal(goal="g"))), flow=PAIR).intent.goal == "g"


def test_an_aim_that_cannot_be_read_is_refused() -> None:
    assert refused(PAIR, SetAims(aims=("risk.recall >= 0.9", "all good"))).place == "intent.aims.1"


def test_healing_never_draws_a_link_twice() -> None:
    flow = made(
        AddStep(id="top", kind="halve"),
        AddStep(id="mid", kind="halve"),
        AddStep(id="who", kind="ask"),
        Connect(source="top.sure", target="mid.predictions"),
        Connect(source="top.sure", target="who.predictions"),
        Connect(source="mid.sure", target="who.predictions"),
    )
    assert links(made(RemoveStep(step="mid", heal=True), flow=flow)) == ["top.sure -> who.predictions"]
