"""What a run and its status tell: the same of the same thing, in plain sentences, nothing left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import DO, FLOW, REHEARSE, ROWS, Tandem, at_work

from runtime.cli.noting import noted
from runtime.cli.stuck import stuck

ODD = "weight\n" + "".join(f"{n}\n" for n in range(11)) + "unknown\n"
GIVEN_UP = "Round 1 was given up."


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    return at_work(tmp_path, monkeypatch, capsys)


def odd_rows() -> None:
    lines = zip(ROWS.splitlines(), ODD.splitlines(), strict=True)
    Path("rows.csv").write_text("".join(f"{row},{weight}\n" for row, weight in lines))


def test_what_was_odd_in_a_table_is_told_by_run_status_and_json(tandem: Tandem) -> None:
    odd_rows()
    said = tandem(f"{REHEARSE} --rounds 2")
    assert said.out.count("Noted:\n  rows: ") == 1
    note = said.out.split("Noted:\n")[1].splitlines()[0]
    assert "Noted:" not in tandem(f"{REHEARSE}").out  # its result was kept: nothing was read anew
    assert note in tandem("status flow.yaml").out
    told = json.loads(tandem("status flow.yaml --json").out)["notes"]["rows"]
    assert told and note.strip().removeprefix("rows: ") in told[0]
    assert "Noted:" not in tandem(f"{REHEARSE} --quiet --book other").out


def test_many_notes_are_cut_and_point_to_all_of_them() -> None:
    notes = {"rows": [f"Note {number}." for number in range(20)], "more": ["Note 1.", "Note 1."]}
    few = list(noted(notes, 80, "... more"))
    assert (len(few), few[0], few[-1]) == (10, "Noted:", "  ... more")
    assert len(list(noted(notes, 80))) == 22
    assert all(len(line) <= 40 for line in noted({"rows": ["word " * 30]}, 40))
    assert list(noted({"rows": []}, 80)) == []


def test_a_file_of_answers_without_a_name_is_answered_by_whoever_reads_it_in(
    tandem: Tandem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "ben")
    tandem("run flow.yaml")
    assert "  tandem answer flow.yaml --in q.csv\n" in tandem("answer flow.yaml --out q.csv").out
    filled = Path("q.csv").read_text("utf-8-sig").replace("yes; no,,", "yes; no,no,")
    Path("q.csv").write_text(filled)
    assert tandem("answer flow.yaml --in q.csv").out == "4 answers are kept. Answered by: ben.\n"
    monkeypatch.setattr("getpass.getuser", lambda: "eve")
    said = tandem("answer flow.yaml --in q.csv")
    assert said.status == 2
    assert "'eve' does not belong to staff. These do: anna, ben." in said.err


def test_a_run_until_aims_are_met_needs_aims(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("  aims: [quality.team_recall >= 0.4]\n", ""))
    said = tandem(f"{REHEARSE} --until-aims-met")
    assert said.status == 2
    assert "'late' states no aims, so they are never met." in said.err


def test_run_and_status_count_the_same_cases(tandem: Tandem) -> None:
    """Also where a round was given up and the next one asks some of the same cases again."""
    tandem("run flow.yaml")
    tandem("answer flow.yaml --person anna", "1\nq\n")
    from runtime.rounds import hinder
    from runtime.store import Store

    store = Store.open(Path(".tandem"))
    hinder(store, store.book("late", "live"), 1, GIVEN_UP)
    store.close()
    Path("flow.yaml").write_text(FLOW.replace("at_most: 4", "at_most: 12"))
    said = tandem("run flow.yaml").out.splitlines()[-1]
    assert f"  {said.replace(chr(39), '')}" in tandem("status flow.yaml").out.replace("'", "")


def test_a_broken_limit_is_told_once_and_never_as_one_that_cannot_be_judged(tandem: Tandem) -> None:
    Path("flow.yaml").write_text(FLOW.replace("questions <= 40", "questions <= 2"))
    tandem(REHEARSE)
    out = tandem("status flow.yaml").out
    assert out.count("The limit staff.questions <= 2 is broken: staff.questions is 4.") == 1
    assert "The limit staff.questions <= 2 cannot" not in out
    limit = json.loads(tandem("status flow.yaml --json").out)["limits"][0]
    assert limit["verdict"] == "broken"


def test_a_renamed_step_is_told_by_its_present_name(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    renamed = FLOW.replace("staff.", "crew.").replace("  staff:\n    kind", "  crew:\n    formerly: staff\n    kind")
    Path("flow.yaml").write_text(renamed.replace("-> staff.cases", "-> crew.cases"))
    assert "  crew waits for staff: 0 of 4 cases are answered." in tandem("status flow.yaml").out
    assert json.loads(tandem("status flow.yaml --json").out)["waiting"][0]["step"] == "crew"


def test_why_a_round_is_stuck_is_a_sentence_with_the_cause_in_brackets(tandem: Tandem) -> None:
    def trouble() -> object:
        raise ZeroDivisionError("by nothing")

    DO["guess"] = trouble
    tandem(REHEARSE)
    out = tandem("status flow.yaml").out
    assert "run it again to go on (ZeroDivisionError: by nothing)." in out
    assert "ZeroDivisionError(" not in out


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("It ended with an error: ComputeError('parquet: bad\\n\\nmore')", "(ComputeError: parquet: bad)."),
        ("It ended with an error: OSError(28, 'No space left on device')", "(OSError: No space left on device)."),
        ("It ended with an error: ValueError()", "(ValueError)."),
        ("There is no file 'rows.csv'.", "There is no file 'rows.csv'."),
    ],
)
def test_the_cause_of_a_stuck_round_is_cut_to_what_can_be_read(kept: str, told: str) -> None:
    assert stuck(kept).endswith(told)


def test_what_an_open_round_keeps_is_told_beside_the_results_and_in_json(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    said = tandem("run flow.yaml --seed 7")
    assert "keeps what it began with: --seed counts from the next." in " ".join(said.err.split())
    assert "keeps" not in said.out
    told = [json.loads(line) for line in tandem("run flow.yaml --seed 8 --json").out.splitlines()]
    assert [entry["round"] for entry in told if entry["what"] == "note"] == [1]


def test_a_version_that_is_brought_back_is_told_beside_the_newest(tandem: Tandem) -> None:
    from sqlalchemy import insert

    from runtime.schema import models
    from runtime.store import Store

    tandem(REHEARSE)
    store = Store.open(Path(".tandem"))
    row = {"book": store.book("late", "rehearsal").id, "step": "risk", "version": "v3", "artifact": "", "facts": {}}
    with store.transaction() as tx:
        tx.execute(insert(models).values(**row, number=3, round=1))
    store.close()
    assert "  risk: version 3 of the model, made in round 1." in tandem("status flow.yaml").out
    Path("flow.yaml").write_text(FLOW.replace("{kind: guess}", "{kind: guess, bring_back: 1}"))
    assert "risk: version 1 of the model is in use (bring_back: 1). The newest is version 3" in " ".join(
        tandem("status flow.yaml").out.split()
    )
    assert json.loads(tandem("status flow.yaml --json").out)["models"][0]["in_use"] == 1
