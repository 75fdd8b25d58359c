"""Steps that ask people."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from flows.names import Names
from flows.slots import Slot
from flows.step import Measured, Step
from runtime.questions import Asked
from runtime.round import Round
from runtime.values import Answers, Cases, Decisions

_ASKS = {
    "label": "choose a label",
    "approve": "approve or reject",
    "correct-number": "correct a number",
    "compare": "choose the better of two",
    "mark-words": "mark the words that matter",
    "take-over": "take over where it is wrong",
}
_SAYS = "Ask {who}: {question} If nobody answers: {otherwise}"


class Settled(NamedTuple):
    """What people decided, what each of them said, and the cases that were passed on."""

    decided: Decisions
    answers: Answers
    passed: Cases


class NumberAsked(BaseModel):
    """A number that people correct."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    column: Annotated[str, Slot("column", "cases", prompt="choose a column of numbers")]
    """The column that holds the number."""
    unit: str = ""
    """In what it is counted, such as days."""
    lowest: float | None = None
    """The least that is possible."""
    highest: float | None = None
    """The most that is possible."""
    sure_factor: Annotated[float, Slot(label="ask whether it is meant from a change by the factor")] = Field(3, gt=1)
    """A change by more than this factor is kept only from somebody who says to be sure: it may be a slip."""
    alike_by: Annotated[str, Slot("column", "cases", label="column that makes cases alike")] = ""
    """The column that makes cases alike, such as the carrier: a correction can then hold for all of them."""


class AskPeople(Step):
    """Ask people about each case, and wait by a rule of your own."""

    kind: ClassVar[str] = "ask-people"
    title: ClassVar[str] = "Ask people"
    also_called: ClassVar[tuple[str, ...]] = (
        "human", "review", "label", "question", "expert", "approve", "annotate", "answer", "correct", "compare",
        "mark", "take over",
    )  # fmt: skip
    family: ClassVar[Literal["people"]] = "people"
    by_round: ClassVar[bool] = True
    says: ClassVar[str] = "Ask {who} to {asks}: {question} If nobody answers: {otherwise}"
    measures: ClassVar[tuple[Measured, ...]] = (
        Measured("questions", "questions", "round", "How many new questions people are asked in a round."),
        Measured("answers", "answers", "round", "How many answers a round was settled with."),
        Measured("minutes", "minutes", "round", "How long people took for the answers of a round."),
        Measured("cost", "money", "round", "What the answers of a round cost."),
        Measured("questions_today", "questions", "day", "How many new questions people are asked in a day."),
        Measured("questions_in_all", "questions", "total", "How many questions people were asked so far."),
        Measured("cost_in_all", "money", "total", "What all answers so far cost."),
    )

    who: Annotated[str, Slot("people", prompt="whom to ask", begins="reviewers")]
    """The group of people who are asked."""
    question: Annotated[str, Slot("long text", prompt="what to ask", begins="What is right here?")]
    """What they are asked, in words."""
    asks: Annotated[
        Literal["label", "approve", "correct-number", "compare", "mark-words", "take-over"],
        Slot(label="what they do", words=_ASKS),
    ] = "label"
    """What they do: choose a label, approve or reject, correct a number, choose the better of two, mark words.

    With `take-over` they leave it to what is proposed, or do something else and say what.
    """
    choices: Annotated[Names, Slot("label")] = ()
    """What they can choose from; by itself the labels that the model knows."""
    proposal: Annotated[str, Slot("column", "cases", prompt="the model's label")] = ""
    """With `approve` and `take-over`: the column with what is proposed.

    By itself it is the model's label: then the model is seen with the question, and no answer counts as unaided.
    """
    number: Annotated[NumberAsked | None, Slot(label="number to correct")] = None
    """With `correct-number`: which number, and what is possible."""
    options: Annotated[Names, Slot("column", "cases", label="columns to compare")] = ()
    """With `compare`: the two columns. Which one stands first is drawn for each case, and no column is named."""
    text: Annotated[str, Slot("column", "cases", label="column with the text")] = ""
    """With `mark-words`: the column whose words are marked. With `choices`, a label is chosen as well."""
    people_per_case: int = Field(1, ge=1, le=100)
    """How many people answer each case."""
    wait: Literal["all", "quorum", "deadline", "nobody"] = "all"
    """When the round goes on: with all answers, a share of the cases, at the deadline, or at once."""
    quorum: float = Field(0.8, gt=0, le=1)
    """With `wait: quorum`, the share of the cases that must be answered."""
    deadline: Annotated[str, Slot("deadline", "cases", prompt="no deadline")] = ""
    """Until when: a span after asking (`4 h`), or a date column with or without one (`departure - 2 h`)."""
    otherwise: Annotated[
        Literal["hold", "model", "pass-on"],
        Slot(words={"hold": "hold the case", "model": "let the model decide", "pass-on": "pass it on"}),
    ] = "hold"
    """What happens to a case that nobody decided: it is held, the model decides, or it is passed on."""
    escalate_to: Annotated[str, Slot("people", prompt="nobody else")] = ""
    """A second group who may answer as well what the first has left open."""
    escalate_after: Annotated[str, Slot("deadline", "cases", prompt="never")] = ""
    """From when on they may: a span after asking (`2 h`), or a date column with or without one."""
    show: Annotated[Names, Slot("column", "cases", label="columns that people see")] = ()
    """The columns that people see; by itself all."""
    show_model: Literal["never", "after-own-answer", "with-the-question", "for-a-share"] = "never"
    """When people see what the model thinks.

    `for-a-share`: a share of questions, drawn by chance for each person, is answered before the model is seen, the
    others with the model beside them; so it can be measured what seeing it does.
    """
    blind_share: float = Field(0.5, gt=0, lt=1)
    """With `show_model: for-a-share`: the share that is answered before the model is seen."""
    second_look: Annotated[
        Literal["disagreement", "always", "never"],
        Slot(words={"disagreement": "where they differ", "always": "always", "never": "never"}),
    ] = "disagreement"
    """When people who answered first are shown the model's answer and may change theirs."""
    second_look_share: float = Field(0.1, ge=0, le=1)
    """With `second_look: disagreement`: the share of agreements, drawn by chance, that is shown all the same.

    Else being shown the model would tell that one was wrong.
    """
    probes: Annotated[int, Slot(label="hidden known cases")] = Field(0, ge=0, le=10_000)
    """How many cases whose label is known are asked each round like all others, to see how well people do.

    They decide nothing, teach nothing, and are delivered nowhere.
    """
    learn_from: Annotated[
        Literal["first answers", "final answers"],
        Slot(words={"first answers": "the answers given unaided", "final answers": "the last word of each"}),
    ] = "first answers"
    """What the model learns from: answers given before the model was seen, or what people say in the end."""

    def saying(self) -> str:
        """Return the card's sentence with its slots open."""
        return _SAYS if self.asks == "label" else self.says

    def ask(self, round: Round, *, cases: Cases) -> Asked:
        """Return one question for each case."""
        from runtime.choosing.asking import questions

        return questions(self, round, cases)

    def settle(self, round: Round, accepted: Answers, *, cases: Cases) -> Settled:
        """Return what people decided together of each case; the rest goes the way that `otherwise` says."""
        from runtime.choosing.settling import settle

        return settle(self, round, accepted, cases)

    def proposes_label(self) -> bool:
        """Return whether what people judge is the model's own label, so that they see it with the question."""
        return self.asks in ("approve", "take-over") and not self.proposal

    def own_columns(self) -> tuple[str, ...]:
        """Return the columns that people must see to be asked this way."""
        number = (self.number.column, self.number.alike_by) if self.number else ()
        return tuple(dict.fromkeys(name for name in (self.proposal, *number, self.text) if name))

    def needs(self) -> dict[str, tuple[str, ...]]:
        """Return the columns that the settings name."""
        from runtime.choosing.deadlines import column_of

        moments = (column_of(self.deadline), column_of(self.escalate_after))
        named = (*self.show, *self.own_columns(), *self.options, *moments)
        return {"cases": tuple(dict.fromkeys(name for name in named if name))}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        from runtime.choosing.clashes import clashes

        return tuple(clashes(self))

    def remarks(self) -> tuple[tuple[str, str], ...]:
        """Return what is worth knowing about the settings."""
        from runtime.choosing.clashes import remarks

        return tuple(remarks(self))
