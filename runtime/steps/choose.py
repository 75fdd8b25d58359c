"""Steps that choose: which cases people see, and what the model decides alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from flows.slots import Slot
from flows.step import Columns, Step
from runtime.choosing.deadlines import column_of, understood
from runtime.round import Round
from runtime.values import Cases, Decisions, Predictions

_FIRST = {
    "least-sure": "least sure",
    "margin": "closest guesses",
    "entropy": "most spread guesses",
    "most-likely-positive": "most likely positive",
    "random": "chance",
}


class Picked(NamedTuple):
    """The cases for people, and all others: together they are the predictions that came in."""

    cases: Cases
    rest: Predictions


class PickCases(Step):
    """Pick the cases worth a person's time, and a share at random to see how well it goes."""

    kind: ClassVar[str] = "pick-cases"
    title: ClassVar[str] = "Pick cases for people"
    also_called: ClassVar[tuple[str, ...]] = (
        "select", "sample", "doubtful", "uncertain", "review", "active-learning", "queue", "audit",
    )  # fmt: skip
    family: ClassVar[Literal["choose"]] = "choose"
    by_round: ClassVar[bool] = True
    says: ClassVar[str] = "Pick at most {at_most} cases a round by {by}, and {audit} at random"

    by: Annotated[Literal["least-sure", "margin", "entropy", "most-likely-positive", "random"], Slot(words=_FIRST)] = (
        "margin"
    )
    """Which cases come first."""
    at_most: Annotated[int, Slot(label="cases a round")] = Field(40, ge=0, le=1_000_000)
    """How many cases to pick each round."""
    rare_labels: Literal["balanced", "as they are"] = "balanced"
    """Whether labels count as equally frequent when it is asked how sure the model is.

    With a rare label hardly any case is near one half; the doubtful ones are near the label's share.
    """
    one_a_group: bool = True
    """Whether at most one case is picked of what shares one fate, such as a delivery."""
    until: Annotated[str, Slot("deadline", "predictions", prompt="no end")] = ""
    """A date column, with or without a span (`departure - 2 h`): past that moment a case is not picked."""
    ask_again: Literal["never", "when changed"] = "never"
    """Whether a case that people answered is picked again after its data changed."""
    audit: Annotated[int, Slot(label="drawn at random", begins=4)] = Field(0, ge=0, le=1_000_000)
    """How many more to draw at random from all cases: only these say how well it goes everywhere."""

    def run(self, round: Round, *, predictions: Predictions) -> Picked:
        """Draw the audit cases first, then pick; known cases and those being asked about are the rest."""
        from runtime.choosing.picking import pick

        return pick(self, round, predictions)

    def needs(self) -> dict[str, tuple[str, ...]]:
        """Return the column that `until` names."""
        column = column_of(self.until)
        return {"predictions": (column,) if column else ()}

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns that leave: those that arrive, both ways."""
        known = incoming.get("predictions")
        return {} if known is None else {"cases": known, "rest": known}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong with the settings."""
        if self.until and not (understood(self.until) and column_of(self.until)):
            return (
                (
                    "until",
                    f"'{self.until}' is not understood. Write a date column, or one with a span: departure - 2 h.",
                ),
            )
        return ()


class Costs(BaseModel):
    """What mistakes cost, in money."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
        allow_inf_nan=False,
    )

    missed: Annotated[float, Slot("money", label="a miss")] = Field(gt=0)
    """Saying no where yes is right, such as a late shipment that nobody saw."""
    false_alarm: Annotated[float, Slot("money", label="a false alarm")] = Field(gt=0)
    """Saying yes where no is right."""
    held: Annotated[float | None, Slot("money", label="a case that waits")] = Field(None, ge=0)
    """Leaving a case undecided for a person; without it the model decides every case."""


class Decide(Step):
    """Let the model decide where it may decide alone, and hold the rest."""

    kind: ClassVar[str] = "decide"
    title: ClassVar[str] = "Let the model decide"
    also_called: ClassVar[tuple[str, ...]] = (
        "automatic", "threshold", "cutoff", "cost", "alone", "approve", "rule",
    )  # fmt: skip
    family: ClassVar[Literal["choose"]] = "choose"
    by_round: ClassVar[bool] = True
    says: ClassVar[str] = "Let the model decide at {threshold}"

    threshold: Annotated[
        float | Literal["lowest-cost", "most-likely"],
        Slot(words={"lowest-cost": "the lowest cost", "most-likely": "the most likely label"}),
    ] = "most-likely"
    """From which probability the positive label is said: a number, the most likely label, or from the costs."""
    cost: Annotated[Costs | None, Slot(label="what mistakes cost")] = None
    """What mistakes cost."""
    at_least: Annotated[float, Slot(label="how sure at least")] = Field(0, ge=0, le=1)
    """How sure the model must be of what it says to decide alone; less sure cases are held."""

    def run(self, round: Round, *, predictions: Predictions) -> Decisions:
        """Decide every case; what is known already is decided by those who know it."""
        from runtime.choosing.deciding import decide

        return decide(self, round, predictions)

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        if self.threshold == "lowest-cost" and self.cost is None:
            return (("cost", "`threshold: lowest-cost` needs what mistakes cost: {missed: 400, false-alarm: 30}."),)
        if isinstance(self.threshold, float) and not 0 < self.threshold < 1:
            return (("threshold", f"{self.threshold:g} is no probability between 0 and 1."),)
        return ()
