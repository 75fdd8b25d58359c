"""What one page knows: its flow, its canvas, what is selected, and who wants to hear of what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar
from uuid import uuid4

from editor.beginnings import free_place
from editor.gestures import Gestures
from editor.live import Live
from editor.run_state import RunState
from flows.problems import Problem, Refused

if TYPE_CHECKING:
    from editor.canvas import FlowCanvas, Payload
    from editor.results import Results
    from editor.session import EditSession
    from editor.watching import Change
    from flows.command import Command
    from runtime.store import Store

Side = Literal["", "step", "peek", "results"]
"""What the side panel shows; nothing when it is closed."""
Tone = Literal["said", "good", "warning", "error"]
Told = TypeVar("Told")


@dataclass(frozen=True)
class Selected:
    """The card that is looked at, and the setting of it that was clicked; empty when there is none."""

    card: str = ""
    setting: str = ""


@dataclass(frozen=True)
class Said:
    """A sentence for the person, with the label of a button and what it does where something can be done."""

    says: str
    tone: Tone = "said"
    button: str = ""
    act: Callable[[], object] | None = None


class Hook(Generic[Told]):
    """Everybody on a page who wants to hear of something, in the order in which they came."""

    def __init__(self) -> None:
        self._all: list[Callable[[Told], object]] = []

    def add(self, listener: Callable[[Told], object]) -> None:
        """Tell somebody from now on."""
        self._all.append(listener)

    def tell(self, what: Told) -> None:
        """Tell everybody."""
        for listener in tuple(self._all):
            listener(what)


class PageState:
    """One page on one flow. Panels get it when they are made, and register at its hooks."""

    def __init__(self, session: EditSession) -> None:
        self.session = session
        self.page = uuid4().hex
        """The name of this page, as the origin of its edits."""
        self.workspace: Path = session.folder
        """The folder of the flow: files are read and written below it."""
        self.gestures = Gestures(session, self.page)
        self.canvas: FlowCanvas | None = None
        self.selected = Selected()
        self.side: Side = ""
        self.peeked = ""
        """The link that is peeked at, by its text."""
        self.live = Live(session.path, session.catalog, lambda: session.flow)
        """Starts, stops and follows the flow's runs."""
        self.run = RunState()
        """How the flow's run stands."""
        self.results: Results | None = None
        """What the book that is looked at has shown so far; None before anything has run."""
        self.on_select = Hook[Selected]()
        self.on_peek = Hook[str]()
        self.on_side = Hook[Side]()
        self.on_change = Hook["Change"]()
        self.on_status = Hook["Payload"]()
        self.on_run_state = Hook[RunState]()
        self.on_results = Hook["Results | None"]()
        self.on_said = Hook[Said]()
        self.on_key = Hook[str]()
        """Keys that mean something on the whole page: `run`, `find`, `help`."""
        self.on_ready = Hook[None]()
        """The canvas can draw: again after the page was loaded anew."""
        self._unwatch = session.watch(self._changed)

    def do(self, command: Command) -> bool:
        """Make an edit, and return whether it was made; why it was not is said to the person."""
        problem = self.attempt(command)
        if problem is None:
            return True
        fix = self.gestures.offer(problem)
        self.notify(problem.message, "error", problem.fix_says, (lambda: self.fix(fix)) if fix else None)
        return False

    def attempt(self, command: Command) -> Problem | None:
        """Make an edit, and return why it cannot be made, for whoever says so in its own place."""
        try:
            self.session.do(command, self.page)
        except Refused as refused:
            return refused.problems[0]
        return None

    def intent(self, payload: Payload, on_canvas: bool = False) -> bool:
        """Make the edit that a gesture asks for, and return whether it was made.

        Why one is refused is said on the canvas where it was drawn there, and put back; else at the
        foot of the page.
        """
        made = self.gestures.make(payload)
        if not isinstance(made, dict):
            return True
        if on_canvas and self.canvas is not None:
            self.canvas.refuse(made)  # type: ignore[arg-type]  # a refusal is plain data
        else:
            fix = made["fixId"]
            self.notify(made["says"], "error", made["fixLabel"] or "", (lambda: self.fix(fix)) if fix else None)
        return False

    def add(self, kind: str, beside: str = "") -> None:
        """Add a step where it hides no other, and look at it."""
        position = list(free_place(self.session.flow, beside or self.selected.card))
        before = set(self.session.flow.steps)
        if self.intent({"id": "add", "type": "add", "kind": kind, "position": position}):
            for card in [id for id in self.session.flow.steps if id not in before][:1]:
                self.go_to(card)

    def go_to(self, card: str, setting: str = "") -> None:
        """Bring a card into the middle of the canvas, and look at it."""
        if self.canvas is not None:
            self.canvas.focus_card(card)
        self.open(card, setting)

    def fix(self, fix_id: str) -> None:
        """Make the edit that was offered together with a refusal or a problem."""
        made = self.gestures.fix(fix_id)
        if isinstance(made, dict):
            self.notify(made["says"], "error")

    def notify(self, says: str, tone: Tone = "said", button: str = "", act: Callable[[], object] | None = None) -> None:
        """Say a sentence to the person, with a button where something can be done about it."""
        self.on_said.tell(Said(says, tone, button, act))

    def undo(self) -> None:
        """Take the last edit back."""
        self._turn(self.session.undo)

    def redo(self) -> None:
        """Make the edit again that was undone last."""
        self._turn(self.session.redo)

    def save(self) -> None:
        """Save now, and say so."""
        session = self.session
        try:
            if session.unsaved:
                session.save()
        except Refused as refused:
            self.notify(str(refused), "error")
        else:
            self.notify(f"Saved in {session.path.name}. Everything you do is saved by itself.", "good")

    def select(self, card: str, setting: str = "") -> None:
        """Look at a card, and at one setting of it; nothing looks at none."""
        self.selected = Selected(card if card in self.session.flow.steps else "", setting)
        self.on_select.tell(self.selected)

    def open(self, card: str, setting: str = "") -> None:
        """Look at a card in the side panel, with the cursor in a setting where one is named."""
        self.select(card, setting)
        self.show("step" if self.selected.card else "")

    def peek(self, link: str) -> None:
        """Look at what flowed on a link, in the side panel."""
        self.peeked = link
        self.on_peek.tell(link)
        self.show("peek")

    def show(self, side: Side) -> None:
        """Open the side panel on one of its contents, or close it with nothing."""
        self.side = side
        self.on_side.tell(side)

    def running(self, run: RunState) -> None:
        """Tell everybody how the run stands, when that is something else than before."""
        if run != self.run:
            self.run = run
            self.on_run_state.tell(run)

    def shown(self, results: Results | None) -> None:
        """Tell everybody what the book has shown, as after each round."""
        self.results = results
        self.on_results.tell(results)

    def status(self, batch: Payload) -> None:
        """Show how cards and links stand, on the canvas and wherever else it is shown."""
        if self.canvas is not None:
            self.canvas.set_status(batch)
        self.on_status.tell(batch)

    def store(self) -> Store | None:
        """Return the memory of the flow; None before anything has run."""
        return self.live.store()

    def leave(self) -> None:
        """Let go of the flow, as when the page is gone; a run goes on."""
        self._unwatch()
        self.live.close()

    def _turn(self, turn: Callable[[str], object]) -> None:
        try:
            turn(self.page)
        except Refused as refused:
            self.notify(str(refused), "error")

    def _changed(self, change: Change) -> None:
        if self.canvas is not None and change.ops:
            self.canvas.apply(change.ops, change.revision)  # type: ignore[arg-type]  # operations are plain data
        if self.selected.card and self.selected.card not in self.session.flow.steps:
            self.select("")
        self.on_change.tell(change)
