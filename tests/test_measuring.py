"""Honest numbers: what a measure says, when it says nothing yet, and when a team counts as better."""

import math
import warnings

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from runtime.measuring import (
    Pair,
    Sample,
    aim_met,
    alpha_for_look,
    cases_to_prove,
    estimate,
    paired,
    proof_in_words,
    verdict,
)

MEASURES = (
    "accuracy", "balanced_accuracy", "f1", "auc", "log_loss", "calibration_error", "recall", "precision"
)  # fmt: skip


def drawn(seed: int = 0, n: int = 200, k: int = 2, weighted: bool = True) -> Sample:
    rng = np.random.default_rng(seed)
    probability = rng.dirichlet(np.ones(k), n).round(2)
    probability[:, -1] = 1 - probability[:, :-1].sum(axis=1)
    probability = np.clip(probability, 0, 1)
    truth = (probability.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1).clip(0, k - 1)
    weight = rng.uniform(1, 5, n) if weighted else np.ones(n)
    return Sample(truth, probability.argmax(axis=1), probability, weight, rng.integers(0, n // 3, n))


def hits(right: int, n: int) -> Sample:
    return Sample.of(np.ones(n, dtype=int), (np.arange(n) < right).astype(int))


@pytest.mark.parametrize("k", [2, 4])
def test_values_are_those_of_scikit_learn(k: int) -> None:
    sample, one = drawn(k=k), 1
    t, d, p, w = sample.truth, sample.decided, sample.probability, sample.weight
    assert p is not None
    binary = {"sample_weight": w, "labels": [one], "average": "macro"}
    peer = {
        "accuracy": metrics.accuracy_score(t, d, sample_weight=w),
        "f1": metrics.f1_score(t, d, **binary),
        "recall": metrics.recall_score(t, d, **binary),
        "precision": metrics.precision_score(t, d, **binary),
        "auc": metrics.roc_auc_score(t == one, p[:, one], sample_weight=w),
        "log_loss": metrics.log_loss(t, p, sample_weight=w, labels=range(k)),
        "balanced_accuracy": np.mean([metrics.accuracy_score(t[t == c], d[t == c], sample_weight=w[t == c])
                                      for c in range(k)]),
    }  # fmt: skip
    ours = {measure: estimate(measure, sample, one, 0.05).value for measure in peer}
    assert ours == pytest.approx(peer, rel=1e-9)


def test_calibration_error_far_from_zero_is_the_binned_gap_of_scikit_learn() -> None:
    stated = np.repeat([0.1, 0.8], 300)
    truth = np.tile([0, 1], 300)
    true_share, stated_mean = calibration_curve(truth, stated, n_bins=2, strategy="quantile")
    found = estimate("calibration_error", Sample.of(truth, truth, np.c_[1 - stated, stated]), 1, 0.05)
    assert found.value == pytest.approx(np.mean(abs(true_share - stated_mean)), abs=1e-6)


def test_chance_alone_is_not_called_a_calibration_error() -> None:
    """Well-calibrated probabilities: the plain figure is 0.05 on average, the debiased one 0.01."""
    values = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        stated = rng.random(400)
        truth = (rng.random(400) < stated).astype(int)
        found = estimate("calibration_error", Sample.of(truth, truth, np.c_[1 - stated, stated]), 1, 0.05)
        values.append(found.value)
    assert np.mean(values) < 0.02


def test_single_equal_cases_get_the_exact_interval() -> None:
    """Clopper and Pearson, 1934: 45 of 50 gives 0.7819 to 0.9667; 50 of 50 starts at 0.025 ** (1 / 50)."""
    found = estimate("accuracy", hits(45, 50), 1, 0.05)
    assert (found.low, found.high) == (pytest.approx(0.7819, abs=1e-4), pytest.approx(0.9667, abs=1e-4))
    full = estimate("accuracy", hits(50, 50), 1, 0.05)
    assert full.low == pytest.approx(0.025 ** (1 / 50)) and full.high == 1
    none = estimate("accuracy", hits(0, 50), 1, 0.05)
    assert none.low == 0 and none.high == pytest.approx(1 - 0.025 ** (1 / 50))


def test_an_estimate_reads_as_words_rounded_outward() -> None:
    assert estimate("accuracy", hits(50, 60), 1, 0.05).says == "0.83 (0.71 to 0.92, 60 cases)"


def test_no_decision_is_neither_right_nor_wrong_and_is_counted() -> None:
    decided = np.where(np.arange(72) < 12, -1, np.arange(72) < 62).astype(int)
    found = estimate("accuracy", Sample.of(np.ones(72, dtype=int), decided), 1, 0.05)
    assert (found.value, found.cases, found.covered) == (50 / 60, 60, 60 / 72)
    assert found.says.endswith("; 12 more cases without a decision")


@pytest.mark.parametrize(
    ("measure", "positives", "negatives", "says"),
    [
        ("recall", 3, 50, "too few yet: 3 positive cases, 10 are needed"),
        ("recall", 1, 50, "too few yet: 1 positive case, 10 are needed"),
        ("f1", 9, 50, "too few yet: 9 positive cases, 10 are needed"),
        ("auc", 50, 4, "too few yet: 4 negative cases, 10 are needed"),
        ("precision", 2, 50, "too few yet: 2 cases decided positive, 10 are needed"),
        ("balanced_accuracy", 5, 50, "too few yet: 5 cases of class 1, 10 are needed"),
        ("balanced_accuracy", 0, 50, "too few yet: 0 cases of any other class, 10 are needed"),
        ("accuracy", 1, 0, "too few yet: 1 case, 10 are needed"),
        ("log_loss", 10, 10, "too few yet: 20 cases, 30 are needed"),
        ("calibration_error", 0, 0, "too few yet: 0 cases, 50 are needed"),
    ],
)
def test_too_little_says_what_is_there_and_what_is_needed(
    measure: str, positives: int, negatives: int, says: str
) -> None:
    truth = np.r_[np.ones(positives, dtype=int), np.zeros(negatives, dtype=int)]
    found = estimate(measure, Sample.of(truth, truth, np.c_[1.0 - truth, truth]), 1, 0.05)
    assert (found.value, found.low, found.high, found.says) == (None, None, None, says)


def test_what_a_measure_lacks_is_said_not_guessed() -> None:
    sample = hits(40, 50)
    assert estimate("recall", sample, None, 0.05).says == (
        "not known: recall needs to know which class is the positive one"
    )
    assert estimate("auc", sample, 1, 0.05).says == (
        "not known: auc needs probabilities, and there are only decisions; "
        "50 more cases without probabilities"
    )
    assert "class 7 is not among the 2 classes" in estimate("auc", drawn(), 7, 0.05).says
    grouped = Sample.of(sample.truth, sample.decided, cluster=np.arange(50) % 3)
    assert estimate("accuracy", grouped, 1, 0.05).says == (
        "too few yet: the cases come from 3 groups, 5 are needed"
    )


def test_cases_that_share_a_fate_count_for_less() -> None:
    alone, grouped = hits(80, 100), Sample.of(*_columns(hits(80, 100)), cluster=np.arange(100) // 5)
    wide, narrow = (estimate("accuracy", each, 1, 0.05) for each in (grouped, alone))
    assert wide.value == narrow.value
    assert wide.low < narrow.low - 0.05


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("alpha", [0.05, 0.0005])
def test_every_figure_is_finite_and_inside_its_interval_whatever_the_cases(
    measure: str, alpha: float
) -> None:
    """Certain, constant, all wrong, tied, lopsided, one heavy case: no NaN, no warning, never zero width."""
    truth = np.arange(60) % 2
    flat = np.full((60, 2), 0.5)
    heavy = np.where(np.arange(60) == 7, 1e9, 1.0)
    right, wrong = np.c_[1.0 - truth, truth], np.c_[truth, 1.0 - truth]
    samples = [
        Sample.of(truth, truth, right),
        Sample.of(truth, 1 - truth, wrong.astype(np.float32)),
        Sample.of(truth, np.ones(60, dtype=int), flat),
        Sample.of(truth, truth, right, weight=heavy),
        Sample.of(truth, 1 - truth, wrong, cluster=np.arange(60) // 2),
        *(drawn(seed, 60, k) for seed in range(6) for k in (2, 3)),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for sample in samples:
            found = estimate(measure, sample, 1, alpha)
            if found.value is not None and found.low is not None and found.high is not None:
                assert 0 <= found.low <= found.value <= found.high < 40
                assert found.high - found.low > 0.01
            assert sample.probability is not None
            even = np.full(sample.probability.shape, 1 / sample.probability.shape[1])
            other = Sample(sample.truth, sample.truth, even, sample.weight, sample.cluster)
            pair = paired(measure, sample, other, 1, alpha)
            if pair.difference is not None and pair.low is not None and pair.high is not None:
                assert -40 < pair.low <= pair.difference <= pair.high < 40


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"truth": np.zeros(4, dtype=int)}, "one value a case"),
        ({"truth": np.full(3, -1)}, "smallest is 0"),
        ({"truth": np.zeros(3)}, "class numbers"),
        ({"decided": np.full(3, -2)}, "smallest is -1"),
        ({"weight": np.array([1.0, 0.0, 1.0])}, "above 0"),
        ({"weight": np.array([1.0, math.nan, 1.0])}, "above 0"),
        ({"weight": np.array(["a", "b", "c"])}, "must hold numbers"),
        ({"probability": np.full((3, 2), 50.0)}, "sum to 1"),
        ({"probability": np.full(3, 0.5)}, "shape"),
        ({"probability": np.ones((3, 1)), "truth": np.ones(3, dtype=int)}, "has 1 classes"),
    ],
)
def test_a_sample_that_does_not_fit_together_is_refused_with_a_sentence(
    change: dict[str, np.ndarray], sentence: str
) -> None:
    parts = {"truth": np.zeros(3, dtype=int), "decided": np.zeros(3, dtype=int), "weight": np.ones(3)}
    with pytest.raises(ValueError, match=sentence):
        Sample.of(**{**parts, **change})


def test_a_pair_compares_only_the_same_cases_in_the_same_order() -> None:
    a = drawn()
    with pytest.raises(ValueError, match="same order on both sides; 'truth' differs in"):
        paired("accuracy", a, Sample(a.truth[::-1], a.decided, None, a.weight, a.cluster), 1, 0.05)
    with pytest.raises(ValueError, match="there are 200 and 199"):
        paired("accuracy", a, a.rows(np.arange(200) > 0), 1, 0.05)


@pytest.mark.parametrize("measure", MEASURES)
def test_identical_deciders_are_never_shown_to_differ_nor_to_be_surely_equal(measure: str) -> None:
    same = drawn()
    pair = paired(measure, same, same, 1, 0.05)
    assert pair.difference == 0 and pair.low < -0.005 and pair.high > 0.005


def test_where_less_is_better_the_difference_still_speaks_for_the_better_one() -> None:
    truth = np.arange(200) % 2
    sharp, vague = (Sample.of(truth, truth, np.abs(np.c_[truth, 1 - truth] - p)) for p in (0.9, 0.6))
    assert paired("log_loss", sharp, vague, 1, 0.05).low > 0
    assert paired("log_loss", vague, sharp, 1, 0.05).high < 0


def test_cases_that_only_one_decided_are_left_out_and_counted() -> None:
    a, b = hits(50, 60), Sample.of(np.ones(60, dtype=int), np.where(np.arange(60) < 5, -1, 1))
    pair = paired("accuracy", a, b, 1, 0.05)
    assert pair.cases == 55 and pair.says.endswith("; 5 more cases not decided by both")


def _pair(low: float, high: float) -> Pair:
    return Pair((low + high) / 2, low, high, 100, f"({low} to {high})")


@pytest.mark.parametrize(
    ("model", "people", "standing"),
    [
        (_pair(0.01, 0.1), _pair(0.02, 0.2), "better"),
        (_pair(0.01, 0.1), _pair(0.0, 0.2), "not shown"),
        (_pair(-0.2, -0.1), _pair(0.1, 0.2), "worse than the model"),
        (_pair(0.1, 0.2), _pair(-0.2, -0.1), "worse than people"),
        (_pair(-0.2, -0.1), _pair(-0.4, -0.3), "worse than people"),
        (_pair(0.1, 0.2), Pair(None, None, None, 3, "too few yet"), "not shown"),
    ],
)
def test_better_needs_both_lower_bounds_above_zero(model: Pair, people: Pair, standing: str) -> None:
    found = verdict(model, people)
    assert found.standing == standing
    assert model.says in found.sentence and people.says in found.sentence


def test_an_aim_is_met_at_the_worse_end_of_the_interval() -> None:
    found = estimate("accuracy", hits(50, 60), 1, 0.05)  # 0.71 to 0.92
    assert [aim_met(found, ">=", number) for number in (0.7, 0.8, 0.95)] == [True, None, False]
    assert [aim_met(found, "<=", number) for number in (0.7, 0.8, 0.95)] == [False, None, True]
    assert aim_met(estimate("accuracy", hits(3, 3), 1, 0.05), ">=", 0.1) is None


def test_proof_costs_59_cases_without_a_miss_for_a_recall_of_095() -> None:
    assert cases_to_prove(0.95) == 59
    assert all(t ** cases_to_prove(t) <= 0.05 < t ** (cases_to_prove(t) - 1) for t in (0.5, 0.9, 0.99, 0.999))
    assert proof_in_words("recall", 0.95) == (
        "A recall of 0.95 needs at least 59 positive cases without a miss, and more with every miss."
    )
    with pytest.raises(ValueError, match="between 0 and 1"):
        cases_to_prove(1.0)


def test_the_interval_reaches_an_aim_when_half_of_alpha_is_spent_on_that_side() -> None:
    needed = cases_to_prove(0.95, 0.025)
    met = [
        aim_met(estimate("recall", hits(n, n), 1, 0.05), ">=", 0.95) for n in (needed - 1, needed, needed + 1)
    ]
    assert met == [None, True, True]


def test_looks_share_one_alpha() -> None:
    assert sum(alpha_for_look(n, announced=8) for n in range(1, 9)) == pytest.approx(0.05)
    endless = sum(alpha_for_look(n) for n in range(1, 20_000))
    assert 0.0499 < endless < 0.05
    with pytest.raises(ValueError, match="8 looks were announced and this is look 9"):
        alpha_for_look(9, announced=8)
    with pytest.raises(ValueError, match="numbered from 1"):
        alpha_for_look(0)


def _columns(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    return sample.truth, sample.decided
