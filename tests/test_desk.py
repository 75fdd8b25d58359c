"""The desk: who gets which case, for how long, and what becomes of an answer."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from desks import Office, Staff

from flows.problems import Refused
from runtime.audit import audit
from runtime.directory import Absence, Person, Quiet
from runtime.inbox import Filled


def test_a_case_is_on_one_screen_only_until_its_lease_ends(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place")
    mine = office.desk().next("ann", 4)
    assert len({case.question for case in mine}) == 4
    assert office.desk().next("ann", 4) == mine, "A page that is loaded again shows what was there."
    assert office.desk().next("bob", 4) == ()
    assert office.desk().left("bob").count == 0
    with pytest.raises(Refused, match="Somebody else has this case on the screen"):
        office.desk().view(mine[0].question, "bob")
    office.place.wait(minutes=14)
    until = office.desk().renew(mine[0].question, "ann")
    assert until > mine[0].lease_until
    office.desk().release(mine[1].question, "ann")
    office.place.wait(minutes=2)
    assert {case.question for case in office.desk().next("bob", 4)} == {case.question for case in mine[1:]}


def test_an_answer_after_the_lease_ended_counts_while_one_is_wanted(tmp_path: Path) -> None:
    """Of two who have a case after each other the one who answers first wins; the other is told."""
    office = Office.with_cases(tmp_path / "place")
    (mine,) = office.desk().next("ann", 1)
    office.place.wait(minutes=16)
    theirs = office.desk().view(mine.question, "bob")
    assert office.answer("ann", mine).counted
    late = office.answer("bob", theirs)
    assert not late.counted and "Enough people had answered" in late.told
    assert len(office.answers()) == 1
    assert office.desk().next("bob", 1)[0].question != mine.question


def test_several_people_answer_a_case_and_nobody_twice(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings="people_per_case: 2")
    for person in ("ann", "bob", "eve"):
        while cases := office.desk().next(person):
            office.answer(person, cases[0])
    by_person = [row["person"] for row in office.answers()]
    assert by_person == ["ann"] * 4 + ["bob"] * 4
    assert len({(row["person"], row["question"]) for row in office.answers()}) == 8


def test_what_was_sent_a_hundred_times_counts_once(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings="show_model: after-own-answer, second_look: always")
    (case,) = office.desk().next("ann", 1)
    kept = {repr(office.answer("ann", case, id="a key")) for _ in range(100)}
    assert len(kept) == 1 and "second_look=SecondLook" in kept.pop()
    assert len(office.answers()) == 1 and len(office.place.rows("looks")) == 1
    with pytest.raises(Refused, match="the key of another one"):
        office.answer("bob", case, id="a key")


def test_an_answer_can_be_undone_for_ten_seconds(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place")
    (case,) = office.desk().next("ann", 1)
    kept = office.answer("ann", case, "no")
    office.place.wait(seconds=9)
    assert office.desk().undo("ann", kept.answer).question == case.question
    assert case.question in {again.question for again in office.desk().next("ann", 4)}
    office.place.wait(minutes=1)
    assert not office.answers(in_force=True)
    again = office.answer("ann", case, "no", id=kept.answer)
    assert not again.counted and "undone" in again.told
    second = office.answer("ann", case, "yes")
    office.place.wait(seconds=5)
    third = office.answer("ann", case, "no")
    office.desk().undo("ann", third.answer)
    assert [row["id"] for row in office.answers(in_force=True)] == [second.answer], "What it corrected counts again."
    office.place.wait(seconds=6)
    with pytest.raises(Refused, match="can no longer be undone"):
        office.desk().undo("ann", second.answer)
    with pytest.raises(Refused, match="no such answer of yours"):
        office.desk().undo("bob", second.answer)


def test_what_was_undone_teaches_and_decides_nothing(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings="wait: nobody")
    cases = office.desk().next("ann", 4)
    kept = [office.answer("ann", case) for case in cases]
    for one in kept[:3]:
        office.desk().undo("ann", one.answer)
    office.place.wait(minutes=1)
    office.place.live()
    assert len([row for row in office.place.rows("answers") if row["sealed"] is not None]) == 1
    store = office.place.store()
    assert audit(store, store.book("parcels", "live")) == ()


def test_skipping_and_not_knowing_keep_a_reason_and_no_label(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place")
    first, second = office.desk().next("ann", 2)
    office.desk().skip("ann", first.question, " The photo is missing. ")
    office.desk().cannot_tell("ann", second.question, "It depends.", seconds=12)
    said = {(row["outcome"], row["label"], row["reason"]) for row in office.answers()}
    assert said == {("skipped", "", "The photo is missing."), ("cannot-tell", "", "It depends.")}
    assert not {first.question, second.question} & {case.question for case in office.desk().next("ann", 4)}


def test_a_case_that_was_handed_over_comes_first_and_never_back(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", cases=10)
    *_, last = office.desk().next("bob", 10)
    for case in office.desk().next("bob", 10):
        office.desk().release(case.question, "bob")
    assert "bob, who sees it first" in office.desk().hand_over("ann", last.question, "bob", "You know this carrier.")
    assert office.desk().next("bob", 1)[0].question == last.question
    assert last.question not in {case.question for case in office.desk().next("ann", 10)}
    assert [row["reason"] for row in office.place.rows("handovers")] == ["You know this carrier."]
    for to, words in (("", "Name the colleague"), ("ann", "to yourself"), ("bob", "before")):
        with pytest.raises(Refused, match=words):
            office.desk().hand_over("ann", last.question, to)
    office.desk().hand_over("bob", last.question, "ann", "No, you do.")
    office.place.wait(days=2)
    assert office.desk().next("ann", 1)[0].question == last.question, "It was given back."


def test_only_a_colleague_who_is_asked_can_take_over(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", people="  planners: {accounts: [ann, bob]}\n")
    (case,) = office.desk().next("ann", 1)
    with pytest.raises(Refused, match=r"zoe is not one of those who are asked here \(planners\). Possible are: bob"):
        office.desk().hand_over("ann", case.question, "zoe")
    office.answer("ann", case)
    with pytest.raises(Refused, match="You have answered this case"):
        office.desk().hand_over("ann", case.question, "bob")


def test_nobody_gets_or_answers_what_they_are_not_asked(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", people="  planners: {accounts: [ann]}\n")
    (case,) = office.desk().next("ann", 1)
    assert office.desk().next("zoe") == ()
    for forbidden in (
        lambda: office.answer("zoe", case),
        lambda: office.desk().view(case.question, "zoe"),
        lambda: office.desk().skip("zoe", case.question),
        lambda: office.answer("ann", "no such question"),
    ):
        with pytest.raises(Refused, match="no such question for you"):
            forbidden()


def test_from_its_moment_on_a_case_escalates_to_others(tmp_path: Path) -> None:
    office = Office.with_cases(
        tmp_path / "place",
        settings="escalate_to: chiefs, escalate_after: 2 h",
        people="  planners: {accounts: [ann]}\n  chiefs: {accounts: [cem]}\n",
    )
    (case,) = office.desk().next("ann", 1)
    assert case.escalates is not None and case.escalates[1] == "chiefs"
    assert office.desk().next("cem") == ()
    office.place.wait(hours=2)
    assert len(office.desk().next("cem", 4)) == 4
    assert office.answer("cem", case).counted
    assert office.desk().next("ann", 4) == ()


def test_a_closed_case_is_told_and_an_answer_to_it_is_not_lost(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings="wait: nobody")
    cases = office.desk().next("ann", 4)
    office.place.bring("P99,yes\n")
    office.place.live()
    with pytest.raises(Refused, match=r"no longer asked\. The case is no longer in the data"):
        office.desk().view(cases[0].question, "ann")
    assert "no longer asked, but counts if it is asked again" in office.answer("ann", cases[0]).told
    assert [case.title for case in office.desk().next("ann", 4)] == ["P99"]


def test_an_answer_after_the_deadline_is_told_to_count_later(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", settings="deadline: 1 h, wait: deadline")
    first, second = office.desk().next("ann", 2)
    assert first.deadline and office.answer("ann", first).told == "Kept. You can undo it for 10 seconds."
    office.place.wait(hours=1, minutes=1)
    assert "counts from the next round on" in office.answer("ann", second).told


def test_a_case_whose_deadline_is_near_comes_first(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", cases=10)
    store = office.place.store()
    last = office.desk().next("ann", 10)[-1].question
    with store.transaction() as tx:
        tx.exec_driver_sql("delete from leases")
        tx.exec_driver_sql(f"update questions set deadline = '2026-01-05T08:00:00.000000Z' where id = '{last}'")
    assert office.desk().next("ann", 1)[0].question == last


def test_the_most_that_a_person_wants_in_an_hour_is_never_exceeded(tmp_path: Path) -> None:
    staff = Staff({"ann": Person("ann", per_hour=3)})
    office = Office.with_cases(tmp_path / "place", cases=10, staff=staff)
    given: set[str] = set()
    for _ in range(6):  # she answers one in ten minutes and looks again
        cases = office.desk().next("ann", 10)
        given |= {case.question for case in cases}
        if cases:
            office.answer("ann", cases[0])
        office.place.wait(minutes=9)
    assert len(given) == 3
    left = office.desk().left("ann")
    assert left.count == 7 and "at most 3 questions an hour" in left.says and "comes at 07:00" in left.says
    office.place.wait(minutes=7)
    assert len(office.desk().next("ann", 10)) == 1, "The first of them is an hour ago."


def test_quiet_hours_and_days_away_are_kept(tmp_path: Path) -> None:
    night = Quiet(time(22), time(8))
    staff = Staff(
        {
            "ann": Person("ann", quiet=night, zone="Europe/Berlin"),  # it is seven in Berlin
            "bob": Person("bob", away=(Absence(date(2026, 1, 1), date(2026, 1, 9), "cem"),)),
        }
    )
    office = Office.with_cases(tmp_path / "place", people="  planners: {accounts: [ann, bob]}\n", staff=staff)
    assert office.desk().next("ann") == () and "quiet hours until 08:00" in office.desk().left("ann").says
    assert office.desk().next("bob") == () and "away until 2026-01-09" in office.desk().left("bob").says
    assert len(office.desk().next("cem", 4)) == 4, "Who stands in for somebody away is asked instead."
    office.place.wait(hours=1, minutes=20)
    assert len(office.desk().next("ann", 4)) == 4


def test_only_people_with_the_skills_of_a_group_are_asked(tmp_path: Path) -> None:
    staff = Staff({"ann": Person("ann", skills=("Customs", "german"))}, {"planners": ("ann", "bob")})
    office = Office.with_cases(tmp_path / "place", people="  planners: {skills: [customs]}\n", staff=staff)
    assert office.desk().next("bob") == ()
    assert len(office.desk().next("ann", 4)) == 4


def test_where_people_are_more_than_cases_who_did_least_today_comes_first_and_no_case_is_left_lying(
    tmp_path: Path,
) -> None:
    office = Office.with_cases(tmp_path / "place", cases=3, people="  planners: {accounts: [ann, bob, eve]}\n")
    office.answer("ann", office.desk().next("ann", 1)[0])
    assert office.desk().next("ann") == (), "Two cases are left, and two have answered less."
    (case,), (other,) = office.desk().next("bob", 2), office.desk().next("eve", 2)
    assert case.question != other.question
    office.desk().release(case.question, "bob")
    office.place.wait(minutes=14)
    assert office.desk().next("ann") == ()
    office.place.wait(minutes=1)
    assert len(office.desk().next("ann", 2)) == 2, "Nobody came: then anybody may have them."


def test_cases_of_one_group_are_decided_at_once_and_count_once(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", cases=6, settings="show_model: after-own-answer")
    store = office.place.store()
    names = sorted(case.question for case in office.desk().next("ann", 6))
    with store.transaction() as tx:
        tx.exec_driver_sql("delete from leases")
        for name in names[:3]:
            tx.exec_driver_sql(f"update questions set together = 'delivery 7' where id = '{name}'")
    case = office.desk().view(names[0], "ann")
    assert case.group == (3, "delivery 7")
    cases = office.desk().same_group(names[0], "ann")
    assert {one.question for one in cases} == set(names[:3]) and cases[0].question == names[0]
    kept = office.answer("ann", names[0], also=tuple(names[1:3]), seconds=9.0)
    rows = office.answers()
    assert {row["value"]["group_answer"] for row in rows} == {kept.answer}
    assert sorted(row["seconds"] for row in rows) == [0, 0, 9.0]
    with pytest.raises(Refused, match="Only cases of one group"):
        office.answer("ann", names[3], also=(names[4],))
    office.desk().undo("ann", kept.answer)
    assert not office.answers(in_force=True)


def test_minutes_are_told_by_how_long_a_person_takes(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place", cases=20, people="  planners: {}\n")
    assert office.desk().left("ann").minutes is None
    for _ in range(5):
        office.answer("bob", office.desk().next("bob", 1)[0], seconds=60)
    left = office.desk().left("ann")
    assert (left.count, left.minutes, left.by_flow) == (15, 15, {"parcels": 15})
    for _ in range(5):
        office.answer("ann", office.desk().next("ann", 1)[0], seconds=6)
    assert (office.desk().left("ann").count, office.desk().left("ann").minutes) == (10, 1)
    assert office.desk().left("bob").minutes == 10


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"filled": {"answer": "perhaps"}}, "perhaps"),
        ({"filled": {}}, "nswer"),
        ({"filled": {"answer": ["yes"]}}, "not a choice"),
        ({"filled": {"answer": "yes"}, "id": ""}, "needs a key"),
        ({"filled": {"answer": "yes"}, "id": "x" * 65}, "needs a key"),
        ({"filled": {"answer": "yes"}, "confidence": 7.0}, "between 0 and 1"),
        ({"filled": {"answer": "yes"}, "confidence": float("nan")}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_the_case_stays(
    tmp_path: Path, wrong: dict[str, object], says: str
) -> None:
    office = Office.with_cases(tmp_path / "place")
    (case,) = office.desk().next("ann", 1)
    with pytest.raises(Refused, match=says):
        office.desk().answer("ann", Filled(**{"id": "a", "question": case.question, **wrong}))  # type: ignore[arg-type]
    assert not office.answers() and office.desk().next("ann", 1) == (case,)


def test_strange_seconds_and_moments_do_not_lose_an_answer(tmp_path: Path) -> None:
    office = Office.with_cases(tmp_path / "place")
    (case,) = office.desk().next("ann", 1)
    assert office.answer("ann", case, seconds=float("nan"), shown_at="yesterday").counted
    assert [(row["seconds"], row["shown_at"]) for row in office.answers()] == [(0.0, None)]


def test_what_was_given_and_left_lying_counts_as_given(tmp_path: Path) -> None:
    """Else whoever leaves cases on the screen would be asked more in an hour than they want."""
    staff = Staff({"ann": Person("ann", per_hour=3)})
    office = Office.with_cases(tmp_path / "place", cases=10, staff=staff)
    given = office.desk().next("ann", 10)
    office.place.wait(minutes=16)
    for case in given:
        office.desk().view(case.question, "bob")
    assert len(given) == 3 and office.desk().next("ann", 10) == ()
