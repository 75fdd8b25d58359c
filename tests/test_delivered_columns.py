"""What a delivered file holds whatever the source's columns are called, and orders that a run refuses or explains."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from light_kinds import FLOW
from playing import REAL, Playground

from flows.catalog import Catalog
from flows.problems import Refused
from runtime.steps import BUILTIN

DECIDING = """\
tandem: 1
id: parcels
steps:
  shipments: {kind: read-table, path: shipments.csv, key: id}
  risk: {kind: predict-label, target: late, labels: [yes, no], held_out: 0, perfect_columns: go on}
  alone: {kind: decide}
  plan: {kind: write-table, path: decided.csv}
links:
  - shipments.records -> risk.records
  - risk.predictions -> alone.predictions
  - alone.decisions -> plan.decisions
"""
OWN = ("decision", "decided_by", "model_version", "case", "simulated", "round")


def table(*more: str, count: int = 40) -> str:
    """Return shipments with further columns, of which some are late and some not known."""
    head = ["id", "distance", *more, "late"]
    rows = [
        [f"S{n:02d}", str(n * 37 % 900), *(f"{name} {n}" for name in more), ("yes", "no", "")[n % 3]]
        for n in range(count)
    ]
    return "\n".join(",".join(row) for row in [head, *rows]) + "\n"


def deciding(tmp_path: Path, cases: str, flow: str = DECIDING) -> Playground:
    place = Playground(tmp_path / "place", flow, catalog=Catalog(BUILTIN))
    (place.folder / "shipments.csv").write_text(cases)
    return place


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_columns_of_the_source_that_are_called_like_the_decisions_stand_beside_them(tmp_path: Path) -> None:
    place = deciding(tmp_path, table(*OWN))
    place.live()
    rows = rows_of(place.folder / "decided.csv")
    assert len(rows) == 40
    for number, row in enumerate(rows):
        for name in OWN:
            assert row[f"{name} (source)"] == f"{name} {number}"
        assert row["case"] == row["id"] == f"S{number:02d}"
        assert row["decision"] in ("yes", "no")
        assert row["decided_by"] == ("model" if number % 3 == 2 else "data")
        assert row["decided_in_round"] == "1"
    assert "simulated" not in rows[0], "a live file says it nowhere"


def test_a_rehearsal_says_simulated_of_itself_and_not_what_the_source_says(tmp_path: Path) -> None:
    place = deciding(tmp_path, table("simulated"))
    place.run()
    rows = rows_of(place.folder / ".tandem/rehearsals/parcels/rehearsal/simulated-decided.csv")
    assert {row["simulated"] for row in rows} == {"true"}
    assert rows[3]["simulated (source)"] == "simulated 3"


def test_a_delivered_file_is_a_source_of_the_next_flow_and_of_the_one_after(tmp_path: Path) -> None:
    """Every decision of the chain is still there, each under a name of its own."""
    names, cases = [], table()
    for turn in range(3):
        place = deciding(tmp_path / str(turn), cases)
        place.live()
        cases = (place.folder / "decided.csv").read_text()
        rows = rows_of(place.folder / "decided.csv")
        names = list(rows[0])
        assert len(set(names)) == len(names)
        assert [row["id"] for row in rows] == [f"S{number:02d}" for number in range(40)]
    assert sum(name.startswith("decision") for name in names) == 3


def test_three_forms_hold_the_same_rows_and_whole_numbers_without_decimals(tmp_path: Path) -> None:
    """Seven is 7 also where an empty cell makes a column of numbers with decimals; 2.5 stays 2.5."""
    cases = "id,weight,price,late\n" + "".join(
        f"S{n:02d},{'' if n == 3 else n},{n / 2},{('yes', 'no', '')[n % 3]}\n" for n in range(20)
    )
    more = "  plan2: {kind: write-table, path: other.parquet}\n  plan3: {kind: write-table, path: third.jsonl}\n"
    flow = DECIDING.replace("links:\n", f"{more}links:\n")
    flow += "  - alone.decisions -> plan2.decisions\n  - alone.decisions -> plan3.decisions\n"
    place = deciding(tmp_path, cases, flow)
    place.live()
    text = (place.folder / "decided.csv").read_text()
    assert text.splitlines()[8].startswith("S07,S07,7,3.5,")
    packed = pl.read_parquet(place.folder / "other.parquet")
    lines = [json.loads(line) for line in (place.folder / "third.jsonl").read_text().splitlines()]
    assert '"weight":7,' in (place.folder / "third.jsonl").read_text()
    assert list(lines[0]) == packed.columns == text.splitlines()[0].split(",")
    spelled = [{name: "" if cell is None else cell for name, cell in row.items()} for row in lines]
    for row, line, flat in zip(packed.to_dicts(), spelled, rows_of(place.folder / "decided.csv"), strict=True):
        for name, cell in row.items():
            assert line[name] == pytest.approx("" if cell is None else cell)
            found = str(line[name]).lower() if isinstance(line[name], bool) else line[name]
            assert flat[name] == found or float(flat[name]) == pytest.approx(found)


@pytest.mark.parametrize("name", ["*", "^.*$"])
def test_a_column_called_like_a_pattern_is_one_column(tmp_path: Path, name: str) -> None:
    """It is kept, left out and delivered alone; no program takes it for several columns."""
    for turn, leave_out in enumerate(("", f', leave_out: ["column {name}"]')):
        flow = DECIDING.replace("perfect_columns: go on", f"perfect_columns: go on{leave_out}")
        place = deciding(tmp_path / str(turn), table(name), flow)
        place.live()
        rows = rows_of(place.folder / "decided.csv")
        assert rows[5][f"column {name}"] == f"{name} 5"
        assert rows[5]["distance"] == "185"
        assert len(rows) == 40
        told = " ".join(note for row in place.rows("results") for note in row["notes"])
        assert f"column {name}" in told, "the other name is told: settings must use it"


@pytest.mark.parametrize(("name", "kind", "stays"), [("*", "drop", False), ("^a$", "drop", False), ("*", "keep", True)])
def test_a_column_called_like_a_pattern_is_kept_and_dropped_alone(
    tmp_path: Path, name: str, kind: str, stays: bool
) -> None:
    columns = f'"column {name}", id, late' if stays else f'"column {name}"'
    flow = DECIDING.replace("  risk:", f"  some: {{kind: keep-columns, {kind}: [{columns}]}}\n  risk:").replace(
        "shipments.records -> risk", "shipments.records -> some.records\n  - some.records -> risk"
    )
    place = deciding(tmp_path, table(name), flow)
    place.live()
    found = rows_of(place.folder / "decided.csv")[0]
    assert (f"column {name}" in found) == stays
    assert ("distance" in found) != stays


def test_a_run_until_aims_are_met_needs_aims(tmp_path: Path) -> None:
    place = deciding(tmp_path, table())
    with pytest.raises(Refused, match="states no aims") as caught:
        place.live(3, until_aims_met=True)
    assert [problem.code for problem in caught.value.problems] == ["aims-missing"]
    assert not place.rows("rounds")


def test_an_open_round_says_which_settings_count_from_the_next(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place")
    place.live()
    place.live(seed=2, overrides={"unsure.at_most": 1})
    (says,) = place.says("note")
    assert says == "Round 1 was open already and keeps what it began with: --set and --seed count from the next."
    assert place.rows("rounds")[0]["seed"] == 1
    place.live(seed=1)
    assert not place.says("note"), "nothing differs, nothing is said"
    place.run(people="none", book="live")
    assert place.says("note")[0].endswith("--people counts from the next.")


def test_what_was_set_for_the_next_round_counts_there(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place", FLOW.replace("audit: 1", "audit: 0"))
    place.live()
    for question in place.open():
        place.answer(question, "yes")
    place.live(2, seed=2, overrides={"unsure.at_most": 1})
    assert [row["seed"] for row in place.rows("rounds")] == [1, 2]
    assert len(place.open()) == 1


def test_a_round_that_a_set_value_stopped_is_given_up_when_it_is_left_out(tmp_path: Path) -> None:
    """Nobody is asked to undo what was typed once on the command line."""
    place = deciding(tmp_path, table())
    for _ in range(2):
        with pytest.raises(Refused, match="no version 77"):
            place.live(overrides={"risk.bring_back": 77})
    assert place.live().closed == (2,)
    assert [row["state"] for row in place.rows("rounds")] == ["stopped", "closed"]


def test_a_truth_without_a_start_set_hides_no_column_that_vanished(tmp_path: Path) -> None:
    """The target stands in the data; the sealed truth is read from another column and only shares its name."""
    flow = REAL.replace("column: late}", "column: arrived}")
    place = deciding(tmp_path, table("arrived"), flow)
    place.live()
    (place.folder / "shipments.csv").write_text(table("arrived").replace(",late\n", ",tardy\n"))
    for question in place.open():
        place.answer(question, "yes")
    with pytest.raises(Refused, match="had the columns late in the last round") as caught:
        place.live(2)
    assert [problem.code for problem in caught.value.problems] == ["column-vanished"]


def test_a_day_without_cases_delivers_a_table_without_rows(tmp_path: Path) -> None:
    for form in ("csv", "parquet", "jsonl"):
        flow = DECIDING.replace("key: id}", "key: id, no_rows: go on}").replace("decided.csv", f"decided.{form}")
        place = deciding(tmp_path / form, "id,distance,late\n", flow)
        assert place.live().state == "done"
        path = place.folder / f"decided.{form}"
        assert path.is_file(), form
        if form == "csv":
            assert path.read_text().startswith("case,id,distance,late,decision,decided_by")
        if form == "parquet":
            assert pl.read_parquet(path).height == 0
