"""What a run tells while it works: data, printed by whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Notice:
    """One thing that happened: a word, the step it is about, a sentence, and plain facts."""

    what: str
    round: int
    step: str = ""
    says: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return the notice as plain data for JSON lines."""
        plain: dict[str, object] = {"what": self.what, "round": self.round}
        if self.step:
            plain["step"] = self.step
        if self.says:
            plain["says"] = self.says
        return {**plain, **self.facts}


Listener = Callable[[Notice], None]


def silence(notice: Notice) -> None:
    """Listen to nothing."""
