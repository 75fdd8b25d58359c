"""Whether the record is whole: the chain of events, the rows that they tell of, and the stored files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from runtime.artifacts import hash_of_file
from runtime.events import broken_at, of_book
from runtime.stored import Stored
from runtime.told import Noun, Told, told_by

if TYPE_CHECKING:
    from runtime.artifacts import Artifacts
    from runtime.store import Book, Store

Fault = Literal["untold", "gone", "changed", "missing", "damaged"]


class Finding(NamedTuple):
    """One thing that does not fit: what sort of thing, what is wrong with it, and its name."""

    noun: Noun | Literal["file"]
    fault: Fault
    name: str


def audit(store: Store, book: Book) -> tuple[str, ...]:
    """Return a sentence for each sort of thing in a book that is not as its events tell; none: the record is whole.

    Noticed are a broken chain, rows that no event tells, rows that are gone or no longer have the
    digest that was told, and files that are missing or hold something else. What an older program
    did not tell is not compared.
    """
    with store.reading() as connection:
        broken = broken_at(connection, book.id)
        told = told_by(of_book(connection, book.id))
        stored = Stored.read(connection, book)
    findings = [*_compared(told, stored), *_lost(store.artifacts, stored.artifacts)]
    chain = [] if broken is None else [f"The chain is broken: event {broken} does not fit what stands before it."]
    return (*chain, *_sentences(findings))


def _compared(told: Told, stored: Stored) -> Iterator[Finding]:
    claims = {(noun, stored.formerly.get(key, key)): facts for (noun, key), facts in told.items()}
    for place, thing in stored.things.items():
        facts = claims.get(place)
        if facts is None:
            yield Finding(place[0], "untold", thing.name)
            continue
        others = [fact for fact, value in facts.items() if thing.facts.get(fact) != value]
        if others:
            yield Finding(place[0], "changed", f"{thing.name} ({', '.join(others)})")
    for (noun, key), facts in claims.items():
        if facts and (noun, key) not in stored.things:
            yield Finding(noun, "gone", _spoken(key))


def _lost(artifacts: Artifacts, needed: dict[str, str]) -> Iterator[Finding]:
    for digest, where in needed.items():
        path = artifacts.path(digest)
        if not path.is_file():
            yield Finding("file", "missing", f"{digest[:12]} ({where})")
        elif hash_of_file(path) != digest:
            yield Finding("file", "damaged", f"{digest[:12]} ({where})")


_NOUNS: dict[str, tuple[str, str]] = {
    "answer": ("answer", "answers"),
    "question": ("question", "questions"),
    "result": ("result", "results"),
    "round": ("round", "rounds"),
    "log": ("sealed log", "sealed logs"),
    "sealing": ("set of sealed answers", "sets of sealed answers"),
    "delivery": ("delivery", "deliveries"),
    "run": ("order of a run", "orders of a run"),
    "look": ("look at the model's advice", "looks at the model's advice"),
    "handover": ("handing over", "handings over"),
    "file": ("stored file", "stored files"),
}
_FAULTS: dict[Fault, tuple[str, str]] = {
    "untold": ("is told by no event", "are told by no event"),
    "gone": ("is gone that an event tells of", "are gone that events tell of"),
    "changed": ("is no longer what an event tells", "are no longer what events tell"),
    "missing": ("is missing", "are missing"),
    "damaged": ("no longer holds what was stored", "no longer hold what was stored"),
}
_NAMED = 5


def _sentences(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one sentence for all things of a sort with the same fault, naming the first few."""
    groups: dict[tuple[str, Fault], list[str]] = {}
    for finding in findings:
        groups.setdefault((finding.noun, finding.fault), []).append(finding.name)
    for (noun, fault), names in groups.items():
        several = len(names) > 1
        more = f", and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        yield f"{len(names):,} {_NOUNS[noun][several]} {_FAULTS[fault][several]}: {', '.join(names[:_NAMED])}{more}."


def _spoken(key: object) -> str:
    if isinstance(key, tuple):
        return " ".join(str(part) for part in key)
    return str(key)[:12]
