"""Which words matter?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from runtime.question_kinds.control import Control, Said, Shown, Wording
from runtime.question_kinds.filling import REASON, choice, text, unfit
from runtime.question_kinds.label import Label, names_in

Span = tuple[int, int]
MARKED, NOTHING = "marked", "nothing marked"
"""The labels of an answer that marks words and names no label beside them."""
_WORD = re.compile(r"\w+(?:[-'\u2019]\w+)*")


@dataclass(frozen=True)
class MarkWords:
    """Mark the words of a text that matter, and where there are choices name the label as well.

    The value keeps {words, spans}: the words in the order of the text, and (begin, end) of each in
    characters of Unicode, the end excluded. Half a word that is marked counts as the whole word.
    """

    name: str = "mark-words"
    says: str = "Mark the words that matter."

    def controls(self, wording: Wording, shown: Shown) -> tuple[Control, ...]:
        """Return the text to mark in, and before it the choice of a label where there is one."""
        choices = tuple((name, name) for name in names_in(wording, "choices"))
        name = "words" if choices else "answer"
        helps = "Words with ; between them, or none."
        marked = Control(name, "words", "The words that matter", (), False, help=helps, text=_text(wording, shown))
        return (Control("answer", "choice", "Your answer", choices), marked) if choices else (marked,)

    def read(self, wording: Wording, shown: Shown, filled: Mapping[str, object]) -> Said:
        """Return the words that were marked; a word that the text does not hold is refused."""
        *label, marked = self.controls(wording, shown)
        spans = _spans(marked, filled.get(marked.name))
        chosen = choice(label[0], filled) if label else ""
        return _said(_text(wording, shown), spans, chosen, text(REASON, filled))

    def tell(self, wording: Wording, said: Said) -> str:
        """Return the label and the words."""
        words = self.detail(said) or "no words"
        return words if said.label in (MARKED, NOTHING) else f"{said.label}: {words}"

    def detail(self, said: Said) -> str:
        """Return the words, with ; between them."""
        return "; ".join(word for word, _ in _kept(said))

    def settle(self, wording: Wording, said: Sequence[Said]) -> Said | None:
        """Return the words that at least half of the people marked, with the label of most of them."""
        counted = Counter(entry for one in said for entry in set(_kept(one)))
        kept = sorted((span, word) for (word, span), count in counted.items() if 2 * count >= len(said))
        label = MARKED if kept else NOTHING
        if names_in(wording, "choices"):
            found = Label().settle(wording, said)
            if found is None:
                return None
            label = found.label
        value = {"words": [word for _, word in kept], "spans": [list(span) for span, _ in kept]}
        return Said(label, value) if said else None

    def simulate(self, wording: Wording, shown: Shown, truth: str, right: bool, draw: float) -> Said | None:
        """Return the label as it is asked for, with one word drawn; without labels, the words of the truth.

        Who is wrong about words marks one that is drawn instead.
        """
        content = _text(wording, shown)
        spans = [found.span() for found in _WORD.finditer(content)]
        drawn = spans[int(draw * len(spans)) :][:1]
        if names_in(wording, "choices"):
            label = Label().simulate(wording, shown, truth, right, draw)
            return _said(content, drawn, label.label if label else "", "")
        wanted = {word.casefold() for word in _WORD.findall(truth)}
        true = [span for span in spans if content[slice(*span)].casefold() in wanted]
        return _said(content, true if right else drawn, "", "") if true else None


def words_of(content: str) -> tuple[tuple[str, int, int], ...]:
    """Return the words of a text, each with where it begins and ends, in characters of Unicode."""
    return tuple((found.group(), *found.span()) for found in _WORD.finditer(content))


def _text(wording: Wording, shown: Shown) -> str:
    found = shown.get(str(wording.get("column", "")))
    return "" if found is None else str(found)


def _spans(control: Control, filled: object) -> list[Span]:
    """Return whole words from spans, from a list of words, or from words with ; between them."""
    if filled is None or (isinstance(filled, str) and filled.strip().casefold() in ("", "none", "no words")):
        return []
    parts = filled.split(";") if isinstance(filled, str) else filled
    if not isinstance(parts, list | tuple):
        raise unfit(f"'{control.label}' takes words with ; between them, or spans such as [[0, 4]].")
    marked = [place for part in parts for place in _places(control, part)]
    words = [(begin, end) for _, begin, end in words_of(control.text)]
    return [(begin, end) for begin, end in words if any(begin < right and left < end for left, right in marked)]


def _places(control: Control, part: object) -> Iterable[Span]:
    content = control.text
    if isinstance(part, list | tuple) and len(part) == 2 and all(type(one) is int for one in part):
        begin, end = part
        if 0 <= begin < end <= len(content):
            return [(begin, end)]
        raise unfit(f"From {begin} to {end} is no part of the text, which has {len(content):,} letters.")
    word = part.strip() if isinstance(part, str) else ""
    if not word and isinstance(part, str):
        return []
    # Whole words only: "late" is not marked in "plate".
    found = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", content, re.IGNORECASE)]
    if not word or not found:
        raise unfit(f"The text does not hold the word '{part!s:.80}'. Mark words as they stand there.")
    return found


def _said(content: str, spans: Sequence[Span], label: str, reason: str) -> Said:
    value = {"words": [content[begin:end] for begin, end in spans], "spans": [list(span) for span in spans]}
    return Said(label or (MARKED if spans else NOTHING), value, reason)


def _kept(said: Said) -> list[tuple[str, Span]]:
    value = said.value or {}
    words, spans = value.get("words"), value.get("spans")
    if not isinstance(words, list | tuple) or not isinstance(spans, list | tuple):
        return []
    return [(str(word), (int(span[0]), int(span[1]))) for word, span in zip(words, spans, strict=True)]
