"""What a step may know of the round it runs in, and what it may leave behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import refuse
from runtime.artifacts import Artifacts
from runtime.values import Table, Value

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Delivery:
    """A file to publish: where it goes, what it holds, and the decisions in it, to compare with later."""

    artifact: str
    target: str
    delivered: Table | None = None


@dataclass(frozen=True)
class ModelVersion:
    """One version of a step's model, kept so that it can be brought back."""

    version: str
    data: bytes
    facts: Mapping[str, object]


@dataclass
class LeftBehind:
    """What a step leaves behind beside its outputs; kept in the transaction of its result."""

    notes: list[str] = field(default_factory=list)
    models: list[ModelVersion] = field(default_factory=list)
    truth: Table | None = None
    deliveries: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True)
class Memory:
    """What earlier rounds left for a step: read through `Round`, fixed when the round opened."""

    truth: Mapping[str, Table] = field(default_factory=dict)
    models: Callable[[int], bytes | None] = lambda number: None
    delivered: Mapping[str, Table] = field(default_factory=dict)
    asked: Callable[[str], frozenset[str]] = lambda which: frozenset()
    last: Callable[[str], Value | None] = lambda port: None


def sealed_truth(truths: Mapping[str, Table], step: str) -> Table | None:
    """Return the truth of one step; without a name, of the only step that has any."""
    if step:
        return truths.get(step)
    return next(iter(truths.values())) if len(truths) == 1 else None


def inside(folder: Path, target: str) -> Path:
    """Return the path of a file under a folder; raises `Refused` when it lies outside."""
    path = (folder / target).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise refuse(
            "path-outside",
            f"'{target}' lies outside the workspace {folder}. Files are written under the workspace only.",
            "path",
        )
    return path


@dataclass(frozen=True)
class Round:
    """The round as one step sees it.

    `seed` is the step's own, the same in every round unless the kind declares `by_round`. `folder`
    is the workspace. Whatever a step leaves behind is kept together with its outputs, or not at all.
    """

    seed: int
    artifacts: Artifacts
    folder: Path = Path()
    rehearsal: bool = True
    by_round: bool = True
    opens_truth: bool = False
    memory: Memory = Memory()
    left: LeftBehind = field(default_factory=LeftBehind)
    progress: Progress = lambda says, done, total: None
    _number: int = 1
    _now: datetime | None = None

    @property
    def number(self) -> int:
        """Return the number of the round; only for kinds that declare `by_round`."""
        self._only_by_round("number")
        return self._number

    @property
    def now(self) -> datetime:
        """Return the moment fixed when the round opened; only for kinds that declare `by_round`."""
        self._only_by_round("now")
        assert self._now is not None
        return self._now

    def table(self, frames: Iterable[pl.DataFrame]) -> Table:
        """Store frames as the partitions of a table."""
        return Table.store(self.artifacts, frames)

    def say(self, sentence: str) -> None:
        """Note one sentence about this result for whoever looks at the run."""
        self.left.notes.append(sentence)

    def keep_model(self, version: str, data: bytes, **facts: object) -> None:
        """Keep a version of the model, so that it can be brought back."""
        self.left.models.append(ModelVersion(version, data, facts))

    def model(self, number: int) -> bytes | None:
        """Return an earlier version of this step's model by its number, or None."""
        return self.memory.models(number)

    def seal_truth(self, frame: pl.DataFrame) -> None:
        """Keep the truth of a rehearsal (key, label) where only simulated people and measures may open it."""
        self.left.truth = self.table([frame])

    def truth(self, step: str = "") -> Table | None:
        """Return the sealed truth (key, label) of a step, or of the only one that has any; None if live.

        Only for kinds that declare `opens_truth`.
        """
        if not self.opens_truth:
            raise TypeError("Only a kind that declares opens_truth = True may open the sealed truth.")
        return sealed_truth(self.memory.truth, step)

    def open_questions(self) -> frozenset[str]:
        """Return the keys of cases that people were still being asked about when the round opened."""
        self._only_by_round("open_questions")
        return self.memory.asked("open")

    def answered_questions(self) -> frozenset[str]:
        """Return the keys of cases on which all wanted answers were there when the round opened."""
        self._only_by_round("answered_questions")
        return self.memory.asked("answered")

    def deliver(self, target: str, write: Callable[[Path], object], delivered: Table | None = None) -> None:
        """Hand over a file for publishing once every limit is judged; a rehearsal's goes into its own folder.

        Raises `Refused` for a target outside the workspace.
        """
        inside(self.folder, target)
        self.left.deliveries.append(Delivery(self.artifacts.put_with(write), target, delivered))

    def delivered_before(self, target: str) -> Table | None:
        """Return the decisions in the last file published under that name, or None."""
        return self.memory.delivered.get(target)

    def last(self, port: str) -> Value | None:
        """Return what the step gave at an output port in its last round; for steps that read the world."""
        return self.memory.last(port)

    def _only_by_round(self, what: str) -> None:
        if not self.by_round:
            raise TypeError(f"A kind that uses round.{what} must declare by_round = True: its result depends on it.")
