"""What the model thinks of a case, and the record of whom it was shown to: who has seen it is no longer blind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import insert, select

from runtime import events, fingerprints
from runtime.schema import looks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from runtime.store import Book

Why = Literal["disagreement", "drawn", "always", "asked for", "with the question"]

LIKELY_WORDS = "picked as likely"


class Reason(NamedTuple):
    """Why the model leans to its label: a column, what it holds, its part of the whole, and the same in words."""

    name: str
    value: object
    share: float
    says: str


@dataclass(frozen=True)
class Advice:
    """What the model thinks of a case: a label, and how sure it is of it, between 0 and 1."""

    label: str
    probability: float
    version: str = ""
    why: tuple[Reason, ...] = ()


def advice_in(context: Mapping[str, Any] | None) -> Advice | None:
    """Return the advice that was kept with a question; None where the model had learned nothing, or was undecided."""
    context = context or {}
    chances = sorted(context.get("probability") or (), reverse=True)
    if len(chances) < 2 or chances[0] <= chances[1]:
        return None
    why = tuple(
        Reason(str(part.get("name", "")), part.get("value"), float(part.get("share") or 0.0), str(part.get("says", "")))
        for part in context.get("explanation") or ()
    )
    return Advice(context["label"], chances[0], context.get("version", ""), why)


def seen_of(shown: Iterable[str], advice: Advice | None, picked_as_likely: bool) -> dict[str, object]:
    """Return what an answer keeps of what the person saw: columns, advice, and why else it is not blind."""
    said = {"label": advice.label, "probability": advice.probability, "version": advice.version} if advice else None
    why = "the model's advice" if advice else LIKELY_WORDS if picked_as_likely else ""
    return {"columns": list(shown), "advice": said, "why": why}


def looked(connection: Connection, question: str, person: str) -> Advice | None:
    """Return the advice that this person has been shown of this question; None when they have seen none."""
    query = select(looks).where(looks.c.question == question, looks.c.person == person)
    row = connection.execute(query).first()
    return Advice(row.label, row.probability, row.version) if row else None


def record_look(tx: Connection, book: Book, question: str, person: str, advice: Advice, why: Why, at: str) -> None:
    """Keep that a person was shown the model's advice: the first time counts."""
    if looked(tx, question, person) is not None:
        return
    row: dict[str, object] = {
        "question": question,
        "person": person,
        "at": at,
        "version": advice.version,
        "label": advice.label,
        "probability": advice.probability,
        "why": why,
    }
    tx.execute(insert(looks).values(row))
    told = {"question": question, "person": fingerprints.of_person(person), "content": fingerprints.of_look(row)}
    events.append(tx, book.id, at, "advice-shown", **told)
