"""Many people at many cases: none is lost, none is done twice, and nobody is told of a locked database."""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desks import Office

from runtime.audit import audit
from runtime.inbox import Desk, Filled
from runtime.inbox.who import Who
from runtime.questions import Question, close_vanished, put
from runtime.schema import schema

PEOPLE = [f"p{number}" for number in range(8)]


def many(folder: Path, count: int, wanted: int = 1) -> Office:
    """Return a place with so many open cases."""
    office = Office.with_cases(folder, cases=1, settings="show_model: after-own-answer")
    row = office.place.rows("questions")[0]
    store = office.place.store()
    asked = [
        Question(f"K{n:05d}", "planners", row["wording"], {"size": n}, row["context"], wanted) for n in range(count)
    ]
    with store.transaction() as tx:
        close_vanished(tx, store.book("parcels", "live").id, "planners", frozenset(), store.moment())
        put(tx, store.book("parcels", "live"), "planners", 1, store.moment(), asked)
    return office


def all_of_them(desk: Desk, person: str) -> int:
    """Answer until nothing is left, as one browser does, and return how many counted."""
    counted = 0
    while cases := desk.next(person):
        kept = desk.answer(person, Filled(uuid.uuid4().hex, cases[0].question, {"answer": "yes"}, seconds=1))
        counted += kept.counted
    return counted


def test_eight_people_at_once_answer_every_case_exactly_once(tmp_path: Path) -> None:
    office = many(tmp_path / "place", 160)
    desks = [office.desk() for _ in PEOPLE]
    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(all_of_them, desks, PEOPLE))
    assert sum(counted) == 160 and min(counted) > 0
    assert set(Counter(row["question"] for row in office.answers(in_force=True)).values()) == {1}
    store = office.place.store()
    assert audit(store, store.book("parcels", "live")) == ()


def test_eight_people_at_once_give_every_case_its_three_answers(tmp_path: Path) -> None:
    office = many(tmp_path / "place", 30, wanted=3)
    desks = [office.desk() for _ in PEOPLE]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(all_of_them, desks, PEOPLE)) == 90
    given = {(row["question"], row["person"]) for row in office.answers(in_force=True)}
    assert len(given) == 90 and set(Counter(question for question, _ in given).values()) == {3}


def test_what_is_open_is_found_without_reading_wide_rows(tmp_path: Path) -> None:
    """Neither the next case nor how many are left loads what questions hold beside their state."""
    office = many(tmp_path / "place", 20)
    store = office.place.store()
    desk = office.desk()
    told: list[str] = []
    with store.reading() as connection:
        who = Who(desk.inbox.cards, desk.directory, store.now())
        mine = desk._open_to(connection, who, "ann")
        cursor = connection.connection.cursor()
        cursor.connection.set_trace_callback(told.append)
        assert len(mine.first(connection, 10)) == 10
        assert mine.by_step(connection) == {"planners": 20}
        cursor.connection.set_trace_callback(None)
        plans = [
            row[3] for said in told if said.startswith("SELECT") for row in cursor.execute(f"explain query plan {said}")
        ]
    assert any("COVERING INDEX questions_waiting" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith(("SCAN questions", "SCAN answers", "SCAN leases"))]
    assert not [plan for plan in plans if "questions USING INDEX" in plan and "autoindex" not in plan]


def test_people_have_the_cases_in_an_order_of_their_own_that_tells_nothing(tmp_path: Path) -> None:
    office = many(tmp_path / "place", 40)
    orders = []
    for person in ("ann", "bob"):
        orders.append([case.title for case in office.desk().next(person, 40)])
        for case in office.desk().next(person, 40):
            office.desk().release(case.question, person)
    assert sorted(orders[0]) == sorted(orders[1]) != orders[0] != orders[1]
    assert {"leases", "looks", "handovers"} <= set(schema.tables)
