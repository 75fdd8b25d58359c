"""Undo and redo: every state of the drawing is a frozen flow, so that going back is taking the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.flow import Flow

MOST_KEPT = 1_000
"""Edits that can be undone."""
ONE_EDIT = 1.0
"""Seconds within which edits of the same thing are one, such as letters typed into a setting."""


@dataclass(frozen=True)
class Edit:
    """One edit in words, and the flow on its other side: before it to undo, after it to redo."""

    says: str
    flow: Flow
    about: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class History:
    """The drawing as it is, with the edits that led to it and those that were undone."""

    now: Flow
    past: tuple[Edit, ...] = ()
    future: tuple[Edit, ...] = ()

    def done(self, flow: Flow, says: str, about: str = "", at: float = 0.0) -> History:
        """Return the history with one more edit; `about` is what it types into, `at` its time in seconds."""
        last = self.past[-1] if self.past else None
        if last and about and not self.future and last.about == about and at - last.at <= ONE_EDIT:
            return History(flow, (*self.past[:-1], replace(last, says=says, at=at)))
        return History(flow, (*self.past, Edit(says, self.now, about, at))[-MOST_KEPT:])

    def undone(self) -> History:
        """Return the history one edit back; there must be one."""
        *past, last = self.past
        return History(last.flow, tuple(past), (*self.future, Edit(last.says, self.now)))

    def redone(self) -> History:
        """Return the history with the edit that was undone last made again; there must be one."""
        *future, last = self.future
        return History(last.flow, (*self.past, Edit(last.says, self.now)), tuple(future))
