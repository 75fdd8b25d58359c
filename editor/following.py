"""From the lines that a run writes to how every card stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from editor import statuses
from editor.run_log import Line
from editor.statuses import Board

if TYPE_CHECKING:
    from flows.flow import Flow

KeptFrom = Callable[[str, int], str]
"""Tells when a step made its result in a round, in words; empty when that is not known."""


class Following:
    """Follows one run on a board: `steps` are those that take part in it, `of` how many rounds are wanted."""

    def __init__(self, board: Board, flow: Flow, steps: Iterable[str], of: int, kept_from: KeptFrom) -> None:
        self.board, self.flow, self.steps, self.of = board, flow, tuple(steps), of
        self._kept_from = kept_from
        self.round = 0
        self.nth = 0
        self.book = ""
        self.noted = ""
        """What the run said of itself, such as with whose experience a step is tried."""
        self.working = ""
        """The step that works now, or that worked last without coming to its end."""

    def tell(self, line: Line) -> None:
        """Take in one line."""
        what, step = line.get("what"), str(line.get("step", ""))
        if what == "round-started":
            self._round(line)
        elif what == "step-started":
            self.working = step
            self.board.put(step, statuses.status("running"))
        elif what == "progress":
            self.board.put(step, statuses.working(str(line.get("says", "")), line.get("done"), line.get("total")))
        elif what in ("step-done", "step-reused"):
            self._done(step, line)
        elif what == "asked":
            self.board.put(step, statuses.status("asking", f"{_whole(line.get('questions')):,} new questions asked"))
        elif what == "waiting":
            self.working = ""
            self.board.put(step, statuses.status("asking", "waiting for answers", why=str(line.get("says", ""))))
        elif what == "note":
            self.noted = str(line.get("says", ""))
        elif what in ("round-closed", "round-stopped"):
            self._over(line)

    def where(self) -> str:
        """Return which round is played: "Round 3 of 8"."""
        if not self.round:
            return "Starting"
        if self.of <= 1:
            return f"Round {self.round}"
        counted = f"of {self.of}" if self.round == self.nth else f"({self.nth} of {self.of})"
        return f"Round {self.round} {counted}"

    def _round(self, line: Line) -> None:
        self.round, self.book = _whole(line.get("round")), str(line.get("book", ""))
        left = line.get("left")
        self.nth = self.of - left + 1 if isinstance(left, int) and left <= self.of else self.nth + 1
        waiting = statuses.status("waiting")
        self.board.show(dict.fromkeys(self.steps, waiting), self.board.links)

    def _done(self, step: str, line: Line) -> None:
        self.working = ""
        told = line.get("counts")
        counts = {str(port): _whole(rows) for port, rows in told.items()} if isinstance(told, Mapping) else {}
        notes = line.get("notes")
        why = " ".join([str(line.get("says", "")), *(map(str, notes) if isinstance(notes, list) else ())]).strip()
        if line.get("what") == "step-reused":
            self.board.put(step, statuses.kept(counts, why, self._kept_from(step, _whole(line.get("from_round")))))
        else:
            self.board.put(step, statuses.done(counts, why))
        for link in self.flow.links:
            if link.source.step == step and link.source.port in counts:
                self.board.count(str(link), counts[link.source.port])

    def _over(self, line: Line) -> None:
        self.working = ""
        if line.get("what") == "round-stopped":
            held = statuses.status("blocked", "not run: the round was stopped", why=str(line.get("says", "")))
            for step in self.steps:
                if self.board.cards.get(step, statuses.IDLE)["state"] == "waiting":
                    self.board.put(step, held)


def _whole(number: object) -> int:
    return number if isinstance(number, int) else 0
