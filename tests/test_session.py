"""An open flow: nothing that was acknowledged is lost, everybody sees the same, and every edit can be undone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from editing import FLOW, KINDS, Clock, opened

from editor.history import MOST_KEPT, History
from editor.registry import Registry
from editor.session import SETTLED
from editor.watching import Change
from flows.commands import AddStep, Configure, Connect, Move, RemoveStep, Retitle, SetGoal
from flows.flow import Flow
from flows.problems import Refused

CONNECT = Connect(source="risk.predictions", target="alone.predictions")


def test_the_mind_of_the_editor_needs_no_browser_and_nothing_heavy() -> None:
    program = "import editor.registry, editor.gestures, editor.form, editor.columns, editor.peek, editor.palette, sys; "
    program += "print([name for name in ('nicegui', 'polars', 'numpy', 'sklearn', 'networkx') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_edit_says_what_changed_and_everybody_is_told(tmp_path: Path) -> None:
    session, seen = opened(tmp_path), list[Change]()
    leave = session.watch(seen.append)
    change = session.do(Retitle(step="risk", title="Late?"), origin="page-1")
    assert (change.revision, change.origin, change.says) == (1, "page-1", "title risk")
    assert [op["op"] for op in change.ops] == ["card"] and seen == [change]
    leave()
    session.undo()
    assert seen == [change]


def test_an_edit_that_changes_nothing_is_none(tmp_path: Path) -> None:
    session = opened(tmp_path)
    assert session.do(Move(positions={"risk": (12, 0)})).ops == ()
    assert (session.revision, session.undo_label, session.due()) == (0, "", None)


def test_undo_and_redo_go_back_and_forth_in_words(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(AddStep(id="alone", kind="decide"))
    before = session.flow
    session.do(CONNECT)
    assert session.undo_label == "Undo: connect risk to alone"
    session.undo()
    assert session.flow == before and session.redo_label == "Redo: connect risk to alone"
    session.redo()
    assert str(session.flow.links[-1]) == "risk.predictions -> alone.predictions"
    session.undo()
    session.do(RemoveStep(step="alone"))
    assert session.redo() is None, "a new edit leaves nothing to redo"


def test_letters_typed_within_a_second_are_one_edit(tmp_path: Path) -> None:
    clock = Clock()
    session = opened(tmp_path, clock)
    for word in ("S", "So", "Soo", "Soon"):
        clock.now += 0.4
        session.do(SetGoal(goal=word))
    clock.now += 5
    session.do(SetGoal(goal="Sooner"))
    session.do(Configure(step="unsure", setting="at_most", value=4))
    goals = []
    while session.undo():
        goals.append(session.flow.intent.goal)
    assert goals == ["Sooner", "Soon", ""]


def test_history_is_bounded() -> None:
    history = History(Flow("a"))
    for number in range(MOST_KEPT + 5):
        history = history.done(Flow(f"a{number}"), "edit")
    assert len(history.past) == MOST_KEPT


def test_a_flow_is_saved_shortly_after_the_last_edit_and_only_changed_lines_differ(tmp_path: Path) -> None:
    clock = Clock()
    session = opened(tmp_path, clock)
    session.do(Configure(step="unsure", setting="at_most", value=5))
    assert session.due() == SETTLED and not session.autosave() and (tmp_path / "flow.yaml").read_text() == FLOW
    clock.now += 0.5
    session.do(Configure(step="unsure", setting="at_most", value=6.0))
    clock.now += SETTLED
    assert session.due() == 0 and session.autosave() and not session.unsaved
    assert (tmp_path / "flow.yaml").read_text() == FLOW.replace("at_most: 3", "at_most: 6")
    assert session.due() is None and not session.autosave()


def test_a_crash_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Edits, undo and redo are there again, as edits that can be undone; half a line is left out."""
    session = opened(tmp_path)
    session.do(AddStep(id="alone", kind="decide"))
    session.do(CONNECT)
    session.do(SetGoal(goal="Gone again"))
    session.undo()
    log = tmp_path / ".tandem" / "edits" / "flow.yaml.jsonl"
    with log.open("a") as file:
        file.write('\n{"edit": {"do": "set-go')
    assert (tmp_path / "flow.yaml").read_text() == FLOW
    again = opened(tmp_path)
    assert again.flow == session.flow
    assert again.notices == ["Restored 4 edits of 'flow.yaml' that had not been saved."]
    again.do(SetGoal(goal="After half a line"))
    assert opened(tmp_path).flow.intent.goal == "After half a line"
    again.save()
    assert not log.exists() and opened(tmp_path).notices == []
    assert "goal: After half a line" in (tmp_path / "flow.yaml").read_text()


def test_edits_of_a_crash_wait_until_the_file_can_be_read(tmp_path: Path) -> None:
    opened(tmp_path).do(SetGoal(goal="Mine"))
    (tmp_path / "flow.yaml").write_text("tandem: 1\nsteps: [unclosed\n")
    session = opened(tmp_path)
    assert session.trouble and session.notices == []
    (tmp_path / "flow.yaml").write_text(FLOW)
    session.look()
    assert session.flow.intent.goal == "Mine" and len(session.notices) == 1


def test_edits_that_reached_the_file_before_a_crash_are_not_made_twice(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(SetGoal(goal="x"))
    log = tmp_path / ".tandem" / "edits" / "flow.yaml.jsonl"
    kept = log.read_bytes()
    session.save()
    log.write_bytes(kept)
    again = opened(tmp_path)
    assert again.notices == [] and not again.unsaved and again.flow.intent.goal == "x"


def test_a_missing_file_is_an_empty_flow_saved_with_the_first_edit(tmp_path: Path) -> None:
    session = opened(tmp_path, text=None)
    assert session.flow == Flow("flow") and not (tmp_path / "flow.yaml").exists()
    session.do(AddStep(id="read", kind="read-table"))
    session.save()
    assert (tmp_path / "flow.yaml").read_text().startswith("tandem: 1\nid: flow\n")


def test_a_file_with_problems_opens_and_a_text_that_is_no_flow_opens_read_only(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text("tandem: 1\nsteps: {a: {kind: not-yet, depth: 3}}\nlinks: [odd]\n")
    session = opened(tmp_path)
    assert {problem.code for problem in session.problems()} >= {"kind-unknown", "link-unreadable"}
    assert session.picture.cards["a"]["known"] is False
    session.do(SetGoal(goal="x"))
    session.save()
    assert "odd" in (tmp_path / "flow.yaml").read_text(), "what is not understood stays"
    (tmp_path / "flow.yaml").write_text("tandem: 1\nsteps: [unclosed\n")
    change = session.look()
    assert change and session.snapshot()["readOnly"] is True
    assert session.line(session.trouble[0].line) == "steps: [unclosed"
    with pytest.raises(Refused, match="cannot be edited"):
        session.do(SetGoal(goal="y"))
    (tmp_path / "flow.yaml").write_text(FLOW)
    session.look()
    assert not session.trouble and list(session.flow.steps) == ["rows", "risk", "unsure"]


def test_a_file_changed_elsewhere_is_taken_over_when_nothing_is_unsaved(tmp_path: Path) -> None:
    session, seen = opened(tmp_path), list[Change]()
    session.watch(seen.append)
    assert session.look() is None
    (tmp_path / "flow.yaml").write_text(FLOW.replace("at_most: 3", "at_most: 30"))
    assert session.look() is not None and session.flow.steps["unsure"].settings["at_most"] == 30
    assert [change.origin for change in seen] == ["file"] and session.look() is None
    session.undo()
    assert session.flow.steps["unsure"].settings["at_most"] == 3


@pytest.mark.parametrize(("choice", "goal", "at_most"), [("mine", "Mine", 3), ("theirs", "", 30)])
def test_a_person_chooses_when_both_changed(tmp_path: Path, choice: str, goal: str, at_most: int) -> None:
    """Nothing is written before; afterwards undo brings the other one back."""
    clock = Clock()
    session = opened(tmp_path, clock)
    session.do(SetGoal(goal="Mine"))
    theirs = FLOW.replace("at_most: 3", "at_most: 30") + "# theirs\n"
    (tmp_path / "flow.yaml").write_text(theirs)
    clock.now += 10
    assert session.autosave() is False, "the save finds out"
    assert session.conflict and "changed elsewhere" in session.conflict.says
    assert (tmp_path / "flow.yaml").read_text() == theirs and session.due() is None
    session.do(SetGoal(goal="Mine"))
    session.resolve(choice)  # type: ignore[arg-type]  # a parametrized literal
    assert session.conflict is None and not session.unsaved
    assert (session.flow.intent.goal, session.flow.steps["unsure"].settings["at_most"]) == (goal, at_most)
    assert "# theirs" in (tmp_path / "flow.yaml").read_text()
    assert session.undo() is not None


def test_looking_at_a_changed_file_never_drops_unsaved_edits(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(SetGoal(goal="Mine"))
    (tmp_path / "flow.yaml").write_text(FLOW.replace("at_most: 3", "at_most: 30"))
    change = session.look()
    assert change and session.conflict and change.says == session.conflict.says
    assert session.flow.intent.goal == "Mine" and session.look() is None


def test_edits_of_a_crash_and_a_file_changed_meanwhile_are_a_conflict(tmp_path: Path) -> None:
    opened(tmp_path).do(SetGoal(goal="Mine"))
    (tmp_path / "flow.yaml").write_text(FLOW.replace("at_most: 3", "at_most: 30"))
    session = opened(tmp_path)
    assert session.conflict and session.flow.intent.goal == "Mine"
    session.resolve("theirs")
    assert session.flow.intent.goal == "" and session.flow.steps["unsure"].settings["at_most"] == 30


def test_a_save_that_fails_says_why_and_is_tried_again(tmp_path: Path) -> None:
    """The file says something under `alone` that is not understood, and that a new step would replace."""
    clock = Clock()
    (tmp_path / "flow.yaml").write_text("tandem: 1\nsteps:\n  alone: 5\n")
    session = opened(tmp_path, clock)
    session.do(AddStep(id="alone", kind="decide"))
    clock.now = 1
    assert not session.autosave() and session.unsaved
    assert "Not saved" in session.unsaved_because
    session.undo()
    clock.now = 2
    assert not session.autosave(), "not again at once"
    clock.now = 100
    assert session.autosave() and session.unsaved_because == ""


def test_an_edit_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    session = opened(tmp_path)
    (tmp_path / ".tandem").write_text("in the way")
    with pytest.raises(Refused, match="could not be kept"):
        session.do(SetGoal(goal="x"))
    assert session.flow.intent.goal == "" and session.revision == 0


def test_problems_are_looked_for_once_a_revision_and_marked_on_their_cards(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.review()
    assert session.review() is None and session.problems() is session.problems()
    session.do(AddStep(id="alone", kind="write-table"))
    change = session.review()
    assert change and change.origin == "check"
    marks = session.picture.cards["alone"]["problems"]
    assert marks["level"] == "error" and marks["count"] >= 1 and "'File' is not filled in" in marks["says"]


def test_pages_on_one_file_share_one_session(tmp_path: Path) -> None:
    clock = Clock()
    opened(tmp_path)
    registry = Registry(KINDS, clock)
    (tmp_path / "link.yaml").symlink_to(tmp_path / "flow.yaml")
    one, two = registry.open(tmp_path / "flow.yaml"), registry.open(tmp_path / "link.yaml")
    assert one is two
    one.do(AddStep(id="alone", kind="write-table"))
    registry.tick()
    assert one.picture.cards["alone"]["problems"]["count"] == 0, "an edit may follow at once"
    clock.now += 0.1
    registry.tick()
    assert one.picture.cards["alone"]["problems"]["count"] > 0
    one.do(SetGoal(goal="x"))
    clock.now += 1
    registry.tick()
    assert "goal: x" in (tmp_path / "flow.yaml").read_text()
    one.do(SetGoal(goal="y"))
    registry.close()
    assert "goal: y" in (tmp_path / "flow.yaml").read_text()
