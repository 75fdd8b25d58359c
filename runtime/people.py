"""Simulated people: what each would answer is drawn from the seed, so that order never matters."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist

from flows.people import Simulated
from runtime.answers import Answer
from runtime.labels import spelled_as
from runtime.question_kinds import Said, question_kind, tells_model
from runtime.questions import Question

_SPREAD = 0.4  # of the logarithm of seconds: most answers take between half and twice the typical time


def simulated_answers(
    group: str, people: Simulated, question: Question, identity: str, truth: Mapping[str, str], seed: int
) -> Iterator[Answer]:
    """Yield what a group of simulated people answer to one question, the same whenever it is asked.

    `truth` maps case keys to labels; a case without a truth is answered with "cannot tell", and so is
    one whose truth does not say what is asked, such as a number.
    """
    names = [f"{group}-{number + 1}" for number in range(people.people)]
    asked = sorted(names, key=lambda name: _draw(seed, identity, name, "turn"))[: question.wanted]
    for person in sorted(asked):
        if _draw(seed, identity, person, "leaves") >= people.leaves:
            yield _answer(person, people, question, identity, truth.get(question.key), seed)


def _answer(person: str, people: Simulated, question: Question, identity: str, truth: str | None, seed: int) -> Answer:
    pace = NormalDist().inv_cdf(min(max(_draw(seed, identity, person, "pace"), 1e-9), 1 - 1e-9))
    seconds = round(people.seconds * math.exp(_SPREAD * pace - _SPREAD**2 / 2), 1)
    said = None if truth is None else _said(person, people, question, identity, truth, seed)
    return Answer(
        id=hashlib.sha256(f"{seed}\n{identity}\n{person}".encode()).hexdigest(),
        question=identity,
        person=person,
        label=said.label if said else "",
        outcome="answered" if said else "cannot-tell",
        seconds=seconds,
        cost=round(people.cost * seconds / 3600, 4),
        blind=not tells_model(question.wording),
        simulated=True,
        value=said.value if said else None,
        reason=said.reason if said else "",
    )


def _said(person: str, people: Simulated, question: Question, identity: str, truth: str, seed: int) -> Said | None:
    wording = question.wording
    truth = spelled_as(wording.get("choices") or wording.get("labels") or ())(truth)
    accuracy = people.by_label.get(truth, people.accuracy)
    right = _draw(seed, identity, person, "right") < accuracy
    other = _draw(seed, identity, person, "wrong")
    return question_kind(str(wording["kind"])).simulate(wording, question.shown, truth, right, other)


def _draw(seed: int, identity: str, person: str, what: str) -> float:
    digest = hashlib.sha256(f"{seed}\n{identity}\n{person}\n{what}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56
