"""Answering, in the terminal and by a file: what is seen when, and what is kept."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import polars as pl
import pytest
from command_line import CATALOG, FLOW, Tandem, at_work

from runtime.inbox import Advice, Given, Inbox
from runtime.store import Store


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    return at_work(tmp_path, monkeypatch, capsys)


def asks(tandem: Tandem) -> list[dict[str, str]]:
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
    assert "You said no; the model leans to yes (70% sure)." in after


def test_nobody_gets_the_models_thought_before_an_answer_of_their_own(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    store = Store.open(Path(".tandem"))
    inbox = Inbox(store, store.book("late", "live"), CATALOG)
    ask = inbox.waiting("anna")[0]
    assert inbox.advice(ask, "anna") is None
    inbox.give([Given("a1", ask.id, "anna", "no")])
    assert inbox.advice(ask, "anna") == Advice("yes", pytest.approx(0.7), "v0")
    assert inbox.advice(ask, "ben") is None
    assert inbox.give([Given("a1", ask.id, "anna", "no")]) == 0
    store.close()


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
    Path("rows.csv").write_text("id,carrier,truth\nS\x1b[1m1,\x1b[31mred\u202e,yes\nS\x1b[1m2,b,no\n")
    tandem("run flow.yaml")
    out = tandem("answer flow.yaml --person anna", "q\n").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_file_of_questions_is_private_and_safe_in_a_spreadsheet(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    rows = asks(tandem)
    assert {row["carrier"] for row in rows} <= {"'=1+1", "Blue [red]"}
    assert list(rows[0]) == [
        "question", "case", "id", "carrier", "choices", "answer", "confidence", "reason", "person", "comment",
    ]  # fmt: skip
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
    assert (said.status, said.out) == (0, "3 answers are kept. Answered by: anna.\n")
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
    assert f"The case {b['case']}: 'maybe' is not a choice. Choose one of: yes, no." in said.err
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
