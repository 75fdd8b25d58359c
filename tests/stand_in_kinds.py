"""Small stand-ins for the real kinds, with their ports and sentences, for tests of drawings."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from pydantic import Field

from flows.catalog import Catalog
from flows.flow import Card, Flow, Link
from flows.intent import Intent, Target
from flows.ports import Log
from flows.step import Family, Plain, Step


class Records:
    """A table."""


class Predictions:
    """What a model expects."""


class Cases:
    """Rows picked for people."""


class Decisions:
    """What is to be done."""


class Answers:
    """What people said."""


class Outcomes:
    """What really happened."""


class Measures:
    """Figures about the work."""


class Picked(NamedTuple):
    cases: Cases
    rest: Predictions


class Asked(NamedTuple):
    decided: Decisions
    answers: Answers


class ReadTable(Step):
    kind: ClassVar[str] = "read-table"
    family: ClassVar[Family] = "source"
    says: ClassVar[str] = "Read {path}, one row for each {key}"
    path: str
    key: str = "id"

    def run(self) -> Records: ...  # type: ignore[empty-body]


class ReadOutcomes(Step):
    kind: ClassVar[str] = "read-outcomes"
    family: ClassVar[Family] = "source"
    says: ClassVar[str] = "Read {path}: {outcome} is known at {known_at}"
    path: str
    key: str
    outcome: str
    known_at: str

    def run(self) -> Outcomes: ...  # type: ignore[empty-body]


class KeepRows(Step):
    kind: ClassVar[str] = "keep-rows"
    family: ClassVar[Family] = "prepare"
    says: ClassVar[str] = "Keep rows where {where}"
    where: str = "everything is known"

    def run(self, *, records: tuple[Records, ...] = ()) -> Records: ...  # type: ignore[empty-body]


class PredictLabel(Step):
    kind: ClassVar[str] = "predict-label"
    family: ClassVar[Family] = "model"
    says: ClassVar[str] = "Predict whether {target} is {labels}, from all columns"
    target: str
    labels: tuple[str, ...] = ("yes", "no")
    positive: str = "yes"

    def run(  # type: ignore[empty-body]
        self, *, records: Records, answers: Log[Answers], outcomes: Log[Outcomes]
    ) -> Predictions: ...


class PickCases(Step):
    kind: ClassVar[str] = "pick-cases"
    family: ClassVar[Family] = "choose"
    says: ClassVar[str] = "Pick at most {at_most} cases by {by}, and {audit} at random as audit"
    by: str = "margin"
    at_most: int = 40
    audit: int = 4

    def run(self, *, predictions: Predictions) -> Picked: ...  # type: ignore[empty-body]


class AskPeople(Step):
    kind: ClassVar[str] = "ask-people"
    family: ClassVar[Family] = "people"
    says: ClassVar[str] = "Ask {who}: {question} Until {deadline}, otherwise {otherwise}"
    who: str
    question: str
    show_model: str = "never"
    deadline: str = "the end of the day"
    otherwise: str = "hold"

    def ask(self, *, cases: Cases) -> None: ...

    def settle(self, *, cases: Cases) -> Asked: ...  # type: ignore[empty-body]


class Decide(Step):
    kind: ClassVar[str] = "decide"
    family: ClassVar[Family] = "choose"
    says: ClassVar[str] = "Decide alone at the {threshold} threshold"
    threshold: str
    cost: dict[str, float] = Field(default_factory=dict)

    def run(self, *, predictions: Predictions) -> Decisions: ...  # type: ignore[empty-body]


class Coach(Step):
    kind: ClassVar[str] = "coach"
    family: ClassVar[Family] = "learn"
    says: ClassVar[str] = "Teach people where they and the model differ"

    def run(  # type: ignore[empty-body]
        self, *, predictions: Predictions, answers: Log[Answers]
    ) -> Measures: ...


class MeasureQuality(Step):
    kind: ClassVar[str] = "measure-quality"
    family: ClassVar[Family] = "measure"
    says: ClassVar[str] = "Measure how well people and model decide"

    def run(  # type: ignore[empty-body]
        self, *, predictions: Predictions, answers: Log[Answers], outcomes: Log[Outcomes]
    ) -> Measures: ...


class WriteTable(Step):
    kind: ClassVar[str] = "write-table"
    family: ClassVar[Family] = "deliver"
    says: ClassVar[str] = "Write every decision to {path}"
    path: str

    def run(self, *, decisions: tuple[Decisions, ...]) -> None: ...


CATALOG = Catalog(
    [
        ReadTable,
        ReadOutcomes,
        KeepRows,
        PredictLabel,
        PickCases,
        AskPeople,
        Decide,
        Coach,
        MeasureQuality,
        WriteTable,
    ]
)


def flow_of(steps: dict[str, tuple[str, dict[str, Plain]]], *links: str) -> Flow:
    """Return a flow from `{id: (kind, settings)}` and links as the file writes them."""
    return Flow(
        "drawn",
        "Drawn",
        steps={name: Card(name, kind, settings) for name, (kind, settings) in steps.items()},
        links=tuple(link_of(text) for text in links),
    )


def link_of(text: str) -> Link:
    """Return the link that `a.out -> b.in` or `a.out ~> b.in` says."""
    source, arrow, target = text.split()
    return Link.between(source, target, feedback=arrow == "~>")


def late_shipments() -> Flow:
    """Return the example flow of the design."""
    steps: dict[str, tuple[str, dict[str, Plain]]] = {
        "shipments": ("read-table", {"path": "shipments.csv", "key": "shipment_id"}),
        "arrivals": (
            "read-outcomes",
            {"path": "arrivals.csv", "key": "shipment_id", "outcome": "late", "known_at": "arrived_on"},
        ),
        "risk": ("predict-label", {"target": "late", "labels": ["yes", "no"], "positive": "yes"}),
        "unsure": ("pick-cases", {"by": "margin", "at_most": 36, "audit": 4}),
        "planners": (
            "ask-people",
            {
                "who": "planners",
                "question": "Will this shipment arrive late?",
                "show_model": "after-own-answer",
                "deadline": "planned_departure - 2 h",
                "otherwise": "hold",
            },
        ),
        "alone": ("decide", {"threshold": "lowest-cost", "cost": {"missed": 400, "false-alarm": 30}}),
        "quality": ("measure-quality", {}),
        "plan": ("write-table", {"path": "decided.csv"}),
    }
    drawn = flow_of(
        steps,
        "shipments.records -> risk.records",
        "risk.predictions -> unsure.predictions",
        "unsure.cases -> planners.cases",
        "unsure.rest -> alone.predictions",
        "alone.decisions -> plan.decisions",
        "planners.decided -> plan.decisions",
        "risk.predictions -> quality.predictions",
        "planners.answers ~> risk.answers",
        "arrivals.outcomes ~> risk.outcomes",
        "planners.answers ~> quality.answers",
        "arrivals.outcomes ~> quality.outcomes",
    )
    return Flow(
        "late-shipments",
        "Late shipments",
        Intent(
            goal="Every shipment that will arrive late is seen by a planner before it leaves.",
            aims=(Target.read("quality.team_recall >= 0.95"),),
            limits=(Target.read("planners.questions <= 40"),),
        ),
        "every day at 06:00 Europe/Berlin",
        drawn.steps,
        {"planners": {"simulated": {"people": 6, "accuracy": 0.9, "seconds": 25}}},
        drawn.links,
    )


def forty_steps() -> Flow:
    """Return a flow of forty steps: four regions that each predict, ask, decide and learn."""
    steps: dict[str, tuple[str, dict[str, Plain]]] = {
        "arrivals": (
            "read-outcomes",
            {"path": "arrivals.csv", "key": "id", "outcome": "late", "known_at": "arrived_on"},
        ),
        "all-orders": ("read-table", {"path": "orders.csv"}),
        "plan": ("write-table", {"path": "decided.csv"}),
        "report": ("write-table", {"path": "report.csv"}),
    }
    links: list[str] = []
    for region in ("north", "east", "south", "west"):
        steps |= {
            f"{region}-table": ("read-table", {"path": f"{region}.csv"}),
            f"{region}-rows": ("keep-rows", {"where": f"the region is {region}"}),
            f"{region}-risk": ("predict-label", {"target": "late"}),
            f"{region}-unsure": ("pick-cases", {}),
            f"{region}-people": ("ask-people", {"who": region, "question": "Will it arrive late?"}),
            f"{region}-alone": ("decide", {"threshold": "lowest-cost"}),
            f"{region}-quality": ("measure-quality", {}),
            f"{region}-coach": ("coach", {}),
            f"{region}-file": ("write-table", {"path": f"{region}-decided.csv"}),
        }
        links += [
            f"{region}-table.records -> {region}-rows.records",
            f"all-orders.records -> {region}-rows.records",
            f"{region}-rows.records -> {region}-risk.records",
            f"{region}-risk.predictions -> {region}-unsure.predictions",
            f"{region}-risk.predictions -> {region}-quality.predictions",
            f"{region}-risk.predictions -> {region}-coach.predictions",
            f"{region}-unsure.cases -> {region}-people.cases",
            f"{region}-unsure.rest -> {region}-alone.predictions",
            f"{region}-people.decided -> {region}-file.decisions",
            f"{region}-alone.decisions -> {region}-file.decisions",
            f"{region}-alone.decisions -> plan.decisions",
            f"{region}-people.decided -> report.decisions",
            f"{region}-people.answers ~> {region}-risk.answers",
            f"{region}-people.answers ~> {region}-quality.answers",
            f"{region}-people.answers ~> {region}-coach.answers",
            f"arrivals.outcomes ~> {region}-risk.outcomes",
            f"arrivals.outcomes ~> {region}-quality.outcomes",
        ]
    return flow_of(steps, *links)
