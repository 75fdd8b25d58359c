"""One declaration for a kind of step: settings, ports, sentence and behaviour in one class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from flows.ports import Port, inputs_of, outputs_of

Family = Literal["source", "prepare", "model", "choose", "people", "learn", "measure", "deliver"]
Purity = Literal["pure", "reads the world", "delivers"]
Per = Literal["round", "day", "total"]

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
Settings = Mapping[str, "Plain"]
Columns = Mapping[str, str]
"""Column names with their types (`number`, `date`, `category`, ...; empty when not known yet)."""

RESERVED = frozenset({"kind", "title", "formerly", "version"})
"""Words of a card itself, which no setting may be called."""


@dataclass(frozen=True)
class Measured:
    """One figure that a kind tells, for aims and limits: its name, unit and the time that it is about."""

    name: str
    unit: str
    per: Per
    says: str


class Step(BaseModel):
    """The base of every kind: fields are settings, keyword-only parameters of `run` are input ports.

    The type that `run` returns is the output port; several outputs are a frozen `NamedTuple`.
    A kind that waits for people has `ask` and `settle` in the place of `run`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        coerce_numbers_to_str=True,
        use_attribute_docstrings=True,
        populate_by_name=True,
        allow_inf_nan=False,
    )

    kind: ClassVar[str]
    """The name in the file, pinned here so that renaming the class breaks no file."""
    family: ClassVar[Family]
    says: ClassVar[str]
    """The sentence of the card, with slots such as `{at_most}`."""
    title: ClassVar[str] = ""
    """What it does in two or three everyday words, such as "Read a table"; by itself its name."""
    also_called: ClassVar[tuple[str, ...]] = ()
    """Further everyday words under which people look for it."""
    version: ClassVar[int] = 1
    """Counts up when the same settings and inputs would give another result."""
    purity: ClassVar[Purity] = "pure"
    by_round: ClassVar[bool] = False
    """Whether the seed changes with the round."""
    opens_truth: ClassVar[bool] = False
    """Whether the step may open the sealed truth of a rehearsal: simulated people and measures only."""
    libraries: ClassVar[tuple[str, ...]] = ()
    """Numeric libraries whose version is part of what made a result."""
    measures: ClassVar[tuple[Measured, ...]] = ()
    """Figures that aims and limits may name."""
    teaches: ClassVar[Literal["", "model", "people"]] = ""
    """Whom feedback into this step teaches."""
    migrations: ClassVar[tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]] = ()
    """Pure functions that bring settings of version 1 to 2, 2 to 3, and so on."""

    @classmethod
    def waits(cls) -> bool:
        """Return whether this kind asks people."""
        return hasattr(cls, "ask")

    def inputs(self) -> tuple[Port, ...]:
        """Return the input ports; a kind whose ports depend on its settings overrides this."""
        return inputs_of(self._method("ask" if self.waits() else "run"))

    def outputs(self) -> tuple[Port, ...]:
        """Return the output ports; a kind whose ports depend on its settings overrides this."""
        return outputs_of(self._method("settle" if self.waits() else "run"))

    def columns(self, incoming: Mapping[str, Columns]) -> Mapping[str, Columns]:
        """Return which columns leave by each output port, from settings and incoming columns alone.

        A port that is absent means: not known before the step has run.
        """
        return {}

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for each input port, the columns that the settings name and that must arrive there."""
        return {}

    def complaints(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong between settings that are each fine alone: (setting, sentence)."""
        return ()

    def remarks(self) -> tuple[tuple[str, str], ...]:
        """Return what is worth knowing about settings that are right: (setting, sentence), told as hints."""
        return ()

    def looks_at(self, folder: Path) -> str:
        """Return a digest of what the step would read from the world, or nothing when only reading tells.

        While the digest stays the same, the result of an earlier round is kept.
        """
        return ""

    def saying(self) -> str:
        """Return the card's sentence with its slots open; a kind where it depends on settings overrides this."""
        return self.says

    def reads(self) -> tuple[str, ...]:
        """Return the files that the step reads, as paths below the folder of the flow."""
        return ()

    def writes(self) -> tuple[str, ...]:
        """Return the files that the step writes, as paths below the folder of the flow."""
        return ()

    def sentence(self) -> str:
        """Return the card's sentence with its slots filled."""
        words = {name: _spoken(getattr(self, name)) for name in type(self).model_fields}
        return self.saying().format_map(words)

    def _method(self, name: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self, name)
        return method


def _spoken(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_spoken(item) for item in value) or "nothing"
    if isinstance(value, BaseModel):
        return ", ".join(f"{name} {_spoken(item)}" for name, item in value if item is not None)
    return "nothing" if value in ("", None) else str(value)
