"""`tandem status`: how the books of a flow stand."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from runtime.cli import arguments
from runtime.cli.opening import book_of, catalog_of, flow_of, memory_of, state_of
from runtime.cli.printing import columns, paint, say, say_json, shortest
from runtime.cli.rounds_table import aimed_at, table

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow
    from runtime.overview import RoundLine
    from runtime.store import Book, Store

SUMMARY = "Tell how a flow stands: rounds, questions, figures, models, files."
GROUP = "Run"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    arguments.flow(parser)
    arguments.book(parser, "By default all of them.")
    parser.add_argument("--json", action="store_true", help="Write one line of JSON for each book.")
    parser.epilog = "Example:\n  tandem status flow.yaml"


def execute(options: argparse.Namespace) -> int:
    """Tell how things stand."""
    from runtime.overview import runner_of

    flow, catalog, store = flow_of(options).flow, catalog_of(options), memory_of(options)
    books = (book_of(store, flow.id, options.book),) if options.book else store.books(flow.id)
    runner = runner_of(store.folder, flow.id)
    for book in books:
        if options.json:
            say_json(
                {"flow": flow.id, "book": book.name, "runs_now": runner, **_plain(options, store, book, flow, catalog)}
            )
        else:
            for line in _lines(options, store, book, flow, catalog):
                say(line)
            say()
    if not options.json:
        say(
            f"It is being run now by {runner}."
            if runner
            else "Nobody runs it now."
            if books
            else _nothing(options, flow)
        )
    return 0


def _nothing(options: argparse.Namespace, flow: Flow) -> str:
    return f"'{flow.id}' has not run yet in {state_of(options)}. Begin with: tandem run {options.flow}"


def _lines(options: argparse.Namespace, store: Store, book: Book, flow: Flow, catalog: Catalog) -> Iterator[str]:
    from runtime.overview import delivered_of, models_of, rounds_of, targets_of, waiting_of

    yield paint(f"{flow.name or flow.id}, book '{book.name}'{' (a rehearsal)' if book.rehearsal else ''}", "bold")
    yield from map(_round, rounds_of(store, book)[-5:])
    yield from (f"  {waiting.sentence()}" for waiting in waiting_of(store, book))
    for model in models_of(store, book):
        learned = model.facts.get("answers")
        told = f", learned from {learned:,} known cases" if isinstance(learned, int) else ""
        yield f"  {model.step}: version {model.number} of the model, made in round {model.round}{told}."
    for file in delivered_of(store, book, options.flow.resolve().parent):
        there = f"wrote {shortest(str(file.path))}" if file.published else f"will write {shortest(str(file.path))}"
        yield f"  {file.step} {there} (round {file.round})"
    yield from _figures(store, book, flow, catalog)
    for kind, aims in (("aim", True), ("limit", False)):
        yield from (f"  {judged.sentence(kind)}" for judged in targets_of(store, book, flow, catalog, aims))


def _round(line: RoundLine) -> str:
    when = line.closed or line.opened
    state = {"open": "is open since", "closed": "was done on", "stopped": "was stopped on"}[line.state]
    return f"  Round {line.number} {state} {when[:16].replace('T', ' ')} UTC. {line.sentence}".rstrip()


def _figures(store: Store, book: Book, flow: Flow, catalog: Catalog) -> Iterator[str]:
    from runtime.overview import figures_of

    for card in flow.steps.values():
        kind, history = catalog.get(card.kind), figures_of(store, book, card.memory)
        if kind is not None and kind.family == "measure" and history:
            last = {number: history[number] for number in list(history)[-5:]}
            yield ""
            yield f"  {card.title or card.id}, by round"
            yield from (f"  {line}" for line in table(last, kind.measures, aimed_at(flow, card.id), columns() - 2))
            yield ""


def _plain(options: argparse.Namespace, store: Store, book: Book, flow: Flow, catalog: Catalog) -> dict[str, object]:
    from runtime.overview import delivered_of, figures_of, models_of, rounds_of, targets_of, waiting_of

    judged = {
        kind: [
            {"target": str(entry.target), "verdict": entry.verdict, "says": entry.sentence(kind)}
            for entry in targets_of(store, book, flow, catalog, kind == "aim")
        ]
        for kind in ("aim", "limit")
    }
    figures = {card.id: figures_of(store, book, card.memory) for card in flow.steps.values()}
    return {
        "rehearsal": book.rehearsal,
        "rounds": [asdict(line) for line in rounds_of(store, book)],
        "waiting": [{**asdict(waiting), "says": waiting.sentence()} for waiting in waiting_of(store, book)],
        "aims": judged["aim"],
        "limits": judged["limit"],
        "models": [{**asdict(model), "facts": dict(model.facts)} for model in models_of(store, book)],
        "files": [asdict(file) for file in delivered_of(store, book, options.flow.resolve().parent)],
        "figures": {
            step: {number: [figure._asdict() for figure in told.values()]}
            for step, history in figures.items()
            for number, told in list(history.items())[-1:]
        },
    }
