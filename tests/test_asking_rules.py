"""Who counts when: deadlines, late answers, one person too many, ties, and cases that changed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from light_kinds import FLOW
from playing import REAL, Playground, shipments

from flows.catalog import Catalog
from runtime.answers import Answer, accept
from runtime.moments import written
from runtime.steps import BUILTIN


def asking(tmp_path: Path, how: str) -> Playground:
    """Return a live place that waits for its people as told, with its first round open."""
    flow = FLOW.replace("audit: 1", "audit: 0").replace("at_most: 3", "at_most: 4")
    flow = flow.replace("planners.questions <= 5", "planners.questions <= 99")
    place = Playground(tmp_path / "place", flow.replace("kind: ask-people,", f"kind: ask-people, {how},"))
    assert place.live().state == ("done" if "nobody" in how else "waiting")
    return place


def said(place: Playground, question: str, label: str, person: str = "ann", outcome: str = "answered") -> int:
    """Answer a question now and return how many answers were kept."""
    store = place.store()
    answer = Answer(f"{question[:20]} {person} {label} {place.now}", question, person, label, outcome)
    with store.transaction() as tx:
        return accept(tx, place.book(), [answer], store.moment())


def decided(place: Playground) -> dict[str, tuple[str, str]]:
    """Return what the delivered table says of each case, and who decided it."""
    with (place.folder / "decided.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {row["case"]: (row["decision"], row["decided_by"]) for row in rows}


def key_of(place: Playground, question: str) -> str:
    return next(row["key"] for row in place.rows("questions") if row["id"] == question)


def asked_in(place: Playground, number: int) -> set[str]:
    return {row["key"] for row in place.rows("questions") if row["round"] == number}


def in_force(place: Playground, question: str) -> list[tuple[str, str]]:
    rows = [row for row in place.rows("answers") if row["question"] == question and row["in_force"]]
    return sorted((row["person"], row["label"]) for row in rows)


def test_an_answer_after_the_deadline_counts_from_the_next_round(tmp_path: Path) -> None:
    place = asking(tmp_path, "wait: deadline, deadline: 4 h")
    early, late, never, _ = place.open()
    said(place, early, "yes")
    place.wait(hours=5)
    said(place, late, "yes")
    assert place.live().closed == (1,)
    assert decided(place)[key_of(place, early)] == ("yes", "person")
    assert decided(place)[key_of(place, late)] == ("", "nobody")
    assert {row["question"]: row["settled"] for row in place.rows("answers")} == {early: 1, late: None}
    place.live()
    place.wait(hours=5)
    assert place.live().closed == (2,)
    assert {row["question"]: row["sealed"] for row in place.rows("answers")} == {early: 2, late: 2}
    assert decided(place)[key_of(place, late)] == ("yes", "person")
    assert decided(place)[key_of(place, never)][1] != "person"


def test_an_answer_at_the_moment_of_the_deadline_is_in_time(tmp_path: Path) -> None:
    place = asking(tmp_path, "wait: deadline, deadline: 4 h")
    place.wait(hours=4)
    first = place.open()[0]
    said(place, first, "yes")
    place.live()
    assert decided(place)[key_of(place, first)] == ("yes", "person")


@pytest.mark.parametrize("late_by", ["ann", "bob"])
def test_a_late_word_does_not_undo_what_was_said_in_time(tmp_path: Path, late_by: str) -> None:
    """Neither another person's answer nor a change of mind; the change of mind counts from the next round."""
    place = asking(tmp_path, "wait: deadline, deadline: 4 h")
    first = place.open()[0]
    said(place, first, "yes")
    place.wait(hours=5)
    assert said(place, first, "no", late_by) == (late_by == "ann")
    assert place.live().closed == (1,)
    assert decided(place)[key_of(place, first)] == ("yes", "person")
    place.live()
    place.wait(hours=5)
    place.live()
    changes = place.folder / "decided.changes.csv"
    assert changes.exists() == (late_by == "ann"), "the delivered row that the change of mind would change is listed"


def test_a_late_change_of_mind_does_not_open_a_question_that_was_answered(tmp_path: Path) -> None:
    """The share that a quorum wants is reached by answers in time, whatever happens to them afterwards."""
    place = asking(tmp_path, "wait: quorum, quorum: 1, deadline: 4 h")
    questions = place.open()
    for question in questions:
        said(place, question, "yes")
    place.wait(hours=5)
    for question in questions:
        said(place, question, "no")
    assert place.live().closed == (1,)
    assert {decided(place)[key_of(place, question)] for question in questions} == {("yes", "person")}


def test_who_waits_for_all_takes_late_answers(tmp_path: Path) -> None:
    place = asking(tmp_path, "wait: all, deadline: 4 h")
    *early, late = place.open()
    for question in early:
        said(place, question, "yes")
    place.wait(hours=9)
    assert place.live().state == "waiting"
    said(place, late, "yes")
    assert place.live().closed == (1,)
    assert decided(place)[key_of(place, late)] == ("yes", "person")


@pytest.mark.parametrize(("given", "state"), [(2, "waiting"), (3, "done")])
def test_a_quorum_is_a_share_of_the_cases(tmp_path: Path, given: int, state: str) -> None:
    place = asking(tmp_path, "wait: quorum, quorum: 0.75")
    questions = place.open()
    for question in questions[:given]:
        said(place, question, "yes")
    assert place.live().state == state


def test_one_person_more_than_wanted_is_not_kept(tmp_path: Path) -> None:
    """A complete answer cannot be outvoted afterwards; only who gave it may correct it."""
    place = asking(tmp_path, "wait: nobody")
    first = place.open()[0]
    assert said(place, first, "yes", "ann") == 1
    assert said(place, first, "no", "bob") == 0
    assert in_force(place, first) == [("ann", "yes")]
    assert said(place, first, "no", "ann") == 1
    assert in_force(place, first) == [("ann", "no")]
    assert len([row for row in place.rows("answers") if row["question"] == first]) == 2, "both are kept"


def test_answers_that_arrive_together_are_not_more_than_wanted(tmp_path: Path) -> None:
    place = asking(tmp_path, "wait: nobody")
    first, store = place.open()[0], place.store()
    batch = [Answer(f"{person} 1", first, person, "yes") for person in ("ann", "bob", "ann")]
    batch.append(Answer("ann 2", first, "ann", "no"))
    with store.transaction() as tx:
        assert accept(tx, place.book(), batch, store.moment()) == 2
    assert in_force(place, first) == [("ann", "no")]


@pytest.mark.parametrize("wanted", [1, 3])
def test_of_twenty_people_at_once_as_many_are_kept_as_were_wanted(tmp_path: Path, wanted: int) -> None:
    place = asking(tmp_path, f"wait: nobody, people_per_case: {wanted}")
    question, at_once = place.open()[0], Barrier(20)
    kept: list[int] = []

    def answer(person: str) -> None:
        at_once.wait()
        kept.append(said(place, question, "yes", person))

    threads = [Thread(target=answer, args=(f"person {number}",)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 20, "nobody was turned away with an error"
    assert sum(kept) == len(in_force(place, question)) == wanted


def all_say(place: Playground, words: Sequence[tuple[str, str, str]]) -> set[str]:
    """Let every open question be answered by the same people with the same words; return the cases."""
    questions = place.open()
    for question in questions:
        for person, label, outcome in words:
            said(place, question, label, person, outcome)
    return {key_of(place, question) for question in questions}


TIE = (("ann", "yes", "answered"), ("bob", "no", "answered"))
NOBODY_KNOWS = (("ann", "", "cannot-tell"), ("bob", "", "cannot-tell"))


@pytest.mark.parametrize("words", [TIE, NOBODY_KNOWS], ids=["a tie", "nobody can tell"])
def test_people_are_not_asked_again_what_they_could_not_agree_on(
    tmp_path: Path, words: Sequence[tuple[str, str, str]]
) -> None:
    """Else the same few cases would take every round's places; here all 20 have their turn in five rounds."""
    place = asking(tmp_path, "people_per_case: 2")
    seen: set[str] = set()
    for number in range(1, 6):
        asked = all_say(place, words)
        assert len(asked) == 4
        assert not asked & seen
        seen |= asked
        assert place.live().closed == (number,)
        place.live()
    assert len(seen) == 20
    assert not asked_in(place, 6)


def test_a_case_that_changed_is_asked_again_as_a_new_question(tmp_path: Path) -> None:
    """What people say of the case as it is now counts, not what they said of it as it was."""
    flow = REAL.replace("at_most: 30, audit: 10", "at_most: 100, ask_again: when changed")
    flow = flow.replace("path: decided.csv", "path: decided.csv, delivered: replace")
    place = Playground(tmp_path / "place", flow, catalog=Catalog(BUILTIN))
    before = shipments(12)
    (place.folder / "shipments.csv").write_text(before)
    place.live()
    questions = {key_of(place, question): question for question in place.open()}
    changed = min(questions)
    for question in questions.values():
        said(place, question, "no")
    assert place.live().closed == (1,)
    carrier = next(line for line in before.splitlines() if line.startswith(changed)).split(",")[1]
    (place.folder / "shipments.csv").write_text(before.replace(f"{changed},{carrier}", f"{changed},Z"))
    assert place.live().state == "waiting"
    again = [question for question in place.open() if key_of(place, question) == changed]
    assert again and again[0] not in questions.values()
    for question in place.open():
        said(place, question, "yes")
    assert place.live().closed == (2,)
    place.live()
    assert changed not in asked_in(place, 3), "it did not change again"
    for question in place.open():
        said(place, question, "no")
    assert place.live().state == "done"
    assert decided(place)[changed] == ("yes", "person")


def test_no_answer_inside_its_undo_window_is_taken_at_the_deadline(tmp_path: Path) -> None:
    """It is sealed later; what its person said before it does not come back."""
    place = asking(tmp_path, "wait: deadline, deadline: 4 h")
    first = place.open()[0]
    said(place, first, "yes")
    place.wait(hours=3, minutes=59)
    place.answer(first, "no", undo=timedelta(minutes=5))
    place.wait(minutes=2)
    assert place.live().closed == (1,)
    assert decided(place)[key_of(place, first)][1] != "person"
    assert written(place.now) < max(row["undo_until"] for row in place.rows("answers"))
