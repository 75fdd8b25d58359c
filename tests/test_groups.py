"""Notes and groups are only drawn: they are kept, follow their steps, and never keep a flow from running."""

from __future__ import annotations

import pytest
from small_kinds import CATALOG, EMPTY, PAIR, made, refused

from flows.check import check
from flows.commands import (
    Fold,
    Paste,
    Piece,
    RemoveGroup,
    RemoveNote,
    RemoveStep,
    RenameStep,
    SetGroup,
    SetNote,
    command_from,
)
from flows.document import read
from flows.flow import Flow, Group, Note
from flows.paste import copy_piece
from flows.problems import errors
from flows.reading import flow_of
from flows.saving import saved_text

BOTH = made(
    SetNote(note="why", text="Ask Anna first", at=(0, 8), size=(10, 3)),
    SetGroup(group="pair", title="The pair", steps=("risk", "planners")),
    flow=PAIR,
)


def read_again(text: str) -> Flow:
    flow, problems = flow_of(read(text), "late")
    assert problems == ()
    return flow


def test_notes_and_groups_are_saved_before_the_layout_and_read_again() -> None:
    text = saved_text(None, BOTH)
    assert read_again(text) == BOTH
    order = [line.split(":")[0] for line in text.splitlines() if line[0].isalpha()]
    assert order[-4:] == ["links", "notes", "groups", "layout"]


def test_moving_a_note_changes_one_line_of_the_file() -> None:
    before = saved_text(None, BOTH)
    after = saved_text(before, made(SetNote(note="why", at=(4, 4)), flow=BOTH))
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    line = "  why: {text: Ask Anna first, at: [AT], size: [10, 3]}"
    assert changed == [(line.replace("AT", "0, 8"), line.replace("AT", "4, 4"))]


def test_a_note_changes_in_the_part_that_is_named() -> None:
    assert made(SetNote(note="why", text="x"), flow=BOTH).notes["why"] == Note("x", (0, 8), (10, 3))
    assert made(RemoveNote(note="why"), flow=BOTH).notes == {}


def test_a_group_follows_its_steps() -> None:
    renamed = made(RenameStep(step="risk", to="danger"), flow=BOTH)
    assert renamed.groups["pair"].steps == ("danger", "planners")
    assert made(RemoveStep(step="risk"), flow=BOTH).groups["pair"].steps == ("planners",)
    assert made(RemoveStep(step="risk"), RemoveStep(step="planners"), flow=BOTH).groups == {}


def test_a_step_is_in_one_group() -> None:
    flow = made(SetGroup(group="data", title="Data", steps=("rows", "risk")), flow=BOTH)
    assert {name: group.steps for name, group in flow.groups.items()} == {
        "pair": ("planners",), "data": ("rows", "risk"),
    }  # fmt: skip
    assert list(made(SetGroup(group="all", steps=("risk", "planners")), flow=BOTH).groups) == ["all"]


def test_folding_and_renaming_leave_the_members() -> None:
    flow = made(Fold(group="pair"), SetGroup(group="pair", title="Two"), flow=BOTH)
    assert flow.groups["pair"] == Group("Two", ("risk", "planners"), folded=True)
    assert made(Fold(group="pair", folded=False), flow=flow).groups["pair"].folded is False
    assert made(RemoveGroup(group="pair"), flow=BOTH).steps == PAIR.steps


def test_a_group_is_copied_with_all_of_its_steps_or_not_at_all() -> None:
    whole = Piece.model_validate(copy_piece(BOTH, ["risk", "planners"]))
    pasted = made(Paste(piece=whole), flow=BOTH)
    assert pasted.groups["pair-2"] == Group("The pair", ("risk-2", "planners-2"))
    assert "groups" not in copy_piece(BOTH, ["risk"])


@pytest.mark.parametrize(
    ("plain", "code"),
    [
        ({"do": "set-note", "note": "No Slug"}, "id-malformed"),
        ({"do": "remove-note", "note": "whi"}, "note-unknown"),
        ({"do": "set-group", "group": "new", "title": "x"}, "steps-group-unknown"),
        ({"do": "set-group", "group": "new", "steps": ["rihsk"]}, "step-unknown"),
        ({"do": "fold", "group": "new"}, "steps-group-unknown"),
        ({"do": "remove-group", "group": "new"}, "steps-group-unknown"),
        (
            {"do": "paste", "piece": {"steps": {"a": {"kind": "ask"}}, "groups": {"g": {"steps": ["b"]}}}},
            "piece-unreadable",
        ),
    ],
)
def test_what_is_not_there_is_refused_with_a_sentence(plain: dict[str, object], code: str) -> None:
    assert refused(BOTH, command_from(plain)).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("notes: words", "section-malformed"),
        ("notes: {a: words}", "notes-malformed"),
        ("notes: {a: {text: x, at: [1]}}", "notes-malformed"),
        ("notes: {a: {text: x, size: [0, 4]}}", "notes-malformed"),
        ("notes: {a: {txet: x}}", "key-unknown"),
        ("groups: {a: [b]}", "groups-malformed"),
        ("groups: {a: {steps: b}}", "section-malformed"),
    ],
)
def test_what_is_malformed_is_said_and_the_rest_is_read(text: str, code: str) -> None:
    flow, problems = flow_of(read(f"tandem: 1\n{text}\nstarts: later\n"), "late")
    assert [problem.code for problem in problems] == [code]
    assert flow.starts == "later"


def test_a_step_that_is_not_there_is_a_warning_with_a_fix() -> None:
    broken = Flow(id="late", steps=PAIR.steps, groups={"g": Group("G", ("rows", "rsik"))})
    found = [one for one in check(broken, CATALOG) if one.code == "group-step-unknown"]
    assert not errors(found) and "Did you mean 'risk'?" in found[0].message
    assert found[0].fix and found[0].fix.apply(broken, CATALOG).groups["g"].steps == ("rows",)
    twice = Flow(id="late", steps=PAIR.steps, groups={"g": Group("G", ("rows",)), "h": Group("H", ("rows",))})
    assert "group-step-twice" in [one.code for one in check(twice, CATALOG)]


def test_an_empty_flow_holds_notes() -> None:
    assert made(SetNote(note="n", text="two\nlines"), flow=EMPTY).notes["n"].text == "two\nlines"
    text = saved_text(None, made(SetNote(note="n", text="two\nlines"), flow=EMPTY))
    assert read_again(text).notes["n"].text == "two\nlines"
