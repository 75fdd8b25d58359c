"""How far a person can be relied on, what they are told of it, and who else may see it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

import polars as pl
import pytest
from test_agree import place

from runtime.answers import COLUMNS, _schema
from runtime.reliability.notices import LAST, for_auditor, notices
from runtime.reliability.pace import bounds
from runtime.reliability.person import figures, reliability
from runtime.reliability.visible import PersonFigure, Shown, Viewer, visible
from runtime.reliability.visits import COLUMNS as VISITS
from runtime.reliability.visits import visits
from runtime.values import KEY


def answered(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """Return a table of answers, of which only what matters is said."""
    usual: dict[str, object] = {"outcome": "answered", "blind": True, "advised": False, "probe": False, "at": "1"}
    whole = [{**dict.fromkeys(COLUMNS), **usual, **row, "answer": str(n)} for n, row in enumerate(rows)]
    return pl.DataFrame(whole, schema=_schema())


def test_a_person_is_held_against_known_labels_the_truth_and_the_others_each_apart() -> None:
    keys = [f"C{number:02d}" for number in range(40)]
    truths = dict.fromkeys(keys[:20], "yes")
    rows: list[dict[str, object]] = []
    for number, key in enumerate(keys):
        for person, label in (("ann", "yes" if number % 4 else "no"), ("ben", "yes"), ("cem", "yes")):
            rows.append({KEY: key, "person": person, "label": label, "drawn_with": 0.5})
    probe = {"person": "ann", "label": "no", "probe": True, "known_label": "no"}
    rows.extend({**probe, KEY: f"P{number}"} for number in range(12))
    ann, ben, _ = reliability(answered(rows), truths)
    assert (ann.person, ann.answers) == ("ann", 52)
    assert (ann.probes.value, ann.probes.cases) == (1.0, 12)
    assert (ann.audited.value, ann.audited.cases) == (0.75, 20)
    assert (ann.others.value, ann.others.cases) == (0.75, 40)
    assert ann.audited.low is not None and ann.audited.low < 0.75
    assert ben.probes.value is None
    assert ben.probes.says.startswith("too few yet")
    # Two others who contradict each other are no majority.
    assert ben.others.cases == 30


def test_an_answer_after_the_model_was_seen_or_a_second_thought_says_nothing_about_a_person() -> None:
    rows: list[dict[str, object]] = [
        {KEY: "a", "person": "ann", "label": "no", "probe": True, "known_label": "yes"},
        {KEY: "a", "person": "ann", "label": "yes", "probe": True, "known_label": "yes", "supersedes": "0"},
        {KEY: "b", "person": "ann", "label": "no", "probe": True, "known_label": "no", "advised": True},
    ]
    (ann,) = reliability(answered(rows), {})
    assert (ann.answers, ann.probes.cases) == (1, 1)


def seen(
    person: str,
    seconds: Iterable[float],
    first: str = "no",
    advice: str | None = None,
    final: str = "",
    letters: int = 300,
) -> list[dict[str, object]]:
    said = {"person": person, "step": "staff", "kind": "label", "letters": letters, "at": "1", "first": first}
    return [{**said, "seconds": each, "advice": advice, "final": final or first} for each in seconds]


def table(*parts: list[dict[str, object]]) -> pl.DataFrame:
    rows = [{**row, "question": f"q{number}"} for number, row in enumerate(chain(*parts))]
    return pl.DataFrame(rows, schema=VISITS)


def usual(person: str, count: int = 30) -> list[dict[str, object]]:
    """Return visits of somebody who takes 15 to 35 seconds, and says yes and no."""
    rows = seen(person, [15 + number * 7 % 21 for number in range(count)])
    return [{**row, "first": ("yes", "no")[number % 2]} for number, row in enumerate(rows)]


def test_somebody_who_is_too_fast_is_told_kindly_and_the_auditor_only_if_it_goes_on() -> None:
    others = (usual("ben"), usual("cem"))
    told = notices(table(*others, usual("ann"), seen("ann", [2.2] * LAST, "yes")), "ann")
    (fast,) = [notice for notice in told if notice.what == "too fast"]
    assert fast.to_person == "Your last 12 answers took 2 seconds each. Take the time you need."
    assert fast.to_auditor == "", "the person has had no time yet to change anything"
    went_on = table(*others, seen("ann", [0.4] * 2 * LAST, "yes"))
    (fast,) = [notice for notice in for_auditor(went_on) if notice.what == "too fast"]
    assert "less than a second" in fast.to_person
    assert "ann" in fast.to_auditor
    assert "discards none" in fast.to_auditor
    mended = table(*others, seen("ann", [2.0] * 2 * LAST), usual("ann", LAST))
    assert [notice for notice in notices(mended, "ann") if notice.what == "too fast"] == []


def test_the_bound_comes_from_others_who_were_asked_the_same_about_as_much_text() -> None:
    ann = seen("ann", [1.0])
    longer = seen("ann", [1.0], letters=5000)
    found = bounds(table(usual("ben"), usual("cem"), ann, longer), "ann")
    assert found[0] is not None and 2 < found[0] < 15
    assert found[1] is None, "nobody else has read as much"
    assert bounds(table(usual("ben", 60), ann), "ann")[0] is None, "one other person is no measure"
    assert bounds(table(ann * 200), "ann").null_count() == 200, "nobody is measured by themselves"
    assert bounds(table(), "ann").is_empty()


def test_always_the_same_is_told_only_where_others_answer_otherwise() -> None:
    all_no = seen("ann", [25.0] * 40)
    (told,) = notices(table(usual("ben"), usual("cem"), all_no), "ann")
    assert (told.what, told.to_person) == (
        "always the same",
        "Your last 40 answers were all “no”. Look at the next case as if it were the first.",
    )
    nobody_else_says_yes = (seen("ben", [25.0] * 40), seen("cem", [25.0] * 40))
    assert notices(table(*nobody_else_says_yes, all_no), "ann") == ()
    assert notices(table(all_no), "ann") == (), "without others nothing can be said"


def test_always_with_the_model_is_about_second_looks_at_a_different_answer() -> None:
    gave_in = seen("ann", [25.0] * LAST, "no", "yes", "yes")
    (told,) = notices(table(gave_in), "ann")
    assert told.what == "always with the model"
    assert told.to_person.startswith("In your last 12 second looks you took the model's answer each time.")
    assert notices(table(gave_in, seen("ann", [25.0], "no", "yes", "no")), "ann") == (), "once they kept theirs"
    assert notices(table(seen("ann", [25.0] * LAST, "yes", "yes", "yes")), "ann") == (), "they were of one mind"
    assert for_auditor(table(gave_in)) == ()
    assert len(for_auditor(table(gave_in, gave_in))) == 1


def test_visits_are_read_from_what_people_did(tmp_path: Any) -> None:
    there = place(tmp_path / "a", "method: majority", pace=0.2)
    there.run(1)
    store = there.store()
    with store.reading() as connection:
        found = visits(connection, store.book("parcels", "rehearsal"))
    store.close()
    assert found.columns == list(VISITS)
    staff = found.filter(pl.col("step") == "staff")
    assert staff.height == 60
    assert set(staff["kind"]) == {"label"}
    assert staff["letters"].min() > 20  # type: ignore[operator]
    assert (staff["first"] == staff["final"]).all()
    assert staff["advice"].null_count() == 60


def of(*people: str, measure: str = "probes", unknown: str = "") -> list[PersonFigure]:
    """Return a figure of each person, by the order in which they came."""
    return [
        PersonFigure(name, measure, None if name == unknown else number / 10, "", f"{number:02d}")
        for number, name in enumerate(people)
    ]


def test_people_see_their_own_figures_the_auditor_all_and_others_groups() -> None:
    six = of(*"abcdef")
    assert [each.whose for each in visible(six, Viewer("x", auditor=True))] == list("abcdef")
    assert visible(six, Viewer("x")) == (Shown("6 people", 6, "probes", 0.25, "0.25 (mean of 6 people)"),)
    assert [each.whose for each in visible(six, Viewer("c"))] == ["c", "6 people"]


def test_nobody_can_be_had_by_subtracting_what_is_shown() -> None:
    """Neither a sixth from five, nor four others from oneself, nor who has no figure yet from a later total."""
    assert visible(of(*"abcd"), Viewer("x")) == ()
    assert [each.whose for each in visible(of(*"abcde"), Viewer("c"))] == ["c"], "the other four would be left"
    for count in range(5, 31):
        people = [f"p{number:02d}" for number in range(count)]
        shown = [each.people for each in visible(of(*people), Viewer("x"))]
        assert sum(shown) == count, "a total shown elsewhere leaves nobody over"
        assert min(shown) >= 5
    assert visible(of(*"abcdef", unknown="d"), Viewer("x")) == (), "its coming up later would tell"
    both = [*of(*"abcde"), *of(*"abc", measure="audited")]
    assert [each.measure for each in visible(both, Viewer("x"))] == ["probes"]


@pytest.mark.parametrize("viewer", ["x", "p03"])
def test_nothing_that_is_shown_to_others_names_anybody(viewer: str) -> None:
    rows: list[dict[str, object]] = [
        {KEY: f"P{number}", "person": f"p{person:02d}", "label": "no", "probe": True, "known_label": "no", "at": "1"}
        for number in range(12)
        for person in range(7)
    ]
    shown = visible(figures(answered(rows), {}), Viewer(viewer))
    assert {each.whose for each in shown} <= {viewer, "7 people"}
    assert any(each.people == 7 and each.value == 1.0 for each in shown)
