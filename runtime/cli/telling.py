"""What a run shows: a moving line where somebody looks, JSON lines for programs, the end for all."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import fill
from typing import TYPE_CHECKING, Protocol

from flows.show.wording import visible
from runtime.cli.noting import noted
from runtime.cli.printing import columns, paint, say, say_json, shortest
from runtime.cli.rounds_table import aimed_at, table
from runtime.notices import Notice

if TYPE_CHECKING:
    from flows.flow import Flow
    from runtime.run import Order, Workspace


class Watch(Protocol):
    """Whoever follows a run while it works."""

    def tell(self, notice: Notice) -> None:
        """Show one notice."""

    def stop(self) -> None:
        """Show nothing more."""


class Telling:
    """Tells a run to whoever asked for it, and notes what the end needs."""

    def __init__(self, workspace: Workspace, order: Order, flow: Flow, watch: Watch | None, form: str) -> None:
        self.workspace, self.order, self.flow = workspace, order, flow
        self.watch, self.form = watch, form
        self.began = False
        self.aims: dict[str, Notice] = {}
        self.paths: dict[str, None] = {}
        self.notes: dict[str, list[str]] = {}

    def tell(self, notice: Notice) -> None:
        """Tell one notice."""
        self.began = self.began or notice.what == "round-started"
        if notice.what == "aim":
            self.aims[notice.says.split(" is ")[0]] = notice
        if notice.what == "round-started":
            self.aims.clear()
        if notice.what == "published":
            self.paths[str(notice.facts["path"])] = None
        if notice.what == "step-done":
            self._note(notice)
        if self.form == "json":
            say_json(notice.as_dict())
        elif self.watch is not None:
            self.watch.tell(notice)
        elif self.form == "whole" and notice.what == "note":
            say(fill(visible(notice.says), columns(sys.stderr)), sys.stderr)

    def ended(self, state: str, sentence: str, closed: int = 0) -> None:
        """Tell how the run ended, and its results if it closed any rounds."""
        if self.watch is not None:
            self.watch.stop()
        if self.form == "json":
            say_json({"what": "ended", "state": state, "sentence": sentence})
        elif state in ("done", "waiting", "stopped"):
            if self.form == "whole":
                self._whole(closed)
            say(sentence, sys.stderr if state == "stopped" else sys.stdout)

    def _note(self, notice: Notice) -> None:
        """Note what a step found odd; what it says of a later round takes the place of the earlier."""
        found = notice.facts.get("notes")
        if isinstance(found, list):
            self.notes[notice.step] = found

    def _whole(self, closed: int) -> None:
        if closed:
            self._results()
        flow = shortest(str(self.workspace.path))
        for line in noted(self.notes, columns(), f"... tandem status {flow} --book {self.order.book} shows all"):
            say(line)

    def _results(self) -> None:
        self._tables()
        for notice in self.aims.values():
            met = notice.facts.get("met") == "kept"
            mark = paint("✓" if met else "·", "green" if met else "yellow")
            say(fill(visible(notice.says), columns(), initial_indent=f"{mark} ", subsequent_indent="  "))
        for path in self.paths:
            say(f"Wrote {visible(shortest(path))}")

    def _tables(self) -> None:
        from runtime.overview import figures_of

        space = self.workspace
        book = space.store.book(self.flow.id, self.order.book)
        for card in self.flow.steps.values():
            kind = space.catalog.get(card.kind)
            history = figures_of(space.store, book, card.memory)
            if kind is not None and kind.family == "measure" and history:
                say(paint(f"{card.title or card.id}, by round", "bold"))
                for line in table(history, kind.measures, aimed_at(self.flow, card.id), columns()):
                    say(line)
                say()


@contextmanager
def telling_of(options: argparse.Namespace, workspace: Workspace, order: Order, flow: Flow) -> Iterator[Telling]:
    """Yield the telling that fits: JSON lines, only the end, or a moving line on a terminal."""
    form = "json" if options.json else "quiet" if options.quiet else "whole"
    if form != "whole" or not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        yield Telling(workspace, order, flow, None, form)
        return
    from runtime.cli.progress import Moving

    with Moving(order.rounds) as watch:
        yield Telling(workspace, order, flow, watch, form)
