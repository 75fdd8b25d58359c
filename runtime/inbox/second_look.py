"""The second look: what the model thinks, shown to a person after their own answer was committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.inbox.advice import Advice, Reason, Why, advice_in
from runtime.inbox.cards import Cards, drawn

if TYPE_CHECKING:
    from runtime.question_kinds import Said

MOST_REASONS = 3


@dataclass(frozen=True)
class SecondLook:
    """The model's answer beside a person's: label, confidence (0 to 1), the contrast in words, and why."""

    label: str
    confidence: float
    says: str
    why: tuple[Reason, ...] = ()

    def json(self) -> dict[str, object]:
        """Return it as plain data for a page."""
        return {
            "label": self.label,
            "confidence": self.confidence,
            "says": self.says,
            "why": [reason._asdict() for reason in self.why],
        }


def why_look(cards: Cards, step: str, question: str, person: str, context: Mapping[str, Any], label: str) -> Why | None:
    """Return why a person gets a second look after their own answer, or None.

    Everybody does who differs from the model, and of those who agree a share drawn by chance: else the
    look itself would tell that the answer is wrong. Hidden known cases follow the very same rule, so
    that neither a look nor its absence tells one of them.
    """
    advice, rule = advice_in(context), cards.setting(step, "second_look", "disagreement")
    if advice is None or rule == "never" or label not in context.get("classes", ()):
        return None
    if cards.shows(step, question, person) != "after-own-answer":
        return None
    if rule == "always":
        return "always"
    if label != advice.label:
        return "disagreement"
    share = cards.number(step, "second_look_share", 0.1)
    return "drawn" if drawn(question, person, "agreement") < share else None


def look_at(advice: Advice, said: Said, words: str) -> SecondLook:
    """Return the model's answer beside what a person said; `words` are theirs."""
    sure = f"{advice.probability:.0%} sure"
    if said.label == advice.label:
        says = f"You said {words}, and the model thinks so too ({sure})."
    else:
        because = [reason.says.rstrip(".") for reason in advice.why if reason.says][:MOST_REASONS]
        why = f" because {_listed(because)}" if because else ""
        says = f"You said {words}; the model leans to {advice.label} ({sure}){why}."
    return SecondLook(advice.label, advice.probability, says, advice.why)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
