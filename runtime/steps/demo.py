"""Steps that make data to try a flow with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from flows.slots import Slot
from flows.step import Columns, Step
from runtime.demo.columns import DemoSet, columns_of
from runtime.round import Round
from runtime.values import Outcomes, Records

_MADE_ONLY = ("rows", "late_share", "begins")


class DemoRead(NamedTuple):
    """The cases, and what really happened to them as far as it is known by now."""

    records: Records
    outcomes: Outcomes


class DemoData(Step):
    """Read a demo set: shipments that may arrive late, or one of scikit-learn's sets.

    In a rehearsal the truth is sealed, so that simulated people can answer and measures can judge.
    """

    kind: ClassVar[str] = "demo-data"
    title: ClassVar[str] = "Try with demo data"
    also_called: ClassVar[tuple[str, ...]] = (
        "example",
        "sample",
        "play",
        "test",
        "shipments",
    )
    family: ClassVar[Literal["source"]] = "source"
    purity: ClassVar[Literal["reads the world"]] = "reads the world"
    by_round: ClassVar[bool] = True
    says: ClassVar[str] = "Read the demo set {set}"
    libraries: ClassVar[tuple[str, ...]] = ("numpy", "polars", "scikit-learn")

    set: DemoSet = "shipments"
    """Which set: shipments made by the program, or one that scikit-learn carries."""
    rows: int = Field(800, ge=10, le=10_000_000)
    """How many shipments."""
    late_share: float = Field(0.12, ge=0.01, le=0.9)
    """The share of shipments that will arrive late."""
    begins: str = "2026-03-02"
    """The day before the first shipment leaves; the last one leaves 28 days after it."""
    start: Annotated[int, Slot(label="known from the beginning")] = Field(0, ge=0)
    """How many cases, drawn at random, show their label from the beginning."""
    seed: int = Field(1, ge=0)
    """Another number makes other shipments and another start set; the run's seed changes neither."""

    def run(self, round: Round) -> DemoRead:
        """Return all cases, and the outcomes that are known by the time of the round."""
        from runtime.demo.cases import demo_data

        return demo_data(self, round)

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return the columns of the set."""
        return {"records": columns_of(self.set, self.start)}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between the settings."""
        if not _is_day(self.begins):
            return (("begins", f"'{self.begins}' is no day. Write it as 2026-03-02."),)
        if self.set == "shipments":
            many = f"Of {self.rows:,} shipments, {self.start:,} cannot show their label."
            return (("start", many),) if self.start > self.rows else ()
        fields = type(self).model_fields
        return tuple(
            (name, f"'{name}' is for the shipments; the set {self.set} is what it is.")
            for name in _MADE_ONLY
            if getattr(self, name) != fields[name].default
        )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
