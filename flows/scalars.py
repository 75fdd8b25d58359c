"""One word of a flow file: what it means when read, and how a value is spelled when written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

MOST_DIGITS = 400

WORDS: Mapping[str, bool | None] = MappingProxyType(
    dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
    | dict.fromkeys(("", "~", "null", "Null", "NULL"), None)
)
INTEGER = re.compile(r"[-+]?[0-9]+")
BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def meaning(word: str) -> bool | int | float | str | None:
    """Return what an unquoted word means under the core scalars of YAML 1.2.

    `yes`, `no`, `on`, `off`, `12:30:00` and `2026-01-05` are words; `0777` is 777.
    Raises ValueError for a number with more than 400 characters.
    """
    if word in WORDS:
        return WORDS[word]
    if INTEGER.fullmatch(word):
        return int(short(word))
    if BASED.fullmatch(word):
        return int(short(word), 0)
    if FLOAT.fullmatch(word):
        return float(short(word))
    if SPECIAL.fullmatch(word):
        return float(word.replace(".", ""))
    return word


def short(number: str) -> str:
    """Return the number as it is; a longer one takes quadratic time to read."""
    if len(number) > MOST_DIGITS:
        raise ValueError(f"A number may have {MOST_DIGITS} digits, this one has {len(number)}.")
    return number


def spell(value: bool | float | str | None, flow: bool = False, quote: str = "") -> str:
    """Return the shortest safe spelling on one line; `flow` is for inside brackets.

    `quote` is the quote that a person chose before (`'`, `"` or none) and is kept for text if it can be.
    """
    if isinstance(value, str):
        return spell_text(value, flow, quote)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return spell_float(value)
    return "null" if value is None else str(value)


def spell_key(key: str, flow: bool = False, quote: str = "") -> str:
    """Return a key's spelling: keys are always words, so `1` and `true` need no quotes."""
    if not quote and key != "<<" and is_plain(key, flow):
        return key
    return quoted(key, quote)


def spell_text(text: str, flow: bool, quote: str) -> str:
    if not quote and is_plain(text, flow) and isinstance(meaning_or_text(text), str):
        return text
    return quoted(text, quote)


def spell_float(value: float) -> str:
    written = repr(value)
    if written in ("nan", "inf", "-inf"):
        return written.replace("nan", ".nan").replace("inf", ".inf")
    return written


# Stricter than YAML 1.2 asks, so that other readers agree; a question mark in brackets stops the
# pure Python parser of PyYAML, though libyaml takes it.
UNSEEN = re.compile(r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
MARKED = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`]|\.\.\.|=$|.*(?:: | #|:$)")
BRACKETS = re.compile(r"[,\[\]{}?]")


def is_plain(text: str, flow: bool) -> bool:
    """Tell whether the text can stand without quotes and still be one piece of text."""
    if not text or text != text.strip() or UNSEEN.search(text) or MARKED.match(text):
        return False
    return not (flow and BRACKETS.search(text))


def meaning_or_text(text: str) -> bool | int | float | str | None:
    try:
        return meaning(text)
    except ValueError:
        return None  # a number too long to read, hence to be quoted


ESCAPES = MappingProxyType({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})
SHOWN = re.compile(rf'[\\"]|{UNSEEN.pattern}')


def quoted(text: str, quote: str) -> str:
    """Return the text in the wanted quotes, in double ones where single ones cannot hold it."""
    simple = not UNSEEN.search(text)
    if simple and (quote == "'" or (not quote and "'" not in text and ('"' in text or "\\" in text))):
        return "'" + text.replace("'", "''") + "'"
    return '"' + SHOWN.sub(lambda found: escaped(found.group()), text) + '"'


def escaped(character: str) -> str:
    code = ord(character)
    return ESCAPES.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
