"""Agreement between people: published figures come out, order does not matter, too little is said as such."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from runtime.artifacts import Artifacts
from runtime.kernels import cohen, dawid_skene, fleiss, krippendorff, majority
from runtime.measuring_rounds.agreement import BEYOND_CHANCE, beyond_chance
from runtime.measuring_rounds.ground import Ground
from runtime.measuring_rounds.rule import Rule
from runtime.measuring_rounds.taken import Look
from runtime.measuring_rounds.truths import Truths
from runtime.measuring_rounds.words import Words
from runtime.reliability import coefficients
from runtime.reliability.said import Said, said_in
from runtime.reliability.weighing import SMOOTHING, TRUST, way_for, what_is_missing
from runtime.values import KEY, Predictions, Records, Table

# Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011: 4 observers, 12 units, 0 is missing.
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)
PERSON, UNIT = np.nonzero(OBSERVERS)
CODE = OBSERVERS[PERSON, UNIT] - 1


def counted(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of each of the things that a table counts."""
    counts = np.array(table)
    rows, columns = np.indices(counts.shape)
    return np.repeat(rows.ravel(), counts.ravel()), np.repeat(columns.ravel(), counts.ravel())


def said(case: np.ndarray, person: np.ndarray, label: np.ndarray) -> Said:
    frame = pl.DataFrame({KEY: case, "person": person, "label": label}).cast(pl.String)
    return said_in(frame.with_columns(outcome=pl.lit("answered")))


def test_cohens_kappa_is_the_one_in_the_book() -> None:
    """Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 2003, table 18.1: 0.68, error 0.087."""
    first, second = counted([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    found = cohen.reference(first, second, 3)
    assert (round(found.value, 6), found.cases) == (0.676471, 100)
    assert round(float(np.sqrt(found.pull @ found.pull)), 6) == 0.087703
    assert abs(found.pull.sum()) < 1e-12


def test_fleiss_kappa_is_the_one_of_the_well_known_example() -> None:
    """14 people, 10 cases, 5 labels: 0.378 observed, 0.213 by chance, kappa 0.210."""
    table = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    found = fleiss.reference(*counted(table), 10, 5)
    assert [round(part, 6) for part in found[:3]] == [0.209931, 0.378022, 0.212755]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107)])
def test_krippendorffs_alpha_is_the_published_one(level: krippendorff.Level, alpha: float) -> None:
    found = krippendorff.reference(UNIT, CODE, 12, np.arange(1.0, 6.0), level)
    assert round(found.value, 6) == alpha
    assert (int(found.enters.sum()), found.answers) == (11, 40), "a unit with one answer does not enter"


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_the_pull_of_a_case_is_what_one_more_of_it_does(level: krippendorff.Level) -> None:
    """Of many cases; so intervals follow from it. Ranks move as well when a case is added."""
    copies, cases = 400, 12
    case = np.concatenate([UNIT + cases * copy for copy in range(copies)])
    label, number = np.tile(CODE, copies), np.arange(5.0)
    whole = krippendorff.reference(case, label, cases * copies, number, level)
    for extra in (0, 5, 9):
        more = np.isin(UNIT, extra)
        told = krippendorff.reference(
            np.append(case, np.full(more.sum(), cases * copies)), np.append(label, CODE[more]), cases * copies + 1,
            number, level,
        )  # fmt: skip
        assert told.value - whole.value == pytest.approx(whole.pull[extra], rel=0.02, abs=1e-7)


def test_what_has_no_agreement_to_speak_of_is_nan() -> None:
    none = np.zeros(0, dtype=np.int64)
    alike = np.zeros(6, dtype=np.int64)
    pairs = np.repeat(np.arange(3), 2)
    for case, label, cases in ((none, none, 0), (none, none, 3), (np.arange(3), np.array([0, 1, 0]), 3)):
        assert np.isnan(fleiss.reference(case, label, cases, 2).value), "no case has two answers"
        assert np.isnan(krippendorff.reference(case, label, cases, np.arange(2.0), "nominal").value)
    assert np.isnan(fleiss.reference(pairs, alike, 3, 2).value), "one label alone: chance explains it"
    assert np.isnan(krippendorff.reference(pairs, alike, 3, np.arange(2.0), "ordinal").value)
    same_number = krippendorff.reference(pairs, np.array([0, 1, 0, 1, 1, 0]), 3, np.ones(2), "interval")
    assert np.isnan(same_number.value), "two labels that are the same number"
    assert np.isnan(cohen.reference(np.full(3, -1), np.zeros(3, dtype=np.int64), 2).value), "no overlap"


def test_majority_says_nothing_on_a_tie_and_without_answers() -> None:
    found = majority.reference(np.array([0, 0, 0, 1, 1, 3]), np.array([1, 0, 1, 0, 1, 2]), 4, 3)
    assert found.label.tolist() == [1, -1, -1, 2]
    assert (found.votes.tolist(), found.answers.tolist()) == ([2, 1, 0, 1], [3, 2, 0, 1])
    assert majority.reference(np.zeros(0, np.int64), np.zeros(0, np.int64), 2, 0).label.tolist() == [-1, -1]


def simulated(cases: int, skill: list[float], seed: int = 0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    truth, people = rng.integers(0, 2, cases), len(skill)
    case, person = np.repeat(np.arange(cases), people), np.tile(np.arange(people), cases)
    right = rng.random(len(case)) < np.array(skill)[person]
    return case, person, np.where(right, truth[case], 1 - truth[case]), truth


def test_dawid_skene_finds_how_each_person_answers() -> None:
    skill = [0.95, 0.9, 0.6, 0.55, 0.6]
    case, person, label, truth = simulated(2000, skill)
    found = dawid_skene.reference(case, person, label, np.full(2000, -1), 5, 2)
    assert found.moved <= dawid_skene.TOLERANCE
    assert np.allclose(found.confusion[:, 0, 0], skill, atol=0.06)
    assert np.allclose(found.confusion.sum(axis=2), 1)
    weighed = (found.posterior.argmax(axis=1) == truth).mean()
    heads = (majority.reference(case, label, 2000, 2).label == truth).mean()
    assert weighed > heads + 0.05


def test_a_known_case_stays_known_and_teaches_how_people_answer_but_not_how_frequent_labels_are() -> None:
    case, person, label, truth = simulated(200, [0.9, 0.3, 0.9])
    known = np.where(np.arange(200) < 100, truth, -1)
    found = dawid_skene.reference(case, person, label, known, 3, 2)
    assert np.array_equal(found.posterior[:100], np.eye(2)[truth[:100]])
    assert np.allclose(found.prevalence, found.posterior[100:].mean(axis=0), atol=1e-4)
    assert found.confusion[1, 0, 0] < 0.5, "somebody who is mostly wrong is found out"


def test_without_smoothing_nothing_becomes_not_a_number() -> None:
    """Everybody sure and contradicting each other: then nothing is known of the case."""
    case, person, label = np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0, 1, 0])
    found = dawid_skene.reference(case, person, label, np.array([-1, -1, 1, -1]), 2, 2, smoothing=0.0)
    assert np.isfinite(found.posterior).all()
    assert np.allclose(found.posterior.sum(axis=1), 1)
    confusion = np.stack([np.eye(2), np.eye(2)])
    assert dawid_skene.chances(case[:2], person[:2], label[:2], 1, confusion, np.array([0.5, 0.5])).tolist() == [
        [0.5, 0.5]
    ]


@pytest.mark.parametrize(("name", "heads", "weighed"), [("rte", 0.8969, 0.9275), ("bluebird", 0.7593, 0.8981)])
def test_real_crowds_come_out_as_published(name: str, heads: float, weighed: float) -> None:
    """Snow and others 2008, Welinder and others 2010; ties of a majority count half."""
    if not os.environ.get("TANDEM_DATA"):
        pytest.skip("TANDEM_DATA names no folder with the crowds' answers.")
    folder = Path(os.environ["TANDEM_DATA"]) / "crowd" / name
    frame = pl.read_csv(folder / "label.csv").unique(maintain_order=True)
    truth = pl.read_csv(folder / "truth.csv").sort("item")["truth"].to_numpy()
    case, person, label = (frame[column].to_numpy() for column in ("item", "worker", "label"))
    counted_heads = majority.reference(case, label, len(truth), 2).label
    assert round(float(np.where(counted_heads < 0, 0.5, counted_heads == truth).mean()), 4) == heads
    people, known = int(person.max()) + 1, np.full(len(truth), -1)
    plain = dawid_skene.reference(case, person, label, known, people, 2)
    assert round(float((plain.posterior.argmax(axis=1) == truth).mean()), 4) == weighed
    trusting = dawid_skene.reference(case, person, label, known, people, 2, SMOOTHING, TRUST)
    assert (trusting.posterior.argmax(axis=1) == truth).mean() > weighed - 0.01


def test_the_order_in_which_answers_came_changes_no_bit() -> None:
    case, person, label, _ = simulated(60, [0.9, 0.7, 0.8])
    order = np.random.default_rng(1).permutation(len(case))
    one, other = said(case, person, label), said(case[order], person[order], label[order])
    assert (one.cases, one.people, one.labels) == (other.cases, other.people, other.labels)
    assert np.array_equal(one.label, other.label)
    assert coefficients.krippendorff(one) == coefficients.krippendorff(other)


def test_of_one_person_on_one_case_the_last_answer_counts_and_cannot_tell_is_none() -> None:
    frame = pl.DataFrame(
        [("a", "ann", "yes", "answered"), ("a", "ann", "no", "answered"), ("a", "ben", "", "cannot-tell")],
        schema=[KEY, "person", "label", "outcome"],
        orient="row",
    )
    found = said_in(frame)
    assert (found.people, found.labels, found.of("ann").tolist(), found.of("nobody").tolist()) == (
        ("ann",),
        ("no",),
        [0],
        [-1],
    )


def test_a_coefficient_says_what_it_rests_on_and_what_is_still_missing() -> None:
    case, person, label, _ = simulated(200, [0.9, 0.9, 0.8])
    found = coefficients.fleiss(said(case, person, label))
    assert found.low is not None and found.value is not None and found.high is not None
    assert -1 <= found.low < found.value < found.high <= 1
    assert found.says.endswith("200 cases, 3 people)")
    few = coefficients.krippendorff(said(case[:30], person[:30], label[:30]))
    assert (few.value, few.says) == (None, "too few yet: 10 cases were answered by two people, 40 are needed")
    alone = coefficients.fleiss(said(case[person == 0], person[person == 0], label[person == 0]))
    assert alone.says == "too few yet: no case was answered by two people"
    alike = coefficients.krippendorff(said(case, person, np.zeros_like(label)))
    assert alike.says == "not known: everybody always said the same, and chance alone would explain that"
    everybody = said(case, person, label)
    assert coefficients.cohen(everybody, "0", "nobody").value is None
    one_group = coefficients.cohen(everybody, "0", "1", clusters=np.zeros(200, dtype=np.int64))
    assert one_group.says == "too few yet: the cases come from 1 group, 5 are needed"
    with pytest.raises(ValueError, match="labels that are numbers"):
        coefficients.krippendorff(said_in(frame_of("late", "on time")), "interval")


def frame_of(*labels: str) -> pl.DataFrame:
    rows = [("a", str(person), label, "answered") for person, label in enumerate(labels)]
    return pl.DataFrame(rows, schema=[KEY, "person", "label", "outcome"], orient="row")


def test_cases_that_share_a_fate_make_an_interval_wider() -> None:
    case, person, label, _ = simulated(200, [0.8, 0.8])
    alone = coefficients.cohen(said(case, person, label), "0", "1")
    tenfold = coefficients.cohen(said(case, person, label), "0", "1", clusters=np.arange(200) // 20)
    assert alone.high is not None and alone.low is not None and tenfold.high is not None and tenfold.low is not None
    assert tenfold.high - tenfold.low > alone.high - alone.low


def test_nominal_95_percent_covers() -> None:
    """Two people alike by more than chance on 0.64 of what chance leaves; 60 cases, one label rare."""
    rng, hits, shares = np.random.default_rng(5), 0, np.array([0.2, 0.8])
    for _ in range(150):
        truth = rng.choice(2, 60, p=shares)
        case, person = np.repeat(np.arange(60), 2), np.tile(np.arange(2), 60)
        label = np.where(rng.random(120) < 0.8, truth[case], rng.choice(2, 120, p=shares))
        found = coefficients.krippendorff(said(case, person, label))
        assert found.low is not None and found.high is not None
        hits += found.low <= 0.64 <= found.high
    assert hits >= 0.93 * 150


def test_by_itself_says_what_is_missing_for_weighing_people() -> None:
    case, person, label, _ = simulated(200, [0.9, 0.9, 0.8])
    assert what_is_missing(said(case, person, label)) == ""
    assert what_is_missing(said(case[:90], person[:90], label[:90])).startswith("30 cases were answered by several")
    two = person < 2
    assert what_is_missing(said(case[two], person[two], label[two])).startswith("2 people answered cases that others")
    many = np.arange(len(case)) % 40
    assert what_is_missing(said(case, many, label)) == (
        "each person has 15 answers to cases that others answered too, 20 are needed"
    )
    words = said(case, person, np.arange(len(case)))
    assert way_for(words, np.full(200, -1), "dawid-skene").method == "majority", "600 different answers are no labels"


def test_by_itself_counts_heads_where_that_was_right_more_often_on_known_cases() -> None:
    """The cleverer rule is not always the better one: three of five err together on the same cases."""
    case, person, label, truth = simulated(200, [0.8, 0.8, 0.95, 0.95, 0.95], seed=3)
    wrong = np.random.default_rng(0).random(200) < 0.4
    label = np.where((person < 2) & wrong[case], 1 - truth[case], label)
    everybody = said(case, person, label)
    places = np.array([int(key) for key in everybody.cases])
    assert way_for(everybody, np.full(200, -1), "by-itself").method == "dawid-skene"
    # Here heads are right whatever people are weighed at: the truth of these cases is what most said.
    heads = majority.reference(everybody.case, everybody.label, 200, 2).label
    way = way_for(everybody, np.where(places < 150, heads, -1), "by-itself")
    assert way.method == "majority"
    assert way.why.startswith("on 150 known cases it was right 150 times, and Dawid-Skene")


def test_agreement_beyond_chance_is_told_of_asked_cases_and_of_blind_answers_only(tmp_path: Path) -> None:
    """Nine of ten cases are "no": people who agree on 0.82 of them by chance alone agree on nothing."""
    rng = np.random.default_rng(2)
    rows = [(f"C{case}", person, ("yes", "no")[int(rng.random() < 0.9)]) for case in range(200) for person in "ab"]
    frame = pl.DataFrame(rows, schema=[KEY, "person", "label"], orient="row")
    told = frame.with_columns(outcome=pl.lit("answered"), said=pl.lit(0), question=KEY)
    nothing = Table({}, (), Artifacts(tmp_path))
    truths = Truths(pl.DataFrame(schema={KEY: pl.String, "place": pl.Int32, "source": pl.String}))
    ground = Ground(Predictions(nothing, Records(nothing), ("yes", "no")), Rule(("yes", "no")), truths, ())
    words = Words(("yes", "no"), "yes")
    found = beyond_chance(ground, told, Look(3, 0, 0.05, words))
    assert (found.measure, found.who, found.cases, found.truth) == (BEYOND_CHANCE, "people", "asked", "agreement")
    assert found.low is not None and found.high is not None
    assert found.low < 0 < found.high < 0.4
    assert (found.cases_count, found.round) == (200, 3)
    unsaid = beyond_chance(ground, told.with_columns(said=pl.lit(-1)), Look(3, 0, 0.05, words))
    assert (unsaid.value, unsaid.says) == (None, "too few yet: no case was answered by two people (asked cases)")
    assert beyond_chance(ground, told, Look(3, 0, None, words)).says == "not known: all announced rounds are over"
