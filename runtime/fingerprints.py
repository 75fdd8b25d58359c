"""What a row holds, as one digest: taken when it is written, told by an event, and compared by the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from runtime.values import digest_of

_ANSWER = (
    "question", "person", "label", "outcome", "seconds", "cost", "blind", "simulated", "comment", "at",
    "undo_until", "supersedes",
)  # fmt: skip
_QUESTION = ("key", "round", "group", "shown", "context", "wanted", "deadline", "asked")
_FIGURE = ("measure", "value", "low", "high", "says")


def of_answer(row: Mapping[str, object]) -> str:
    """Return the digest of what a person said: all of an answer that never changes."""
    return digest_of([_plain(row[name]) for name in _ANSWER])


def of_question(row: Mapping[str, object]) -> str:
    """Return the digest of what was shown and remembered of a case; its wording is told by its id."""
    return digest_of([_plain(row[name]) for name in _QUESTION])


def of_result(outputs: str, notes: str, reason: str, reused_from: int | None) -> str:
    """Return the digest of a result from the very texts that are stored: this is the hot path."""
    return hashlib.sha256(f"{reused_from}\n{outputs}\n{notes}\n{reason}".encode()).hexdigest()


def of_figures(rows: Iterable[Mapping[str, object]]) -> str:
    """Return the digest of a step's figures of one round, in the order of their names; nothing for none."""
    found = sorted(([_plain(row[name]) for name in _FIGURE] for row in rows), key=lambda figure: str(figure[0]))
    return digest_of(found) if found else ""


def of_model(number: object, version: object, artifact: object, facts: object) -> str:
    """Return the digest of one version of a model."""
    return digest_of([number, version, artifact, facts])


def of_names(names: Iterable[str]) -> str:
    """Return the digest of a set of ids, whatever their order; nothing for none."""
    found = sorted(names)
    return digest_of(found) if found else ""


def _plain(part: object) -> object:
    """Return a part as every database gives it back: numbers as floats, no minus zero, no NaN."""
    if isinstance(part, bool):
        return int(part)
    if isinstance(part, int | float):
        return None if part != part else float(part) + 0.0
    return part if part is None or isinstance(part, str | list | tuple | dict) else str(part)
