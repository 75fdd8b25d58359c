"""A run: so many rounds of a flow in a book, taken up where it was left."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError

from flows.catalog import Catalog
from flows.document import read as read_document
from flows.flow import Flow
from flows.problems import Refused, errors, refuse
from flows.reading import flow_of
from flows.rehearsal import calendar_of
from flows.step import Plain
from runtime import events, outbox
from runtime.engine import End, Engine
from runtime.learned import NOTHING, Learned, learned_in, lent_to, played_last
from runtime.limits import judged
from runtime.lock import only_runner
from runtime.notices import Listener, Notice, silence
from runtime.plan import Plan, make_plan
from runtime.rounds import OpenRound, close, find_open, hinder, last_number, open_next
from runtime.schema import runs
from runtime.store import LIVE, Book, Store
from runtime.trial import text_of, trial_of

Ended = Literal["done", "waiting", "stopped"]


@dataclass(frozen=True)
class Order:
    """What is wanted of a run."""

    rounds: int = 1
    until_aims_met: bool = False
    seed: int = 1
    people: str = "store"
    book: str = LIVE
    overrides: Mapping[str, Plain] = field(default_factory=dict)
    up_to: str = ""
    """The step that is tried: only what it needs is played, in a rehearsal, and nothing is delivered."""
    learned_in: str = ""
    """The book whose experience a trial is played with; by itself the one that was played last."""


@dataclass(frozen=True)
class Ran:
    """How a run ended: the state, one sentence, and the rounds that it closed."""

    state: Ended
    sentence: str
    closed: tuple[int, ...]


@dataclass(frozen=True)
class Workspace:
    """A flow file and the memory beside it."""

    path: Path
    store: Store
    catalog: Catalog

    @property
    def folder(self) -> Path:
        """Return the folder under which the flow reads and writes."""
        return self.path.resolve().parent


def run(workspace: Workspace, order: Order, listen: Listener = silence) -> Ran:
    """Run a flow as ordered, finishing the book's open round first.

    The same order after a kill goes on to the same end. Raises `Refused` when the flow has errors,
    when another process runs it, or when simulated people would write to the live book.
    """
    _refuse_unfit(order)
    source = workspace.path.read_bytes()
    flow = flow_from(source, workspace.path.stem, order.overrides)
    if order.until_aims_met and not flow.intent.aims:
        raise refuse(
            "aims-missing",
            f"'{flow.id}' states no aims, so they are never met. Add one to the intent, or order --rounds N.",
            "intent.aims",
        )
    played = trial_of(flow, order.up_to, workspace.catalog) if order.up_to else flow
    if order.up_to:
        source, order = text_of(played), replace(order, overrides={})
    plan = make_plan(played, workspace.catalog)
    with only_runner(workspace.store.folder, flow.id):
        book = workspace.store.book(flow.id, order.book)
        learned = _learned(workspace.store, order, flow, plan) if order.up_to else NOTHING
        return Runner(workspace, order, listen, book, plan, source, learned).run()


@dataclass(frozen=True)
class Runner:
    """One process that plays the rounds of an order, one after the other."""

    workspace: Workspace
    order: Order
    listen: Listener
    book: Book
    plan: Plan
    source: bytes
    learned: Learned = NOTHING

    def run(self) -> Ran:
        """Play rounds until the order is done, people are awaited, or a limit stops it."""
        outbox.publish(self.workspace.store, self.book, self.workspace.folder)
        identity, left = self._order()
        wanted = left
        closed: list[int] = []
        while left > 0:
            row, plan = self._round(identity, left)
            facts = {"book": self.book.name, "now": row.now, "left": left}
            self.listen(Notice("round-started", row.number, facts=facts))
            if self.learned.sentence():
                self.listen(Notice("note", row.number, says=self.learned.sentence()))
            end = self._play(row, plan)
            if end.state == "waiting":
                return Ran("waiting", end.sentence, tuple(closed))
            left = self._close(row, plan, end, identity, left)
            if end.state == "stopped":
                return Ran("stopped", f"Round {row.number} was stopped. {end.sentence}", tuple(closed))
            closed.append(row.number)
            if left == 0 and len(closed) < wanted:
                return Ran("done", f"Every aim is met. {_closed_sentence(closed)}", tuple(closed))
        return Ran("done", _closed_sentence(closed), tuple(closed))

    def _play(self, row: OpenRound, plan: Plan) -> End:
        space = self.workspace
        lent = lent_to(space.store, row.run)
        engine = Engine(space.store, self.book, plan, space.catalog, row, space.folder, self.listen, lent)
        try:
            end = engine.play()
        except Exception as error:
            says = str(error) if isinstance(error, Refused) else f"It ended with an error: {error!r}"
            # A full disk may refuse this note as well; what counts is the first error.
            with suppress(SQLAlchemyError):
                hinder(space.store, self.book, row.number, says)
            raise
        if row.stuck:
            hinder(space.store, self.book, row.number, "")
        return end

    def _round(self, run: int, left: int) -> tuple[OpenRound, Plan]:
        """Return the open round with the flow that it began with, or open the next one.

        A round that could not go on and whose flow was changed since is given up: the change may be the cure.
        So is a trial, when something else is tried.
        """
        store = self.workspace.store
        row = find_open(store, self.book)
        given_up = row is not None and (row.stuck or (self.order.up_to and "Something else was tried."))
        changed = row is not None and (
            row.flow != store.artifacts.put(self.source)
            or dict(row.overrides) != dict(self.order.overrides)
            or lent_to(store, row.run) != self.learned
        )
        if row is not None and given_up and changed:
            close(store, self.book, row.number, "stopped", given_up, run, left)
            self.listen(Notice("round-stopped", row.number, says=given_up))
            row = None
        if row is not None:
            self._tell_kept(row)
            flow = flow_from(store.artifacts.get(row.flow), self.workspace.path.stem, row.overrides)
            return row, make_plan(flow, self.workspace.catalog)
        row = open_next(
            store, self.book, self.plan, run, self.order.seed, self.order.people,
            store.artifacts.put(self.source), self.order.overrides, self._now(), self._asked_in(),
        )  # fmt: skip
        return row, self.plan

    def _tell_kept(self, row: OpenRound) -> None:
        """Say when an open round goes on with other settings than those of this order."""
        kept = [
            word
            for word, differs in (
                ("--set", dict(row.overrides) != dict(self.order.overrides)),
                ("--seed", row.seed != self.order.seed),
                ("--people", row.people != self.order.people),
            )
            if differs
        ]
        if kept:
            says = f"Round {row.number} was open already and keeps what it began with: {' and '.join(kept)} "
            self.listen(Notice("note", row.number, says=f"{says}count{'s' if len(kept) == 1 else ''} from the next."))

    def _now(self) -> datetime | None:
        """Return the moment of the calendar at which the next round is played; None for the clock's.

        A trial is played at the moment of the next round of the book whose experience it has.
        """
        if not self.book.rehearsal or self.learned.book == LIVE:
            return None
        calendar = calendar_of(self.plan.flow)
        number = self.learned.round if self.order.up_to else last_number(self.workspace.store, self.book)
        return calendar.moment(number + 1) if calendar else None

    def _asked_in(self) -> Book | None:
        """Return the book whose questions count as asked: a trial's own never do, so that each is like the last."""
        store = self.workspace.store
        return store.find_book(self.book.flow, self.learned.book) if self.order.up_to else self.book

    def _close(self, row: OpenRound, plan: Plan, end: End, run: int, left: int) -> int:
        """Close a round and return how many are left: none when it was stopped, or when every aim is met."""
        store = self.workspace.store
        with store.reading() as connection:
            aims = judged(connection, plan.flow, self.workspace.catalog, self.book, row.number, row.day, aims=True)
        met = bool(aims) and all(aim.verdict == "kept" for aim in aims)
        over = end.state == "stopped" or (self.order.until_aims_met and met)
        left = 0 if over else left - 1
        close(store, self.book, row.number, end.state, end.sentence, run, left)
        self.listen(Notice(f"round-{end.state}", row.number, says=end.sentence))
        for aim in aims:
            self.listen(Notice("aim", row.number, aim.target.step, aim.sentence("aim"), {"met": aim.verdict}))
        return left

    def _order(self) -> tuple[int, int]:
        """Return the order to work on: the same one left unfinished by a kill or a wait, or a new one."""
        store, wanted = self.workspace.store, _wanted(self.order, self.learned)
        with store.transaction() as tx:
            last = tx.execute(
                select(runs).where(runs.c.book == self.book.id).order_by(runs.c.id.desc()).limit(1)
            ).first()
            if last is not None and last.left > 0 and last.wanted == wanted:
                return last.id, last.left
            at = store.moment()
            row = {"book": self.book.id, "ordered": at, "wanted": wanted, "left": self.order.rounds}
            identity = tx.execute(insert(runs).values(**row).returning(runs.c.id)).scalar_one()
            events.append(tx, self.book.id, at, "run-ordered", run=identity, wanted=wanted)
        return identity, self.order.rounds


def flow_from(source: bytes, stem: str, overrides: Mapping[str, Any]) -> Flow:
    """Return the flow that a file's content describes, with settings overridden for a run."""
    flow, problems = flow_of(read_document(source), stem)
    if errors(problems):
        raise Refused(errors(problems))
    for place, value in overrides.items():
        step, _, setting = place.partition(".")
        if step not in flow.steps or not setting:
            raise refuse(
                "override-unknown",
                f"--set {place}: there is no step '{step}' with that setting. Steps are: {', '.join(flow.steps)}.",
            )
        card = flow.steps[step]
        flow = flow.with_card(replace(card, settings={**card.settings, setting: value}))
    return flow


def _refuse_unfit(order: Order) -> None:
    if order.people == "simulated" and order.book == LIVE:
        raise refuse(
            "simulated-live",
            "Simulated people never answer in the live book. Name a rehearsal with --book NAME, or leave --book out.",
        )
    if order.up_to and order.book == LIVE:
        raise refuse("trial-live", "A step is never tried in the live book. Name a rehearsal with --book NAME.")
    if order.rounds < 1:
        raise refuse("rounds-wrong", f"--rounds {order.rounds}: ask for one round or more.")


def _learned(store: Store, order: Order, flow: Flow, trial: Plan) -> Learned:
    if not order.learned_in:
        return learned_in(store, flow, trial, played_last(store, flow.id, besides=order.book))
    book = store.find_book(flow.id, order.learned_in)
    if book is None and order.learned_in != LIVE:
        there = ", ".join(book.name for book in store.books(flow.id)) or "none yet"
        raise refuse(
            "book-unknown", f"'{flow.id}' has no book '{order.learned_in}' to learn from. Its books are: {there}."
        )
    return learned_in(store, flow, trial, book)


def _wanted(order: Order, learned: Learned) -> dict[str, Any]:
    plain = {name: value for name, value in asdict(order).items() if name not in ("book", "learned_in")}
    if order.up_to:
        return {**plain, "learned": learned.plain()}
    return {name: value for name, value in plain.items() if name != "up_to"}


def _closed_sentence(closed: list[int]) -> str:
    if not closed:
        return "Nothing was left to do."
    return f"Round {closed[0]} is done." if len(closed) == 1 else f"Rounds {closed[0]} to {closed[-1]} are done."
