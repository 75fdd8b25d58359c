"""Labels as they stand in data: 1.0 is 1, and Yes is yes where a flow says yes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from runtime.changes import plain


def spelled_as(labels: Sequence[str]) -> Callable[[object], str]:
    """Return what spells a cell as one of the labels, whatever its capitals, and else as the word it holds.

    A cell that could be two labels which differ in capitals only stays as it is, unless it is one of them.
    """
    alike = Counter(label.casefold() for label in labels)
    known = {label.casefold(): label for label in labels if alike[label.casefold()] == 1}
    own = {label: label for label in labels}

    def spell(cell: object) -> str:
        word = str(plain(cell))
        return own.get(word) or known.get(word.casefold(), word)

    return spell
