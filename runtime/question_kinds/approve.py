"""Is this right? Approve it, or reject it and say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.question_kinds.control import Control, Said, Shown, Wording
from runtime.question_kinds.filling import choice, text, unfit
from runtime.question_kinds.proposed import label_of, proposal, together


@dataclass(frozen=True)
class Approve:
    """Approve what is proposed, or reject it with a reason.

    The value keeps {proposal, approved}.
    """

    name: str = "approve"
    says: str = "Approve what is proposed, or reject it and say why."

    def controls(self, wording: Wording, shown: Shown) -> tuple[Control, ...]:
        """Return the choice, and the reason."""
        what = proposal(wording, shown)
        choices = (("approve", f"approve '{what}'"), ("reject", f"reject '{what}'"))
        return (
            Control("answer", "choice", f"Proposed: {what}", choices),
            Control("reason", "text", "Why", required=False, help="Needed when you reject.", when=("reject",)),
        )

    def read(self, wording: Wording, shown: Shown, filled: Mapping[str, object]) -> Said:
        """Return whether it is approved; a rejection without a reason is refused."""
        answer, why = self.controls(wording, shown)
        approved, reason = choice(answer, filled) == "approve", text(why, filled)
        if not approved and not reason:
            raise unfit(f"Why do you reject '{proposal(wording, shown):.80}'? Write a reason.")
        return _said(wording, shown, approved, reason)

    def tell(self, wording: Wording, said: Said) -> str:
        """Return what was approved or rejected, and why."""
        value = said.value or {}
        words = f"{'approved' if value.get('approved') else 'rejected'} '{value.get('proposal', '')}'"
        return f"{words}: {said.reason}" if said.reason else words

    def detail(self, said: Said) -> str:
        """Return why it was approved or rejected."""
        return said.reason

    def settle(self, wording: Wording, said: Sequence[Said]) -> Said | None:
        """Return what most of them said, with their reasons."""
        return together(said)

    def simulate(self, wording: Wording, shown: Shown, truth: str, right: bool, draw: float) -> Said | None:
        """Return an approval where the truth is what is proposed, or the contrary."""
        approved = (proposal(wording, shown).casefold() == truth.casefold()) == right
        return _said(wording, shown, approved, "" if approved else "It looks different to me.")


def _said(wording: Wording, shown: Shown, approved: bool, reason: str) -> Said:
    label = label_of(wording, approved, otherwise="reject", yes="approve")
    return Said(label, {"proposal": proposal(wording, shown), "approved": approved}, reason)
