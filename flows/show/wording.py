"""Text made to fit: what can be seen of it, how wide it is, and where its lines break."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

Measure = Callable[[str], float]
"""How wide one character is, in the unit of the limit that it is held against."""

_JOINERS = "\u200c\u200d"
_SPACES = "\t\n\r\x0b\x0c\x85\u2028\u2029"
_NEVER_XML = "\ufffe\uffff"
_NARROW = frozenset("iljI.,:;'|!()[]ft ")
_BROAD = frozenset("mwMW@%")


def visible(text: str) -> str:
    """Return a text on one line that a terminal or page shows and never obeys.

    Line breaks become spaces. Control characters, marks that turn the reading direction and
    lone surrogates are spelled out (`\\x1b`, `\\u202e`).
    """
    return "".join(_seen(char) for char in text)


def cells(char: str) -> float:
    """Return how many columns of a terminal one character takes: 0, 1 or 2."""
    if _adds_nothing(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def ems(char: str) -> float:
    """Return about how wide one character is, as a share of the type size, in a sans serif font.

    As in Inter, which is wide among the fonts that pages use, since the reader's font is not known.
    """
    if _adds_nothing(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1
    if char in _NARROW:
        return 0.33
    if char in _BROAD:
        return 0.88
    return 0.68 if char.isupper() else 0.6 if char.isdigit() else 0.56


def span(text: str, measure: Measure) -> float:
    """Return the width of a whole text."""
    return sum(measure(char) for char in text)


def wrap(text: str, limit: float, measure: Measure = cells, used: float = 0) -> list[str]:
    """Return the lines of a text, none wider than `limit`; words that are wider are cut.

    `used` is what already stands on the first line. When nothing fits beside it, the first
    returned line is empty.
    """
    lines, column = [""], used
    for word in _words(visible(text), limit, measure):
        wide = span(word, measure)
        gap = measure(" ") if column else 0
        if column and column + gap + wide > limit:
            lines.append("")
            column, gap = 0, 0
        lines[-1] += f" {word}" if lines[-1] else word
        column += gap + wide
    return lines


def shorten(text: str, limit: float, measure: Measure) -> str:
    """Return a text on one line that is not wider than `limit`, ending in … where it was cut."""
    return first_lines(text, 1, limit, measure)[0]


def first_lines(text: str, count: int, limit: float, measure: Measure) -> list[str]:
    """Return at most `count` lines of a text; the last ends in … where more would follow."""
    lines = wrap(text, limit, measure)
    if len(lines) <= count:
        return lines
    # A word cut on the first line would leave it short, so one line is cut by character instead.
    last = " ".join(visible(text).split()) if count == 1 else lines[count - 1]
    while last and span(last, measure) + measure("…") > limit:
        last = last[:-1]
    return [*lines[: count - 1], last.rstrip(" ,.;:") + "…"]


def _seen(char: str) -> str:
    if char in _SPACES:
        return " "
    category = unicodedata.category(char)
    hidden = category in ("Cc", "Cs") or (category == "Cf" and char not in _JOINERS) or char in _NEVER_XML
    if not hidden:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _adds_nothing(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me", "Cf")


def _words(text: str, limit: float, measure: Measure) -> list[str]:
    return [piece for word in text.split() for piece in _cut(word, limit, measure)]


def _cut(word: str, limit: float, measure: Measure) -> list[str]:
    pieces, wide = [""], 0.0
    for char in word:
        if pieces[-1] and wide + measure(char) > limit:
            pieces.append("")
            wide = 0
        pieces[-1] += char
        wide += measure(char)
    return pieces
