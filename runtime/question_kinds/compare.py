"""Which of the two is better?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.experience import majority
from runtime.question_kinds.control import Control, Said, Shown, Wording
from runtime.question_kinds.filling import REASON, choice, text


@dataclass(frozen=True)
class Compare:
    """Choose between what two columns hold.

    `wording["sides"]` are (column, content) in the order in which they are put to people. The columns
    are not named to them, since a name could tell which one the model wrote. The value keeps
    {chosen, other, first}: what each held, and the column that stood first.
    """

    name: str = "compare"
    says: str = "Choose the better of two."

    def controls(self, wording: Wording, shown: Shown) -> tuple[Control, ...]:
        """Return the choice between the two, called 1 and 2."""
        choices = tuple((str(place), content) for place, (_, content) in enumerate(_sides(wording), 1))
        return (Control("answer", "choice", "The better one", choices),)

    def read(self, wording: Wording, shown: Shown, filled: Mapping[str, object]) -> Said:
        """Return the column whose content was chosen."""
        place = int(choice(self.controls(wording, shown)[0], filled)) - 1
        return _said(wording, place, text(REASON, filled))

    def tell(self, wording: Wording, said: Said) -> str:
        """Return which one was chosen, by its column and what it held."""
        return f"{said.label}: {(said.value or {}).get('chosen', '')}"

    def detail(self, said: Said) -> str:
        """Return what the chosen one holds."""
        return str((said.value or {}).get("chosen", ""))

    def settle(self, wording: Wording, said: Sequence[Said]) -> Said | None:
        """Return the one that most of them chose."""
        label = majority([one.label for one in said])
        return next((Said(one.label, one.value) for one in said if one.label == label), None)

    def simulate(self, wording: Wording, shown: Shown, truth: str, right: bool, draw: float) -> Said | None:
        """Return the one that the truth names by its column or by what it holds, or the other one."""
        named = [place for place, side in enumerate(_sides(wording)) if truth.casefold() in map(str.casefold, side)]
        if len(named) != 1:
            return None
        return _said(wording, named[0] if right else 1 - named[0], "")


def _said(wording: Wording, place: int, reason: str) -> Said:
    sides = _sides(wording)
    (column, chosen), (_, other) = sides[place], sides[1 - place]
    return Said(column, {"chosen": chosen, "other": other, "first": sides[0][0]}, reason)


def _sides(wording: Wording) -> list[tuple[str, str]]:
    found = wording.get("sides")
    return [(str(side[0]), str(side[1])) for side in found] if isinstance(found, list | tuple) else []
