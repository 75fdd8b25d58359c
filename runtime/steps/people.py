"""Steps that ask people."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from flows.names import Names
from flows.slots import Slot
from flows.step import Measured, Step
from runtime.questions import Asked
from runtime.round import Round
from runtime.values import Answers, Cases, Decisions


class Settled(NamedTuple):
    """What people decided, what each of them said, and the cases that were passed on."""

    decided: Decisions
    answers: Answers
    passed: Cases


class AskPeople(Step):
    """Ask people for the label of each case, and wait by a rule of your own."""

    kind: ClassVar[str] = "ask-people"
    title: ClassVar[str] = "Ask people"
    also_called: ClassVar[tuple[str, ...]] = (
        "human", "review", "label", "question", "expert", "approve", "annotate", "answer",
    )  # fmt: skip
    family: ClassVar[Literal["people"]] = "people"
    by_round: ClassVar[bool] = True
    says: ClassVar[str] = "Ask {who}: {question} If nobody answers: {otherwise}"
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
    choices: Annotated[Names, Slot("label")] = ()
    """What they can choose from; by itself the labels that the model knows."""
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
    show: Annotated[Names, Slot("column", "cases", label="columns that people see")] = ()
    """The columns that people see; by itself all."""
    show_model: Literal["never", "after-own-answer", "with-the-question"] = "never"
    """When people see what the model thinks."""

    def ask(self, round: Round, *, cases: Cases) -> Asked:
        """Return one question for each case."""
        from runtime.choosing.asking import questions

        return questions(self, round, cases)

    def settle(self, round: Round, accepted: Answers, *, cases: Cases) -> Settled:
        """Return what most people said of each case; the rest goes the way that `otherwise` says."""
        from runtime.choosing.settling import settle

        return settle(self, round, accepted, cases)

    def needs(self) -> dict[str, tuple[str, ...]]:
        """Return the columns that the settings name."""
        from runtime.choosing.deadlines import column_of

        column = column_of(self.deadline)
        return {"cases": (*self.show, *((column,) if column else ()))}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        from runtime.choosing.deadlines import understood

        if self.deadline and not understood(self.deadline):
            return (
                (
                    "deadline",
                    f"'{self.deadline}' is not understood. Write a span (4 h), a date column (departure), or both "
                    "(departure - 2 h). Spans are in min, h, days or weeks.",
                ),
            )
        if self.wait == "deadline" and not self.deadline:
            return (("deadline", "`wait: deadline` needs a deadline."),)
        if len(self.choices) == 1:
            return (("choices", "One choice alone is no question. Name two or more."),)
        return ()
