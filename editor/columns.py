"""Which columns and labels a form can offer: those that really flow where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from editor.kept import kept_at
from flows.catalog import Catalog
from flows.columns import arriving
from flows.drawn import drawn
from flows.flow import Card, End, Flow
from flows.graph import ancestors
from flows.problems import Refused
from flows.sides import sides_of

if TYPE_CHECKING:
    from runtime.store import Store
    from runtime.tables.glimpse import Glimpse
    from runtime.values import Records, Value

MOST_LABELS = 20
_MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Offered:
    """A column that can be chosen, with its type (empty where it is not known) and some of its values."""

    name: str
    type: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workbench:
    """Where columns are looked for: the drawing, the files of the workspace, and what was kept of runs."""

    flow: Flow
    catalog: Catalog
    folder: Path
    store: Store | None = None

    def offered(self, step: str, port: str = "") -> tuple[Offered, ...]:
        """Return the columns that arrive at an input of a step; for a step that reads, those of its file.

        Without a port it is the first input. Nothing is offered while nothing is known.
        """
        found = self._in_file(step)
        if found is not None:
            return _together(found.columns, found.examples)
        return _together(self._known(End(step, port or self._first_input(step))), self._examples(step))

    def labels(self, step: str) -> tuple[str, ...]:
        """Return the labels that a step may speak of: as a model near it lists them, else as the data has them."""
        for card in self._around(step):
            listed = card.settings.get("labels")
            if listed:
                return tuple(map(str, listed)) if isinstance(listed, list) else (str(listed),)
        for card in self._around(step):
            found = self._labels_in_data(card)
            if 1 < len(found) <= MOST_LABELS:
                return tuple(sorted(found))
        return ()

    def _known(self, end: End) -> Mapping[str, str]:
        known, _ = arriving(drawn(self.flow, self.catalog), self.folder, closely=True)
        if end in known:
            return known[end]
        return self._kept_columns(end) if self.store else {}

    def _kept_columns(self, end: End) -> Mapping[str, str]:
        """Return the columns that all links into a port brought when they last ran."""
        told = []
        for link in self.flow.into(end.step, end.port):
            kept = kept_at(self.store, self.flow, self.catalog, link.source) if self.store else None
            records = records_of(kept.value) if kept else None
            if records is None:
                return {}
            told.append(records.types)
        first = told[0] if told else {}
        return {name: kind for name, kind in first.items() if all(name in types for types in told)}

    def _examples(self, step: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        with suppress(Refused):
            for source in ancestors(self.flow, step):
                seen = self._in_file(source)
                hidden = _hidden(self.flow.steps[source])
                if seen:
                    found |= {name: words for name, words in seen.examples.items() if name not in hidden}
        return found

    def _first_input(self, step: str) -> str:
        card = self.flow.steps.get(step)
        sides = sides_of(card, self.catalog) if card else None
        return next((port.name for port in sides.inputs if not port.feedback), "") if sides else ""

    def _in_file(self, step: str) -> Glimpse | None:
        """Return a look at the file that a step reads, also while its other settings are missing."""
        from runtime.steps.source import Dialect
        from runtime.tables.glimpse import glimpse

        card = self.flow.steps.get(step)
        kind = self.catalog.get(card.kind) if card else None
        if card is None or kind is None or not issubclass(kind, Dialect) or not card.settings.get("path"):
            return None
        reader = self.catalog.read(card)[0]
        if not isinstance(reader, Dialect):
            reader = Dialect.model_construct(path=str(card.settings["path"]))
        try:
            return glimpse(reader.file(self.folder), reader.table_settings())
        except (Refused, OSError, ValueError):
            return None

    def _around(self, step: str) -> Iterator[Card]:
        """Yield a step, what comes before it, nearest first, and what teaches it."""
        with suppress(Refused):
            near = [step, *reversed(ancestors(self.flow, step))]
            teachers = [link.source.step for link in self.flow.feedback() if link.target.step in near]
            yield from (self.flow.steps[one] for one in dict.fromkeys((*near, *teachers)) if one in self.flow.steps)

    def _labels_in_data(self, card: Card) -> set[str]:
        truth, target, outcome = (card.settings.get(name) for name in ("truth", "target", "outcome"))
        if isinstance(truth, dict) and truth.get("comparison"):
            return {"yes", "no"}
        if isinstance(outcome, str) and (seen := self._in_file(card.id)):
            return set(seen.examples.get(outcome, ()))
        return set(self._examples(card.id).get(target, ())) if isinstance(target, str) else set()


def records_of(value: Value) -> Records | None:
    """Return the records that a value is about, None where it is about none."""
    from runtime.values import Cases, Decisions, Predictions, Records

    if isinstance(value, Cases):
        value = value.predictions
    if isinstance(value, Predictions | Decisions):
        value = value.records
    return value if isinstance(value, Records) else None


def _together(columns: Mapping[str, str], examples: Mapping[str, tuple[str, ...]]) -> tuple[Offered, ...]:
    return tuple(Offered(name, kind, examples.get(name, ())[:_MOST_EXAMPLES]) for name, kind in columns.items())


def _hidden(card: Card) -> set[str]:
    truth = card.settings.get("truth")
    if not isinstance(truth, dict):
        return set()
    hide = truth.get("hide")
    return {str(truth.get("column")), *(map(str, hide) if isinstance(hide, list) else (str(hide),))}
