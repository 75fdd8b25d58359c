"""What the fields of one card may offer: the columns, labels, files, people and steps that there really are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from editor.beginnings import tables_in
from editor.columns import Offered, Workbench
from editor.fields import Choice, Field
from flows.titles import title_of

if TYPE_CHECKING:
    from editor.state import PageState
    from runtime.store import Store


@dataclass(frozen=True)
class Desk:
    """One card that is filled in on a page."""

    state: PageState
    step: str
    _columns: dict[str, tuple[Offered, ...]] = field(default_factory=dict, compare=False)

    def offers(self, asked: Field) -> object:
        """Return all that a field offers, to tell whether it has to be drawn anew."""
        match asked.control:
            case "column" | "columns" | "deadline":
                return self.columns(asked.port)
            case "label" | "labels" | "mapping":
                return self.labels
            case "file":
                return self.files
            case "people":
                return self.groups
            case "step":
                return self.steps
            case "nested" | "list" | "either":
                return [self.offers(one) for one in asked.fields]
        return None

    def columns(self, port: str = "") -> tuple[Offered, ...]:
        """Return the columns that arrive where a field asks for one."""
        if port not in self._columns:
            self._columns[port] = self._bench.offered(self.step, port)
        return self._columns[port]

    def column_choices(self, port: str = "") -> list[Choice]:
        """Return these columns as choices, each with its type and some of its values."""
        return [Choice(one.name, _described(one)) for one in self.columns(port)]

    @cached_property
    def labels(self) -> list[str]:
        """The labels that are spoken of around the card."""
        return list(self._bench.labels(self.step))

    @cached_property
    def files(self) -> list[str]:
        """The tables in the workspace."""
        return list(tables_in(self.state.workspace))

    @property
    def groups(self) -> list[str]:
        """The groups of people that the flow describes."""
        return list(self.state.session.flow.people)

    @property
    def steps(self) -> list[Choice]:
        """The other steps of the flow."""
        cards = self.state.session.flow.steps.values()
        return [Choice(card.id, title_of(card)) for card in cards if card.id != self.step]

    @cached_property
    def _bench(self) -> Workbench:
        session = self.state.session
        return Workbench(session.flow, session.catalog, session.folder, self._store)

    @cached_property
    def _store(self) -> Store | None:
        return self.state.live.store()


_SHAPES = {"yes-no": "yes or no"}
"""Types of columns that read otherwise than they are called."""


def named(field: Field) -> str:
    """Return what a field is called, as a heading."""
    return field.label[:1].upper() + field.label[1:]


def _described(column: Offered) -> str:
    parts = [column.name, *([_SHAPES.get(column.type, column.type)] if column.type else [])]
    examples = ", ".join(word for word in column.examples[:2] if word)
    return " · ".join([*parts, *([examples[:40]] if examples else [])])
