"""Which label is right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.experience import majority
from runtime.question_kinds.control import Control, Said, Shown, Wording
from runtime.question_kinds.filling import REASON, choice, text


@dataclass(frozen=True)
class Label:
    """Choose a label; without choices, write it."""

    name: str = "label"
    says: str = "Choose the label that is right."

    def controls(self, wording: Wording, shown: Shown) -> tuple[Control, ...]:
        """Return the choice of a label."""
        return (_answer(wording),)

    def read(self, wording: Wording, shown: Shown, filled: Mapping[str, object]) -> Said:
        """Return the label that was chosen."""
        control = _answer(wording)
        label = choice(control, filled) if control.choices else text(control, filled)
        return Said(label, reason=text(REASON, filled))

    def tell(self, wording: Wording, said: Said) -> str:
        """Return the label."""
        return said.label

    def detail(self, said: Said) -> str:
        """Return nothing: the label says it all."""
        return ""

    def settle(self, wording: Wording, said: Sequence[Said]) -> Said | None:
        """Return the label that more people gave than any other."""
        label = majority([one.label for one in said])
        return None if label is None else Said(label)

    def simulate(self, wording: Wording, shown: Shown, truth: str, right: bool, draw: float) -> Said | None:
        """Return the truth, or another choice at random."""
        wrong = [name for name in names_in(wording, "choices") if name != truth]
        return Said(truth if right or not wrong else wrong[int(draw * len(wrong))])


def names_in(wording: Wording, part: str) -> tuple[str, ...]:
    """Return a list of words that a wording holds."""
    found = wording.get(part)
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


def _answer(wording: Wording) -> Control:
    choices = tuple((name, name) for name in names_in(wording, "choices"))
    return Control("answer", "choice" if choices else "text", "Your answer", choices)
