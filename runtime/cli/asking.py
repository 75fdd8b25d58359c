"""Answering in the terminal: one case at a time, and what the model thinks only afterwards."""

from __future__ import annotations

import re
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Literal

from flows.problems import Refused
from flows.show.wording import visible, wrap
from runtime.cli.answer_files import controls, read
from runtime.cli.answer_lines import TAIL, Line, choices_in_words, chosen, line_of
from runtime.cli.printing import columns, paint, say
from runtime.inbox import Ask, Given, Inbox
from runtime.question_kinds import Control, Said
from runtime.question_kinds.filling import confidence_of

Command = Literal["s", "?", "u", "q"]
_MEANS: dict[Command, str] = {"s": "skip", "?": "cannot tell", "u": "undo last", "q": "quit"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00(?:\.0+)?(?:\+00:00|Z)")
Outcome = Literal["answered", "cannot-tell", "skipped"]


@dataclass(frozen=True)
class _Answer:
    """What was answered, how it went, a remark, and how sure the person is."""

    said: Said
    outcome: Outcome
    comment: str
    confidence: float | None


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
            answer = self._read(asks[place], place > 0)
            if answer is None:
                break
            if answer == "u":
                place -= 1
                say("Back to the case before. Its answer stays until you give another one.")
                continue
            self._keep(asks[place], answer, time.monotonic() - began)
            place += 1
        self._end(len(asks) - place)
        return 0

    def _read(self, ask: Ask, can_undo: bool) -> _Answer | Literal["u"] | None:
        """Return what was answered, `u`, or None when the person leaves."""
        first = controls(ask)[0]
        while (typed := _typed("> ")) is not None:
            line = line_of(typed, first)
            command = _command(line.word, ask)
            if command == "q":
                return None
            if command == "u" and can_undo:
                return "u"
            try:
                if command in ("s", "?"):
                    outcome: Outcome = "skipped" if command == "s" else "cannot-tell"
                    return _Answer(Said("", reason=line.why), outcome, line.comment, confidence_of(line.sure))
                if command is None and line.word and (not first.choices or chosen(line.word, first) is not None):
                    return _Answer(self._filled(ask, line), "answered", line.comment, confidence_of(line.sure))
            except Refused as refused:
                say(f"{visible(str(refused))} {_explained(ask)}")
                continue
            unclear = f"'{visible(line.word):.40}' is not understood. " if line.word else ""
            first_case = "This is the first case; there is none before it."
            say(unclear + _explained(ask) if command is None else first_case)
        say()
        return None

    def _filled(self, ask: Ask, line: Line) -> Said:
        """Return the answer with all else that the question asks for; raises `Refused` for what does not fit."""
        first, *more = controls(ask)
        word = chosen(line.word, first)
        filled = {"answer": line.word if word is None else word, "reason": line.why}
        if filled["answer"] != _readable(first.starts):
            asked = [one for one in more if one.name != "sure" and (not one.when or filled["answer"] in one.when)]
            for control in asked:
                filled[control.name] = filled.get(control.name) or _further(control)
        try:
            return read(ask, filled)
        except Refused as refused:
            if refused.problems[0].code != "answer-unsure":
                raise
            say(str(refused))
            return read(ask, {**filled, "sure": _further(more[-1])})

    def _keep(self, ask: Ask, answer: _Answer, seconds: float) -> None:
        said = answer.said
        entry = Given(
            uuid.uuid4().hex, ask.id, self.person, said.label, answer.outcome, round(seconds, 1), answer.comment,
            confidence=answer.confidence, value=said.value, reason=said.reason,
        )  # fmt: skip
        self.given += self.inbox.give([entry])
        look = self.inbox.second_look(ask, self.person, said) if ask.id not in self.seen else None
        if look is not None:
            say(paint(visible(f"{look.says} To change your answer, type {_key('u', ask)}."), "dim"))
        self.seen.add(ask.id)

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
        if self.inbox.shows(ask.step, ask.id, self.person) == "with-the-question":
            advice = self.inbox.advice(ask, self.person)
            if advice is not None:
                say(f"  The model thinks: {visible(advice.label)} ({advice.probability:.0%} sure).")
        say()
        say(visible(ask.question))
        first = controls(ask)[0]
        if ask.kind != "label":
            say(f"  {visible(first.label)}. {visible(first.help)}".rstrip())
        say(f"  {choices_in_words(first) or 'Type the answer.'}")
        keys = "   ".join(f"{_key(command, ask)} {says}" for command, says in _MEANS.items())
        say(paint(f"  {keys}   {TAIL}", "dim"))

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


def _typed(prompt: str) -> str | None:
    """Return a line as it was typed; None when there is no more."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    return line if line else None


def _further(control: Control) -> str:
    """Return what is typed for one more thing that a question asks for; Enter leaves it empty."""
    helps = control.help or ("" if control.required else "Enter: nothing.")
    prompt = "\n  ".join(filter(None, (f"  {visible(control.label)}? {helps}", choices_in_words(control))))
    word = (_typed(f"{prompt} > ") or "").strip()
    return chosen(word, control) or word


def _command(word: str, ask: Ask) -> Command | None:
    return next((command for command in _MEANS if word.casefold() == _key(command, ask)), None)


def _key(command: Command, ask: Ask) -> str:
    """Return what is typed for a command: with a colon where a choice is called the same, or words are free."""
    choices = controls(ask)[0].choices
    said = [word.casefold() for choice in choices for word in choice]
    clash = any(word in _MEANS for word in said) or controls(ask)[0].type in ("text", "words")
    return f":{command}" if clash else command


def _explained(ask: Ask) -> str:
    first = controls(ask)[0]
    there = ", ".join(f"{place} ({visible(words)})" for place, (_, words) in enumerate(first.choices, 1))
    keys = ", ".join(f"{_key(command, ask)} ({says})" for command, says in _MEANS.items())
    return f"Type {there or 'the answer'}, or {keys}."
