"""What was typed, chosen or sent for one control: read, or refused with a sentence that says what fits."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date

from flows.problems import Refused, refuse
from runtime.question_kinds.control import Control

MOST_LETTERS = 10_000
"""How long a text may be that somebody writes into an answer."""
REASON = Control("reason", "text", "Why", required=False)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,(\d{1,2}|\d{4,})")


def unfit(sentence: str) -> Refused:
    """Return the refusal of something filled in, to be raised."""
    return refuse("answer-unfit", sentence)


def text(control: Control, filled: Mapping[str, object]) -> str:
    """Return a text without the blanks around it."""
    found = filled.get(control.name)
    said = "" if found is None else str(found).replace("\0", "").strip()
    if len(said) > MOST_LETTERS:
        raise unfit(f"'{control.label}' has {len(said):,} letters. Write at most {MOST_LETTERS:,}.")
    if control.required and not said:
        raise unfit(f"'{control.label}' is empty. Fill it in.")
    return said


def choice(control: Control, filled: Mapping[str, object]) -> str:
    """Return the value of a choice, named by its value or by its words, in capital or small letters."""
    said = text(control, filled)
    if not said and not control.required:
        return ""
    for near in (str, str.casefold):
        found = {value for value, words in control.choices if near(said) in (near(value), near(words))}
        if len(found) == 1:
            return found.pop()
    there = ", ".join(value if value == words else f"{value} ({words:.80})" for value, words in control.choices)
    raise unfit(f"'{said:.80}' is not a choice. Choose one of: {there}.")


def number(control: Control, filled: Mapping[str, object]) -> float:
    """Return a number between the ends of its control; 7.5 and 7,5 are the same, and its unit may follow."""
    said = text(control, filled)
    bare = said.removesuffix(control.unit).strip() if control.unit else said
    found = read_number(bare)
    if found is None:
        raise unfit(f"'{said:.80}' is no number for '{control.label}'. Write one such as 1234.5, without separators.")
    ends = [
        f"{word} {spelled(end)}"
        for word, end in (("at least", control.low), ("at most", control.high))
        if end is not None
    ]
    if (control.low is not None and found < control.low) or (control.high is not None and found > control.high):
        raise unfit(f"'{control.label}' must be {' and '.join(ends)}, and not {spelled(found)}.")
    return found


def day(control: Control, filled: Mapping[str, object]) -> str:
    """Return a day such as 2026-03-02, or nothing where none is needed."""
    said = text(control, filled)
    if not said:
        return ""
    try:
        return date.fromisoformat(said[:10] if said[10:11] in ("T", " ") else said).isoformat()
    except ValueError:
        raise unfit(f"'{said:.80}' is no day for '{control.label}'. Write it as 2026-03-02.") from None


def confidence_of(said: object) -> float | None:
    """Return how sure somebody is, 0 to 1, from 0.8, 80 or 80%; None where nothing is said."""
    word = "" if said is None else str(said).strip()
    if not word:
        return None
    found = read_number(word.removesuffix("%").strip())
    if found is not None and (word.endswith("%") or found > 1):
        found /= 100
    if found is None or not 0 <= found <= 1:
        raise unfit(f"'{word:.80}' does not say how sure you are. Write a share such as 80% or 0.8.")
    return found


def spelled(value: float) -> str:
    """Return a number as somebody would write it: 7 and not 7.0."""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def read_number(said: str) -> float | None:
    """Return the number that a word says, finite and without separators, or None."""
    if _DECIMAL_COMMA.fullmatch(said) and said.isascii():
        said = said.replace(",", ".")
    if not (_NUMBER.fullmatch(said) and said.isascii()):
        return None
    found = float(said)
    return found if math.isfinite(found) else None


CODES: tuple[tuple[str, str], ...] = (
    ("answer-unfit", "What was filled in does not fit the question. The sentence says what does."),
    ("answer-unsure", "A number changes so much that it looks like a slip. Say that you are sure, or correct it."),
)
