"""Answering in the terminal: one case at a time, and what the model thinks only afterwards."""

from __future__ import annotations

import re
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Literal

from flows.show.wording import visible, wrap
from runtime.cli.printing import columns, paint, say
from runtime.inbox import Ask, Given, Inbox

Command = Literal["s", "?", "u", "q"]
_MEANS: dict[Command, str] = {"s": "skip", "?": "cannot tell", "u": "undo last", "q": "quit"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00(?:\.0+)?(?:\+00:00|Z)")
Outcome = Literal["answered", "cannot-tell", "skipped"]


@dataclass
class Session:
    """One person at one terminal."""

    inbox: Inbox
    person: str
    flow: str
    given: int = 0
    seen: set[str] = field(default_factory=set)

    def play(self) -> int:
        """Put case after case, until none is left or the person leaves."""
        asks = self.inbox.waiting(self.person)
        if not asks:
            return self._nothing()
        say(f"{len(asks)} questions for {visible(self.person)}.")
        place = 0
        while place < len(asks):
            self._show(asks[place], place + 1, len(asks))
            began = time.monotonic()
            read = self._read(asks[place], place > 0)
            if read is None:
                break
            if read == "u":
                place -= 1
                say("Back to the case before. Its answer stays until you give another one.")
                continue
            self._keep(asks[place], *read, time.monotonic() - began)
            place += 1
        self._end(len(asks) - place)
        return 0

    def _read(self, ask: Ask, can_undo: bool) -> tuple[str, Outcome, str] | Literal["u"] | None:
        """Return (label, outcome, comment), `u`, or None when the person leaves."""
        while True:
            sys.stdout.write("> ")
            sys.stdout.flush()
            line = sys.stdin.readline()
            if not line:
                say()
                return None
            word, _, comment = line.strip().partition(" #")
            word, comment = word.strip(), comment.strip()
            command = _command(word, ask)
            if command == "q":
                return None
            if command == "u" and can_undo:
                return "u"
            if command in ("s", "?"):
                return "", "skipped" if command == "s" else "cannot-tell", comment
            label = _chosen(word, ask) if command is None else None
            if label is not None:
                return label, "answered", comment
            say(_explained(word, ask) if command is None else "This is the first case; there is none before it.")

    def _keep(self, ask: Ask, label: str, outcome: Outcome, comment: str, seconds: float) -> None:
        entry = Given(uuid.uuid4().hex, ask.id, self.person, label, outcome, round(seconds, 1), comment)
        self.given += self.inbox.give([entry])
        if ask.id not in self.seen and self.inbox.shows(ask.step) != "with-the-question":
            self._tell_advice(ask, label)
        self.seen.add(ask.id)

    def _tell_advice(self, ask: Ask, label: str) -> None:
        advice = self.inbox.advice(ask, self.person)
        if advice is not None:
            same = " too" if advice.label == label else " otherwise" if label else ""
            words = f"The model thinks{same}: {visible(advice.label)} ({advice.probability:.0%} sure)."
            say(paint(words, "dim"))

    def _show(self, ask: Ask, number: int, count: int) -> None:
        say()
        until = f"   until {ask.deadline[:16].replace('T', ' ')} UTC" if ask.deadline else ""
        say(paint(f"Case {number} of {count}   {visible(ask.key)}{until}", "bold"))
        width = min(max((len(visible(name)) for name in ask.shown), default=0), 30)
        for name, value in ask.shown.items():
            told = wrap(_readable(value), columns() - width - 4)
            say(f"  {visible(name):{width}}  {told[0]}")
            for line in told[1:]:
                say(f"  {'':{width}}  {line}")
        if self.inbox.shows(ask.step) == "with-the-question":
            advice = self.inbox.advice(ask, self.person)
            if advice is not None:
                say(f"  The model thinks: {visible(advice.label)} ({advice.probability:.0%} sure).")
        say()
        say(visible(ask.question))
        choices = "   ".join(f"{place} {visible(choice)}" for place, choice in enumerate(ask.choices, 1))
        say(f"  {choices or 'Type the answer.'}")
        keys = "   ".join(f"{_key(command, ask)} {says}" for command, says in _MEANS.items())
        say(paint(f"  {keys}   (a comment after ' #')", "dim"))

    def _nothing(self) -> int:
        others = {ask.group for ask in self.inbox.open() if not self.inbox.may_answer(self.person, ask.group)}
        says = f"Nothing waits for {visible(self.person)} in the book '{self.inbox.book.name}'."
        for group in sorted(others):
            says += f" {group} are asked: {', '.join(self.inbox.accounts[group])}. Name yourself with --person NAME."
        say(says)
        return 0

    def _end(self, left: int) -> None:
        answered = "1 answer is kept" if self.given == 1 else f"{self.given} answers are kept"
        rest = f"{left} questions are left for you." if left else "Nothing is left for you."
        say(f"{answered}. {rest}")
        if not left:
            say(f"Go on with: tandem run {self.flow}")


def _readable(value: object) -> str:
    """Return a value of a case as somebody would write it."""
    if value in (None, ""):
        return "-"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return f"{text[:10]} {text[11:16]} UTC" if _MOMENT.fullmatch(text) else text


def _command(word: str, ask: Ask) -> Command | None:
    return next((command for command in _MEANS if word.casefold() == _key(command, ask)), None)


def _key(command: Command, ask: Ask) -> str:
    """Return what is typed for a command: with a colon where a choice is called the same."""
    clash = any(choice.casefold() in _MEANS for choice in ask.choices) or not ask.choices
    return f":{command}" if clash else command


def _chosen(word: str, ask: Ask) -> str | None:
    """Return the choice that was typed, by its words or by its number."""
    if not ask.choices:
        return word or None
    exact = [choice for choice in ask.choices if choice == word]
    alike = [choice for choice in ask.choices if choice.casefold() == word.casefold()]
    if exact or len(alike) == 1:
        return (exact or alike)[0]
    # int() would take other digits and signs as well, and a slip must not become an answer.
    if word.isascii() and word.isdigit() and 1 <= int(word[:6]) <= len(ask.choices):
        return ask.choices[int(word) - 1]
    return None


def _explained(word: str, ask: Ask) -> str:
    there = ", ".join(f"{place} ({visible(choice)})" for place, choice in enumerate(ask.choices, 1))
    keys = ", ".join(f"{_key(command, ask)} ({says})" for command, says in _MEANS.items())
    found = f"'{visible(word):.40}' is not understood. " if word else ""
    return f"{found}Type {there or 'the answer'}, or {keys}."
