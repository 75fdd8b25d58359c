"""Steps that make one decision of what several people said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from flows.ports import Log
from flows.slots import Slot
from flows.step import Columns, Step
from runtime.round import Round
from runtime.values import Answers, Cases, Decisions

_METHODS = {
    "by-itself": "what fits the answers there are",
    "majority": "majority",
    "dawid-skene": "weighing each person by how they answer (Dawid-Skene)",
}
_LEARN_FROM = {
    "first answers": "the answers given before the model was seen",
    "final answers": "the last word of each",
}


class Agreed(NamedTuple):
    """What people agree on, and the cases on which they do not: together they are the cases that came in."""

    decided: Decisions
    split: Cases


class Agree(Step):
    """Decide where several people agree, and pass on the cases on which they do not."""

    kind: ClassVar[str] = "agree"
    title: ClassVar[str] = "Combine answers"
    also_called: ClassVar[tuple[str, ...]] = (
        "agreement", "majority", "vote", "consensus", "adjudicate", "disagreement", "senior", "dawid-skene", "kappa",
    )  # fmt: skip
    family: ClassVar[Literal["people"]] = "people"
    by_round: ClassVar[bool] = True
    libraries: ClassVar[tuple[str, ...]] = ("numpy", "polars")
    says: ClassVar[str] = "Combine answers: {method}; pass on where people do not agree"

    method: Annotated[Literal["by-itself", "majority", "dawid-skene"], Slot(words=_METHODS)] = "by-itself"
    """How answers become one decision.

    `majority`: the label that more people gave than any other. `dawid-skene`: each person counts by how they
    answered so far, compared with others. `by-itself`: Dawid-Skene once there are 3 people, 100 cases that several
    of them answered, and 10 answers of each person for every label; until then majority. The round says which.
    """
    at_least: Annotated[float, Slot(label="how sure at least")] = Field(0.5, ge=0, le=1)
    """How sure at least: the share of the answers that say the same, or with Dawid-Skene the chance of the label.

    That chance is too high where people err together: on two public sets it was 0.99, and 0.91 were right.
    """
    people_at_least: Annotated[int, Slot(label="people who answered at least")] = Field(2, ge=1, le=100)
    """How many people must have answered a case; with fewer it is passed on."""
    learn_from: Annotated[Literal["first answers", "final answers"], Slot(words=_LEARN_FROM)] = "first answers"
    """From which answers Dawid-Skene learns how people answer; what decides is always their last word."""
    known_cases: Annotated[bool, Slot(label="learn from hidden known cases")] = False
    """Whether hidden known cases help to learn how people answer. They are never decided here."""

    def run(self, round: Round, *, cases: Cases, answers: tuple[Answers, ...], earlier: Log[Answers]) -> Agreed:
        """Return the decisions where people agree; the other cases leave by `split`."""
        from runtime.reliability.agreeing import agree

        return agree(self, round, cases, answers, earlier)

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns that leave: those that arrive."""
        known = incoming.get("cases")
        return {} if known is None else {"split": known}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        if self.method == "majority" and self.known_cases:
            return (("known_cases", "A majority counts everybody the same: known cases help only Dawid-Skene."),)
        return ()
