"""Numbers that people corrected: adjusted from the next round on, for whom and until when they said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from asking_place import FLOW, place
from playing import Playground

from runtime.answers import Answer, accept
from runtime.question_kinds import question_kind
from runtime.values import Records

HOW = "asks: correct-number, number: {column: days, alike_by: carrier}"
AHEAD = (
    FLOW.replace("  risk:", "  mended: {kind: apply-corrections, column: days}\n  risk:")
    .replace("rows.records -> risk.records", "rows.records -> mended.records\n  - mended.records -> risk.records")
    .replace("staff.answers ~> risk.answers", "staff.answers ~> mended.answers")
)
"""People see the number as it was adjusted, and their corrections go back to where it is adjusted."""


def asked(folder: Path, how: str = HOW, most: int = 12) -> Playground:
    there = place(folder, how, flow=AHEAD.replace("at_most: 4", f"at_most: {most}"))
    assert there.live().state == "waiting"
    return there


def correct(there: Playground, key: str, person: str = "ann", **filled: str) -> None:
    """Answer the question about a case as a person does."""
    question = next(row for row in there.rows("questions") if row["key"] == key)
    said = question_kind("correct-number").read(question["wording"], question["shown"], filled)
    answer = Answer(f"{question['id'][:30]} {person} {there.now}", question["id"], person, said.label, value=said.value)
    store = there.store()
    with store.transaction() as tx:
        assert accept(tx, there.book(), [answer], store.moment()) == 1


def go_on(there: Playground, most: int = 0) -> None:
    """Let others skip what is left of the round, so that it closes, and begin the next one a day later."""
    store = there.store()
    there.wait(days=1)
    for row in there.rows("questions"):
        for person in ("one", "two", "three"):
            answer = Answer(f"{row['id'][:30]} {person} {there.now}", row["id"], person, "", outcome="skipped")
            with store.transaction() as tx:
                accept(tx, there.book(), [answer], store.moment())
    assert there.live().state == "done"
    there.write(re.sub("at_most: [0-9]+", f"at_most: {most}", (there.folder / "flow.yaml").read_text()))
    assert there.live().state == ("waiting" if most else "done")


def numbers(there: Playground) -> dict[str, tuple[float, float | None]]:
    """Return each case's number as it leaves the adjusting step in the last round, and by how much it was adjusted."""
    last = max((row for row in there.rows("results") if row["step"] == "mended"), key=lambda row: row["round"])
    frame = Records.read(last["outputs"]["records"], there.store().artifacts).table.frame()
    return {row["id"]: (row["days"], row["days_adjusted_by"]) for row in frame.iter_rows(named=True)}


def adjusted(there: Playground) -> dict[str, tuple[float, float | None]]:
    return {key: found for key, found in numbers(there).items() if found[1] is not None}


def test_a_corrected_case_has_its_right_number_from_the_next_round_on(tmp_path: Path) -> None:
    there = asked(tmp_path / "a")
    assert adjusted(there) == {}
    correct(there, "C05", answer="50")
    go_on(there)
    assert adjusted(there) == {"C05": (50.0, -5.0)}


def test_a_number_that_became_another_is_left_alone(tmp_path: Path) -> None:
    there = asked(tmp_path / "a")
    correct(there, "C05", answer="50")
    rows = (there.folder / "rows.csv").read_text()
    (there.folder / "rows.csv").write_text(rows.replace("C05,B,55", "C05,B,48"))
    go_on(there)
    assert numbers(there)["C05"] == (48.0, None)


def test_a_correction_for_all_that_are_alike_is_added_to_each_until_it_expires(tmp_path: Path) -> None:
    there = asked(tmp_path / "a")
    correct(there, "C05", answer="50", scope="group", expires="2026-01-07")
    go_on(there)
    assert adjusted(there) == {f"C{n:02d}": (10.0 * n, -5.0) for n in range(1, 12, 2)}
    there.wait(days=1)
    assert there.live().state == "done"
    assert adjusted(there), "on the last day it still counts"
    there.wait(days=1)
    assert there.live().state == "done"
    assert adjusted(there) == {}


def test_what_is_said_of_the_case_itself_goes_before_what_holds_for_many(tmp_path: Path) -> None:
    there = asked(tmp_path / "a")
    correct(there, "C05", answer="50", scope="group")
    correct(there, "C07", answer="80")
    go_on(there)
    assert numbers(there)["C07"] == (80.0, 5.0)
    assert numbers(there)["C09"] == (90.0, -5.0)


def test_the_median_of_several_people_counts(tmp_path: Path) -> None:
    there = asked(tmp_path / "a", f"{HOW}, people_per_case: 3")
    for person, number in (("ann", "50"), ("ben", "52"), ("eve", "100")):
        correct(there, "C05", person, answer=number)
    go_on(there)
    assert adjusted(there) == {"C05": (52.0, -3.0)}


@pytest.mark.parametrize(("change", "leads_to"), [(-2, -7.0), (0, -5.0), (6, 1.0)])
def test_who_corrects_a_number_that_was_adjusted_adds_to_it(tmp_path: Path, change: int, leads_to: float) -> None:
    there = asked(tmp_path / "a", most=4)
    first = correct_one_of_b(there, -5)
    go_on(there, most=4)
    second = correct_one_of_b(there, change)
    assert second["wording"]["already"] == -5
    assert second["key"] != first["key"]
    go_on(there)
    assert {by for _, by in adjusted(there).values()} == {leads_to}
    assert len(adjusted(there)) == 6


def correct_one_of_b(there: Playground, change: int) -> dict[str, Any]:
    """Correct the number of one case of the carrier B that was asked last, for all of them."""
    last = max(row["round"] for row in there.rows("questions"))
    rows = [row for row in there.rows("questions") if row["round"] == last and row["shown"]["carrier"] == "B"]
    correct(there, rows[0]["key"], answer=str(rows[0]["shown"]["days"] + change), scope="group")
    return rows[0]
