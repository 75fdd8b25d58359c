"""What there is to fill in of a question, what somebody said, and what every kind of question can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Wording = Mapping[str, object]
Shown = Mapping[str, object]


@dataclass(frozen=True)
class Control:
    """One thing to fill in; inbox, terminal and CSV draw from it. The first one of a kind is called `answer`.

    `choices` are (value, words): the value is sent, the words are read. `low` and `high` are the ends of
    a number and belong to it, `starts` is what stands there at first. For `words`, `text` is the text
    whose words are marked: what is sent are spans (begin, end) in characters of Unicode, or the words.
    `when` are the values of `answer` with which it is asked for; without any, it always is.
    """

    name: str
    type: Literal["choice", "number", "words", "text", "date", "scope"]
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True
    low: float | None = None
    high: float | None = None
    unit: str = ""
    help: str = ""
    starts: object = None
    text: str = ""
    when: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What somebody said: a label, what the kind of question keeps beside it, and why they said it."""

    label: str
    value: Mapping[str, object] | None = None
    reason: str = ""


class QuestionKind(Protocol):
    """One way to ask a person about a case.

    `wording` is what the question is made of and is part of its id; `shown` are the columns that the
    person sees.
    """

    @property
    def name(self) -> str:
        """Return the name in the file and in `wording["kind"]`."""
        ...

    @property
    def says(self) -> str:
        """Return in one sentence what the person does."""
        ...

    def controls(self, wording: Wording, shown: Shown) -> tuple[Control, ...]:
        """Return what there is to fill in."""
        ...

    def read(self, wording: Wording, shown: Shown, filled: Mapping[str, object]) -> Said:
        """Return what was filled in, by the names of the controls; raises `Refused` with a plain sentence."""
        ...

    def tell(self, wording: Wording, said: Said) -> str:
        """Return in words what somebody said."""
        ...

    def detail(self, said: Said) -> str:
        """Return what a delivered table holds beside the decision; empty where the label says it all."""
        ...

    def settle(self, wording: Wording, said: Sequence[Said]) -> Said | None:
        """Return what several people decided together; None where they are even, or said nothing."""
        ...

    def simulate(self, wording: Wording, shown: Shown, truth: str, right: bool, draw: float) -> Said | None:
        """Return what a simulated person says who is right or not; None where the truth does not tell.

        `draw` is a number in 0..1 (1 excluded) for all else that is left to chance.
        """
        ...
