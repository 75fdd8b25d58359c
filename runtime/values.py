"""What flows along the links: handles on tables kept by hash, whose columns load by partition."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from runtime.artifacts import Artifacts

if TYPE_CHECKING:
    import polars as pl

    from flows.ports import Port

KEY = "__key__"
"""The column that names a case, in every table."""

V = TypeVar("V", bound="Value")

# Made once: `json.dumps` with settings of its own makes an encoder at every call.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Table:
    """A stored table: column names with their stored types, and its partitions in order."""

    columns: Mapping[str, str]
    parts: tuple[tuple[str, int], ...]
    artifacts: Artifacts = field(repr=False, compare=False)

    @classmethod
    def store(cls, artifacts: Artifacts, frames: Iterable[pl.DataFrame]) -> Table:
        """Store frames of one schema as the partitions of a table."""
        columns: dict[str, str] = {}
        parts = []
        for frame in frames:
            columns = columns or {name: str(dtype) for name, dtype in frame.schema.items()}
            parts.append((artifacts.put_frame(frame), frame.height))
        return cls(columns, tuple(parts), artifacts)

    def plain(self) -> dict[str, Any]:
        """Return the handle as plain data, for the store and for hashing."""
        return {"columns": dict(self.columns), "parts": [list(part) for part in self.parts]}

    @classmethod
    def read(cls, plain: Mapping[str, Any], artifacts: Artifacts) -> Table:
        """Return the table that `plain` wrote down."""
        return cls(plain["columns"], tuple((digest, rows) for digest, rows in plain["parts"]), artifacts)

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return sum(rows for _, rows in self.parts)

    def frames(self, columns: list[str] | None = None) -> Iterator[pl.DataFrame]:
        """Load partition after partition, or only some columns of each."""
        for digest, _ in self.parts:
            yield self.artifacts.frame(digest, columns)

    def frame(self, columns: list[str] | None = None) -> pl.DataFrame:
        """Load the whole table into memory; for training rows, logs and small tables."""
        import polars as pl

        frames = list(self.frames(columns))
        if not frames:
            return pl.DataFrame()
        # Pieces of a log that an older program sealed may lack a column that came later.
        alike = all(frame.schema == frames[0].schema for frame in frames)
        return pl.concat(frames, how="vertical" if alike else "diagonal_relaxed", rechunk=True)


class Figure(NamedTuple):
    """One measured number with its interval; `value` is empty while too little is known."""

    measure: str
    value: float | None
    low: float | None
    high: float | None
    says: str


@dataclass(frozen=True)
class Value:
    """The base of all that flows along links."""

    logged: ClassVar[bool] = False
    """Whether this is experience that a feedback link can carry."""

    table: Table

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return self.table.count

    def plain(self) -> dict[str, Any]:
        """Return the handle as plain data, for the store and for hashing."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}

    @cached_property
    def hash(self) -> str:
        """Return a hash of all that this value holds."""
        return digest_of({"type": type(self).__name__, **self.plain()})

    @classmethod
    def read(cls: type[V], plain: Mapping[str, Any], artifacts: Artifacts) -> V:
        """Return the value that `plain` wrote down."""
        hints = get_type_hints(cls)
        return cls(**{name: _read(hints[name], part, artifacts) for name, part in plain.items()})


@dataclass(frozen=True)
class Records(Value):
    """A table of cases.

    `types` says how each column is understood: number, date, datetime, yes-no, category or text.
    `ancestry` names, for a derived column, the columns that it was made from. `key` names the columns
    that tell cases apart: they say who a case is, not what it is like, and no model learns from them.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    ancestry: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    key: tuple[str, ...] = ()

    def origin(self, column: str) -> frozenset[str]:
        """Return a column together with all columns that it was made from."""
        made_from = self.ancestry.get(column, ())
        return frozenset({column}).union(*(self.origin(parent) for parent in made_from))


@dataclass(frozen=True)
class Predictions(Value):
    """What a model thinks of each case.

    Columns: the key; `probability` (k float32 in the order of `classes`, summing to 1); `known`
    (empty, or `data`, `person`, `outcome`: where the label is known from); `label` (the known
    label); `held_out` (0 no; for measuring only: 1 decides about releasing a version, 2 reports);
    `group` (what shares one fate); `changed` (whether a case is no longer what people answered
    about). Rows are a subset of `records`, in partition order.
    """

    records: Records
    classes: tuple[str, ...] = ()
    positive: str = ""
    target: str = ""
    version: str = ""
    shares: tuple[float, ...] = ()
    """How large the share of each class is among all cases, as far as the model can tell."""
    learned_from: int = 0
    """How many labelled rows the model learned from; zero: it knows nothing yet."""


@dataclass(frozen=True)
class Cases(Value):
    """Rows picked for a person.

    Columns: the key; `reason`; `urgency` (higher first); `drawn_with` (the probability with which
    an audit case was drawn at random, empty for others); `also_picked` (an audit case that would
    have been picked anyway).
    """

    predictions: Predictions


@dataclass(frozen=True)
class Decisions(Value):
    """What was decided on each case.

    Columns: the key; `decision` (empty while held); `decided_by` (person, model, rule, outcome,
    data, nobody); `round`; `version` of the model; `probability` of the decided label by the model
    (float32, empty when no model spoke); `changed` (the data changed since people answered); for some
    kinds of question `decision_detail`: what people said beside the label.
    """

    records: Records
    positive: str = ""
    threshold: float | None = None
    """The probability of the positive label from which the model says it (binary only)."""
    at_least: float = 0.0
    """How sure the model must be to decide alone."""
    mistakes: tuple[float, ...] = ()
    """What a missed case, a false alarm and a held case cost, where dear risks are held."""


@dataclass(frozen=True)
class Answers(Value):
    """What people said, one row an answer: see `runtime.answers.COLUMNS`."""

    logged: ClassVar[bool] = True


@dataclass(frozen=True)
class Outcomes(Value):
    """What really happened. Columns: the key; `label`; `known_at` (UTC, microseconds)."""

    logged: ClassVar[bool] = True


@dataclass(frozen=True)
class Measures(Value):
    """How well it goes: one row a figure: see `runtime.figures.COLUMNS`."""

    figures: tuple[Figure, ...] = ()


def read_value(port: Port, outputs: Mapping[str, Any], artifacts: Artifacts) -> Value:
    """Return the value that a step gave at a port, from its outputs as they were written down."""
    assert issubclass(port.type, Value)
    return port.type.read(outputs[port.name], artifacts)


def digest_of(plain: object) -> str:
    """Return the SHA-256 of plain data, the same for equal data."""
    return hashlib.sha256(canonical(plain)).hexdigest()


def canonical(plain: object) -> bytes:
    """Return plain data as JSON bytes with sorted keys."""
    return _CANONICAL.encode(plain).encode()


def _plain(part: object) -> Any:
    if isinstance(part, Table | Value):
        return part.plain()
    if isinstance(part, Mapping):
        return {name: _plain(entry) for name, entry in part.items()}
    if isinstance(part, tuple | list):
        return [_plain(entry) for entry in part]
    return part


def _read(hint: Any, part: Any, artifacts: Artifacts) -> Any:
    if isinstance(hint, type) and issubclass(hint, Table | Value):
        return hint.read(part, artifacts)
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return tuple(item(*entry) if hasattr(item, "_fields") else entry for entry in part)
    if get_origin(hint) is Mapping and get_args(hint)[1] is not str:
        return {name: tuple(entry) for name, entry in part.items()}
    return part
