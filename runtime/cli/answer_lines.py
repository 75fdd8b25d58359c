"""What somebody types for a question in the terminal: the answer, how sure, why, and a remark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.show.wording import visible
from runtime.question_kinds import Control

TAIL = "(how sure after ' @', why after ' because ', a comment after ' #')"
_TAIL = re.compile(r"(?P<word>.*?)(?:\s+@\s*(?P<sure>\S+))?(?:\s+because\s+(?P<why>.+))?")


@dataclass(frozen=True)
class Line:
    """One line as it was typed, in its parts: `yes @80% because it is torn # photo missing`."""

    word: str
    comment: str = ""
    sure: str = ""
    why: str = ""


def line_of(typed: str, control: Control) -> Line:
    """Return the parts of a line; in an answer of free words everything before ' #' is the answer."""
    word, _, comment = typed.strip().partition(" #")
    word, comment = word.strip(), comment.strip()
    parts = _TAIL.fullmatch(word)
    if control.type in ("text", "words") or parts is None or chosen(word, control) is not None:
        return Line(word, comment)
    return Line(parts["word"].strip(), comment, parts["sure"] or "", parts["why"] or "")


def chosen(word: str, control: Control) -> str | None:
    """Return the choice that was typed, by its value, its words or its place; None where it is none of them."""
    exact = [value for value, words in control.choices if word in (value, words)]
    folded = word.casefold()
    alike = [value for value, words in control.choices if folded in (value.casefold(), words.casefold())]
    if exact or len(alike) == 1:
        return (exact or alike)[0]
    # int() would take other digits and signs as well, and a slip must not become an answer.
    if word.isascii() and word.isdigit() and 1 <= int(word[:6]) <= len(control.choices):
        return control.choices[int(word) - 1][0]
    return None


def choices_in_words(control: Control) -> str:
    """Return the choices with their places; long ones each on a line of its own."""
    told = [f"{place} {visible(words)}" for place, (_, words) in enumerate(control.choices, 1)]
    return ("\n  " if any(len(one) > 40 for one in told) else "   ").join(told)
