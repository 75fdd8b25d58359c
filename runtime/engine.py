"""One round, from its open row to its closed one: steps, people, limits, deliveries."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flows.catalog import Catalog
from flows.ports import Port
from runtime import outbox
from runtime.asking import Asking
from runtime.learned import NOTHING, Learned
from runtime.ledger import Ledger, Made
from runtime.limits import judged
from runtime.logs import log_for
from runtime.memory import memory_of
from runtime.notices import Listener, Notice, silence
from runtime.plan import Outputs, Plan, Planned
from runtime.recipe import Recipe, reason, recipe
from runtime.round import LeftBehind, Round
from runtime.rounds import OpenRound
from runtime.store import Book, Store
from runtime.threads import one_thread
from runtime.values import Value, digest_of

READS = "reads the world"
Ended = Literal["closed", "waiting", "stopped"]


@dataclass(frozen=True)
class End:
    """How a round ended, and one sentence about it."""

    state: Ended
    sentence: str = ""


class Engine:
    """Plays one open round; after a kill, playing it again goes on where it stood."""

    ledger: Ledger

    def __init__(
        self,
        store: Store,
        book: Book,
        plan: Plan,
        catalog: Catalog,
        row: OpenRound,
        folder: Path,
        listen: Listener = silence,
        lent: Learned = NOTHING,
    ) -> None:
        self.store, self.book, self.plan, self.catalog = store, book, plan, catalog
        self.row, self.folder, self.listen, self.lent = row, folder, listen, lent
        self.results: list[Outputs | None] = [None] * len(plan.steps)

    def play(self) -> End:
        """Run what can run, ask who is to be asked, judge the limits and deliver."""
        with one_thread(), self.store.writer() as writer:
            self.ledger = Ledger(self.store, writer, self.book, self.row.number)
            return self._play()

    def _play(self) -> End:
        waiting = []
        for planned in self.plan.working():
            inputs = planned.gather(self.results)
            if inputs is None:
                continue
            standing = self._work(planned, inputs)
            if isinstance(standing, End):
                return standing
            if standing:
                waiting.append(standing)
        if waiting:
            return End("waiting", " ".join(waiting))
        stopped = self._judge_limits()
        return stopped or self._deliver()

    def _work(self, planned: Planned, inputs: Mapping[str, Any]) -> End | str:
        """Give one step its result; return a sentence while it waits, an end when a limit stops it."""
        done = self.ledger.done(planned)
        if done is not None:
            self.results[planned.position] = done.outputs
            return ""
        if planned.step.waits():
            return self._ask(planned, inputs)
        self._run(planned, inputs)
        return ""

    def _run(self, planned: Planned, inputs: Mapping[str, Any]) -> None:
        logs = self._logs(planned)
        seen = planned.step.looks_at(self.folder) if planned.step.purity == READS else ""
        made_from = recipe(planned, inputs, logs, self._facts(planned) | ({"the file": seen} if seen else {}))
        kept = self.ledger.kept(planned, made_from) if planned.step.purity == "pure" or seen else None
        if kept is not None:
            origin = kept.reused_from or kept.round
            why = f"Kept from round {origin}: nothing that made it has changed."
            made = Made(made_from, kept.outputs, why, LeftBehind(notes=kept.notes), reused_from=origin)
        else:
            why = reason(planned, made_from, self.ledger.before(planned))
            made = self._made(planned, made_from, why, {**inputs, **logs})
            if seen and planned.step.looks_at(self.folder) != seen:
                made = made._replace(recipe={**made_from, "the file": f"changed in round {self.row.number}"})
        self.ledger.record(planned, made)
        self._finish(planned, made)

    def _made(self, planned: Planned, made_from: Recipe, why: str, given: Mapping[str, Any]) -> Made:
        context = self._context(planned)
        self._tell(Notice("step-started", self.row.number, planned.card.id))
        began = time.perf_counter()
        assert planned.run is not None
        returned = planned.run(context, **given)
        seconds = time.perf_counter() - began
        return Made(made_from, planned.split(returned), why, context.left, seconds)

    def _ask(self, planned: Planned, inputs: Mapping[str, Any]) -> End | str:
        logs = self._logs(planned)
        made_from = recipe(planned, inputs, logs, self._facts(planned))
        asking = Asking(self.store, self.book, self.plan.flow, self.row, planned)
        given = {**inputs, **logs}
        self._tell(Notice("step-started", self.row.number, planned.card.id))
        asked = planned.step.ask(self._context(planned), **given)  # type: ignore[attr-defined]
        broken = asking.broken_limit(asked, self.catalog)
        if broken:
            return End("stopped", f"{broken} Nobody was asked, and nothing was delivered.")
        fresh = asking.put(asked)
        if fresh:
            self._tell(Notice("asked", self.row.number, planned.card.id, facts={"questions": fresh}))
        waits = asking.waits(asked)
        if waits:
            self._tell(Notice("waiting", self.row.number, planned.card.id, waits))
            return waits
        self._settle(planned, asking, asked, made_from, given)
        return ""

    def _settle(
        self, planned: Planned, asking: Asking, asked: Any, made_from: Recipe, given: Mapping[str, Any]
    ) -> None:
        context = self._context(planned)
        began = time.perf_counter()
        accepted = asking.accepted(asked)
        returned = planned.step.settle(context, accepted.value, **given)  # type: ignore[attr-defined]
        made = Made(
            {**made_from, "answers": digest_of(list(accepted.ids))},
            planned.split(returned),
            f"People were asked about {len(asked.questions)} cases and gave {len(accepted.ids)} answers.",
            context.left,
            time.perf_counter() - began,
            figures=asking.figures(asked, accepted),
        )
        self.ledger.record(planned, made, also=lambda tx: asking.mark_settled(tx, accepted))
        self._finish(planned, made)

    def _judge_limits(self) -> End | None:
        with self.store.reading() as connection:
            limits = judged(
                connection, self.plan.flow, self.catalog, self.book, self.row.number, self.row.day, aims=False
            )
        told = [limit.sentence("limit") for limit in limits if limit.verdict != "kept"]
        if not told:
            return None
        return End("stopped", " ".join([*told, "Nothing was delivered."]))

    def _deliver(self) -> End:
        for planned in self.plan.delivering():
            if self.ledger.done(planned) is None:
                inputs = planned.gather(self.results)
                assert inputs is not None
                self._run(planned, inputs)
        for path in outbox.publish(self.store, self.book, self.folder):
            self._tell(Notice("published", self.row.number, says=f"Wrote {path}.", facts={"path": str(path)}))
        return End("closed")

    def _finish(self, planned: Planned, made: Made) -> None:
        self.results[planned.position] = made.outputs
        facts: dict[str, object] = {
            "seconds": round(made.seconds, 3),
            "notes": made.left.notes,
            "counts": _counts(planned, made),
        }
        facts |= {"from_round": made.reused_from} if made.reused_from else {}
        what = "step-reused" if made.reused_from else "step-done"
        self._tell(Notice(what, self.row.number, planned.card.id, made.reason, facts))

    def _logs(self, planned: Planned) -> dict[str, Value]:
        entries = [entry for entry in planned.inputs if entry.port.feedback]
        if not entries:
            return {}
        with self.store.reading() as connection:
            return {
                entry.port.name: self._lent(planned, entry.port)
                or log_for(connection, self.store.artifacts, self.book.id, self.plan, entry)
                for entry in entries
            }

    def _lent(self, planned: Planned, port: Port) -> Value | None:
        return self.lent.log(f"{planned.card.id}.{port.name}", port, self.store)

    def _context(self, planned: Planned) -> Round:
        return Round(
            seed=self._seed(planned),
            artifacts=self.store.artifacts,
            folder=self.folder,
            rehearsal=self.book.rehearsal,
            by_round=planned.step.by_round,
            opens_truth=planned.step.opens_truth,
            memory=memory_of(self.store, self.book, planned, self.row),
            progress=lambda says, done, total: self._tell(
                Notice("progress", self.row.number, planned.card.id, says, {"done": done, "total": total})
            ),
            _number=self.row.number,
            _now=self.row.moment,
        )

    def _facts(self, planned: Planned) -> dict[str, str]:
        """Return the facts of this round that the kind declares its result to depend on."""
        step = planned.step
        facts = {"seed": str(self._seed(planned))}
        if step.by_round:
            facts |= {
                "round": str(self.row.number),
                "now": self.row.now,
                "open questions": self.row.asked_before,
            }
        if step.opens_truth:
            truths = memory_of(self.store, self.book, planned, self.row).truth
            facts["sealed truth"] = digest_of({name: list(table.parts) for name, table in truths.items()})
        if step.purity == "delivers":
            before = memory_of(self.store, self.book, planned, self.row).delivered
            facts["delivered before"] = digest_of({name: list(table.parts) for name, table in before.items()})
        return facts

    def _seed(self, planned: Planned) -> int:
        number = self.row.number if planned.step.by_round else 0
        text = f"{self.row.seed}\n{planned.card.memory}\n{number}"
        return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)

    def _tell(self, notice: Notice) -> None:
        self.listen(notice)


def _counts(planned: Planned, made: Made) -> dict[str, int]:
    return {port.name: value.count for port, value in zip(planned.outputs, made.outputs, strict=True)}
