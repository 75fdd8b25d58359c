"""A handful of kinds to edit flows with, and a flow in which people and a model work as a pair."""

from __future__ import annotations

from copy import deepcopy
from typing import Literal, NamedTuple

import pytest
from pydantic import BaseModel, Field

from flows.catalog import Catalog
from flows.commands import (
    AddStep,
    Command,
    Connect,
    SetAims,
    SetLimits,
    SetPeople,
)
from flows.flow import Flow
from flows.ports import Log, Port
from flows.problems import Problem, Refused
from flows.step import Step


class Records:
    """Rows."""


class Predictions:
    """What a model says."""


class Answers:
    """What people say."""

    logged = True


class Split(NamedTuple):
    sure: Predictions
    unsure: Predictions


class Read(Step):
    """Read rows."""

    kind = "read"
    family = "source"
    says = "Read {path}"
    path: str

    def run(self) -> Records:
        return Records()


class Tuned(BaseModel):
    rounds: int
    pace: float = 0.5


class Predict(Step):
    """Say what will be."""

    kind = "predict"
    family = "model"
    says = "Predict {target}"
    teaches = "model"
    target: str
    method: Literal["fast", "good"] = "good"
    most: int = Field(7, ge=1)
    tuned: Tuned | None = None

    def run(self, *, records: Records, answers: Log[Answers]) -> Predictions:
        return Predictions()


class Halve(Step):
    """Split what a model says."""

    kind = "halve"
    family = "choose"
    says = "Halve"
    most: int = 1

    def run(self, *, predictions: Predictions, more: Predictions | None = None) -> Split:
        return Split(Predictions(), Predictions())


class Ask(Step):
    """Ask people."""

    kind = "ask"
    family = "people"
    says = "Ask"

    def ask(self, *, predictions: tuple[Predictions, ...]) -> None: ...

    def settle(self) -> Answers:
        return Answers()


class Retell(Step):
    """Make rows of answers."""

    kind = "retell"
    family = "prepare"
    says = "Retell"

    def run(self, *, answers: Answers) -> Records:
        return Records()


class Route(Step):
    """Send what a model says along one of several ways."""

    kind = "route"
    family = "choose"
    says = "Route"
    branches: tuple[str, ...] = ()

    def run(self, *, predictions: Predictions) -> Predictions:
        return predictions

    def outputs(self) -> tuple[Port, ...]:
        return tuple(Port(branch, Predictions) for branch in self.branches)


CATALOG = Catalog([Read, Predict, Halve, Ask, Retell, Route])
EMPTY = Flow(id="late")


def made(*commands: Command, flow: Flow = EMPTY) -> Flow:
    for command in commands:
        flow = command.apply(flow, CATALOG)
    return flow


def refused(flow: Flow, command: Command) -> Problem:
    before = deepcopy(flow)
    with pytest.raises(Refused) as caught:
        command.apply(flow, CATALOG)
    assert flow == before, "a refusal changed the flow"
    return caught.value.problems[0]


PAIR = made(
    AddStep(id="rows", kind="read", settings={"path": "a.csv"}, position=(0, 0)),
    AddStep(id="risk", kind="predict", settings={"target": "late"}, position=(10, 4)),
    AddStep(id="planners", kind="ask", position=(20, 0)),
    Connect(source="rows.records", target="risk.records"),
    Connect(source="risk.predictions", target="planners.predictions"),
    Connect(source="planners.answers", target="risk.answers", feedback=True),
    SetAims(aims=("risk.recall >= 0.9",)),
    SetLimits(limits=("planners.questions <= 40",)),
    SetPeople(group="planners", people={"simulated": {"people": 3, "truth": "rows"}}),
)


def links(flow: Flow) -> list[str]:
    return [str(link) for link in flow.links]
