"""The kinds of question that people are asked: one small class each."""

from __future__ import annotations

from flows.problems import refuse
from flows.spelling import instead
from runtime.question_kinds.approve import Approve
from runtime.question_kinds.compare import Compare
from runtime.question_kinds.control import Control, QuestionKind, Said, Wording
from runtime.question_kinds.correct_number import CorrectNumber
from runtime.question_kinds.label import Label
from runtime.question_kinds.mark_words import MarkWords
from runtime.question_kinds.proposed import by_model
from runtime.question_kinds.take_over import TakeOver

QUESTION_KINDS: tuple[QuestionKind, ...] = (
    Label(), Approve(), CorrectNumber(), Compare(), MarkWords(), TakeOver(),
)  # fmt: skip


def question_kind(name: str) -> QuestionKind:
    """Return the kind of question of that name (`wording["kind"]`); raises `Refused` for one that is not known."""
    for kind in QUESTION_KINDS:
        if kind.name == name:
            return kind
    known = instead(name, [kind.name for kind in QUESTION_KINDS], "Known are")
    raise refuse("question-kind-unknown", f"Questions of the kind '{name:.80}' are not known here. {known}")


def tells_model(wording: Wording) -> bool:
    """Return whether a question cannot be asked without the model's answer: then no answer to it is blind."""
    return by_model(wording)


__all__ = ["QUESTION_KINDS", "Control", "QuestionKind", "Said", "question_kind", "tells_model"]

CODES: tuple[tuple[str, str], ...] = (
    ("question-kind-unknown", "A question was asked by a newer Tandem, or by a package that is gone. Install it."),
)
