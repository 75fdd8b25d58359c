"""Combining what several people say: every case leaves once, by a decision or for a senior to look at."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from asking_place import CATALOG, HEADS, LABELS
from playing import Playground

from flows.catalog import Catalog
from flows.check import check
from flows.document import read
from flows.reading import flow_of
from runtime.steps.agree import Agree

KINDS = Catalog([*CATALOG, Agree])
FLOW = """\
tandem: 1
id: parcels
steps:
  rows: {kind: read-table, path: rows.csv, key: id, truth: {name: late, column: true_label, hide: [true_label]}}
  risk: {kind: knows}
  some: {kind: pick-cases, by: random, at_most: MOST}
  staff: {kind: ask-people, who: staff, question: What is right here?, people_per_case: 3, SETTINGS}
  both: {kind: agree, HOW}
  seniors: {kind: ask-people, who: seniors, question: They do not agree. What is right?}
  plan: {kind: write-table, path: decided.csv}
people:
  staff: {simulated: {people: 3, accuracy: ACCURACY, seconds: PACE}}
  seniors: {simulated: {people: 1, accuracy: 1}}
links:
  - rows.records -> risk.records
  - risk.predictions -> some.predictions
  - some.cases -> staff.cases
  - some.cases -> both.cases
  - staff.answers -> both.answers
  - both.split -> seniors.cases
  - both.decided -> plan.decisions
  - seniors.decided -> plan.decisions
  - staff.answers ~> risk.answers
  - staff.answers ~> both.earlier
"""


def place(
    folder: Path, how: str, most: int = 20, accuracy: float = 0.7, settings: str = "wait: all", pace: float = 25
) -> Playground:
    filled = {"HOW": how, "MOST": most, "ACCURACY": accuracy, "SETTINGS": settings, "PACE": pace}
    text = FLOW
    for word, value in filled.items():
        text = text.replace(word, str(value))
    there = Playground(folder, text, "", KINDS)
    rows = [",".join((*HEADS, "late"))]
    for number in range(400):
        known = LABELS[number % 2] if number % 9 == 0 else ""
        rows.append(f"C{number:03d},A,{number % 100},x,a,b,yes,no,text,,{LABELS[number % 2]},1,{known}")
    (folder / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return there


def outputs(there: Playground, step: str, port: str, number: int = 1) -> Any:
    """Return what a step gave, as a frame."""
    from runtime.values import Cases, Decisions

    store = there.store()
    row = next(row for row in there.rows("results") if row["step"] == step and row["round"] == number)
    kind: Any = {"decided": Decisions, "split": Cases, "cases": Cases}[port]
    frame = kind.read(row["outputs"][port], store.artifacts).table.frame()
    store.close()
    return frame


@pytest.mark.parametrize("how", ["method: majority", "method: dawid-skene", "at_least: 0.99", "people_at_least: 4"])
def test_every_case_leaves_once_decided_or_split(tmp_path: Path, how: str) -> None:
    there = place(tmp_path / "a", how)
    assert there.run(2).state == "done"
    for number in (1, 2):
        came = set(outputs(there, "some", "cases", number)["__key__"])
        decided = list(outputs(there, "both", "decided", number)["__key__"])
        split = list(outputs(there, "both", "split", number)["__key__"])
        assert len(came) == 20
        assert sorted(came) == sorted(decided + split)


def test_a_case_without_agreement_is_decided_by_the_senior_in_the_same_round(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "method: majority, at_least: 1", accuracy=0.6)
    there.run(1)
    split = set(outputs(there, "both", "split")["__key__"])
    assert 0 < len(split) < 20
    asked = {row["key"] for row in there.rows("questions") if row["step"] == "seniors"}
    assert asked == split
    with next(there.folder.rglob("simulated-decided.csv")).open(encoding="utf-8") as file:
        rows = {row["case"]: row for row in csv.DictReader(file) if row["decision"]}
    assert len(rows) == 20
    assert all(rows[key]["decision"] == LABELS[int(key[1:]) % 2] for key in split)
    # What the others said is nothing that a senior may see before answering.
    assert {row["context"]["reason"] for row in there.rows("questions") if row["step"] == "seniors"} == {
        "People did not agree."
    }


def test_by_itself_counts_heads_until_there_is_enough_and_then_weighs_people(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "method: by-itself", most=60, accuracy=0.8)
    there.run(1)
    assert "Majority combined the answers: 60 cases were answered by several people so far, 100 are needed" in notes(
        there, 1
    )
    assert "(majority)" in outputs(there, "both", "decided")["decision_detail"][0]
    there.run(1)
    assert "Dawid-Skene combined the answers: 3 people have answered 120 cases together." in notes(there, 2)
    assert "(Dawid-Skene)" in outputs(there, "both", "decided", 2)["decision_detail"][0]


def notes(there: Playground, number: int) -> str:
    (row,) = [row for row in there.rows("results") if row["step"] == "both" and row["round"] == number]
    return str(row.get("notes", row))


def test_hidden_known_cases_are_never_decided(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "method: dawid-skene, known_cases: true", settings="probes: 10")
    there.run(2)
    probes = {row["key"] for row in there.rows("questions") if row["context"].get("probe")}
    assert len(probes) == 20
    for number in (1, 2):
        for port in ("decided", "split"):
            assert not probes & set(outputs(there, "both", port, number)["__key__"])


def test_a_label_that_the_model_does_not_know_is_decided_like_any_other(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "method: majority", accuracy=0, settings="choices: [yes, no, maybe]")
    there.run(1)
    chances = dict(outputs(there, "both", "decided").select("decision", "probability").iter_rows())
    assert chances["maybe"] is None
    assert chances["no"] is not None


def test_answers_that_saw_the_model_decide_but_do_not_show_how_people_answer(tmp_path: Path) -> None:
    """Of them alone nothing is learned, so that everybody counts the same; and the round says so."""
    heads, weighed = (place(tmp_path / how, f"method: {how}", settings="asks: approve") for how in METHODS)
    for there in (heads, weighed):
        there.run(1)
    columns = ["__key__", "decision"]
    assert outputs(heads, "both", "decided")[columns].equals(outputs(weighed, "both", "decided")[columns])
    assert " answers were given after the model was seen" in notes(weighed, 1)


def test_how_people_answer_is_learned_from_first_answers_unless_told_otherwise(tmp_path: Path) -> None:
    first, final = (
        place(tmp_path / name, f"method: dawid-skene, learn_from: {name} answers", settings="asks: approve")
        for name in ("first", "final")
    )
    for there in (first, final):
        there.run(1)
    sure = [set(outputs(there, "both", "decided")["decision_detail"]) for there in (first, final)]
    assert len(sure[0]) < len(sure[1]), "without unaided answers everybody counts the same"


METHODS = ("majority", "dawid-skene")


def test_how_fast_people_answer_discards_nothing(tmp_path: Path) -> None:
    """An answer that took no time counts like any other: a notice is for a person to read, never a filter."""
    slow, fast = (place(tmp_path / name, "method: dawid-skene", pace=pace) for name, pace in (("a", 60), ("b", 0.1)))
    for there in (slow, fast):
        there.run(2)
    for number in (1, 2):
        for port in ("decided", "split"):
            assert outputs(slow, "both", port, number).equals(outputs(fast, "both", port, number))


def test_a_majority_has_no_use_for_known_cases() -> None:
    text = (
        FLOW.replace("HOW", "method: majority, known_cases: true").replace("MOST", "2").replace("SETTINGS", "wait: all")
    )
    flow, _ = flow_of(read(text.replace("ACCURACY", "1").replace("PACE", "25")), "flow")
    assert [problem.place for problem in check(flow, KINDS) if problem.level == "error"] == ["steps.both.known_cases"]
