"""Hidden known cases: asked like all others, told by nothing, and kept out of decisions, outputs and training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking_place import FLOW, delivered, place
from playing import Playground

from runtime.answers import frame_of
from runtime.values import KEY

KNOWN = {"C00", "C03", "C06", "C09"}
"""The cases whose label is in the data, and which alone have arrived."""


def probes(there: Playground) -> dict[str, str]:
    """Return the known cases that were asked, with their labels."""
    asked = there.rows("questions")
    return {row["key"]: row["context"]["known_label"] for row in asked if row["context"].get("probe")}


def says(there: Playground) -> list[str]:
    notes = [row["notes"] for row in there.rows("results") if row["step"] == "staff"]
    return json.loads(notes[-1]) if isinstance(notes[-1], str) else notes[-1]


def test_known_cases_are_asked_with_the_same_words_and_the_same_columns(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "probes: 2")
    there.run(1)
    asked = there.rows("questions")
    assert len(asked) == 6
    assert set(probes(there)) < KNOWN
    assert probes(there) == {key: ("yes", "no")[int(key[1:]) % 2] for key in probes(there)}
    for part in ("wording", "group", "wanted", "deadline", "escalate_to", "round", "closed"):
        assert len({json.dumps(row[part]) for row in asked}) == 1, part
    assert {tuple(row["shown"]) for row in asked} == {
        ("id", "carrier", "days", "account", "draft_a", "draft_b", "usual", "unusual", "note")
    }
    assert len({len(row["id"]) for row in asked}) == 1
    assert "Nobody is shown arrived: only known cases have it, so it would tell them apart." in says(there)


def test_a_target_that_people_were_to_see_is_hidden_from_them(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "probes: 2, show: [days, late, arrived]")
    there.run(1)
    assert {tuple(row["shown"]) for row in there.rows("questions")} == {("days",)}


def test_known_cases_decide_nothing_leave_by_no_output_and_teach_nothing(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "probes: 2, people_per_case: 2")
    there.run(2)
    asked, answers = there.rows("questions"), there.rows("answers")
    assert len(probes(there)) == 4
    assert len(answers) == 2 * len(asked) == 24
    assert not set(delivered(next(there.folder.rglob("simulated-decided.csv")))) & KNOWN
    store = there.store()
    with store.reading() as connection:
        frame = frame_of(connection, [row["id"] for row in answers], None)
    of_probes = frame.filter(frame["probe"])
    assert set(of_probes[KEY]) == KNOWN
    assert dict(of_probes.select(KEY, "known_label").iter_rows()) == probes(there)
    assert frame.filter(~frame["probe"])["known_label"].null_count() == 16
    outputs = next(row["outputs"] for row in there.rows("results") if row["step"] == "staff" and row["round"] == 1)
    assert outputs["answers"]["table"]["parts"][0][1] == 8


def test_every_round_asks_known_cases_that_nobody_was_asked_before(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "probes: 3", flow=FLOW.replace("at_most: 4", "at_most: 2"))
    there.run(3)
    by_round = [{row["key"] for row in there.rows("questions") if row["round"] == n} & KNOWN for n in (1, 2, 3)]
    assert [len(found) for found in by_round] == [3, 1, 0]
    assert "3 were wanted: no other known case is new to people" in " ".join(says(there))


def test_the_same_round_asks_the_same_known_cases_whenever_it_is_played(tmp_path: Path) -> None:
    one, two = (place(tmp_path / name, "probes: 2") for name in "ab")
    one.run(1)
    two.run(1)
    assert probes(one) == probes(two)


def test_a_known_case_whose_time_is_over_is_not_asked(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "probes: 2, deadline: due, wait: deadline")
    rows = (there.folder / "rows.csv").read_text().splitlines()
    due = ["due", *("2026-01-03" if line[:3] in KNOWN else "2026-02-03" for line in rows[1:])]
    (there.folder / "rows.csv").write_text("\n".join(f"{line},{day}" for line, day in zip(rows, due, strict=True)))
    there.live()
    assert len(there.rows("questions")) == 4
    assert probes(there) == {}


@pytest.mark.parametrize("empty", ["note", "account"])
def test_a_known_case_that_lacks_what_all_others_have_is_not_asked(tmp_path: Path, empty: str) -> None:
    there = place(tmp_path / "a", "probes: 3, show: [note, account]")
    lines = [line.split(",") for line in (there.folder / "rows.csv").read_text().splitlines()]
    place_of = lines[0].index(empty)
    for line in lines[1:]:
        if line[0] in ("C00", "C06"):
            line[place_of] = ""
    (there.folder / "rows.csv").write_text("\n".join(map(",".join, lines)))
    there.run(1)
    assert set(probes(there)) == {"C03", "C09"}


def test_without_cases_to_ask_about_no_known_case_is_asked(tmp_path: Path) -> None:
    there = place(tmp_path / "a", "probes: 2", flow=FLOW.replace("at_most: 4", "at_most: 0"))
    there.run(1)
    assert there.rows("questions") == []
