"""Steps that predict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.names import Names
from flows.ports import Log
from flows.slots import Slot
from flows.step import Columns, Step
from runtime.round import Round
from runtime.values import Answers, Outcomes, Predictions, Records


class Later(BaseModel):
    """Held out are the cases from a day on: the model is trained on the past."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    column: Annotated[str, Slot("column", "records")]
    """A column with dates."""
    since: str
    """The first day that is held out, such as 2013-06-01."""


class PredictLabel(Step):
    """Predict which label each case has, learning from known cases, from people and from outcomes."""

    kind: ClassVar[str] = "predict-label"
    title: ClassVar[str] = "Predict a label"
    also_called: ClassVar[tuple[str, ...]] = (
        "model", "classify", "learn", "machine-learning", "train", "guess", "forecast", "ai",
    )  # fmt: skip
    family: ClassVar[Literal["model"]] = "model"
    says: ClassVar[str] = "Predict {target}"
    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn", "numpy", "scipy", "polars")
    teaches: ClassVar[Literal["model"]] = "model"

    target: Annotated[str, Slot("column", "records", label="what is predicted", prompt="choose what")]
    """What is predicted: the name of the column that holds it where it is known."""
    labels: Annotated[Names, Slot("label")] = ()
    """The labels there are; by itself those found in the data."""
    positive: Annotated[str, Slot("label", label="label that matters")] = ""
    """The label that matters, such as `yes`; for recall, costs and most likely first."""
    method: Literal["logistic-regression", "naive-bayes", "gradient-boosting"] = "logistic-regression"
    """How the model learns."""
    leave_out: Annotated[Names, Slot("column", "records", label="columns to leave out")] = ()
    """Columns that the model may not use, such as those known only after the decision."""
    known_before: Annotated[Names, Slot("column", "records", label="columns known before")] = ()
    """Columns that the target was made from and that are known before the decision all the same."""
    group: Annotated[Names, Slot("column", "records", label="what shares one fate")] = ()
    """Columns that name what shares one fate, such as a delivery: all or none of it is held out."""
    held_out: float | Later = 0.2
    """The share of cases kept for measuring, drawn by group; or the cases from a day on."""
    split: int = Field(1, ge=1)
    """Which draw of held-out cases: another number holds out others, and makes earlier figures incomparable."""
    shares: dict[str, float] = Field(default_factory=dict)
    """How often each label is expected, where that is known beforehand."""
    advised_answers: Literal["leave out", "use"] = "leave out"
    """Whether the model learns from answers given after its own advice was seen."""
    perfect_columns: Literal["stop", "go on"] = "stop"
    """What to do when one column alone predicts the target almost perfectly."""
    bring_back: int = Field(0, ge=0)
    """The number of an earlier version to use again; 0 learns anew."""

    def run(self, round: Round, *, records: Records, answers: Log[Answers], outcomes: Log[Outcomes]) -> Predictions:
        """Learn from all that is known and not held out, and predict every case."""
        from runtime.learning.predicting import predict_label

        return predict_label(self, round, records, answers, outcomes)

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that the settings name."""
        held = (self.held_out.column,) if isinstance(self.held_out, Later) else ()
        return {"records": (*self.group, *held, *self.known_before)}

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns that leave: those that arrive."""
        return {"predictions": incoming["records"]} if "records" in incoming else {}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        wrong = []
        if self.positive and self.labels and self.positive not in self.labels:
            wrong.append(("positive", f"'{self.positive}' is none of the labels {', '.join(self.labels)}."))
        if len(self.labels) == 1:
            wrong.append(("labels", "One label alone leaves nothing to predict. Name two or more."))
        if isinstance(self.held_out, float) and not 0 <= self.held_out <= 0.8:
            wrong.append(("held_out", f"A share of {self.held_out:g} cannot be held out; take 0 to 0.8."))
        strange = sorted(set(self.shares) - set(self.labels)) if self.labels else []
        if strange:
            wrong.append(("shares", f"{', '.join(strange)} is none of the labels {', '.join(self.labels)}."))
        return tuple(wrong)
