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
_LOOK = ("question", "person", "at", "version", "label", "probability", "why")
_HANDOVER = ("question", "giver", "taker", "reason", "at")

# Columns that came with version 2 of the tables are told where they say something: so a row that an
# older program wrote keeps the digest that it was told with.
_ANSWER_SINCE: Mapping[str, object] = {
    "stage": "only", "confidence": None, "value": None, "reason": "", "seen": None, "shown_at": None,
}  # fmt: skip
_QUESTION_SINCE: Mapping[str, object] = {"escalates": None, "escalate_to": "", "together": ""}
_FIGURE = ("measure", "value", "low", "high", "says")


def of_answer(row: Mapping[str, object]) -> str:
    """Return the digest of what a person said: all of an answer that never changes."""
    return digest_of([*(_plain(row[name]) for name in _ANSWER), *_later(row, _ANSWER_SINCE)])


def of_question(row: Mapping[str, object]) -> str:
    """Return the digest of what was shown and remembered of a case; its wording is told by its id."""
    return digest_of([*(_plain(row[name]) for name in _QUESTION), *_later(row, _QUESTION_SINCE)])


def of_look(row: Mapping[str, object]) -> str:
    """Return the digest of the model's advice as it was shown to a person."""
    return digest_of([_plain(row[name]) for name in _LOOK])


def of_person(name: str) -> str:
    """Return the digest of a name, for events: they hold no personal content."""
    return digest_of(name)


def of_handover(row: Mapping[str, object]) -> str:
    """Return the digest of who handed a case to whom, and why."""
    return digest_of([_plain(row[name]) for name in _HANDOVER])


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


def _later(row: Mapping[str, object], since: Mapping[str, object]) -> list[dict[str, object]]:
    """Return what the later columns of a row say, by name; nothing where they say nothing."""
    said = {name: _plain(row[name]) for name, silent in since.items() if row[name] != silent}
    return [said] if said else []


def _plain(part: object) -> object:
    """Return a part as every database gives it back: numbers as floats, no minus zero, no NaN."""
    if isinstance(part, bool):
        return int(part)
    if isinstance(part, int | float):
        return None if part != part else float(part) + 0.0
    return part if part is None or isinstance(part, str | list | tuple | dict) else str(part)
