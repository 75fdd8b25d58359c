"""The measure of the pair: counted by hand on small tables, and never claimed where too little is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flows.problems import Refused
from runtime.insight import Encounters, Prices, insight_from, read_decisions
from runtime.insight.calibrated import calibration
from runtime.insight.deferral import deferral
from runtime.insight.differences import differences
from runtime.insight.encounters import framed
from runtime.insight.load import load
from runtime.insight.reliance import reliance
from runtime.insight.standing import standing

KINDS = {
    # first, advice, final, truth: how many
    ("yes", "no", "no", "no"): 30,  # relied, the model was right
    ("yes", "no", "yes", "no"): 20,  # stayed, the model was right
    ("yes", "no", "yes", "yes"): 12,  # stayed, the person was right
    ("yes", "no", "no", "yes"): 8,  # relied, the person was right
    ("no", "no", "no", "no"): 30,  # both said the same
}


def told(tmp_path: Path, lines: list[str]) -> Path:
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def table(tmp_path: Path, kinds: dict[tuple[str, str, str, str], int] = KINDS, sure: float = 0.8) -> Encounters:
    """Return encounters of 25 people; each case is met once."""
    every = [kind for kind, count in kinds.items() for _ in range(count)]
    rows = [f"P{at % 25},C{at},{','.join(kind)},{sure},{sure},{'AB'[at % 2]}" for at, kind in enumerate(every)]
    head = "person,case,first,advice,final,truth,first_confidence,advice_confidence,site"
    met, notes = read_decisions(told(tmp_path, [head, *rows]))
    assert notes == ()
    return met


def test_reliance_counts_every_disagreement_once(tmp_path: Path) -> None:
    found = reliance(table(tmp_path), "random", 0.05)
    assert (found.looked, found.differed) == (100, 70)
    assert (found.relied_when_right, found.own_when_wrong) == (30, 20)
    assert (found.own_when_right, found.relied_when_wrong) == (12, 8)
    assert found.model_reliance.value == pytest.approx(30 / 50), "RAIR of Schemmer and others"
    assert found.self_reliance.value == pytest.approx(12 / 20), "RSR"
    assert found.switched.value == pytest.approx(38 / 70)


def test_a_third_label_is_neither_the_model_nor_the_person(tmp_path: Path) -> None:
    kinds = {("a", "b", "c", "a"): 15, ("a", "b", "b", "c"): 15, ("a", "a", "a", "a"): 10}
    found = reliance(table(tmp_path, kinds), "random", 0.05)
    assert (found.lost_when_right, found.both_wrong, found.relied_when_wrong) == (15, 15, 0)
    assert found.self_reliance.value == 0


def test_persons_that_differ_make_the_interval_wider(tmp_path: Path) -> None:
    """Half of the people always switch and half never: that is far fewer than 200 independent cases."""
    rows = [f"P{at % 40},C{at},yes,no,{'no' if at % 2 else 'yes'},no" for at in range(400)]
    mixed = [f"P{at // 10},C{at},yes,no,{'no' if at % 2 else 'yes'},no" for at in range(400)]
    head = "person,case,first,advice,final,truth"
    apart, alike = (read_decisions(told(tmp_path, [head, *part]))[0] for part in (rows, mixed))
    wide, narrow = (reliance(met, "random", 0.05).switched for met in (apart, alike))
    assert wide.value == narrow.value == 0.5
    assert 0.5 - (wide.low or 0) > 2 * (0.5 - (narrow.low or 0))
    assert (wide.high or 0) - 0.5 > 2 * ((narrow.high or 0) - 0.5)


def test_the_team_is_held_against_the_better_one_alone(tmp_path: Path) -> None:
    found = standing(table(tmp_path), "accuracy", 0.05, "")
    assert (found.model.value, found.people.value, found.team.value) == pytest.approx((0.8, 0.5, 0.72))
    assert found.best_alone.value == found.model.value
    assert found.verdict.standing == "not shown"
    assert found.team_minus_people.value == pytest.approx(0.22)


def test_too_little_is_said_and_nothing_is_drawn(tmp_path: Path) -> None:
    met = table(tmp_path, {("yes", "no", "no", "no"): 3, ("no", "yes", "no", "yes"): 2})
    met = Encounters(met.frame, met.columns, met.labels, "yes", "table", met.noun)
    insight = insight_from(met, "few", "a table", prices=Prices(10, 1, 1))
    known = [insight.standing.model, insight.reliance[0].switched, insight.calibration[0].error, insight.deferral.saved]
    assert [one.value for one in known] == [None] * 4
    assert all("too few yet" in one.says for one in known)
    assert insight.calibration[0].bins == () and insight.load.chosen is None
    assert "not shown" in insight.verdict


def test_where_they_differ_is_told_by_column_for_all_groups_at_once(tmp_path: Path) -> None:
    kinds = {("yes", "no", "yes", "no"): 1, ("no", "no", "no", "no"): 1}
    met = table(tmp_path, {kind: 60 * count for kind, count in kinds.items()})
    by_hand = met.frame.with_columns(site=met.columns["site"]).group_by("site").len()
    found = differences(met, "random", 0.05)
    assert {group.value: group.rows for group in found.groups} == dict(by_hand.iter_rows())
    assert {group.column for group in found.groups} == {"site"}
    assert sum(group.differed for group in found.groups) == 60
    wider = [(group.share.high or 0) - (group.share.low or 0) for group in found.groups]
    assert min(wider) > (found.overall.high or 0) - (found.overall.low or 0)


def test_confidence_that_fits_is_not_called_wrong_and_one_that_does_not_is(tmp_path: Path) -> None:
    met = table(tmp_path, sure=0.8)
    model, people = calibration(met, "model", 0.05), calibration(met, "people", 0.05)
    assert model.error.low == 0 and "not shown to be off" in model.says
    assert people.error.value == pytest.approx(0.3, abs=0.05) and "surer than they are right" in people.says
    assert people.brier.value == pytest.approx(0.5 * 0.2**2 + 0.5 * 0.8**2)
    assert sum(one.came_true.cases for one in model.bins) == 100


def sorted_by_confidence(tmp_path: Path) -> Encounters:
    """Return 1,000 cases of which the model is right in 99 % of the sure half, and in 60 % of the other."""
    rows = []
    for at in range(1000):
        sure, right = (0.95, at % 100 != 0) if at % 2 else (0.6, at % 10 < 6)
        rows.append(f"P{at % 30},C{at},yes,{'yes' if right else 'no'},yes,yes,{sure}")
    rows.append("P1,last,no,no,no,no,0.6")
    return read_decisions(told(tmp_path, ["person,case,first,advice,final,truth,advice_confidence", *rows]))[0]


def test_the_model_decides_alone_only_where_the_lower_bound_reaches_the_target(tmp_path: Path) -> None:
    met = sorted_by_confidence(tmp_path)
    found = load(met, 0.95, 0.05, None)
    assert found.chosen is not None
    assert found.chosen.threshold == 0.95 and found.chosen.alone == pytest.approx(0.5, abs=0.01)
    assert (found.chosen.accuracy.low or 0) >= 0.95
    assert load(met, 0.999, 0.05, None).chosen is None


def test_a_model_that_just_misses_the_target_is_hardly_ever_let_alone() -> None:
    """Ten thresholds are tried; without sharing the chance of error one of them would often seem to do."""
    draw = np.random.default_rng(7)
    let = 0
    for _ in range(100):
        right = draw.random(300) < 0.8
        frame = pl.DataFrame(
            {"person": "p", "case": [str(at) for at in range(300)], "advice": np.where(right, "a", "b"), "truth": "a",
             "advice_confidence": draw.uniform(0.5, 1, 300), "weight": 1.0, "probe": False}
        )  # fmt: skip
        rows = framed(frame.with_columns(cluster="case"))
        met = Encounters(rows, pl.DataFrame(), ("a", "b"), "a", "table")
        let += load(met, 0.8, 0.05, None).chosen is not None
    assert let <= 5


def test_people_get_what_is_too_dear_to_leave_to_the_model(tmp_path: Path) -> None:
    met, _ = read_decisions(told(tmp_path, ["person,case,first,advice,final,truth,advice_confidence", *_priced()]))
    met = Encounters(met.frame, met.columns, met.labels, "yes", "table", met.noun)
    model, people, both = deferral(met, Prices(missed=100, false_alarm=100, asking=5), 0.05).policies
    assert (model.asked, people.asked, both.asked) == (0, 1, pytest.approx(0.5))
    assert model.cost.value == pytest.approx(20.0) and people.cost.value == pytest.approx(5.0)
    assert both.cost.value == pytest.approx(2.5)
    assert "name them" in deferral(met, None, 0.05).says


def _priced() -> list[str]:
    """Half of the cases: the model is sure and right. The others: it guesses, and is wrong in 40 %."""
    rows = []
    for at in range(200):
        truth = "yes" if at % 4 < 2 else "no"
        wrong = at % 2 == 0 and at % 10 < 4
        said = truth if not wrong else {"yes": "no", "no": "yes"}[truth]
        rows.append(f"P{at % 30},C{at},{truth},{said},{truth},{truth},{0.6 if at % 2 == 0 else 0.99}")
    return rows


def test_no_mistake_so_far_is_no_proof_that_none_will_come(tmp_path: Path) -> None:
    met = table(tmp_path, {("yes", "yes", "yes", "yes"): 20, ("no", "no", "no", "no"): 20}, sure=0.99)
    met = Encounters(met.frame, met.columns, met.labels, "yes", "table", met.noun)
    cost = deferral(met, Prices(100, 10, 1), 0.05).policies[0].cost
    assert cost.value == 0 and (cost.high or 0) > 1


HOSTILE = {
    "no column called truth": ["person,case,first,advice,final", "a,b,c,d,e"],
    "fewer than two labels": ["person,case,first,advice,final,truth", "a,b,yes,yes,yes,yes"],
    "must hold numbers": ["person,case,first,advice,final,truth,first_confidence", "a,b,yes,no,no,no,very"],
    "between 0 and 100": ["person,case,first,advice,final,truth,first_confidence", "a,b,yes,no,no,no,140"],
}


@pytest.mark.parametrize("says", HOSTILE)
def test_a_table_that_does_not_fit_is_refused_with_a_sentence(tmp_path: Path, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_decisions(told(tmp_path, HOSTILE[says]))


def test_a_table_is_read_as_it_comes(tmp_path: Path) -> None:
    """Headings in capitals, semicolons, per cent, rows twice or without a person, a column called like ours."""
    lines = [
        "Person;Case;First;First confidence;Advice;Final;Truth;round",
        "ann;1;yes;90;no;no;no;x",
        "ann;1;no;90;no;no;no;x",
        ";2;no;90;no;no;no;x",
        "bob;1;no;40;;no;no;y",
    ]
    met, notes = read_decisions(told(tmp_path, lines))
    assert met.frame["first_confidence"].to_list() == [0.9, 0.4]
    assert met.frame["seen"].to_list() == [True, False], "without advice nothing was seen"
    assert met.columns.columns == ["round (given)"]
    assert [note.split(" rows")[0] for note in notes] == ["1", "1"]


def test_confidence_of_one_label_says_how_sure_of_the_other(tmp_path: Path) -> None:
    head = "person,case,first,advice,final,truth,first_confidence"
    lines = [head, "a,1,Red,Red,Red,Red,80", "a,2,Black,Red,Red,Red,20"]
    met, _ = read_decisions(told(tmp_path, lines), "Red")
    assert met.frame["first_confidence"].to_list() == [0.8, 0.8]
    with pytest.raises(Refused, match="only where there are two"):
        read_decisions(told(tmp_path, lines), "Blue")


def test_asked_cases_never_stand_for_all(tmp_path: Path) -> None:
    """Of a book only rows with a chance of being drawn count as random."""
    met = table(tmp_path)
    picked = met.frame.with_columns(weight=pl.when(pl.int_range(pl.len()) < 20).then(2.0))
    book = Encounters(picked, met.columns, met.labels, "", "book")
    random, asked = (reliance(book, cases, 0.05) for cases in ("random", "asked"))
    assert (random.looked, asked.looked) == (20, 100)
    assert "drawn at random" in random.says and "asked cases" in asked.says
