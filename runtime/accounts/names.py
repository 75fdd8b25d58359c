"""What may be a name, and which names are the same."""

from __future__ import annotations

import re
import unicodedata

from flows.problems import refuse
from flows.show.wording import visible

LONGEST = 64
_BESIDE = frozenset(" ._-@'\N{RIGHT SINGLE QUOTATION MARK}")
_LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})


def name_of(text: str, what: str = "name") -> str:
    """Return a name as it is kept: NFKC, letters and digits of any script and `. _ - @ '` and single blanks.

    Raises `Refused` (`name-wrong`) for anything else, among them control characters, marks that turn
    the reading direction, pictures, and words that mix alphabets which look alike.
    """
    name = unicodedata.normalize("NFKC", text[: LONGEST * 10]).strip(" ")
    reason = _reason(name)
    if reason:
        raise refuse("name-wrong", f"'{visible(text[:LONGEST])}' cannot be a {what}: {reason}")
    return name


def key_of(text: str) -> str:
    """Return what two names share that are the same: big and small letters make no difference."""
    normal = unicodedata.normalize("NFKC", text[: LONGEST * 10]).strip(" ")
    return unicodedata.normalize("NFKC", normal.casefold())


def words_of(text: str, what: str, most: int = 200) -> str:
    """Return a text that people read, such as a full name. Raises `Refused` (`name-wrong`)."""
    said = unicodedata.normalize("NFC", text[: most * 10]).strip()
    if len(said) > most:
        begins = visible(said[:40])
        raise refuse("name-wrong", f"The {what} '{begins}...' is longer than {most} characters. Shorten it.")
    if visible(said) != said:
        raise refuse(
            "name-wrong",
            f"The {what} '{visible(said)}' holds characters that cannot be seen. Type it anew without them.",
        )
    return said


def _reason(name: str) -> str:
    """Return why a name cannot be one, as the end of a sentence; empty when it can."""
    if not name:
        return "it is empty. Use letters and digits."
    if len(name) > LONGEST:
        return f"it is longer than {LONGEST} characters. Shorten it."
    wrong = next((char for char in name if unicodedata.category(char)[0] not in "LMN" and char not in _BESIDE), None)
    if wrong is not None:
        return f"'{visible(wrong)}' is in it. Use letters, digits, blanks and . _ - @ '."
    if unicodedata.category(name[0])[0] not in "LN" or "  " in name:
        return "it has to begin with a letter or a digit, with one blank between words."
    if any(len(_scripts(word)) > 1 for word in re.split(r"[ ._@'’-]", name)):
        return "one word of it mixes alphabets that look alike. Write it in one alphabet."
    return ""


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(char, "").split(" ")[0] for char in word if char.isalpha()} & _LOOK_ALIKE


CODES: tuple[tuple[str, str], ...] = (
    ("name-wrong", "A name holds what cannot be seen or told apart. The sentence says what is possible."),
)
