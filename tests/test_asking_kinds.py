"""Asking in each way: rehearsed by simulated people, and answered live in the terminal and by a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from asking_place import CATALOG, FLOW, delivered, place

from flows.check import check
from flows.document import read
from flows.flow import Card
from flows.problems import Problem
from flows.reading import flow_of
from runtime.cli import main
from runtime.cli.answer_files import FILLED
from runtime.question_kinds import QUESTION_KINDS

LABEL = "people_per_case: 1"
WAYS: dict[str, tuple[str, str]] = {
    LABEL: ("true_label", ""),
    "asks: approve": ("true_label", ""),
    "asks: approve, proposal: account": ("true_label", "It looks different to me."),
    "asks: correct-number, number: {column: days, unit: days}": ("true_days", "-2"),
    "asks: compare, options: [usual, unusual]": ("true_label", "yes"),
    "asks: mark-words, text: note, choices: [yes, no]": ("true_label", "the"),
    "asks: take-over": ("true_label", "yes"),
    "asks: take-over, proposal: account": ("true_label", "no"),
}


def rehearsed(folder: Path) -> dict[str, dict[str, str]]:
    return delivered(next(folder.rglob("simulated-decided.csv")))


@pytest.mark.parametrize("how", list(WAYS))
def test_simulated_people_play_two_rounds_of_every_way_to_ask(tmp_path: Path, how: str) -> None:
    truth, detail = WAYS[how]
    there = place(tmp_path / "a", how, truth)
    assert there.run(2).state == "done"
    said = there.rows("answers")
    assert {row["outcome"] for row in said} == {"answered"}
    assert len(said) == 8
    rows = rehearsed(there.folder)
    # Answers that say which label is right teach the model, so that the next round asks about other cases.
    assert len(rows) == 8
    if detail:
        assert detail in {row["decision_detail"] for row in rows.values()}
    else:
        assert ("decision_detail" in next(iter(rows.values()))) == (how != LABEL)


def test_where_the_truth_does_not_say_it_simulated_people_cannot_tell(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "asks: correct-number, number: {column: days}", "true_label")
    assert there.run(1).state == "done"
    assert {row["outcome"] for row in there.rows("answers")} == {"cannot-tell"}
    assert rehearsed(there.folder) == {}


def test_whoever_judges_the_models_label_answers_never_blind(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "asks: approve")
    there.run(1)
    assert {row["blind"] for row in there.rows("answers")} == {False}
    assert {row["wording"]["proposal"] for row in there.rows("questions")} <= {"yes", "no"}
    # The answer says which label is right, so that it decides and teaches like any label.
    decided = {key: row["decision"] for key, row in rehearsed(there.folder).items()}
    assert decided == {key: ("yes", "no")[int(key[1:]) % 2] for key in decided}


def test_a_model_that_knows_nothing_has_no_label_to_be_judged(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "asks: approve", flow=FLOW.replace("kind: knows", "kind: knows, clever: false"))
    there.run(1)
    assert {row["wording"]["kind"] for row in there.rows("questions")} == {"label"}


def test_sides_are_swapped_by_chance_and_the_columns_are_not_among_what_is_shown(tmp_path: Path) -> None:
    there = place(
        tmp_path / "a", "asks: compare, options: [draft_a, draft_b]", flow=FLOW.replace("at_most: 4", "at_most: 9")
    )
    there.live()
    asked = there.rows("questions")
    assert {row["wording"]["sides"][0][0] for row in asked} == {"draft_a", "draft_b"}
    assert not {"draft_a", "draft_b"} & {name for row in asked for name in row["shown"]}


def test_a_question_escalates_when_the_flow_says_so(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "escalate_to: seniors, escalate_after: 2 h")
    there.live()
    asked = there.rows("questions")[0]
    assert (asked["escalates"], asked["escalate_to"]) == ("2026-01-05T08:00:00.000000Z", "seniors")


Tandem = Callable[..., tuple[int, str]]


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    """Return the command line in a folder with the flow as somebody asks there."""
    monkeypatch.chdir(tmp_path)

    def run(line: str, typed: str = "", how: str = "") -> tuple[int, str]:
        if how:
            place(tmp_path, how)
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        status = main(line.split(), CATALOG)
        return status, "".join(capsys.readouterr())

    return run


BY_FILE = [
    (LABEL, {"answer": "YES"}, {"answer": "maybe"}, "yes", ""),
    ("asks: approve", {"answer": "approve"}, {"answer": "reject"}, "", ""),
    ("asks: approve, proposal: account", {"answer": "reject", "reason": "twice"}, {"answer": "?!"}, "reject", "twice"),
    (
        "asks: correct-number, number: {column: days, alike_by: carrier, sure_factor: 1.1}",
        {"answer": "1,5", "sure": "yes", "scope": "group", "expires": "2027-01-31"},
        {"answer": "1,5"},
        "1.5",
        "-",
    ),
    ("asks: compare, options: [draft_a, draft_b]", {"answer": "2"}, {"answer": "draft_a"}, "draft_", ""),
    ("asks: mark-words, text: note", {"answer": "late; came"}, {"answer": "plate"}, "marked", "came; late"),
    (
        "asks: mark-words, text: note, choices: [yes, no]",
        {"answer": "yes", "words": "late"},
        {"words": "late"},
        "yes",
        "late",
    ),
    ("asks: take-over, proposal: account", {"answer": "leave"}, {"answer": "take-over"}, "leave", ""),
    ("asks: take-over", {"answer": "take-over", "action": "call them"}, {"action": "call"}, "", "call them"),
]


@pytest.mark.parametrize(("how", "fits", "wrong", "decision", "detail"), BY_FILE)
def test_a_filled_file_comes_back_right_and_a_wrong_cell_keeps_all_of_it_out(
    tandem: Tandem, how: str, fits: dict[str, str], wrong: dict[str, str], decision: str, detail: str
) -> None:
    assert tandem("run flow.yaml", how=how)[0] == 3
    assert tandem("answer flow.yaml --out asked.csv")[0] == 0
    rows = list(csv.DictReader(io.StringIO(Path("asked.csv").read_text("utf-8-sig"))))
    assert set(fits) | set(wrong) <= set(rows[0])
    filled = [{**row, **fits, "confidence": "80%", "person": "anna"} for row in rows]
    fill([*filled[:-1], {**rows[-1], **wrong}])
    status, said = tandem("answer flow.yaml --in filled.csv")
    assert status == 2
    assert "filled.csv:5: error: The case" in said
    assert tandem("run flow.yaml")[0] == 3, "nothing of it was kept"
    fill(filled)
    assert "4 answers are kept" in tandem("answer flow.yaml --in filled.csv")[1]
    assert "0 answers are kept. 4 were there already" in tandem("answer flow.yaml --in filled.csv")[1]
    assert tandem("run flow.yaml")[0] == 0
    out = delivered(Path("decided.csv"))
    assert len(out) == 4
    assert all(decision in row["decision"] for row in out.values())
    assert all(detail in row.get("decision_detail", "") for row in out.values())


def fill(rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    Path("filled.csv").write_text(out.getvalue(), "utf-8")


def kept() -> list[dict[str, object]]:
    """Return all answers ever kept, oldest first."""
    from sqlalchemy import select

    from runtime.schema import answers
    from runtime.store import Store

    store = Store.open(Path(".tandem"))
    with store.reading() as connection:
        found = [dict(row._mapping) for row in connection.execute(select(answers).order_by(answers.c.at))]
    store.close()
    return found


def test_the_terminal_asks_for_all_that_a_kind_needs(tandem: Tandem) -> None:
    tandem("run flow.yaml", how="asks: approve, proposal: account")
    status, said = tandem("answer flow.yaml --person anna", "2 @80% # torn\nbooked twice\n1\nreject\n\n?\nq\n")
    assert status == 0
    assert "Why? Needed when you reject. > " in said
    assert "Why do you reject '47" in said, "a rejection without a reason is asked for again"
    first, second, third = kept()
    assert (first["label"], first["reason"], first["confidence"]) == ("reject", "booked twice", 0.8)
    assert first["comment"] == "torn"
    assert (second["label"], third["outcome"]) == ("approve", "cannot-tell")


def test_the_terminal_asks_once_more_before_it_keeps_a_large_change(tandem: Tandem) -> None:
    tandem("run flow.yaml", how="asks: correct-number, number: {column: days, alike_by: carrier}")
    typed = "9999\nnew road\n2\n2027-01-31\n\n9999 because new road\nall with carrier 'A'\n\nyes\nq\n"
    _, said = tandem("answer flow.yaml --person anna", typed.replace("all with carrier 'A'", "group"))
    assert said.count("is a large change") == 3
    (answer,) = kept()
    value = answer["value"]
    assert isinstance(value, dict)
    assert (answer["label"], answer["reason"], value["scope"], value["expires"]) == ("9999", "new road", "group", None)


def test_words_are_marked_in_the_terminal(tandem: Tandem) -> None:
    tandem("run flow.yaml", how="asks: mark-words, text: note, choices: [yes, no]")
    tandem("answer flow.yaml --person anna", "yes\nlate; parcel\nno because all is well\n\nq\n")
    first, second = kept()
    assert (first["label"], first["value"]["words"]) == ("yes", ["parcel", "late"])  # type: ignore[index]
    assert (second["label"], second["value"]["words"], second["reason"]) == ("no", [], "all is well")  # type: ignore[index]


def test_a_file_has_a_column_for_all_that_a_kind_asks_for() -> None:
    number = {"column": "days", "alike_by": "carrier"}
    wordings = {"choices": ["yes", "no"], "sides": [["a", "1"], ["b", "2"]], **number}
    shown = {"days": 1, "carrier": "A"}
    names = {control.name for kind in QUESTION_KINDS for control in kind.controls(wordings, shown)}
    assert names - {"reason"} == FILLED


WRONG = [
    ("asks: correct-number", "number", "Which number do they correct?"),
    ("asks: compare, options: [draft_a]", "options", "Name the two columns"),
    ("asks: compare, options: [draft_a, draft_a]", "options", "Name the two columns"),
    ("asks: mark-words", "text", "In which text"),
    ("asks: approve, choices: [yes, no]", "choices", "belongs to 'What they do: choose a label' or"),
    ("proposal: account", "proposal", "Leave it empty"),
    ("asks: approve, show_model: after-own-answer", "show_model", "see it with the question"),
    ("asks: compare, options: [draft_a, draft_b], otherwise: model", "otherwise", "The model knows labels"),
    ("asks: compare, options: [draft_a, draft_b], probes: 2", "probes", "Leave it at 0"),
    ("asks: correct-number, number: {column: days, lowest: 9, highest: 9}", "number", "must be less than"),
    ("blind_share: 0.2", "blind_share", "Leave it out"),
    ("second_look: always", "second_look", "only where people answer before"),
    ("escalate_to: staff, escalate_after: 2 h", "escalate_to", "are asked already"),
    ("escalate_after: 2 h", "escalate_to", "Nobody is named"),
    ("escalate_to: seniors", "escalate_after", "From when on"),
]


def told(how: str) -> tuple[Problem, ...]:
    text = FLOW.replace("TRUTH", "late").replace("SEALED", "true_label").replace("ACCURACY", "1").replace("HOW", how)
    flow, problems = flow_of(read(text), "flow")
    return (*problems, *check(flow, CATALOG))


@pytest.mark.parametrize(("how", "setting", "says"), WRONG)
def test_check_says_which_settings_do_not_go_together(how: str, setting: str, says: str) -> None:
    assert [
        problem
        for problem in told(how)
        if problem.place == f"steps.staff.{setting}" and says in problem.message and problem.level == "error"
    ]


def test_check_tells_what_judging_the_models_label_costs() -> None:
    (hint,) = [problem for problem in told("asks: approve") if problem.code == "setting-remark"]
    assert hint.level == "hint"
    assert "no answer here counts as unaided" in hint.message
    assert not [problem for problem in told("asks: approve, proposal: account") if problem.code == "setting-remark"]
    (unknown,) = [
        problem for problem in told("escalate_to: seniors, escalate_after: 2 h") if "seniors" in problem.message
    ]
    assert unknown.place == "steps.staff.escalate_to"


def test_the_card_says_what_people_do() -> None:
    settings = {"who": "staff", "question": "Right?", "asks": "approve", "proposal": "account"}
    step, _ = CATALOG.read(Card("staff", "ask-people", settings))
    assert step is not None
    assert step.sentence().startswith("Ask staff to approve: Right?")
    assert step.needs() == {"cases": ("account",)}
