"""The second look, and that nothing of the model, of chance or of colleagues reaches a person before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import ASKING, Office
from light_kinds import parcels
from playing import Playground

from runtime.audit import audit
from runtime.experience import from_people
from runtime.inbox import Filled, Given, Inbox
from runtime.values import Answers, Table

OTHER = {"yes": "no", "no": "yes"}
AFTER = "show_model: after-own-answer"


def test_who_differs_from_the_model_sees_it_after_their_answer_was_committed(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings=AFTER)
    (case,) = office.desk().next("ann", 1)
    model = office.model_says(case.question)
    assert case.advice is None and case.json()["advice"] is None
    kept = office.answer("ann", case, OTHER[model])
    assert kept.second_look is not None and kept.undo_until == ""
    assert kept.second_look.says.startswith(f"You said {OTHER[model]}; the model leans to {model} (")
    assert 0.5 < kept.second_look.confidence <= 1
    office.answer("ann", case, model)
    first, final = office.answers()
    assert (first["stage"], first["blind"], first["seen"]["advice"]) == ("first", True, None)
    assert (final["stage"], final["blind"], final["supersedes"]) == ("final", False, first["id"])
    assert final["seen"]["advice"]["label"] == model and final["seen"]["columns"] == ["size"]
    store = office.place.store()
    assert audit(store, store.book("parcels", "live")) == ()


def test_the_reasons_of_the_model_are_told_when_there_are_any(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings=AFTER)
    (case,) = office.desk().next("ann", 1)
    model = office.model_says(case.question)
    why = [{"name": "size", "value": 900, "share": 0.6, "says": f"size is 90{n}."} for n in range(2)]
    store = office.place.store()
    with store.transaction() as tx:
        row = next(row for row in office.place.rows("questions") if row["id"] == case.question)
        context = json.dumps(row["context"] | {"explanation": why})
        tx.exec_driver_sql("update questions set context = ? where id = ?", (context, case.question))
    look = office.answer("ann", case, OTHER[model]).second_look
    assert look is not None and look.says.endswith("because size is 900 and size is 901.")
    assert [reason.share for reason in look.why] == [0.6, 0.6]


@pytest.mark.parametrize(
    ("settings", "share_of_agreements", "disagreements"),
    [
        (f"{AFTER}, second_look_share: 0.5", (0.25, 0.75), True),
        (f"{AFTER}, second_look_share: 0", (0, 0), True),
        (f"{AFTER}, second_look: always", (1, 1), True),
        (f"{AFTER}, second_look: never", (0, 0), False),
        ("show_model: never", (0, 0), False),
    ],
)
def test_a_share_of_those_who_agree_gets_a_second_look_so_that_it_does_not_tell_a_mistake(
    tmp_path: Path, settings: str, share_of_agreements: tuple[float, float], disagreements: bool
) -> None:
    office = Office.with_cases(tmp_path / "place", cases=40, settings=settings)
    desk = office.desk()
    cases = desk.next("ann", 40)
    models = {row["id"]: row["context"]["label"] for row in office.place.rows("questions")}
    looks: dict[bool, list[bool]] = {True: [], False: []}
    for place, case in enumerate(cases):
        agrees = place < 30
        label = models[case.question] if agrees else OTHER[models[case.question]]
        kept = desk.answer("ann", Filled(f"a{place}", case.question, {"answer": label}))
        looks[agrees].append(kept.second_look is not None)
    low, high = share_of_agreements
    assert low <= sum(looks[True]) / len(looks[True]) <= high
    assert set(looks[False]) == {disagreements}


def test_for_a_share_the_same_cases_are_blind_for_a_person_every_time(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", cases=40, settings="show_model: for-a-share, blind_share: 0.5")
    cases = office.desk().next("ann", 40)
    shown = [case for case in cases if case.advice is not None]
    assert 8 < len(shown) < 32
    assert all("not counted as unaided" in case.not_blind for case in shown)
    assert [case.advice for case in office.desk().next("ann", 40)] == [case.advice for case in cases]
    for case in cases:
        office.answer("ann", case)
    blind = {row["question"]: (row["blind"], row["seen"]["advice"] is None) for row in office.answers()}
    assert blind == {case.question: (case.advice is None,) * 2 for case in cases}
    assert {row["question"] for row in office.place.rows("looks")} >= {case.question for case in shown}


def test_cases_picked_as_likely_are_told_to_be_not_blind_and_still_teach(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    flow = ASKING.replace("{cases}, audit: 0", "4, by: most-likely-positive")
    office = Office(Playground(folder, flow, parcels()))
    office.place.live()
    (case,) = office.desk().next("ann", 1)
    assert "the model finds them likely" in case.not_blind
    office.answer("ann", case)
    (row,) = office.answers()
    assert not row["blind"] and row["seen"]["advice"] is None and row["seen"]["why"] == "picked as likely"


def test_the_terminal_and_files_know_who_has_seen_the_model(tmp_path: Path) -> None:
    """A look counts wherever it was had: afterwards no answer of that person to that case is blind."""
    office = Office.with_cases(tmp_path / "place", settings=AFTER)
    store = office.place.store()
    inbox = Inbox(store, store.book("parcels", "live"), office.place.catalog)
    ask = inbox.waiting("ann")[0]
    inbox.give([Given("a", ask.id, "ann", "yes")])
    assert inbox.advice(ask, "ann") is not None
    inbox.give([Given("b", ask.id, "ann", "no")])
    office.answer("ann", ask.id, "yes")
    assert [(row["blind"], row["stage"]) for row in office.answers()] == [
        (True, "only"), (False, "final"), (False, "final"),
    ]  # fmt: skip


def test_a_correction_without_a_look_stays_blind_and_teaches(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings="show_model: never")
    (case,) = office.desk().next("ann", 1)
    office.answer("ann", case, "yes")
    office.answer("ann", case, "no")
    assert [row["blind"] for row in office.answers()] == [True, True]
    assert taught(office, "to learn from") == taught(office, "in force") == ["no"]


def test_the_model_learns_from_the_answer_before_its_own_and_the_last_one_decides(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings=f"{AFTER}, second_look: always")
    (case,) = office.desk().next("ann", 1)
    office.answer("ann", case, "yes")
    office.answer("ann", case, "no")
    assert (taught(office, "to learn from"), taught(office, "in force")) == (["yes"], ["no"])


def test_a_step_may_choose_that_the_last_word_teaches(tmp_path: Path) -> None:
    settings = f"{AFTER}, second_look: always, learn_from: final answers"
    office = Office.with_cases(tmp_path / "place", settings=settings)
    (case,) = office.desk().next("ann", 1)
    office.answer("ann", case, "yes")
    office.answer("ann", case, "no")
    assert taught(office, "to learn from") == ["no"]


def taught(office: Office, which: str) -> list[str]:
    """Return the labels of a log of all answers, as they teach or decide."""
    from runtime.answers import frame_of

    store = office.place.store()
    with store.reading() as connection:
        frame = frame_of(connection, [row["id"] for row in office.answers()], sealed_in=1)
    log = Answers(Table.store(store.artifacts, [frame]))
    return [known.label for known in from_people(log, which=which).values()]  # type: ignore[arg-type]


KEYS = {
    "question", "flow", "step", "title", "asks", "words", "notBlind", "controls", "fields", "deadline", "escalates",
    "otherwise", "group", "leaseUntil", "advice", "simulated", "left",
}  # fmt: skip


def test_no_view_of_a_case_holds_what_must_not_be_known_before_the_answer(tmp_path: Path) -> None:
    """Model's label, probability and version, reason, chance, held-out, probe and colleagues' answers."""
    folder = tmp_path / "place"
    settings = f"{AFTER}, people_per_case: 2, second_look: always"
    flow = ASKING.replace("{cases}, audit: 0", "6, audit: 6").replace("ask-people,", f"ask-people, {settings},")
    office = Office(Playground(folder, flow, parcels(60)))
    office.place.live()
    store = office.place.store()
    with store.transaction() as tx:  # marks that would be found if they came through
        for row in office.place.rows("questions"):
            context = row["context"] | {
                "label": "MARK", "version": "MARK", "reason": "MARK", "probe": True, "known_label": "MARK",
                "probability": [0.123456, 0.876544], "drawn_with": 0.123456, "explanation": [{"says": "MARK"}],
            }  # fmt: skip
            tx.exec_driver_sql("update questions set context = ? where id = ?", (json.dumps(context), row["id"]))
    for person in ("ann", "bob"):
        while cases := office.desk().next(person, 2):
            for case in cases:
                everything = json.dumps(case.json())
                assert set(case.json()) == KEYS
                assert "MARK" not in everything and "0.12345" not in everything and "0.8765" not in everything
                assert not set(names(case.json())) & {
                    "label_of_model", "probability", "reason", "version", "drawn_with", "held_out", "probe", "why",
                    "known_label", "urgency", "person", "answers", "context", "row",
                }  # fmt: skip
                assert case.advice is None
            office.desk().answer(
                person,
                Filled(f"{person}{cases[0].question[:30]}", cases[0].question, {"answer": "yes"}, comment="MARK"),
            )


def names(plain: object) -> Iterator[str]:
    """Yield all names in plain data."""
    if isinstance(plain, dict):
        for name, part in plain.items():
            yield name
            yield from names(part)
    elif isinstance(plain, list | tuple):
        for part in plain:
            yield from names(part)


def test_a_probe_gets_the_same_second_look_as_any_other_case(tmp_path: Path) -> None:
    """Neither a look nor its absence tells a hidden known case."""
    seen = []
    for probe in (False, True):
        office = Office.with_cases(tmp_path / str(probe), cases=30, settings=AFTER)
        store = office.place.store()
        with store.transaction() as tx:
            for row in office.place.rows("questions"):
                context = json.dumps(row["context"] | ({"probe": True, "known_label": "yes"} if probe else {}))
                tx.exec_driver_sql("update questions set context = ? where id = ?", (context, row["id"]))
        desk = office.desk()
        cases = desk.next("ann", 30)
        kept = [desk.answer("ann", Filled(f"{n}", case.question, {"answer": "yes"})) for n, case in enumerate(cases)]
        seen.append([one.json() | {"undoUntil": one.undo_until != ""} for one in kept])
    assert seen[0] == seen[1]
    assert {one["secondLook"] is None for one in seen[0]} == {True, False}


@pytest.mark.parametrize(
    ("by_hand", "finding"),
    [
        ("delete from looks", "1 look at the model's advice is gone"),
        ("update looks set label = 'perhaps'", "1 look at the model's advice is no longer what an event tells"),
        ("update handovers set reason = ''", "1 handing over is no longer what an event tells"),
        ("update answers set in_force = 1 where withdrawn is not null", "(whether it counts)"),
    ],
)
def test_looks_handovers_and_what_was_undone_are_part_of_the_record(tmp_path: Path, by_hand: str, finding: str) -> None:
    office = Office.with_cases(tmp_path / "place", settings=f"{AFTER}, second_look: disagreement, second_look_share: 0")
    first, second, third = office.desk().next("ann", 3)
    office.answer("ann", first, OTHER[office.model_says(first.question)])
    kept = office.answer("ann", second, office.model_says(second.question))
    office.desk().undo("ann", kept.answer)
    office.desk().hand_over("ann", third.question, "bob", "You know it.")
    store = office.place.store()
    book = store.book("parcels", "live")
    assert audit(store, book) == ()
    with store.transaction() as tx:
        tx.exec_driver_sql(by_hand)
    assert finding in " ".join(audit(store, book))
