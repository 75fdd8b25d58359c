"""What holds over the rounds of a flow: bytes, logs, edits, corrections, books, limits and aims."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from killing import Server, state_of
from light_kinds import FLOW, parcels
from playing import REAL, Playground, shipments

from flows.catalog import Catalog
from flows.problems import Refused
from runtime.steps import BUILTIN

WITHOUT_WAITING = FLOW.replace("kind: ask-people,", "kind: ask-people, wait: nobody,")


@pytest.fixture
def place(tmp_path: Path) -> Playground:
    return Playground(tmp_path / "place")


def learned(folder: Path) -> dict[str, Any]:
    """Return all of a workspace but how its rounds were ordered: that alone may differ."""
    state = state_of(folder)
    state.pop("runs")
    for row in state["rounds"]:
        row.pop("run")
    state["events"] = [(row["what"], row["body"]) for row in state["events"] if row["what"] != "run-ordered"]
    return state


def test_eight_rounds_are_the_same_in_one_run_and_in_eight_processes(tmp_path: Path) -> None:
    once, often = Playground(tmp_path / "once"), Playground(tmp_path / "often")
    assert once.run(8).closed == tuple(range(1, 9))
    server = Server()
    try:
        for _ in range(8):
            server.play(often.folder, {"what": "run", "order": {"rounds": 1}})
    finally:
        server.close()
    assert learned(once.folder) == learned(often.folder)


def test_the_seed_decides_and_nothing_else(tmp_path: Path) -> None:
    """Same seed same bytes, whatever the clock says; another seed, other picks."""
    calendar = FLOW + "rehearsal: {begins: 2026-03-02 06:00, every: 1 day}\n"
    places = [Playground(tmp_path / name, calendar) for name in "abc"]
    places[1].wait(days=3, seconds=7)
    for place, seed in zip(places, (1, 1, 2), strict=True):
        place.run(3, seed=seed)
    first, later, other = (state_of(place.folder) for place in places)
    for what in ("files", "artifacts", "results", "logs", "models"):
        assert first[what] == later[what]
    assert {row["key"] for row in first["questions"]} != {row["key"] for row in other["questions"]}


def test_what_has_not_changed_is_kept_and_what_has_is_named(place: Playground) -> None:
    place.run(people="none")
    place.run(people="none")
    assert place.reason("guess") == "Kept from round 1: nothing that made it has changed."
    place.write(FLOW.replace("kind: guess-label", "kind: guess-label, bias: 0.4"))
    place.run(people="none")
    assert place.reason("guess") == "It ran because this changed: settings."


def test_an_edit_counts_from_the_next_round(place: Playground) -> None:
    """The open round keeps the flow it began with, whatever is saved meanwhile."""
    assert place.live().state == "waiting"
    place.write(FLOW.replace("path: decided.csv", "path: later.csv"))
    for question in place.open():
        place.answer(question, "yes")
    assert place.live().closed == (1,)
    assert place.files() == ["decided.csv", "flow.yaml", "parcels.txt"]
    assert place.live().state == "waiting"
    for question in place.open():
        place.answer(question, "yes")
    place.live()
    assert "later.csv" in place.files()


def test_a_late_answer_counts_from_the_next_round(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place", WITHOUT_WAITING)
    place.live()
    place.answer(place.open()[0], "yes")
    (answer,) = place.rows("answers")
    assert (answer["settled"], answer["sealed"]) == (None, None)
    place.live()
    (answer,) = place.rows("answers")
    assert (answer["settled"], answer["sealed"]) == (None, 2)
    assert (place.folder / "decided.csv").read_text().count("known") == 0
    assert "person" in (place.folder / "decided.csv").read_text()


def test_a_correction_counts_from_the_next_round_and_both_are_kept(place: Playground) -> None:
    place.live()
    first, *others = place.open()
    for question in others:
        place.answer(question, "no")
    place.answer(first, "yes")
    place.live()
    delivered = (place.folder / "decided.csv").read_text()
    place.wait(hours=1)
    place.answer(first, "no")
    place.live()
    said = sorted((row for row in place.rows("answers") if row["question"] == first), key=lambda row: str(row["at"]))
    assert [(row["label"], row["in_force"], row["settled"], row["sealed"]) for row in said] == [
        ("yes", False, 1, 2),
        ("no", True, None, 2),
    ]
    assert said[1]["supersedes"] == said[0]["id"]
    assert (place.folder / "decided.csv").read_text() == delivered, "what was delivered is not silently rewritten"
    for question in place.open():
        place.answer(question, "no")
    place.live()
    changes = (place.folder / "decided.changes.csv").read_text()
    case = next(row["key"] for row in place.rows("questions") if row["id"] == first)
    assert case in changes, "a delivered row that the correction would change is listed"


def test_a_limit_on_questions_stops_before_anybody_is_asked(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place", FLOW.replace("planners.questions <= 5", "planners.questions <= 2"))
    ran = place.live(3)
    assert ran.state == "stopped"
    assert "The limit planners.questions <= 2 is broken" in ran.sentence
    assert not place.rows("questions")
    assert place.files() == ["flow.yaml", "parcels.txt"]


def test_a_limit_on_what_was_measured_holds_back_every_delivery(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place", FLOW.replace("planners.questions <= 5", "count.known <= 2"))
    ran = place.run(3)
    assert ran.state == "stopped"
    assert ran.closed == (1,)
    assert "The limit count.known <= 2 is broken" in ran.sentence
    assert [row["round"] for row in place.rows("outbox")] == [1]


def test_a_run_until_its_aims_are_met_ends_there(place: Playground) -> None:
    ran = place.run(8, until_aims_met=True)
    assert ran.state == "done"
    assert ran.sentence.startswith("Every aim is met.")
    assert 1 < len(ran.closed) < 8
    assert {row["left"] for row in place.rows("runs")} == {0}


def test_books_do_not_touch_each_other(tmp_path: Path) -> None:
    """A rehearsal is the same whether or not other books are there, and live work the same after it."""
    alone, among = Playground(tmp_path / "alone"), Playground(tmp_path / "among")
    alone.run(2, book="a")
    among.run(1, book="b", seed=9)
    among.live()
    among.run(2, book="a")
    below = ".tandem/rehearsals/parcels/a"
    assert alone.files(below) == among.files(below)
    for name in alone.files(below):
        assert (alone.folder / below / name).read_bytes() == (among.folder / below / name).read_bytes()


def test_simulated_people_never_answer_in_the_live_book(place: Playground) -> None:
    with pytest.raises(Refused, match="Simulated people never answer in the live book"):
        place.run(book="live")
    assert not place.store().books()


def test_a_rehearsal_writes_only_into_its_own_folder(place: Playground) -> None:
    """Its files say by name and in every row that they are simulated."""
    place.run(2)
    assert place.files() == ["flow.yaml", "parcels.txt"]
    own = place.folder / ".tandem/rehearsals/parcels/rehearsal"
    table = (own / "simulated-decided.csv").read_text().splitlines()
    assert table[0].endswith(",simulated")
    assert all(line.endswith(",true") for line in table[1:])
    assert all(path.name.startswith("simulated-") for path in own.iterdir())


def test_a_renamed_step_keeps_its_experience(place: Playground) -> None:
    place.run(2)
    place.write(
        FLOW.replace("planners: {kind: ask-people", "team: {kind: ask-people, formerly: planners")
        .replace("planners.questions", "team.questions")
        .replace("-> planners.", "-> team.")
        .replace("- planners.", "- team.")
    )
    place.run(1)
    count = next(row for row in place.rows("figures") if row["round"] == 3 and row["measure"] == "known")
    assert count["value"] == sum(row["sealed"] is not None for row in place.rows("answers")) > 4


def test_a_case_that_vanished_closes_its_question_with_a_reason(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place", WITHOUT_WAITING)
    place.live()
    asked = {row["key"] for row in place.rows("questions")}
    left = [line for line in parcels().splitlines() if line[:3] not in asked]
    place.bring("\n".join(left))
    place.live()
    closed = {row["key"]: row["closed"] for row in place.rows("questions") if row["round"] == 1}
    assert closed == dict.fromkeys(asked, "The case is no longer in the data.")


def test_a_case_that_comes_back_is_asked_again(tmp_path: Path) -> None:
    """Its question opens anew; else a round would wait for an answer that nobody can give."""
    few = "".join(parcels().splitlines(keepends=True)[:4])
    place = Playground(tmp_path / "place", WITHOUT_WAITING, cases=few)
    place.live()
    place.bring(parcels().replace(few, ""))
    place.live()
    place.write(FLOW)
    place.bring(few)
    ran = place.live()
    assert ran.state == "waiting"
    assert f"0 of {len(place.open())} cases" in ran.sentence


def test_no_answer_is_sealed_inside_its_undo_window(tmp_path: Path) -> None:
    place = Playground(tmp_path / "place", WITHOUT_WAITING)
    place.live()
    place.answer(place.open()[0], "yes", undo=timedelta(minutes=5))
    place.wait(minutes=4)
    place.live()
    assert [row["sealed"] for row in place.rows("answers")] == [None]
    place.wait(minutes=2)
    place.live()
    assert [row["sealed"] for row in place.rows("answers")] == [3]


def test_another_order_finishes_the_open_round_and_counts_it(place: Playground) -> None:
    """Five rounds are five rounds, also when the first of them was begun by an order for one."""
    place.live(1)
    for number in range(1, 6):
        for question in place.open():
            place.answer(question, "no")
        ran = place.live(5)
        assert ran.state == ("waiting" if number < 5 else "done")
    assert len(place.rows("rounds")) == 5
    assert place.live(5).state == "waiting"
    assert [row["left"] for row in place.rows("runs")][-1] == 5


def test_a_round_goes_on_when_what_hindered_it_is_mended_outside_the_flow(place: Playground) -> None:
    (place.folder / "parcels.txt").unlink()
    with pytest.raises(Refused, match=r"There is no file 'parcels\.txt'"):
        place.run(2)
    place.bring(parcels())
    assert place.run(2).closed == (1, 2)


def test_a_round_that_its_flow_hinders_is_given_up_once_the_flow_is_changed(tmp_path: Path) -> None:
    """Else it would keep the flow that cannot work for ever, and no other round could open."""
    place = Playground(tmp_path / "place", FLOW.replace("parcels.txt", "elsewhere.txt"))
    for _ in range(2):
        with pytest.raises(Refused, match=r"elsewhere\.txt"):
            place.run(2)
    assert len(place.rows("rounds")) == 1, "as long as nothing is changed it is the same round"
    place.write(FLOW)
    assert place.run(2).closed == (2, 3)
    first = place.rows("rounds")[0]
    assert (first["state"], first["sentence"]) == ("stopped", "There is no file 'elsewhere.txt'.")


def test_a_round_that_was_hindered_once_keeps_its_flow_while_it_waits(place: Playground) -> None:
    (place.folder / "parcels.txt").unlink()
    with pytest.raises(Refused):
        place.live()
    place.bring(parcels())
    assert place.live().state == "waiting"
    place.write(FLOW.replace("decided.csv", "later.csv"))
    for question in place.open():
        place.answer(question, "yes")
    assert place.live().closed == (1,)
    assert (place.folder / "decided.csv").exists()


def test_the_real_kinds_leave_the_same_bytes_in_one_run_and_in_two(tmp_path: Path) -> None:
    """Whatever the clock says: a rehearsal with a calendar is a pure function of files and seed."""
    states = []
    for name, orders in (("once", (3,)), ("often", (1, 2))):
        place = Playground(tmp_path / name, REAL, catalog=Catalog(BUILTIN))
        (place.folder / "shipments.csv").write_text(shipments(150))
        for rounds in orders:
            place.run(rounds)
            place.wait(hours=5)
        states.append(state_of(place.folder))
    once, often = states
    for what in ("files", "results", "logs", "truths"):
        assert once[what] == often[what]
    # Two dumps of one model differ in their bytes; what made it says whether it is the same.
    versions, others = ([row["version"] for row in state["models"]] for state in states)
    assert versions == others
    assert len(versions) == 3, "the model learned in every round"
