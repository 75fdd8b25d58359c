"""Words that somebody may have meant, and the ids that a text could have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches

# Comparing one word with 5,000 names takes 0.1 s, which a file of wrong words would pay again and again.
_MOST_COMPARED = 300
_MOST_LISTED = 12
LONGEST_ID = 80
"""Characters of an id: it becomes part of file names."""


def meant(word: str, known: Collection[str]) -> str | None:
    """Return the known word that is nearest to a wrong one, or None."""
    if len(known) > _MOST_COMPARED or len(word) > LONGEST_ID:
        return None
    near = get_close_matches(word, known, 1)
    return near[0] if near else None


def instead(word: str, known: Collection[str], there_are: str) -> str:
    """Return the sentence that follows a wrong word: what was probably meant, or what there is."""
    near = meant(word, known)
    if near is not None:
        return f"Did you mean '{near}'?"
    return f"{there_are}: {listed(known)}."


def listed(words: Collection[str]) -> str:
    """Return words as a list in a sentence, cut short when there are many."""
    shown = ", ".join(list(words)[:_MOST_LISTED])
    return f"{shown} and {len(words) - _MOST_LISTED} more" if len(words) > _MOST_LISTED else shown or "none"


def slug(text: str, otherwise: str) -> str:
    """Return the id that is nearest to a text: small letters, digits and single hyphens."""
    ascii_text = unicodedata.normalize("NFKD", text[:1000].casefold()).encode("ascii", "ignore").decode()
    joined = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if not joined:
        return otherwise
    return (joined if joined[0].isalpha() else f"{otherwise}-{joined}")[:LONGEST_ID].rstrip("-")
