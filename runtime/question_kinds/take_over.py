"""Shall it be done as proposed, or does the person do something else instead?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.question_kinds.control import Control, Said, Shown, Wording
from runtime.question_kinds.filling import REASON, choice, text, unfit
from runtime.question_kinds.proposed import label_of, proposal, together


@dataclass(frozen=True)
class TakeOver:
    """Leave it to what is proposed, or take over and write what is done instead.

    The value keeps both: {proposal, action}; the action is empty where it was left.
    """

    name: str = "take-over"
    says: str = "Leave it as proposed, or take over and say what you do instead."

    def controls(self, wording: Wording, shown: Shown) -> tuple[Control, ...]:
        """Return the choice, and what is done instead."""
        what = proposal(wording, shown)
        choices = (("leave", f"leave it: {what}"), ("take-over", "I do something else"))
        action = "What you do instead"
        return (
            Control("answer", "choice", f"Proposed: {what}", choices),
            Control("action", "text", action, required=False, help="Needed when you take over.", when=("take-over",)),
        )

    def read(self, wording: Wording, shown: Shown, filled: Mapping[str, object]) -> Said:
        """Return whether somebody took over, and what they do; taking over without saying what is refused."""
        answer, what = self.controls(wording, shown)
        left, action = choice(answer, filled) == "leave", text(what, filled)
        if left and action:
            raise unfit("You leave it as proposed and also say what you do instead. Take over, or empty the second.")
        if not left and not action:
            raise unfit("What do you do instead? Write it in a few words.")
        return _said(wording, shown, action, text(REASON, filled))

    def tell(self, wording: Wording, said: Said) -> str:
        """Return what is done, and instead of what."""
        value = said.value or {}
        action, instead = value.get("action"), value.get("proposal", "")
        return f"took over: {action} (instead of '{instead}')" if action else f"left it: {instead}"

    def detail(self, said: Said) -> str:
        """Return what is done instead."""
        return str((said.value or {}).get("action", ""))

    def settle(self, wording: Wording, said: Sequence[Said]) -> Said | None:
        """Return what most of them said; the different actions of those who take over stand side by side."""
        found = together(said)
        if found is None or not self.detail(found):
            return found
        actions = dict.fromkeys(self.detail(one) for one in said if one.label == found.label)
        return Said(found.label, {**(found.value or {}), "action": " / ".join(filter(None, actions))}, found.reason)

    def simulate(self, wording: Wording, shown: Shown, truth: str, right: bool, draw: float) -> Said | None:
        """Return that it is left where the truth is what is proposed, or the contrary."""
        fits = proposal(wording, shown).casefold() == truth.casefold()
        action = "" if fits == right else "Something else." if fits else truth
        return _said(wording, shown, action, "")


def _said(wording: Wording, shown: Shown, action: str, reason: str) -> Said:
    label = label_of(wording, not action, otherwise="take-over", yes="leave")
    return Said(label, {"proposal": proposal(wording, shown), "action": action}, reason)
