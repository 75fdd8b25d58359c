"""The words of a target: numbers, other spellings and strange values are learned, told or refused, never lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playing import REAL, Playground

from flows.catalog import Catalog
from flows.problems import Refused
from runtime.steps import BUILTIN

FLOW = """\
tandem: 1
id: parcels
steps:
  shipments: {kind: read-table, path: shipments.csv, key: id}
  risk: {kind: predict-label, target: late, labels: LABELS, held_out: 0, perfect_columns: go on}
  alone: {kind: decide}
  plan: {kind: write-table, path: decided.csv}
links:
  - shipments.records -> risk.records
  - risk.predictions -> alone.predictions
  - alone.decisions -> plan.decisions
"""


def table(word: Callable[[int], str], count: int = 60) -> str:
    """Return shipments of which the far ones are late; `word` says so of each, by its number."""
    rows = [f"S{number:02d},{number * 37 % 900},{word(number)}" for number in range(count)]
    return "\n".join(["id,distance,late", *rows]) + "\n"


def is_late(number: int) -> bool:
    return number * 37 % 900 > 450


def deciding(tmp_path: Path, labels: str, cases: str, flow: str = FLOW) -> Playground:
    place = Playground(tmp_path / "place", flow.replace("LABELS", labels), catalog=Catalog(BUILTIN))
    (place.folder / "shipments.csv").write_text(cases)
    return place


def decided(place: Playground) -> dict[str, tuple[str, str]]:
    with (place.folder / "decided.csv").open() as file:
        return {row["case"]: (row["decision"], row["decided_by"]) for row in csv.DictReader(file)}


def notes(place: Playground) -> str:
    return "\n".join(json.dumps(row["notes"]) for row in place.rows("results"))


@pytest.mark.parametrize("labels", ['["1", "0"]', "[1, 0]"])
def test_a_target_of_ones_and_zeros_is_learned_and_decided_as_such(tmp_path: Path, labels: str) -> None:
    """Also where a cell is empty, which makes a column of numbers with decimals of it: 1.0 is 1."""
    place = deciding(tmp_path, labels, table(lambda number: "" if number % 5 == 0 else str(int(is_late(number)))))
    place.live()
    found = decided(place)
    assert {label for label, _ in found.values()} == {"1", "0"}
    for number in range(60):
        label, by = found[f"S{number:02d}"]
        assert by == ("model" if number % 5 == 0 else "data")
        if by == "data":
            assert label == str(int(is_late(number)))
    empty = [number for number in range(0, 60, 5) if abs(number * 37 % 900 - 450) > 200]
    assert all(found[f"S{number:02d}"][0] == str(int(is_late(number))) for number in empty)


def test_without_labels_in_the_flow_numbers_are_words_all_the_same(tmp_path: Path) -> None:
    place = deciding(tmp_path, "[]", table(lambda number: "" if number % 5 == 0 else str(int(is_late(number)))))
    place.live()
    assert {label for label, _ in decided(place).values()} == {"1", "0"}


def test_other_capitals_are_the_same_label(tmp_path: Path) -> None:
    spelled = {True: ("yes", "Yes", "YES"), False: ("no", "No", "NO")}
    cases = table(lambda number: spelled[is_late(number)][number % 3])
    place = deciding(tmp_path, "[yes, no]", cases)
    place.live()
    wanted = {f"S{number:02d}": ("yes" if is_late(number) else "no", "data") for number in range(60)}
    assert decided(place) == wanted
    assert "none of its labels" not in notes(place)


def test_two_labels_that_differ_in_capitals_only_stay_two(tmp_path: Path) -> None:
    """A third spelling could be either, so it is neither."""
    words = ["AB" if number == 7 else "Ab" if is_late(number) else "aB" for number in range(60)]
    place = deciding(tmp_path, "[Ab, aB]", table(words.__getitem__))
    place.live()
    known = [label for label, by in decided(place).values() if by == "data"]
    assert known == [word for word in words if word != "AB"]
    assert "'AB' (1 times)" in notes(place)


def test_a_target_without_any_label_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    place = deciding(tmp_path, "[yes, no]", table(lambda number: "late" if is_late(number) else "on time"))
    with pytest.raises(Refused, match="labels yes, no") as caught:
        place.live()
    says = str(caught.value)
    late = sum(map(is_late, range(60)))
    assert f"'late' ({late} times)" in says
    assert f"'on time' ({60 - late} times)" in says
    assert "`labels`" in says
    assert not (place.folder / "decided.csv").exists()


def test_some_strange_values_are_left_out_and_told(tmp_path: Path) -> None:
    """Their cases are decided like those of which nothing is known."""
    cases = table(lambda number: "perhaps" if number in (7, 8) else "yes" if is_late(number) else "no")
    place = deciding(tmp_path, "[yes, no]", cases)
    place.live()
    assert "2 values of 'late' are none of its labels and are left out: 'perhaps' (2 times)." in notes(place)
    found = decided(place)
    assert {key for key, (_, by) in found.items() if by == "model"} == {"S07", "S08"}
    assert {label for label, _ in found.values()} == {"yes", "no"}


@pytest.mark.parametrize(("yes", "no", "labels"), [("1", "0", "[1, 0]"), ("Yes", "NO", "[yes, no]")])
def test_a_sealed_truth_is_told_in_the_labels_of_the_model(tmp_path: Path, yes: str, no: str, labels: str) -> None:
    """So simulated people answer with a choice, and the start set is learned from."""
    flow = REAL.replace("column: late}", "column: late, start: 20}")
    flow = flow.replace("labels: [yes, no], positive: yes", f"perfect_columns: go on, labels: {labels}")
    cases = table(lambda number: "" if number == 7 else yes if is_late(number) else no)
    place = deciding(tmp_path, labels, cases, flow)
    assert place.run(2).state == "done"
    words = {row["label"] for row in place.rows("answers") if row["outcome"] == "answered"}
    assert words == set(labels.strip("[]").split(", "))
    own = place.folder / ".tandem/rehearsals/parcels/rehearsal/simulated-decided.csv"
    with own.open() as file:
        rows = list(csv.DictReader(file))
    assert sum(row["decided_by"] == "data" for row in rows) == 20
    assert {row["decision"] for row in rows} == words


@pytest.mark.parametrize(("yes", "no", "labels"), [("1", "0", "[1, 0]"), ("Yes", "NO", "[yes, no]")])
def test_outcomes_are_known_in_the_labels_of_the_model(tmp_path: Path, yes: str, no: str, labels: str) -> None:
    flow = FLOW.replace("links:\n", "links:\n  - arrivals.outcomes ~> risk.outcomes\n").replace(
        "steps:\n",
        "steps:\n  arrivals: {kind: read-outcomes, path: arrivals.csv, key: id, outcome: late, known_at: on}\n",
    )
    place = deciding(tmp_path, labels, table(lambda number: "").replace(",late", ",weight"), flow)
    rows = [f"S{number:02d},{yes if is_late(number) else no},2026-01-01" for number in range(40)]
    (place.folder / "arrivals.csv").write_text("\n".join(["id,late,on", *rows]) + "\n")
    place.live()
    place.live()
    first, second = labels.strip("[]").split(", ")
    known = {key: label for key, (label, by) in decided(place).items() if by == "outcome"}
    assert known == {f"S{number:02d}": first if is_late(number) else second for number in range(40)}


@pytest.mark.parametrize(("yes", "no", "labels"), [("1", "0", "[1, 0]"), ("Yes", "NO", "[yes, no]")])
def test_figures_compare_with_a_truth_in_the_labels_of_the_model(
    tmp_path: Path, yes: str, no: str, labels: str
) -> None:
    flow = FLOW.replace("held_out: 0", "held_out: 0.5")
    flow = flow.replace("  plan:", "  quality: {kind: measure-quality}\n  plan:")
    flow += "  - risk.predictions -> quality.predictions\n  - alone.decisions -> quality.decisions\n"
    cases = table(lambda number: "" if number == 7 else yes if is_late(number) else no)
    place = deciding(tmp_path, labels, cases, flow)
    place.live()
    assert any(row["value"] is not None for row in place.rows("figures"))
    assert "none of the model's labels" not in notes(place)
