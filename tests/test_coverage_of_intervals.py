"""Nominal 95 % covers: simulations in which the truth is known, each with the widest mean width allowed.

The simulations are seeded. In 600 repetitions, coverage below 0.94 has a chance of 13 % at a true 0.95. The
widths keep an interval that covers by saying nothing from passing.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from runtime.measuring import Sample, alpha_for_look, estimate, paired

Rng = np.random.Generator
Draw = Callable[[Rng], tuple[Sample, float]]
Two = Callable[[Rng], tuple[Sample, Sample]]
REPETITIONS = 600


def coverage(draw: Draw, measure: str, repetitions: int = REPETITIONS) -> tuple[float, float]:
    """Return how often the interval holds the truth, and its mean width."""
    rng, held, widths = np.random.default_rng(20), [], []
    for _ in range(repetitions):
        sample, truth = draw(rng)
        found = estimate(measure, sample, 1, 0.05)
        if found.low is not None and found.high is not None:
            held.append(found.low <= truth <= found.high)
            widths.append(found.high - found.low)
    assert len(held) > 0.95 * repetitions
    return float(np.mean(held)), float(np.mean(widths))


def share(n: int, p: float) -> Draw:
    return lambda rng: (Sample.of(np.ones(n, dtype=int), (rng.random(n) < p).astype(int)), p)


def clustered(groups: int, size: int, p: float, effect: float = 3.0) -> Draw:
    """Groups of equal size with a beta-binomial number of hits; the design effect is 1 + (size - 1) rho."""
    rho = (effect - 1) / (size - 1)

    def draw(rng: Rng) -> tuple[Sample, float]:
        of_group = rng.beta(p * (1 / rho - 1), (1 - p) * (1 / rho - 1), groups).repeat(size)
        hit = (rng.random(groups * size) < of_group).astype(int)
        return Sample.of(np.ones_like(hit), hit, cluster=np.arange(groups).repeat(size)), p

    return draw


def uneven(groups: int, p: float) -> Draw:
    """Groups of 1 to some 50 cases, correlation 0.22."""

    def draw(rng: Rng) -> tuple[Sample, float]:
        group = np.arange(groups).repeat(rng.geometric(0.1, groups))
        hit = rng.random(len(group)) < rng.beta(3.5 * p, 3.5 * (1 - p), groups)[group]
        return Sample.of(np.ones_like(group), hit.astype(int), cluster=group), p

    return draw


def weighted(easy: float, hard: float) -> Draw:
    """A tenth of 1,000 cases is hard (60 % right, else 95 %); `easy` and `hard` are chances to be drawn."""

    def draw(rng: Rng) -> tuple[Sample, float]:
        is_hard = rng.random(1000) < 0.1
        chance = np.where(is_hard, hard, easy)
        drawn = rng.random(1000) < chance
        hit = rng.random(1000) < np.where(is_hard, 0.6, 0.95)
        return Sample.of(
            np.ones(drawn.sum(), dtype=int), hit[drawn].astype(int), weight=1 / chance[drawn]
        ), 0.915

    return draw


def diagnosis(n: int, prevalence: float, found: float, cleared: float, value: float) -> Draw:
    def draw(rng: Rng) -> tuple[Sample, float]:
        truth = (rng.random(n) < prevalence).astype(int)
        decided = rng.random(n) < np.where(truth == 1, found, 1 - cleared)
        return Sample.of(truth, decided.astype(int)), value

    return draw


def ranked(positives: int, negatives: int, auc: float, groups: int = 0) -> Draw:
    """Normal scores; with groups, both classes stand in each and share 40 % of the variance."""

    def draw(rng: Rng) -> tuple[Sample, float]:
        truth = rng.permutation(np.arange(positives + negatives) < positives).astype(int)
        noise, group = rng.normal(size=len(truth)), np.arange(len(truth))
        if groups:
            group %= groups
            noise = np.sqrt(0.6) * noise + np.sqrt(0.4) * rng.normal(size=groups)[group]
        score = ndtr(noise + np.sqrt(2) * ndtri(auc) * truth)
        return Sample.of(truth, truth, np.c_[1 - score, score], cluster=group), auc

    return draw


def stated(n: int, off: float) -> Draw:
    """Five stated probabilities, each off by the same amount in turn up and down: the truth is `off`."""

    def draw(rng: Rng) -> tuple[Sample, float]:
        level = rng.integers(0, 5, n)
        says = np.array([0.1, 0.3, 0.5, 0.7, 0.9])[level]
        truth = (rng.random(n) < says + np.array([1, -1, 1, -1, -1])[level] * off).astype(int)
        return Sample.of(truth, truth, np.c_[1 - says, says]), off

    return draw


def surprised(n: int) -> Draw:
    """Probabilities from a uniform distribution, all well calibrated: the mean loss is 1/2."""

    def draw(rng: Rng) -> tuple[Sample, float]:
        says = rng.random(n)
        truth = (rng.random(n) < says).astype(int)
        return Sample.of(truth, truth, np.c_[1 - says, says]), 0.5

    return draw


@pytest.mark.parametrize(
    ("measure", "draw", "widest"),
    [
        pytest.param("accuracy", share(60, 0.8), 0.23, id="accuracy, 60 cases, 0.8"),
        pytest.param("accuracy", share(200, 0.9), 0.10, id="accuracy, 200 cases, 0.9"),
        pytest.param("recall", share(40, 0.5), 0.34, id="recall 0.5, 40 positives"),
        pytest.param("recall", share(40, 0.8), 0.28, id="recall 0.8, 40 positives"),
        pytest.param("recall", share(40, 0.95), 0.17, id="recall 0.95, 40 positives"),
        pytest.param("recall", share(100, 0.98), 0.08, id="recall 0.98, 100 positives"),
        pytest.param("accuracy", clustered(30, 10, 0.8), 0.19, id="30 groups of 10, design effect 3, 0.8"),
        pytest.param("accuracy", clustered(30, 10, 0.98), 0.10, id="30 groups of 10, design effect 3, 0.98"),
        pytest.param("accuracy", clustered(8, 10, 0.8), 0.48, id="8 groups of 10, design effect 3, 0.8"),
        pytest.param("accuracy", clustered(15, 40, 0.8), 0.17, id="15 groups of 40, design effect 3, 0.8"),
        pytest.param("accuracy", uneven(20, 0.8), 0.33, id="20 uneven groups, 0.8"),
        pytest.param("accuracy", weighted(0.06, 0.6), 0.17, id="hard cases drawn 10 times as often"),
        pytest.param("accuracy", weighted(0.3, 0.03), 0.18, id="easy cases drawn 10 times as often"),
        pytest.param("f1", diagnosis(100, 0.3, 0.8, 0.9, 0.48 / 0.61), 0.27, id="F1, 100 cases"),
        pytest.param(
            "f1", diagnosis(400, 0.1, 0.5, 0.9, 0.1 / 0.24), 0.28, id="F1, 400 cases, a tenth positive"
        ),
        pytest.param(
            "precision", diagnosis(100, 0.3, 0.8, 0.9, 0.24 / 0.31), 0.35, id="precision, 100 cases"
        ),
        pytest.param("balanced_accuracy", diagnosis(100, 0.3, 0.8, 0.9, 0.85), 0.19, id="balanced accuracy"),
        pytest.param(
            "balanced_accuracy", diagnosis(60, 0.5, 0.97, 0.97, 0.97), 0.13, id="balanced accuracy near 1"
        ),
        pytest.param("auc", ranked(10, 10, 0.9), 0.40, id="AUC 0.9, 10 and 10"),
        pytest.param("auc", ranked(10, 300, 0.95), 0.25, id="AUC 0.95, 10 and 300"),
        pytest.param("auc", ranked(30, 100, 0.8), 0.23, id="AUC 0.8, 30 and 100"),
        pytest.param("auc", ranked(30, 30, 0.99), 0.11, id="AUC 0.99, 30 and 30"),
        pytest.param("auc", ranked(60, 60, 0.8, groups=20), 0.21, id="AUC 0.8, 20 groups of 6"),
        pytest.param("calibration_error", stated(200, 0.0), 0.14, id="calibration, 200 cases, off by 0"),
        pytest.param("calibration_error", stated(200, 0.08), 0.20, id="calibration, 200 cases, off by 0.08"),
        pytest.param("calibration_error", stated(1000, 0.03), 0.08, id="calibration, 1,000 cases, 0.03"),
        pytest.param("log_loss", surprised(60), 0.40, id="log loss, 60 cases"),
        pytest.param("log_loss", surprised(200), 0.19, id="log loss, 200 cases"),
    ],
)
def test_nominal_95_percent_covers(measure: str, draw: Draw, widest: float) -> None:
    held, width = coverage(draw, measure)
    assert held >= 0.94
    assert width <= widest


def choices(n: int, gain: float, loss: float, size: int = 1, unequal: bool = False) -> Two:
    """Both right in 60 %; only the first in `gain`, only the second in `loss`; design effect 3 in groups."""

    def draw(rng: Rng) -> tuple[Sample, Sample]:
        parts = np.array([gain, loss, 0.6, 0.4 - gain - loss])
        group = np.arange(n // size).repeat(size)
        of_group = rng.dirichlet(parts * ((size - 1) / 2 - 1), n // size) if size > 1 else parts[None]
        edges = np.broadcast_to(of_group.cumsum(axis=1), (n // size, 4))[group, :3]
        which = (rng.random((n, 1)) > edges).sum(axis=1)
        weight = 1 / rng.uniform(0.1, 1, n) if unequal else np.ones(n)
        return tuple(
            Sample.of(np.ones(n, dtype=int), np.isin(which, right).astype(int), None, weight, group)
            for right in ((0, 2), (1, 2))
        )

    return draw


def rankings(positives: int, negatives: int, auc: float, other: float) -> Two:
    """Two scores, correlated by 0.7 within each class."""

    def draw(rng: Rng) -> tuple[Sample, Sample]:
        truth = (np.arange(positives + negatives) < positives).astype(int)
        one, two = rng.normal(size=(2, len(truth)))
        scores = (
            ndtr(one + np.sqrt(2) * ndtri(auc) * truth),
            ndtr(0.7 * one + np.sqrt(0.51) * two + np.sqrt(2) * ndtri(other) * truth),
        )
        return tuple(Sample.of(truth, truth, np.c_[1 - score, score]) for score in scores)

    return draw


def diagnoses(rng: Rng) -> tuple[Sample, Sample]:
    """The first finds 90 % and clears 90 %, the second 80 % and 85 %, independently; 30 % of 100 positive."""
    truth = (rng.random(100) < 0.3).astype(int)
    one = rng.random(100) < np.where(truth == 1, 0.9, 0.1)
    two = rng.random(100) < np.where(truth == 1, 0.8, 0.15)
    return Sample.of(truth, one.astype(int)), Sample.of(truth, two.astype(int))


@pytest.mark.parametrize(
    ("measure", "draw", "truth", "widest"),
    [
        pytest.param("accuracy", choices(60, 0.1, 0.05), 0.05, 0.25, id="60 cases, 10 % to 5 %"),
        pytest.param("accuracy", choices(60, 0.05, 0.0), 0.05, 0.18, id="60 cases, 5 % to none"),
        pytest.param("accuracy", choices(100, 0.03, 0.0), 0.03, 0.11, id="100 cases, 3 % to none"),
        pytest.param("accuracy", choices(400, 0.05, 0.02), 0.03, 0.06, id="400 cases, 5 % to 2 %"),
        pytest.param("accuracy", choices(100, 0.2, 0.1), 0.1, 0.24, id="100 cases, 20 % to 10 %"),
        pytest.param("accuracy", choices(300, 0.1, 0.05, 10), 0.05, 0.22, id="30 groups of 10"),
        pytest.param("accuracy", choices(300, 0.1, 0.05, unequal=True), 0.05, 0.13, id="unequal weights"),
        pytest.param("auc", rankings(30, 30, 0.85, 0.8), 0.05, 0.25, id="AUC, 30 and 30"),
        pytest.param("auc", rankings(20, 100, 0.95, 0.9), 0.05, 0.19, id="AUC, 20 and 100"),
        pytest.param("f1", diagnoses, 0.54 / 0.64 - 0.48 / 0.645, 0.33, id="F1"),
        pytest.param("balanced_accuracy", diagnoses, 0.075, 0.25, id="balanced accuracy"),
    ],
)
def test_the_difference_of_a_pair_is_covered(measure: str, draw: Two, truth: float, widest: float) -> None:
    rng = np.random.default_rng(21)
    pairs = [paired(measure, *draw(rng), 1, 0.05) for _ in range(REPETITIONS)]
    known = [(pair.low, pair.high) for pair in pairs if pair.low is not None and pair.high is not None]
    assert len(known) > 0.95 * REPETITIONS
    assert np.mean([low <= truth <= high for low, high in known]) >= 0.94
    assert np.mean([high - low for low, high in known]) <= widest


@pytest.mark.parametrize("announced", [8, None])
@pytest.mark.parametrize("p", [0.7, 0.95])
def test_eight_looks_together_miss_no_more_often_than_one_may(announced: int | None, p: float) -> None:
    """40 more cases each round; all eight intervals must hold the truth in at least 95 % of the lives."""
    rng, lives, held = np.random.default_rng(22), 400, 0
    for _ in range(lives):
        hit = (rng.random(320) < p).astype(int)
        found = [
            estimate(
                "accuracy",
                Sample.of(np.ones(40 * look, dtype=int), hit[: 40 * look]),
                1,
                alpha_for_look(look, announced=announced),
            )
            for look in range(1, 9)
        ]
        held += all(each.low <= p <= each.high for each in found)
    assert held / lives >= 0.94


def test_unsplit_looks_would_miss_too_often() -> None:
    """The same eight looks at 95 % each miss in more than 8 % of the lives: the split is needed."""
    rng, lives, held = np.random.default_rng(22), 400, 0
    for _ in range(lives):
        hit = (rng.random(320) < 0.7).astype(int)
        samples = [Sample.of(np.ones(40 * look, dtype=int), hit[: 40 * look]) for look in range(1, 9)]
        found = [estimate("accuracy", sample, 1, 0.05) for sample in samples]
        held += all(each.low <= 0.7 <= each.high for each in found)
    assert held / lives < 0.92


def test_ignoring_the_clusters_would_not_cover() -> None:
    """The same clustered cases, each taken as standing alone, cover less than 85 %: the law can fail."""
    draw = clustered(30, 10, 0.8)

    def alone(rng: Rng) -> tuple[Sample, float]:
        sample, truth = draw(rng)
        return Sample.of(sample.truth, sample.decided), truth

    assert coverage(alone, "accuracy")[0] < 0.85


def test_ignoring_the_weights_would_not_cover() -> None:
    draw = weighted(0.06, 0.6)

    def unweighted(rng: Rng) -> tuple[Sample, float]:
        sample, truth = draw(rng)
        return Sample.of(sample.truth, sample.decided), truth

    assert coverage(unweighted, "accuracy")[0] < 0.5
