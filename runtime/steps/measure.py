"""Steps that measure: how well the model, the people and the two together do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from flows.names import Names
from flows.ports import Log
from flows.slots import Slot
from flows.step import Measured, Step
from runtime.round import Round
from runtime.values import Answers, Decisions, Measures, Outcomes, Predictions

WHO = {
    "model": "the model, on the cases held out for reporting",
    "people": "people who have not seen the model, on cases drawn at random",
    "team": "what the flow decides, on cases drawn at random",
}
MEASURED = {
    "accuracy": ("share", "How often they are right"),
    "balanced_accuracy": ("share", "How often they are right, each label counting the same"),
    "f1": ("share", "F1 of the positive label"),
    "auc": ("share", "How often a positive case stands above another"),
    "log_loss": ("nats", "How surprised their probabilities were by the truth"),
    "calibration_error": ("share", "How far their probabilities lie from how often they come true"),
    "recall": ("share", "Which share of the positive cases they find"),
    "precision": ("share", "Which share of what they call positive is positive"),
}
"""Each measure with its unit and what it says; taken of the model, of people and of the team."""
STATED = ("auc", "log_loss", "calibration_error")
"""Measures of probabilities, which only the model states."""
OTHERS = (
    ("model_coverage", "share", "For which share of the cases the model says something."),
    ("people_coverage", "share", "Which share of people's first answers names a label."),
    ("team_coverage", "share", "For which share of the cases there is a decision."),
    ("team_minus_model", "share", "By how much the team is better than the model alone, on the same cases."),
    ("team_minus_people", "share", "By how much the team is better than people alone, on the same cases."),
    ("people_agreement", "share", "How often two people say the same of a case drawn at random."),
    ("model_agreement", "share", "How often people say what the model says of a case drawn at random."),
)


def _measures() -> tuple[Measured, ...]:
    of_each = [
        (f"{who}_{name}", unit, f"{says}: {of}.")
        for who, of in WHO.items()
        for name, (unit, says) in MEASURED.items()
        if who == "model" or name not in STATED
    ]
    return tuple(Measured(name, unit, "round", says) for name, unit, says in (*of_each, *OTHERS))


class MeasureQuality(Step):
    """Measure how well model, people and team do, each figure with its interval, its cases and its truth."""

    kind: ClassVar[str] = "measure-quality"
    title: ClassVar[str] = "Measure quality"
    also_called: ClassVar[tuple[str, ...]] = (
        "accuracy", "evaluate", "score", "chart", "how-good", "recall", "precision",
    )  # fmt: skip
    family: ClassVar[Literal["measure"]] = "measure"
    opens_truth: ClassVar[bool] = True
    by_round: ClassVar[bool] = True
    libraries: ClassVar[tuple[str, ...]] = ("numpy", "scipy", "polars")
    says: ClassVar[str] = "Measure how well model, people and team do, compared by {compare_by}"
    measures: ClassVar[tuple[Measured, ...]] = _measures()

    positive: Annotated[str, Slot("label", label="label looked for")] = ""
    """The label that is looked for; by itself the one that the model names."""
    compare_by: Literal["accuracy", "balanced_accuracy", "f1", "recall", "precision"] = "accuracy"
    """By which measure the team is compared with the model and with people alone."""
    group: Annotated[Names, Slot("column", "predictions", label="what shares one fate")] = ()
    """Columns that name what shares one fate, such as a delivery; by itself as the model groups."""
    announced_rounds: int | None = Field(None, ge=1, le=1_000_000)
    """How many rounds there will be, said beforehand; without it intervals hold for ever, and are wider."""
    alpha: float = Field(0.05, gt=0, lt=1)
    """The chance that an interval misses in any of all rounds; 0.05 makes it one of 95 %."""
    truth: Annotated[str, Slot("step", label="hidden truth of")] = ""
    """For rehearsals: the step whose hidden truth counts; by itself the only one there is."""

    def run(
        self,
        round: Round,
        *,
        predictions: Predictions,
        decisions: tuple[Decisions, ...] = (),
        answers: Log[Answers],
        outcomes: Log[Outcomes],
    ) -> Measures:
        """Measure on held-out cases, on those drawn at random and on those asked, each apart."""
        from runtime.figures import measure_quality

        return measure_quality(self, round, predictions, decisions, answers, outcomes)

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that the settings name."""
        return {"predictions": self.group}
