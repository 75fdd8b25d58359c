"""How a run stands as a whole, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from editor.following import Following
from editor.past import Look, Past
from editor.runner import RunEnd, Wanted

RunsNow = Literal["idle", "starting", "running", "waiting", "done", "stopped", "failed"]


@dataclass(frozen=True)
class RunState:
    """The state of a run: the round, the how many-th of how many it is, and the book.

    `ready`: all awaited answers are there, so that the round can go on. `goes_on`: it does so by itself.
    """

    state: RunsNow = "idle"
    says: str = "It has not run yet."
    book: str = ""
    round: int = 0
    nth: int = 0
    of: int = 0
    ready: bool = False
    goes_on: bool = False

    @property
    def works(self) -> bool:
        """Return whether something runs now."""
        return self.state in ("starting", "running")


def starting(wanted: Wanted) -> RunState:
    """Return the state of a run that has told nothing yet."""
    return RunState("starting", wanted.because or "Starting.", wanted.book, of=wanted.rounds)


def running(following: Following, wanted: Wanted) -> RunState:
    """Return the state of a run that plays a round."""
    says = f"Trying '{wanted.up_to}'." if wanted.up_to else f"{following.where()}."
    return RunState("running", says, following.book, following.round, following.nth, following.of)


def over(following: Following, wanted: Wanted, end: RunEnd) -> RunState:
    """Return the state of a run that has ended."""
    tried = f"'{wanted.up_to}' was tried. {following.noted}".strip() + " Nothing was delivered."
    says = tried if wanted.up_to and end.state == "done" else end.sentence
    return RunState(end.state, says, wanted.book, following.round, following.nth, following.of)


def outside(who: str, past: Past) -> RunState:
    """Return the state of a run that somebody else started."""
    number = past.round.number if past.round and past.round.state == "open" else 0
    says = f"{f'Round {number}' if number else 'It'} is being run by {who}, which was not started here."
    return RunState("running", says, past.book, past.round.number if past.round else 0)


def still_waiting(state: RunState, told: Sequence[str], goes_on: bool = False) -> RunState:
    """Return the state of a round that waits for people, with how far each step is with its answers.

    `goes_on`: it was started here and nobody stopped it, so that it goes on by itself.
    """
    if not told:
        then = "it goes on" if goes_on else "it can go on"
        return replace(
            state, says=f"All questions of round {state.round} are answered: {then}.", ready=True, goes_on=goes_on
        )
    then = " It goes on by itself after that, while the editor is open." if goes_on else ""
    says = f"Round {state.round} waits for people: {', '.join(told)}.{then}"
    return replace(state, says=says, ready=False, goes_on=goes_on)


def remembered(past: Past, end: RunEnd | None, look: Look, goes_on: bool = False) -> RunState:
    """Return the state of a book in which nothing runs now; `end` is how its last run ended, where known."""
    line = past.round
    if line is None:
        return RunState(end.state, end.sentence, past.book) if end else RunState(book=past.book)
    says = f"Round {line.number} is not done yet: the next run goes on with it."
    state = RunState("stopped", says, past.book, line.number)
    if line.state != "open":
        words = "was stopped" if line.state == "stopped" else "was done"
        says = f"Round {line.number} {words} at {look.time(line.closed)}. {line.sentence}".strip()
        return replace(state, state="failed" if line.state == "stopped" else "done", says=says)
    told = [card["text"] for card in past.cards.values() if card["state"] == "asking"]
    if told or (end is not None and end.state == "waiting"):
        return still_waiting(replace(state, state="waiting"), told, goes_on)
    if line.sentence:
        return replace(state, state="failed", says=line.sentence)
    return replace(state, state=end.state, says=end.sentence) if end and end.state != "done" else state
