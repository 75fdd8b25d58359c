"""What a run shows: a moving line where somebody looks, JSON lines for programs, the end for all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from runtime.cli.printing import coloured, columns, paint, say, say_json
from runtime.cli.rounds_table import aimed_at, table
from runtime.notices import Notice

if TYPE_CHECKING:
    from runtime.run import Order, Workspace


class Watch(Protocol):
    """Whoever follows a run while it works."""

    def tell(self, notice: Notice) -> None: ...


class Telling:
    """Tells a run to whoever asked for it, and notes what the end needs."""

    def __init__(self, workspace: Workspace, order: Order, watch: Watch | None, form: str) -> None:
        self.workspace, self.order, self.watch, self.form = workspace, order, watch, form
        self.began = False
        self.aims: dict[str, Notice] = {}
        self.paths: dict[str, None] = {}

    def tell(self, notice: Notice) -> None:
        """Tell one notice."""
        self.began = self.began or notice.what == "round-started"
        if notice.what == "aim":
            self.aims[notice.says.split(" is ")[0]] = notice
        if notice.what == "round-started":
            self.aims.clear()
        if notice.what == "published":
            self.paths[str(notice.facts["path"])] = None
        if self.form == "json":
            say_json(notice.as_dict())
        elif self.watch is not None:
            self.watch.tell(notice)

    def ended(self, state: str, sentence: str) -> None:
        """Tell how the run ended."""
        if self.form == "json":
            say_json({"what": "ended", "state": state, "sentence": sentence})
        elif state in ("done", "waiting", "stopped"):
            if self.form == "whole" and self.began:
                self._results()
            say(sentence, sys.stderr if state == "stopped" else sys.stdout)

    def _results(self) -> None:
        self._tables()
        for notice in self.aims.values():
            met = notice.facts.get("met") == "kept"
            say(f"{paint('✓' if met else '·', 'green' if met else 'yellow')} {notice.says}")
        for path in self.paths:
            say(f"Wrote {path}")

    def _tables(self) -> None:
        from runtime.overview import figures_of
        from runtime.run import flow_from

        space = self.workspace
        flow = flow_from(space.path.read_bytes(), space.path.stem, self.order.overrides)
        book = space.store.book(flow.id, self.order.book)
        for card in flow.steps.values():
            kind = space.catalog.get(card.kind)
            if kind is None or kind.family != "measure":
                continue
            history = figures_of(space.store, book, card.memory)
            if history:
                say()
                say(f"{card.title or card.id}: {kind.__doc__ or ''}".split("\n")[0])
                for line in table(history, kind.measures, aimed_at(flow, card.id), columns()):
                    say(line)
                say()


@contextmanager
def telling_of(options: argparse.Namespace, workspace: Workspace, order: Order) -> Iterator[Telling]:
    """Yield the telling that fits: JSON lines, only the end, or a moving line on a terminal."""
    form = "json" if options.json else "quiet" if options.quiet else "whole"
    if form != "whole" or not sys.stdout.isatty() or not coloured(sys.stdout):
        yield Telling(workspace, order, None, form)
        return
    from runtime.cli.progress import Moving

    with Moving(order.rounds) as watch:
        telling = Telling(workspace, order, watch, form)
        yield telling
