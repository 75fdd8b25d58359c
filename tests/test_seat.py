"""Two editors on one file: one edits at a time, the other follows, and nothing that was drawn is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from editing import FLOW, KINDS, Clock, opened

from editor import seat
from editor.registry import Registry
from editor.seat import PATIENCE
from editor.session import EditSession
from flows.commands import SetGoal
from flows.problems import Refused


class Editors:
    """Two programs on one flow file, each with the looks that it takes five times a second."""

    def __init__(self, folder: Path) -> None:
        opened(folder)
        self.clock, self.file = Clock(), folder / "flow.yaml"
        self.registries = Registry(KINDS, self.clock), Registry(KINDS, self.clock)
        self.one, self.two = (registry.open(self.file) for registry in self.registries)

    def tick(self, seconds: float = 0.2) -> None:
        self.clock.now += seconds
        for registry in self.registries:
            registry.tick()

    def may_edit(self) -> tuple[bool, bool]:
        return not self.one.read_only, not self.two.read_only


def test_the_second_editor_says_who_edits_follows_what_is_saved_and_changes_nothing(tmp_path: Path) -> None:
    both = Editors(tmp_path)
    assert both.may_edit() == (True, False)
    assert both.two.elsewhere.startswith("process ")
    assert both.two.snapshot()["readOnly"] is True
    with pytest.raises(Refused, match="is edited in another program"):
        both.two.do(SetGoal(goal="Mine"))
    both.one.do(SetGoal(goal="Theirs"))
    both.tick(1)
    both.tick()
    assert both.two.flow.intent.goal == "Theirs"


def test_taking_over_saves_there_first_and_the_other_one_follows_from_then_on(tmp_path: Path) -> None:
    both = Editors(tmp_path)
    both.one.do(SetGoal(goal="Drawn a moment ago"))
    both.two.take_over()
    both.tick()
    both.tick()
    assert both.may_edit() == (False, True)
    assert both.two.flow.intent.goal == "Drawn a moment ago"
    both.two.do(SetGoal(goal="Drawn here"))
    both.tick(1)
    both.tick()
    assert both.one.flow.intent.goal == "Drawn here"
    both.one.take_over()
    both.tick()
    both.tick()
    assert both.may_edit() == (True, False)


def test_what_could_not_be_saved_there_is_restored_here(tmp_path: Path) -> None:
    both = Editors(tmp_path)
    both.one.do(SetGoal(goal="Mine"))
    both.file.write_text(FLOW.replace("at_most: 3", "at_most: 30"))
    both.tick()
    assert both.one.conflict
    both.two.take_over()
    both.tick()
    both.tick()
    assert both.may_edit() == (False, True)
    assert both.two.conflict
    assert both.two.flow.intent.goal == "Mine"
    both.two.resolve("mine")
    both.tick()
    assert both.one.flow.intent.goal == "Mine"
    assert "goal: Mine" in both.file.read_text()


def test_when_the_other_editor_ends_the_flow_is_edited_here_by_itself(tmp_path: Path) -> None:
    both = Editors(tmp_path)
    both.registries[0].close()
    both.registries[1].tick()
    assert not both.two.read_only


def test_a_killed_editor_frees_its_flow_and_its_unsaved_edits_come_here(tmp_path: Path) -> None:
    opened(tmp_path)
    editing = (
        "import sys, time; from pathlib import Path; from editor.registry import Registry\n"
        "from editor.session import *; from flows.commands import SetGoal; from runtime.steps import BUILTIN\n"
        "session = Registry(Catalog(BUILTIN)).open(Path(sys.argv[1])); session.do(SetGoal(goal='Almost lost'))\n"
        "print(session.elsewhere or 'edits', flush=True); time.sleep(99)"
    )
    words = [sys.executable, "-c", editing, str(tmp_path / "flow.yaml")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "edits\n"
        registry = Registry(KINDS, Clock())
        session = registry.open(tmp_path / "flow.yaml")
        assert session.read_only and session.flow.intent.goal == ""
        other.kill()
        other.wait()
    registry.tick()
    assert not session.read_only
    assert session.flow.intent.goal == "Almost lost"
    assert session.notices == ["Restored 1 edit of 'flow.yaml' that had not been saved."]


def test_an_editor_that_does_not_answer_is_named_and_one_that_gave_up_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Editors(tmp_path)
    both.two.take_over()
    both.clock.now += PATIENCE + 1
    assert both.two.unanswered()
    monkeypatch.setattr(seat, "PATIENCE", -1.0)  # the wish is as old as that
    both.registries[0].tick()
    assert not both.one.read_only


def test_a_folder_that_takes_no_lock_keeps_nobody_from_looking(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(FLOW)
    (tmp_path / ".tandem").write_text("in the way")
    session = Registry(KINDS, Clock()).open(tmp_path / "flow.yaml")
    assert isinstance(session, EditSession)
    assert not session.read_only
