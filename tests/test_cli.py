"""The command `tandem`, as somebody at a terminal meets it: what it says, and its exit status."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import DO, FLOW, REHEARSE, ROWS, Tandem, at_work


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    return at_work(tmp_path, monkeypatch, capsys)


# -- what it can do --


def test_without_words_it_says_what_it_is_and_can_do(tandem: Tandem) -> None:
    said = tandem("")
    assert said.status == 0
    assert said.out == tandem("--help").out
    headings = [line for line in said.out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Make and look:", "Run:", "People:", "Keep:", "Examples:"]
    assert all(len(line) <= 80 for line in said.out.splitlines())


@pytest.mark.parametrize(
    "name", ["new", "check", "show", "kinds", "schema", "run", "status", "log", "replay", "answer", "backup", "restore"]
)
def test_every_command_has_a_help_with_a_sentence_and_an_example(tandem: Tandem, name: str) -> None:
    said = tandem(f"{name} --help")
    assert said.status == 0
    assert f"tandem {name}" in said.out.split("Example")[1]
    summary = said.out.split("\n\n")[1]
    assert summary.endswith(".")
    assert summary in tandem("--help").out
    assert all(len(line) <= 100 for line in said.out.splitlines())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("chekc flow.yaml", "'chekc' is not a command of tandem. Did you mean 'check'?"),
        ("dance", "'dance' is not a command of tandem. Commands are: new, "),
        ("check", "This is missing: FLOW."),
        ("check flow.yaml more", "'more' is one word too many for tandem check."),
        ("run flow.yaml --round 3", "tandem run has no option --round. Did you mean '--rounds'?"),
        ("run flow.yaml --rounds no", "--rounds: 'no' is not a whole number from 1 on."),
        ("run flow.yaml --rounds", "--rounds needs a value."),
        ("run flow.yaml --people all", "--people cannot be 'all'. Possible are: 'store', 'simulated', 'none'."),
        ("run flow.yaml --json --quiet", "--quiet and --json cannot be used together."),
        ("run flow.yaml --set some=3", "--set: 'some=3' is not understood. Write step.setting=value."),
        ("run flow.yaml --set some.by=[a", "--set some.by: '[a' cannot be read as a value"),
        ("run flow.yaml --book ../live", "--book: '../live' cannot name a book."),
        ("run nowhere.yaml", "There is no file 'nowhere.yaml'. Did you mean 'flow.yaml'?"),
        ("kinds gess", "There is no kind 'gess'. Did you mean 'guess'?"),
        ("status flow.yaml", "Nothing has run yet: there is no store in"),
        ("backup copy.zip", "Name the flow before TARGET, or its folder with --state DIR."),
        ("run flow.yaml --people simulated --book live", "Simulated people never answer in the live book."),
        ("run flow.yaml --set none.by=3", "there is no step 'none' with that setting."),
    ],
)
def test_a_wrong_command_is_told_in_a_sentence_and_ends_with_2(tandem: Tandem, line: str, sentence: str) -> None:
    said = tandem(line)
    assert said.status == 2
    assert sentence in said.err
    assert said.out == ""


# -- looking at flows --


def test_a_sound_flow_checks_with_0(tandem: Tandem) -> None:
    said = tandem("check flow.yaml")
    assert said.status == 0
    assert "error" not in said.out


def test_problems_name_file_line_code_and_fix(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("risk.predictions -> some", "risk.prediction -> some"))
    said = tandem("check flow.yaml")
    assert said.status == 2
    line = FLOW.splitlines().index("  - risk.predictions -> some.predictions") + 1
    assert f"flow.yaml:{line}: error: " in said.out
    assert "[link-port-unknown]\n  fix: " in said.out
    assert said.out.splitlines()[-1].startswith("1 error")


def test_a_file_that_is_no_yaml_names_its_line_once(tandem: Tandem) -> None:
    Path("flow.yaml").write_text("tandem: 1\nsteps: [\n")
    said = tandem("check flow.yaml")
    assert said.status == 2
    assert said.out.startswith("flow.yaml:")
    assert "Line " not in said.out
    assert tandem("run flow.yaml").err.startswith("flow.yaml:")


def test_check_as_json_is_one_line_with_the_same_problems(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("kind: guess", "kind: gess"))
    said = tandem("check flow.yaml --json")
    plain = json.loads(said.out)
    assert said.status == 2
    assert [(problem["code"], problem["line"]) for problem in plain["problems"] if problem["level"] == "error"] == [
        ("kind-unknown", 8)
    ]


def test_a_flow_is_shown_in_three_ways_and_never_over_another_file(tandem: Tandem) -> None:
    assert "├─ risk" in tandem("show flow.yaml").out
    assert tandem("show flow.yaml --as mermaid").out.startswith("flowchart")
    assert tandem("show flow.yaml --as svg --out flow.svg").status == 0
    before = Path("flow.svg").read_bytes()
    said = tandem("show flow.yaml --as svg --dark --out flow.svg")
    assert (said.status, Path("flow.svg").read_bytes()) == (2, before)
    assert "is there already and is left as it is" in said.err


def test_piped_words_have_no_colours(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("kind: guess", "kind: gess"))
    for line in ("check flow.yaml", "show flow.yaml", "kinds", "kinds guess", "run flow.yaml"):
        said = tandem(line)
        assert "\x1b" not in said.out + said.err


def test_kinds_are_listed_by_family_and_told_in_full(tandem: Tandem) -> None:
    listed = tandem("kinds").out
    assert listed.index("source\n") < listed.index("model\n  guess") < listed.index("people\n")
    whole = tandem("kinds pick-cases").out
    assert "at_most: whole number from 0 to 1,000,000 (default 40)" in whole
    assert "predictions: Predictions" in whole
    assert json.loads(tandem("kinds guess --json").out)["family"] == "model"


def test_the_schema_is_json(tandem: Tandem) -> None:
    assert json.loads(tandem("schema").out)["title"] == "Tandem flow"


def test_new_copies_an_example_and_never_writes_over_anything(
    tandem: Tandem, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    example = tmp_path / "shelf" / "first-flow"
    example.mkdir(parents=True)
    (example / "flow.yaml").write_text(FLOW)
    (example / "rows.csv").write_text(ROWS)
    (example / ".tandem").mkdir()
    monkeypatch.setattr("runtime.cli.new.examples", lambda: {"first-flow": example})
    assert tandem("new mine").status == 0
    assert {path.name for path in Path("mine").iterdir()} == {"flow.yaml", "rows.csv"}
    Path("mine/flow.yaml").write_text("changed")
    assert tandem("new mine").status == 2
    assert Path("mine/flow.yaml").read_text() == "changed"
    assert "Did you mean 'first-flow'?" in tandem("new other --from first-flo").err


# -- running --


def test_a_rehearsal_tells_rounds_aims_and_files(tandem: Tandem) -> None:
    said = tandem(f"{REHEARSE} --rounds 3")
    assert said.status == 0
    rows = [line.split() for line in said.out.splitlines() if line.strip().startswith(("1 ", "2 ", "3 "))]
    assert rows == [
        ["1", "0", "(0–100)", "too", "few"],
        ["2", "50", "(25–100)", "too", "few"],
        ["3", "100", "(50–100)", "too", "few"],
    ]
    assert "✓ The aim quality.team_recall >= 0.4 is met" in said.out
    assert "Wrote .tandem/rehearsals/late/rehearsal/simulated-decided.csv" in said.out
    assert said.out.endswith("Rounds 1 to 3 are done.\n")
    assert all(len(line) <= 80 for line in said.out.splitlines())
    assert not Path("decided.csv").exists()


def test_a_run_ends_when_every_aim_is_met(tandem: Tandem) -> None:
    said = tandem(f"{REHEARSE} --until-aims-met --quiet")
    assert said.out == "Every aim is met. Rounds 1 to 3 are done.\n"


def test_json_lines_tell_all_that_happens_and_how_it_ended(tandem: Tandem) -> None:
    said = tandem(f"{REHEARSE} --json")
    told = [json.loads(line) for line in said.out.splitlines()]
    assert {"round-started", "step-done", "asked", "round-closed", "aim"} <= {entry["what"] for entry in told}
    assert told[-1] == {"what": "ended", "state": "done", "sentence": "Round 1 is done."}
    Path("rows.csv").unlink()
    told = [json.loads(line) for line in tandem(f"{REHEARSE} --json").out.splitlines()]
    assert (told[-1]["what"], told[-1]["state"]) == ("ended", "refused")


def test_a_setting_can_be_another_in_one_run(tandem: Tandem) -> None:
    tandem(f"{REHEARSE} --set some.at_most=2 --json")
    asked = [json.loads(line) for line in tandem(f"{REHEARSE} --set some.at_most=2 --json").out.splitlines()]
    assert [entry["questions"] for entry in asked if entry["what"] == "asked"] == [2]


def test_waiting_for_people_ends_with_3_unless_that_is_fine(tandem: Tandem) -> None:
    said = tandem("run flow.yaml")
    assert (said.status, said.out) == (3, "'staff' waits for staff: 0 of 4 cases are answered.\n")
    assert tandem("run flow.yaml --waiting-ok").status == 0


def test_a_broken_limit_ends_with_1(tandem: Tandem) -> None:
    said = tandem(f"{REHEARSE} --set some.at_most=1 --rounds 1")
    Path("flow.yaml").write_text(FLOW.replace("questions <= 40", "questions <= 2"))
    said = tandem(REHEARSE)
    assert said.status == 1
    assert "The limit staff.questions <= 2 is broken" in said.err


def test_refused_before_a_round_is_2_and_in_a_round_is_1(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("kind: guess", "kind: gess"))
    assert tandem(REHEARSE).status == 2
    Path("flow.yaml").write_text(FLOW)
    Path("rows.csv").unlink()
    said = tandem(REHEARSE)
    assert said.status == 1
    assert "There is no file 'rows.csv'" in said.err


def test_an_open_round_is_finished_first_by_the_same_command(tandem: Tandem) -> None:
    Path("rows.csv").rename("later.csv")
    assert tandem(f"{REHEARSE} --rounds 2").status == 1
    Path("later.csv").rename("rows.csv")
    assert tandem(f"{REHEARSE} --rounds 2 --quiet").out == "Rounds 1 to 2 are done.\n"


# -- trouble --


def test_terminate_stops_at_the_next_commit_and_keeps_what_was_done(tandem: Tandem) -> None:
    before = signal.getsignal(signal.SIGTERM)
    DO["guess"] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    said = tandem(f"{REHEARSE} --json")
    assert said.status == 143
    assert "Stopped. Nothing is lost; run the same command again to go on." in said.err
    last = [json.loads(line) for line in said.out.splitlines()][-2:]
    assert (last[0]["what"], last[0]["step"], last[1]["state"]) == ("step-done", "risk", "interrupted")
    assert signal.getsignal(signal.SIGTERM) == before
    DO.clear()
    assert tandem(f"{REHEARSE} --quiet").out == "Round 1 is done.\n"


def _raise(error: BaseException) -> Callable[[], object]:
    def trouble() -> object:
        raise error

    return trouble


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (KeyboardInterrupt(), 130, "Stopped. Nothing is lost; run the same command again to go on."),
        (OSError(errno.ENOSPC, "No space left on device", "x.db"), 1, "The disk is full (x.db)."),
        (PermissionError(errno.EACCES, "Permission denied", "x.db"), 1, "Permission is denied (x.db)."),
        (MemoryError(), 1, "The memory of this machine is used up."),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_trouble_with_the_machine_is_a_sentence_and_the_next_run_goes_on(
    tandem: Tandem, error: BaseException, status: int, sentence: str
) -> None:
    DO["guess"] = _raise(error)
    said = tandem(REHEARSE)
    assert said.status == status
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert list(Path(".tandem").glob("crash-*")) == []
    DO.clear()
    assert tandem(REHEARSE).status == 0


def test_the_unforeseen_is_one_sentence_and_a_private_file(tandem: Tandem, monkeypatch: pytest.MonkeyPatch) -> None:
    DO["guess"] = _raise(ZeroDivisionError("by nothing"))
    said = tandem(REHEARSE)
    assert said.status == 1
    assert "did not foresee: ZeroDivisionError: by nothing\nThe whole story is in .tandem/crash-" in said.err
    crash = next(Path(".tandem").glob("crash-*.txt"))
    assert "Traceback" in crash.read_text()
    assert stat.S_IMODE(crash.stat().st_mode) == 0o600
    assert "Traceback" not in said.err
    monkeypatch.setenv("TANDEM_DEBUG", "1")
    assert "Traceback" in tandem(REHEARSE).err


def test_a_damaged_store_is_told_in_a_sentence(tandem: Tandem) -> None:
    Path(".tandem").mkdir()
    Path(".tandem/store.db").write_text("this is no database at all, and never was one")
    said = tandem("status flow.yaml")
    assert said.status == 1
    assert "The store is damaged" in said.err
