"""The command `tandem`, as somebody at a terminal meets it: what it says, and its exit status."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.catalog import Catalog
from flows.ports import Log
from flows.step import Measured, Step
from runtime.cli import main
from runtime.round import Round
from runtime.steps.choose import PickCases
from runtime.steps.deliver import WriteTable
from runtime.steps.people import AskPeople
from runtime.steps.source import ReadTable
from runtime.store import Store
from runtime.values import KEY, Answers, Figure, Measures, Predictions, Records

DO: dict[str, Callable[[], object]] = {}
"""What `guess` does beside its work: tests put trouble here."""


class Guess(Step):
    """Say how likely each case is late, from how many answers there are."""

    kind = "guess"
    family = "model"
    says = "Guess"
    teaches = "model"

    def run(self, round: Round, *, records: Records, answers: Log[Answers]) -> Predictions:
        DO.get("guess", lambda: None)()
        keys = records.table.frame([KEY])[KEY]
        chance = 0.7 + 0.001 * answers.count + DO.get("noise", float)()  # type: ignore[operator]
        frame = pl.DataFrame(
            {
                KEY: keys,
                "probability": [[chance, 1 - chance]] * keys.len(),
                "known": [""] * keys.len(),
                "label": [""] * keys.len(),
                "held_out": [0] * keys.len(),
                "group": keys,
                "changed": [False] * keys.len(),
            },
            schema_overrides={"probability": pl.Array(pl.Float32, 2), "held_out": pl.Int8},
        )
        return Predictions(
            round.table([frame]), records, ("yes", "no"), "yes", "late", f"v{answers.count}", answers.count
        )


class Quality(Step):
    """Measure how many answers there are."""

    kind = "quality"
    family = "measure"
    says = "Measure"
    measures = (
        Measured("model_recall", "share", "round", "Of the model."),
        Measured("team_recall", "share", "round", "Of the team."),
    )

    def run(self, round: Round, *, predictions: Predictions, answers: Log[Answers]) -> Measures:
        share = min(answers.count / 8, 1.0)
        team = Figure("team_recall", share, share / 2, 1.0, f"{share:.2f}")
        model = Figure("model_recall", None, None, None, "Too few cases.")
        return Measures(round.table([pl.DataFrame({"at": [share]})]), (model, team))


CATALOG = Catalog([ReadTable, Guess, PickCases, AskPeople, Quality, WriteTable])

FLOW = """\
tandem: 1
id: late
intent:
  aims: [quality.team_recall >= 0.4]
  limits: [staff.questions <= 40]
steps:
  rows: {kind: read-table, path: rows.csv, key: id, truth: {name: late, column: truth}}
  risk: {kind: guess}
  some: {kind: pick-cases, at_most: 4}
  staff:
    kind: ask-people
    who: staff
    question: Will it be late?
    show_model: after-own-answer
  quality: {kind: quality}
  out: {kind: write-table, path: decided.csv}
people:
  staff: {accounts: [anna, ben], simulated: {people: 3, accuracy: 1}}
links:
  - rows.records -> risk.records
  - risk.predictions -> some.predictions
  - some.cases -> staff.cases
  - staff.decided -> out.decisions
  - risk.predictions -> quality.predictions
  - staff.answers ~> risk.answers
  - staff.answers ~> quality.answers
"""
ROWS = "id,carrier,truth\n" + "".join(
    f"S{n:02},{'=1+1' if n % 2 else 'Blue [red]'},{'yes' if n % 3 else 'no'}\n" for n in range(12)
)


@pytest.fixture(autouse=True)
def flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TANDEM_DEBUG", raising=False)
    DO.clear()
    Path("rows.csv").write_text(ROWS)
    Path("flow.yaml").write_text(FLOW)
    return tmp_path


class Said:
    """What a command said, and its exit status."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


Tandem = Callable[..., Said]


@pytest.fixture
def tandem(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tandem:
    def run(line: str, typed: str = "", *words: str) -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        status = main([*line.split(), *words], CATALOG)
        return Said(status, *capsys.readouterr())

    return run


REHEARSE = "run flow.yaml --people simulated"


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
        ("dance", "'dance' is not a command of tandem. Commands are: new, check,"),
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
        ["1", "too", "few", "0", "(0–100)"],
        ["2", "too", "few", "50", "(25–100)"],
        ["3", "too", "few", "100", "(50–100)"],
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


# -- answering --


def asks(tandem: Tandem, **shown: str) -> list[dict[str, str]]:
    Path("questions.csv").unlink(missing_ok=True)
    assert tandem("answer flow.yaml --out questions.csv").status == 0
    return list(csv.DictReader(io.StringIO(Path("questions.csv").read_text("utf-8-sig"))))


def fill(rows: list[dict[str, str]], separator: str = ",", encoding: str = "utf-8") -> None:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    table.writeheader()
    table.writerows(rows)
    Path("filled.csv").write_text(out.getvalue(), encoding)


def kept() -> pl.DataFrame:
    """Return all answers ever kept, oldest first."""
    store = Store.open(Path(".tandem"))
    frame = pl.read_database(
        "SELECT * FROM answers ORDER BY at, rowid", store.engine.raw_connection().driver_connection
    )
    store.close()
    return frame


def test_answers_in_the_terminal_finish_the_round(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    said = tandem("answer flow.yaml --person anna", "1\nNO\n? # label torn off\ns\n")
    assert said.status == 0
    assert "4 answers are kept. Nothing is left for you." in said.out
    rows = kept()
    assert rows["label"].to_list() == ["yes", "no", "", ""]
    assert rows["outcome"].to_list() == ["answered", "answered", "cannot-tell", "skipped"]
    assert rows["comment"].to_list()[2] == "label torn off"
    assert tandem("run flow.yaml").status == 0
    assert Path("decided.csv").exists()


def test_the_model_is_silent_until_the_answer_is_kept(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    before, after = tandem("answer flow.yaml --person anna", "x\nno\nq\n").out.split("is not understood", 1)
    for secret in ("70", "0.7", "margin", "audit", "random", "urgen", "thinks", "v0"):
        assert secret not in before
    assert "The model thinks otherwise: yes (70% sure)." in after


def test_an_answer_after_the_model_was_seen_is_not_blind(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    tandem("answer flow.yaml --person anna", "no\nu\nyes\nq\n")
    rows = kept()
    assert rows["blind"].cast(bool).to_list() == [True, False]
    assert rows["in_force"].cast(bool).to_list() == [False, True]
    assert rows["supersedes"].to_list() == [None, rows["id"][0]]


def test_the_model_beside_the_question_makes_no_answer_blind(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("after-own-answer", "with-the-question"))
    tandem("run flow.yaml")
    said = tandem("answer flow.yaml --person anna", "no\nq\n")
    assert said.out.index("The model thinks: yes") < said.out.index("> ")
    rows = asks(tandem)
    fill([{**rows[0], "answer": "no", "person": "ben"}])
    tandem("answer flow.yaml --in filled.csv")
    assert kept()["blind"].cast(bool).to_list() == [False, False]


def test_the_order_of_cases_is_each_persons_own_and_the_same_again(tandem: Tandem) -> None:
    tandem("run flow.yaml --set some.at_most=12")

    def order(person: str) -> list[str]:
        out = tandem(f"answer flow.yaml --person {person}", "s\n" * 12).out
        return [line.split()[4] for line in out.splitlines() if line.startswith("Case ")]

    left = tandem("answer flow.yaml --person anna", "q\n").out
    anna, ben = order("anna"), []
    assert anna[0] in left
    tandem("run flow.yaml --set some.at_most=12 --set staff.people_per_case=2 --book two")
    ben = [
        line.split()[4]
        for line in tandem("answer flow.yaml --book two --person ben", "s\n" * 12).out.splitlines()
        if line.startswith("Case ")
    ]
    assert sorted(anna) == sorted(ben)
    assert anna != sorted(anna)
    assert anna != ben


def test_only_those_who_are_asked_see_the_questions(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    said = tandem("answer flow.yaml --person eve", "1\n")
    assert "Nothing waits for eve" in said.out
    assert "staff are asked: anna, ben." in said.out


def test_a_choice_called_like_a_command_is_a_choice(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("    who: staff\n", "    who: staff\n    choices: [s, q]\n"))
    tandem("run flow.yaml")
    said = tandem("answer flow.yaml --person anna", "s\n:q\n")
    assert ":s skip" in said.out
    assert kept()["label"].to_list() == ["s"]


def test_what_the_data_says_is_never_obeyed_by_the_terminal(tandem: Tandem) -> None:
    Path("rows.csv").write_text("id,carrier,truth\nS1,\x1b[31mred\u202e,yes\nS2,b,no\n")
    tandem("run flow.yaml")
    out = tandem("answer flow.yaml --person anna", "q\n").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_file_of_questions_is_private_and_safe_in_a_spreadsheet(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    rows = asks(tandem)
    assert {row["carrier"] for row in rows} <= {"'=1+1", "Blue [red]"}
    assert list(rows[0]) == ["question", "case", "id", "carrier", "choices", "answer", "person", "comment"]
    assert rows[0]["choices"] == "yes; no"
    assert stat.S_IMODE(Path("questions.csv").stat().st_mode) == 0o600
    assert tandem("answer flow.yaml --out questions.csv").status == 2


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")])
def test_answers_come_from_a_file_however_it_was_saved(tandem: Tandem, separator: str, encoding: str) -> None:
    tandem("run flow.yaml")
    rows = asks(tandem)
    words = ["YES", "no", "?", ""]
    fill([{**row, "answer": word, "more": "x"} for row, word in zip(rows, words, strict=True)], separator, encoding)
    said = tandem("answer flow.yaml --in filled.csv --person anna")
    assert (said.status, said.out) == (0, "3 answers are kept.\n")
    assert sorted(kept()["label"]) == ["", "no", "yes"]


def test_the_same_file_twice_counts_once_and_a_correction_supersedes(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    first = asks(tandem)[0]
    for word, new in (("yes", 1), ("yes", 0), ("no", 1), ("yes", 1), ("yes", 0)):
        fill([{**first, "answer": word, "person": "anna"}])
        said = tandem("answer flow.yaml --in filled.csv")
        assert said.out.startswith(f"{new} answer")
    rows = kept()
    assert rows["label"].to_list() == ["yes", "no", "yes"]
    assert rows["in_force"].cast(bool).to_list() == [False, False, True]


def test_a_wrong_line_keeps_the_whole_file_out_and_is_named(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    a, b, c, d = asks(tandem)
    fill(
        [
            {**a, "answer": "yes", "person": "anna"},
            {**b, "answer": "maybe", "person": "anna"},
            {**c, "answer": "yes", "person": ""},
            {**d, "answer": "yes", "person": "eve"},
            {**a, "question": "beef", "answer": "yes", "person": "anna"},
            {**a, "answer": "no", "person": "anna"},
        ]
    )
    said = tandem("answer flow.yaml --in filled.csv")
    assert said.status == 2
    assert [line.split(": ")[0] for line in said.err.splitlines()] == [f"filled.csv:{n}" for n in (3, 4, 5, 6, 7)]
    assert "'maybe' is not a choice for the case" in said.err
    assert kept().height == 0


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"PK\x03\x04\x00\x00", b'question,answer\n"a', b"\xff\xfe\x00"]
)
def test_a_file_that_holds_no_answers_is_refused_in_a_sentence(tandem: Tandem, content: bytes) -> None:
    tandem("run flow.yaml")
    Path("filled.csv").write_bytes(content)
    said = tandem("answer flow.yaml --in filled.csv --person anna")
    assert said.status == 2
    assert "Traceback" not in said.err


# -- looking back --


def test_status_tells_who_is_waited_for_and_where_files_lie(tandem: Tandem) -> None:
    tandem(f"{REHEARSE} --rounds 2")
    tandem("run flow.yaml")
    tandem("answer flow.yaml --person anna --book live", "1\nq\n")
    out = tandem("status flow.yaml").out
    assert "book 'rehearsal' (a rehearsal)" in out
    assert "staff waits for staff: 1 of 4 cases are answered." in out
    assert "out wrote .tandem/rehearsals/late/rehearsal/simulated-decided.csv (round 2)" in out
    assert "The aim quality.team_recall >= 0.4 is not shown to be met yet" in out
    assert "Nobody runs it now." in out
    plain = json.loads(tandem("status flow.yaml --book live --json").out)
    assert plain["waiting"][0]["answered"] == 1
    assert [line["state"] for line in plain["rounds"]] == ["open"]


def test_status_names_who_runs_the_flow_now(tandem: Tandem) -> None:
    tandem(REHEARSE)
    seen: list[str] = []

    def look() -> None:
        from runtime.overview import runner_of

        seen.append(runner_of(Path(".tandem"), "late"))

    DO["guess"] = look
    tandem(REHEARSE)
    assert seen[0].startswith(f"process {os.getpid()} on ")


def test_the_log_is_read_as_sentences_and_its_chain_is_proven(tandem: Tandem) -> None:
    tandem(REHEARSE)
    said = tandem("log flow.yaml")
    assert said.status == 0
    assert "Round 1: staff asked 4 questions." in said.out
    assert "The record is whole" in said.out
    store = Store.open(Path(".tandem"))
    with store.transaction() as tx:
        tx.exec_driver_sql("UPDATE events SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 3")
    store.close()
    said = tandem("log flow.yaml")
    assert said.status == 1
    assert "event 3 does not fit" in said.out


def test_a_round_replays_to_the_same_bytes_and_a_difference_is_named(tandem: Tandem) -> None:
    tandem(f"{REHEARSE} --rounds 3")
    files = {path: path.stat().st_mtime_ns for path in Path(".tandem/artifacts").rglob("*")}
    for number in (1, 2, 3):
        said = tandem(f"replay flow.yaml --round {number}")
        assert said.status == 0, said.out
        assert said.out.count("Same bytes.") == 5
    DO["noise"] = lambda: 0.125
    said = tandem("replay flow.yaml --round 2")
    assert said.status == 1
    assert "'predictions' differs: column 'probability': the largest difference is 0.125." in said.out
    assert said.out.endswith("1 of 6 steps differ.\n")
    assert files == {path: path.stat().st_mtime_ns for path in Path(".tandem/artifacts").rglob("*")}


def test_an_open_round_or_none_cannot_be_replayed(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    assert "Round 1 is still open." in tandem("replay flow.yaml --round 1").err
    assert "has no round 2." in tandem("replay flow.yaml --round 2").err


# -- keeping --


@pytest.mark.parametrize("target", ["copy.zip", "copy"])
def test_a_backup_of_a_live_store_brings_everything_back(tandem: Tandem, target: str) -> None:
    tandem(f"{REHEARSE} --rounds 2")
    live = Store.open(Path(".tandem"))
    with live.reading():  # somebody is looking while it is copied
        assert tandem(f"backup flow.yaml {target}").status == 0
    live.close()
    assert stat.S_IMODE(Path(target).stat().st_mode) in (0o600, 0o700)
    assert tandem(f"restore --state back {target}").status == 0
    assert {path.name for path in Path("back").iterdir()} == {"store.db", "artifacts"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in Path("back").rglob("*") if path.is_file())
    for line in ("log flow.yaml", "replay flow.yaml --round 2"):
        assert tandem(f"{line} --state back").out == tandem(line).out
    assert tandem(f"{REHEARSE} --state back --quiet").out == "Round 3 is done.\n"


def test_a_backup_never_takes_the_place_of_a_file(tandem: Tandem) -> None:
    tandem(REHEARSE)
    Path("copy.zip").write_text("mine")
    said = tandem("backup flow.yaml copy.zip")
    assert (said.status, Path("copy.zip").read_text()) == (2, "mine")
    assert tandem("backup flow.yaml none/copy.zip").status == 2
    assert [path.name for path in Path().iterdir() if path.name.startswith(".tandem-")] == []


def test_a_damaged_backup_is_refused_and_touches_nothing(tandem: Tandem) -> None:
    tandem(REHEARSE)
    tandem("backup flow.yaml copy")
    artifact = next(Path("copy/artifacts").glob("*/*"))
    artifact.write_bytes(artifact.read_bytes()[:-1] + b"x")
    said = tandem("restore flow.yaml copy --force-with-copy")
    assert said.status == 2
    assert "is damaged" in said.err
    assert tandem("log flow.yaml").status == 0
    assert [path.name for path in Path().iterdir() if path.name.startswith(".tandem-")] == []


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "artifacts/../../outside"])
def test_a_backup_cannot_write_outside_its_folder(tandem: Tandem, name: str) -> None:
    tandem(REHEARSE)
    tandem("backup flow.yaml copy")
    manifest = json.loads(Path("copy/manifest.json").read_text())
    manifest["files"][name] = {"sha256": "0" * 64, "bytes": 1}
    Path("copy/manifest.json").write_text(json.dumps(manifest))
    assert "its manifest names" in tandem("restore --state back copy").err


def test_restoring_sets_aside_what_is_there_only_when_asked_and_unused(tandem: Tandem) -> None:
    tandem(REHEARSE)
    tandem("backup flow.yaml copy.zip")
    tandem(REHEARSE)
    assert tandem("restore flow.yaml copy.zip").status == 2
    live = Store.open(Path(".tandem"))
    with live.reading() as connection:
        connection.exec_driver_sql("SELECT 1 FROM books").all()
        said = tandem("restore flow.yaml copy.zip --force-with-copy")
        assert (said.status, "open, so it cannot be set aside" in said.err) == (2, True)
    live.close()
    assert tandem("restore flow.yaml copy.zip --force-with-copy").status == 0
    aside = next(Path().glob(".tandem.before-*"))
    assert "Round 2 is done." in tandem(f"log flow.yaml --state {aside}").out
    assert "Round 2 is done." not in tandem("log flow.yaml").out


def test_a_stored_file_that_is_gone_is_told_when_backing_up(tandem: Tandem) -> None:
    tandem(REHEARSE)
    next(Path(".tandem/artifacts").glob("*/*")).unlink()
    said = tandem("backup flow.yaml copy.zip")
    assert said.status == 1
    assert "1 stored files are gone or damaged" in said.err
    assert Path("copy.zip").exists()


def test_moments_are_told_in_utc(tandem: Tandem) -> None:
    tandem(REHEARSE)
    assert f"{datetime.now(UTC):%Y-%m-%d}" in tandem("status flow.yaml").out
