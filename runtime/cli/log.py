"""`tandem log`: what happened, in order, and whether the record is whole."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from runtime.cli import arguments
from runtime.cli.opening import book_of, flow_of, memory_of
from runtime.cli.printing import say, say_json

if TYPE_CHECKING:
    from runtime.events import Event

SUMMARY = "Tell what happened, in order, and whether the record is whole."
GROUP = "Run"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    arguments.flow(parser)
    arguments.book(parser, "By default live, or the only one there is.")
    parser.add_argument("--json", action="store_true", help="Write one line of JSON for each event.")
    parser.epilog = (
        "Example:\n  tandem log flow.yaml --book rehearsal\n\nA record that was changed by hand: exit status 1."
    )


def execute(options: argparse.Namespace) -> int:
    """Tell the events of a book."""
    from runtime.audit import audit
    from runtime.events import of_book

    flow, store = flow_of(options).flow, memory_of(options)
    book, count = book_of(store, flow.id, options.book), 0
    with store.reading() as connection:
        for event in of_book(connection, book.id):
            count += 1
            if options.json:
                say_json(
                    {"number": event.number, "at": event.at, "what": event.what, **event.body, "digest": event.digest}
                )
            else:
                say(f"{event.number:5}  {event.at[:19].replace('T', ' ')}  {_sentence(event)}")
    found = audit(store, book)
    if options.json:
        say_json({"whole": not found, "found": found, "says": _verdict(found, count)})
    else:
        say("\n".join([_verdict(found, count), *found]))
    return 1 if found else 0


def _verdict(found: Sequence[str], count: int) -> str:
    if found:
        return "The record was changed by hand, or is damaged. Compare it with a backup."
    return f"The record is whole: each of its {count:,} events fits the one before, and what they tell is unchanged."


_SENTENCES = {
    "run-ordered": "A run was ordered.",
    "round-opened": "Round {round} began; it is played at {now}.",
    "round-closed": "Round {round} is done.",
    "round-stopped": "Round {round} was stopped.",
    "step-done": "Round {round}: {step} gave its result {key:.12}.",
    "step-reused": "Round {round}: {step} kept its result {key:.12}.",
    "questions-asked": "Round {round}: {step} asked {questions} questions.",
    "questions-closed": "{questions} questions of {step} were closed: their cases are no longer in the data.",
    "answers-accepted": "{answers} answers were accepted, {corrected} of earlier ones corrected.",
    "log-sealed": "Round {round}: {entries} entries of {step}.{port} were sealed for learning.",
    "delivery-ordered": "Round {round}: {step} handed over the file {artifact:.12}.",
    "delivery-published": "Round {round}: the file {artifact:.12} of {step} was put in its place.",
}


def _sentence(event: Event) -> str:
    """Return an event in words; one that is not known here is told by its word and its plain parts."""
    told = _SENTENCES.get(event.what)
    body = {name: len(part) if isinstance(part, list | dict) else part for name, part in event.body.items()}
    if told is not None and all(name in body for name in _slots(told)):
        return told.format_map(body)
    return f"{event.what}: {_spoken(body)}"


def _slots(text: str) -> list[str]:
    return [part.split("}")[0].split(":")[0] for part in text.split("{")[1:]]


def _spoken(body: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {part}" for name, part in body.items())
