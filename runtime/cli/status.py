"""`tandem status`: how the books of a flow stand."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, TypeVar

from runtime.cli import arguments
from runtime.cli.noting import noted
from runtime.cli.opening import book_of, catalog_of, flow_of, memory_of, state_of
from runtime.cli.printing import columns, paint, say, say_json, shortest
from runtime.cli.rounds_table import aimed_at, table
from runtime.cli.stuck import stuck

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow
    from runtime.overview import DeliveredFile, ModelLine, RoundLine, Waiting
    from runtime.store import Book, Store

Line = TypeVar("Line", "Waiting", "ModelLine", "DeliveredFile")

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
    from runtime.overview import delivered_of, rounds_of, targets_of, waiting_of

    names = _names(flow)
    lines = rounds_of(store, book)
    yield paint(f"{flow.name or flow.id}, book '{book.name}'{' (a rehearsal)' if book.rehearsal else ''}", "bold")
    yield from map(_round, lines[-5:])
    yield from (f"  {_named(waiting, names).sentence()}" for waiting in waiting_of(store, book))
    yield from _models(store, book, flow)
    for file in (_named(file, names) for file in delivered_of(store, book, options.flow.resolve().parent)):
        there = f"wrote {shortest(str(file.path))}" if file.published else f"will write {shortest(str(file.path))}"
        yield f"  {file.step} {there} (round {file.round})"
    yield from _figures(store, book, flow, catalog)
    told = " ".join(line.sentence for line in lines[-2:])
    for kind, aims in (("aim", True), ("limit", False)):
        said = (judged.sentence(kind) for judged in targets_of(store, book, flow, catalog, aims))
        yield from (f"  {sentence}" for sentence in said if sentence not in told)  # the round has told why it stopped
    yield from (f"  {line}" for line in noted(_notes(store, book, flow), columns() - 2))


def _names(flow: Flow) -> dict[str, str]:
    """Return what a step is called now by the name under which it is kept."""
    return {card.memory: card.id for card in flow.steps.values()}


def _named(line: Line, names: Mapping[str, str]) -> Line:
    return replace(line, step=names.get(line.step, line.step))


def _notes(store: Store, book: Book, flow: Flow) -> dict[str, list[str]]:
    from runtime.overview import notes_of

    kept = notes_of(store, book)
    return {card.id: kept[card.memory] for card in flow.steps.values() if card.memory in kept}


def _models(store: Store, book: Book, flow: Flow) -> Iterator[str]:
    from runtime.overview import models_of

    names = _names(flow)
    for model in (_named(line, names) for line in models_of(store, book)):
        learned = model.facts.get("answers")
        told = f", learned from {learned:,} known cases" if isinstance(learned, int) else ""
        newest = f"version {model.number} of the model, made in round {model.round}{told}"
        used = _brought_back(flow, model.step)
        if used and used != model.number:
            yield f"  {model.step}: version {used} of the model is in use (bring_back: {used}). The newest is {newest}."
        else:
            yield f"  {model.step}: {newest}."


def _brought_back(flow: Flow, step: str) -> int:
    """Return the version of a step's model that the flow brings back, 0 where it uses the newest."""
    card = flow.steps.get(step)
    number = card.settings.get("bring_back") if card else None
    return number if isinstance(number, int) else 0


def _round(line: RoundLine) -> str:
    when = line.closed or line.opened
    state = {"open": "is open since", "closed": "was done on", "stopped": "was stopped on"}[line.state]
    return f"  Round {line.number} {state} {when[:16].replace('T', ' ')} UTC. {stuck(line.sentence)}".rstrip()


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

    names = _names(flow)
    judged = {
        kind: [
            {"target": str(entry.target), "verdict": entry.verdict, "says": entry.sentence(kind)}
            for entry in targets_of(store, book, flow, catalog, kind == "aim")
        ]
        for kind in ("aim", "limit")
    }
    waits = [_named(waiting, names) for waiting in waiting_of(store, book)]
    models = [_named(model, names) for model in models_of(store, book)]
    files = [_named(file, names) for file in delivered_of(store, book, options.flow.resolve().parent)]
    figures = {card.id: figures_of(store, book, card.memory) for card in flow.steps.values()}
    return {
        "rehearsal": book.rehearsal,
        "rounds": [{**asdict(line), "sentence": stuck(line.sentence)} for line in rounds_of(store, book)],
        "waiting": [{**asdict(waiting), "says": waiting.sentence()} for waiting in waits],
        "aims": judged["aim"],
        "limits": judged["limit"],
        "models": [
            {**asdict(model), "facts": dict(model.facts), "in_use": _brought_back(flow, model.step) or model.number}
            for model in models
        ],
        "files": [asdict(file) for file in files],
        "figures": {
            step: {number: [figure._asdict() for figure in told.values()]}
            for step, history in figures.items()
            for number, told in list(history.items())[-1:]
        },
        "notes": _notes(store, book, flow),
    }
