"""Which label is right when some people are right more often than others, and err in different ways.

Each person p has a confusion matrix: the chance of saying l where k is right. From a first guess (the shares
of votes) two steps alternate until nothing moves (expectation and maximisation):

    prevalence[k]      ~ smoothing + sum over open cases of posterior[c, k]
    confusion[p, k, l] ~ smoothing + trust * (k == l) + sum over answers of p to c that say l of posterior[c, k]
    posterior[c, k]    ~ prevalence[k] * product over answers (p, l) to c of confusion[p, k, l]

where ~ means that it is scaled to sum to 1. Dawid and Skene, Applied Statistics 28, 1979, is `smoothing=0,
trust=0`; a little smoothing keeps a single answer from making a label impossible, and trust counts so many
right answers in favour of each person and label (a Dirichlet prior, as in Paun and others, Transactions of
the ACL 6, 2018). Cases whose label is known stay at it: they teach the matrices, not the prevalence.

Arrays: `case`, `person` and `label` are (n,) int64, one row an answer, codes from 0, at most one row a case
and person; `known` is (cases,) int64, -1 where nothing is known. float64 throughout; sums run in the order of
the rows, so the same rows in the same order give the same bits. A case without answers gets the prevalence.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SMOOTHING = 0.01
MOST_ROUNDS = 200
TOLERANCE = 1e-6


class DawidSkene(NamedTuple):
    """What was found: the chance of each label of each case, and how each person answers.

    posterior: (cases, labels), rows sum to 1. confusion: (people, labels, labels), person, right label,
    said label; rows sum to 1. average: (labels, labels), the same of all people together, for those of whom nothing
    is known. prevalence: (labels,).
    rounds: how many were needed. moved: by how much a chance still moved at most in the last round; it has
    converged where that is at most the tolerance.
    """

    posterior: Floats
    confusion: Floats
    average: Floats
    prevalence: Floats
    rounds: int
    moved: float


def reference(
    case: Integers,
    person: Integers,
    label: Integers,
    known: Integers,
    people: int,
    labels: int,
    smoothing: float = SMOOTHING,
    trust: float = 0.0,
    most: int = MOST_ROUNDS,
    tolerance: float = TOLERANCE,
) -> DawidSkene:
    """Return the labels' chances and the people's matrices; O(rounds x answers x labels)."""
    cases = len(known)
    fixed = np.eye(labels)[known[known >= 0]]
    posterior = _shares(case, label, cases, labels)
    posterior[known >= 0] = fixed
    at, rounds, moved = person * labels + label, 0, np.inf
    while True:
        confusion, average = _confusion(case, at, posterior, people, smoothing, trust)
        prevalence = _prevalence(posterior, known, smoothing)
        if rounds >= most or moved <= tolerance:
            return DawidSkene(posterior, confusion, average, prevalence, rounds, float(moved))
        before = posterior
        posterior = chances(case, person, label, cases, confusion, prevalence)
        posterior[known >= 0] = fixed
        moved = np.abs(posterior - before).max(initial=0.0)
        rounds += 1


def chances(
    case: Integers, person: Integers, label: Integers, cases: int, confusion: Floats, prevalence: Floats
) -> Floats:
    """Return (cases, labels) the chance of each label, given how people answer; rows sum to 1."""
    with np.errstate(divide="ignore"):
        doubt, start = np.log(confusion), np.log(prevalence)
    found = np.empty((cases, len(prevalence)))
    for right in range(len(prevalence)):
        told = doubt[person, right, label]
        found[:, right] = start[right] + np.bincount(case, weights=told, minlength=cases)
    # Without smoothing every label may have become impossible: then nothing is known of the case.
    highest = found.max(axis=1, initial=-np.inf, keepdims=True)
    return _scaled(np.exp(found - np.where(np.isfinite(highest), highest, 0.0)))


def _shares(case: Integers, label: Integers, cases: int, labels: int) -> Floats:
    counts = np.bincount(case * labels + label, minlength=cases * labels).reshape(cases, labels)
    answers = counts.sum(axis=1, keepdims=True)
    return np.where(answers > 0, counts / np.maximum(answers, 1), 1 / max(labels, 1))


def _confusion(
    case: Integers, at: Integers, posterior: Floats, people: int, smoothing: float, trust: float
) -> tuple[Floats, Floats]:
    labels = posterior.shape[1]
    counts = np.empty((people, labels, labels))
    for right in range(labels):
        weights = posterior[case, right]
        counts[:, right] = np.bincount(at, weights=weights, minlength=people * labels).reshape(people, labels)
    before = smoothing + trust * np.eye(labels)
    return _scaled(counts + before), _scaled(counts.sum(axis=0) + before)


def _scaled(counts: Floats) -> Floats:
    sums = counts.sum(axis=-1, keepdims=True)
    return np.where(sums > 0, counts / np.where(sums > 0, sums, 1.0), 1 / max(counts.shape[-1], 1))


def _prevalence(posterior: Floats, known: Integers, smoothing: float) -> Floats:
    # What is known was known before anybody was asked: it is not a sample of the cases that are open.
    open_cases = posterior[known < 0] if (known < 0).any() else posterior
    return _scaled(open_cases.sum(axis=0) + smoothing)


def example(n: int, rng: np.random.Generator) -> tuple[Integers, Integers, Integers, Integers, int, int]:
    """Return about n answers to 5 labels by 500 people of different skill, 5 a case, nothing known before."""
    cases, people, labels = max(n // 5, 1), 500, 5
    case = np.repeat(np.arange(cases), 5)
    person = (rng.integers(0, people, cases)[:, None] + np.arange(5) * 100).reshape(-1) % people
    skill = rng.uniform(0.5, 0.95, people)
    truth = rng.integers(0, labels, cases)
    label = np.where(rng.random(len(case)) < skill[person], truth[case], rng.integers(0, labels, len(case)))
    return case, person, label, np.full(cases, -1, dtype=np.int64), people, labels
