"""One question as a person sees it, and an answer as a person gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import select

from runtime.schema import answers

if TYPE_CHECKING:
    from sqlalchemy import Connection

Outcome = Literal["answered", "cannot-tell", "skipped"]


@dataclass(frozen=True)
class Ask:
    """One question as a person sees it; `closed` says why it is no longer asked.

    From the moment `escalates` on, the people `escalate_to` may answer as well.
    """

    id: str
    step: str
    key: str
    group: str
    question: str
    choices: tuple[str, ...]
    shown: Mapping[str, object]
    deadline: str
    closed: str = ""
    wording: Mapping[str, object] = field(default_factory=dict)
    escalates: str = ""
    escalate_to: str = ""
    together: str = ""

    @property
    def kind(self) -> str:
        """Return the name of the kind of question."""
        return str(self.wording.get("kind", "label"))


@dataclass(frozen=True)
class Given:
    """An answer as a person gives it. `seconds` is the time that it took, 0 when unknown.

    `id` is the key under which it counts once, however often it is sent. `value` is what the kind of
    question keeps beside the label; `confidence` (0 to 1) and `reason` are the person's own.
    """

    id: str
    question: str
    person: str
    label: str
    outcome: Outcome = "answered"
    seconds: float = 0.0
    comment: str = ""
    confidence: float | None = None
    value: Mapping[str, object] | None = None
    reason: str = ""


class Standing(NamedTuple):
    """An answer that is in force."""

    id: str
    outcome: str
    label: str
    comment: str
    confidence: float | None = None
    value: Mapping[str, object] | None = None
    reason: str = ""

    def says(self, given: Given) -> bool:
        """Return whether an answer says the same."""
        return self[1:] == (given.outcome, given.label, given.comment, given.confidence, given.value, given.reason)


def ask_of(row: Any) -> Ask:
    """Return the question that a row of the table holds."""
    wording = row.wording
    return Ask(
        id=row.id,
        step=row.step,
        key=row.key,
        group=row.group,
        question=str(wording.get("question", "")),
        choices=tuple(wording.get("choices", ())),
        shown=dict(row.shown),
        deadline=row.deadline or "",
        closed=row.closed,
        wording=dict(wording),
        escalates=row.escalates or "",
        escalate_to=row.escalate_to,
        together=row.together,
    )


def standing_of(connection: Connection, asked: Iterable[str], people: set[str]) -> dict[tuple[str, str], Standing]:
    """Return what people have said so far, by (question, person)."""
    query = select(answers).where(answers.c.question.in_(list(asked)), answers.c.person.in_(people), answers.c.in_force)
    return {
        (row.question, row.person): Standing(
            row.id, row.outcome, row.label, row.comment, row.confidence, row.value, row.reason
        )
        for row in connection.execute(query)
    }
