"""What a question proposes: the value of a column of the case, or the model's label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from runtime.experience import majority
from runtime.question_kinds.control import Said, Shown, Wording
from runtime.question_kinds.label import names_in


def proposal(wording: Wording, shown: Shown) -> str:
    """Return what is proposed, in words."""
    column = wording.get("column")
    found = shown.get(column) if isinstance(column, str) else wording.get("proposal")
    return "-" if found is None or found == "" else str(found)


def by_model(wording: Wording) -> bool:
    """Return whether the proposal is the model's label, so that the answer says which label is right."""
    return "proposal" in wording


def label_of(wording: Wording, agreed: bool, otherwise: str, yes: str) -> str:
    """Return the label of an answer to a proposal.

    To the model's label: that label, or the only other one, so that it can be compared and learned
    from like any label. To a column's value: the words of the choice.
    """
    if not by_model(wording):
        return yes if agreed else otherwise
    mine = str(wording["proposal"])
    others = [name for name in names_in(wording, "labels") if name != mine]
    if agreed:
        return mine
    return others[0] if len(others) == 1 else otherwise


def together(said: Sequence[Said]) -> Said | None:
    """Return the answer that most gave, with all reasons of those who gave it."""
    label = majority([one.label for one in said])
    if label is None:
        return None
    mine = [one for one in said if one.label == label]
    reasons = Counter(one.reason for one in mine if one.reason)
    return replace(mine[0], reason=" / ".join(reasons))
