"""One case as it is put on a person's screen, and nothing else: what is not here reaches no browser."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from runtime.inbox.fields import Field
from runtime.inbox.left import Left

if TYPE_CHECKING:
    from runtime.inbox.advice import Advice
    from runtime.question_kinds import Control


@dataclass(frozen=True)
class CaseView:
    """One case on the screen.

    `asks` names the kind of question and `words` are its words; `not_blind` says why answers here do not
    count as unaided, else it is empty. `advice` is there only where the step shows the model with the
    question. `escalates` are (moment, group); `group` is (how many cases belong together, their name).
    Moments are text in UTC, and empty for none.
    """

    question: str
    flow: str
    step: str
    title: str
    asks: str
    words: str
    not_blind: str
    controls: tuple[Control, ...]
    fields: tuple[Field, ...]
    deadline: str
    escalates: tuple[str, str] | None
    otherwise: str
    group: tuple[int, str] | None
    lease_until: str
    advice: Advice | None
    simulated: bool
    left: Left

    def json(self) -> dict[str, object]:
        """Return it as plain data for a page."""
        return {
            "question": self.question,
            "flow": self.flow,
            "step": self.step,
            "title": self.title,
            "asks": self.asks,
            "words": self.words,
            "notBlind": self.not_blind or None,
            "controls": [{**asdict(control), "choices": _pairs(control)} for control in self.controls],
            "fields": [asdict(field) for field in self.fields],
            "deadline": self.deadline or None,
            "escalates": {"at": self.escalates[0], "to": self.escalates[1]} if self.escalates else None,
            "otherwise": self.otherwise,
            "group": {"size": self.group[0], "label": self.group[1]} if self.group else None,
            "leaseUntil": self.lease_until or None,
            "advice": _advice(self.advice),
            "simulated": self.simulated,
            "left": self.left.json(),
        }


OTHERWISE = {
    "hold": "If nobody answers, the case is held.",
    "model": "If nobody answers, the model decides.",
    "pass-on": "If nobody answers, the case is passed on.",
}
NOT_BLIND = (
    "These cases were picked because the model finds them likely. Knowing that, nobody answers quite unaided, and "
    "these answers are not counted as unaided ones."
)
WITH_MODEL = "You see what the model thinks, so these answers are not counted as unaided ones."


def _pairs(control: Control) -> list[list[str]]:
    return [[value, words] for value, words in control.choices]


def _advice(advice: Advice | None) -> dict[str, object] | None:
    if advice is None:
        return None
    return {"label": advice.label, "confidence": advice.probability, "why": [reason.says for reason in advice.why]}
