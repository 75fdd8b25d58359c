"""One open flow: the drawing, its edits and its file. Pages show it; nothing here knows a browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from editor.edit_log import EditLog
from editor.faces import Painter, Picture, kind_face
from editor.flow_file import FlowFile
from editor.history import History
from editor.labels import about, label
from editor.ops import ops
from editor.seat import PATIENCE, Seat
from editor.watching import Change, Watcher, Watchers
from flows.catalog import Catalog
from flows.check import check
from flows.command import Command
from flows.flow import Flow
from flows.problems import Problem, Refused, refuse

SETTLED = 0.6
"""Seconds without an edit after which the flow is saved."""
TRIED_AGAIN = 5.0
"""Seconds after which a save that failed is tried again."""
CHECKED_A_STEP = 0.001
"""Seconds a step to wait for the next edit before problems are looked for; looking takes 0.3 ms a step."""

Choice = Literal["mine", "theirs"]


@dataclass(frozen=True)
class Conflict:
    """The file was changed elsewhere while edits were not saved: a person chooses which one holds."""

    says: str
    mine: str = "Keep what is drawn here"
    theirs: str = "Take what the file says"


class EditSession:
    """A flow that is being edited, by one page or several.

    Every edit is kept on the disk before it is acknowledged, and saved into the file shortly after
    the last one. `clock` gives seconds. Where another program holds the `seat`, the flow is shown as that
    program saves it, and cannot be edited here until the seat is ours.
    """

    def __init__(
        self, path: Path, catalog: Catalog, clock: Callable[[], float] = time.monotonic, seat: Seat | None = None
    ) -> None:
        self.path, self.catalog, self.folder = path, catalog, path.resolve().parent
        self.revision = 0
        self.conflict: Conflict | None = None
        self.notices: list[str] = []
        """Sentences about what happened by itself, for whoever opens the flow next."""
        self.unsaved_because = ""
        """Why the last save failed; empty when it did not."""
        self.elsewhere = "" if seat is None or seat.sit() else seat.holder()
        """Which other program edits the flow, so that it is only shown here; empty when it is edited here."""
        self.asked_at: float | None = None
        """When the other program was asked to hand the flow over, in seconds of the clock."""
        self._seat = seat
        self._clock, self._painter, self._watchers = clock, Painter(catalog), Watchers()
        self._file, self._log = FlowFile.at(path), EditLog.beside(path)
        self._history = History(self._file.flow)
        self._touched: float | None = None
        self._checked: tuple[int, tuple[Problem, ...]] = (-1, ())
        self._restore()
        self._picture = self._painter.picture(self.flow, ())

    @property
    def flow(self) -> Flow:
        """The drawing as it is now."""
        return self._history.now

    @property
    def picture(self) -> Picture:
        """What is drawn of it now."""
        return self._picture

    @property
    def trouble(self) -> tuple[Problem, ...]:
        """Why the file cannot be read at the moment: the flow is shown read-only until it can."""
        return self._file.trouble

    @property
    def read_only(self) -> bool:
        """Whether the flow cannot be edited here now: its text cannot be read, or it is edited elsewhere."""
        return bool(self.trouble or self.elsewhere)

    @property
    def unsaved(self) -> bool:
        """Whether there are edits that are not in the file yet."""
        return self._touched is not None

    @property
    def undo_label(self) -> str:
        """What undoing would take back: "Undo: connect risk to unsure"; empty when there is nothing."""
        return f"Undo: {self._history.past[-1].says}" if self._history.past else ""

    @property
    def redo_label(self) -> str:
        """What redoing would make again; empty when there is nothing."""
        return f"Redo: {self._history.future[-1].says}" if self._history.future else ""

    def line(self, number: int | None) -> str:
        """Return a line of the file's text, to show beside what is wrong with it."""
        return self._file.line(number)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell somebody of every change from now on; what is returned ends it."""
        return self._watchers.add(watcher)

    def do(self, command: Command, origin: str = "") -> Change:
        """Make an edit and return what changed. Raises `Refused` when it cannot be made."""
        self._refuse_read_only()
        flow = command.apply(self.flow, self.catalog)
        if flow == self.flow:
            return Change(self.revision, origin=origin)
        self._keep(lambda: self._log.add(command))
        now = self._clock()
        self._history = self._history.done(flow, label(command), about(command), now)
        return self._changed(origin, label(command))

    def undo(self, origin: str = "") -> Change | None:
        """Take the last edit back; None when there is none."""
        return self._turn(self._history.undone(), self.undo_label, origin) if self._history.past else None

    def redo(self, origin: str = "") -> Change | None:
        """Make the edit again that was undone last; None when there is none."""
        return self._turn(self._history.redone(), self.redo_label, origin) if self._history.future else None

    def problems(self) -> tuple[Problem, ...]:
        """Return all that is wrong with the file and the flow; looked for once a revision."""
        if self._checked[0] != self.revision:
            found = check(self.flow, self.catalog, folder=self.folder)
            self._checked = (self.revision, (*self._file.trouble, *self._file.problems, *found))
        return self._checked[1]

    def review(self, anew: bool = False) -> Change | None:
        """Look for problems, and tell everybody which cards they are on; None when nothing changed.

        `anew` looks again though the flow is the same, as after a file was added to the workspace.
        """
        if anew:
            self._checked = (-1, ())
        if self._checked[0] == self.revision:
            return None
        return self._told("check", "", self.problems())

    @property
    def settled(self) -> bool:
        """Whether the last edit is long enough ago to look for problems: in a large flow that takes a moment."""
        return self._touched is None or self._clock() - self._touched >= len(self.flow.steps) * CHECKED_A_STEP

    def due(self) -> float | None:
        """Return in how many seconds the flow is to be saved; None when there is nothing to save."""
        if self._touched is None or self.conflict or self.trouble:
            return None
        wait = TRIED_AGAIN if self.unsaved_because else SETTLED
        return max(0.0, self._touched + wait - self._clock())

    def autosave(self) -> bool:
        """Save when it is time; a save that fails is said in `unsaved_because` and tried again later."""
        return self.due() == 0.0 and self.save_now()

    def save_now(self) -> bool:
        """Save what there is to save, and return whether it is in the file; a failure is said, not raised."""
        if self.due() is None:
            return False
        try:
            self.save()
        except Refused:
            self._touched = self._clock()
            return False
        return True

    def save(self) -> None:
        """Write the flow into its file now. Raises `Refused`; the edits are kept on the disk all the same."""
        self._refuse_read_only()
        if self.conflict:
            raise refuse("save-changed-elsewhere", self.conflict.says)
        try:
            self._file = self._file.holding(self.flow)
        except Refused as refused:
            self.unsaved_because = str(refused)
            if refused.problems[0].code == "save-changed-elsewhere":
                self.conflict = self._conflict()
            raise
        self._saved()

    def look(self) -> Change | None:
        """Look whether the file was changed elsewhere: take it over, or ask when there are unsaved edits."""
        found = self._file.changed()
        if found is None or self.conflict:
            return None
        if found.says_the_same(self._file):
            self._file = found
            return None
        if self.unsaved:
            self.conflict = self._conflict()
            return self._told("file", self.conflict.says)
        return self._taken(found)

    def resolve(self, choice: Choice) -> Change:
        """End a conflict: keep what is drawn here, or take what the file says. Undo brings the other back."""
        found = FlowFile.at(self.path)
        if found.trouble:
            raise Refused(found.trouble)
        self.conflict = None
        if choice == "theirs":
            self._saved()
            return self._taken(found)
        self._file = found
        self.save()
        return self._told("file", "The file now says what is drawn here.")

    def take_over(self) -> None:
        """Ask the program that edits the flow to hand it over; it saves first, so that nothing is lost."""
        if self._seat is not None and self.elsewhere:
            self._seat.ask()
            self.asked_at = self._clock()

    def unanswered(self) -> bool:
        """Return whether the other program was asked to hand the flow over, and does not answer."""
        return self.asked_at is not None and self._clock() - self.asked_at > PATIENCE

    def share(self) -> Change | None:
        """Hand the flow over to another program that asks for it, or take it up once no other edits it."""
        if self._seat is None:
            return None
        if not self.elsewhere:
            return self._handed_over() if self._seat.asked() else None
        if self._seat.sit():
            return self._taken_up()
        self.elsewhere = self._seat.holder()
        return None

    def leave(self) -> None:
        """Let another program edit the flow, as when this one ends."""
        if self._seat is not None and not self.elsewhere:
            self._seat.rise()

    def snapshot(self) -> dict[str, object]:
        """Return all that a canvas needs to draw the flow from nothing."""
        picture = self._picture
        return {
            "rev": self.revision,
            "cards": list(picture.cards.values()),
            "links": list(picture.links.values()),
            "notes": list(picture.notes.values()),
            "groups": list(picture.groups.values()),
            "kinds": {kind.kind: kind_face(kind) for kind in self.catalog},
            "readOnly": self.read_only,
            "texts": {},
        }

    def _turn(self, history: History, says: str, origin: str) -> Change:
        self._refuse_read_only()
        self._keep(lambda: self._log.turn(history.now, says))
        self._history = history
        return self._changed(origin, says)

    def _changed(self, origin: str, says: str) -> Change:
        self._touched = self._clock()
        self.revision += 1
        return self._told(origin, says)

    def _told(self, origin: str, says: str, problems: tuple[Problem, ...] | None = None) -> Change:
        """Draw the flow and tell everybody what is different; without problems the last known ones stay."""
        before = self._picture
        self._picture = self._painter.picture(self.flow, self._checked[1] if problems is None else problems)
        added = tuple(id for id in self._picture.cards if id not in before.cards)
        change = Change(self.revision, ops(before, self._picture), origin, says, added)
        self._watchers.tell(change)
        return change

    def _taken(self, found: FlowFile) -> Change:
        begins, self._file = bool(self._file.trouble) and not self._history.past, found
        if found.text is None:
            return self._told("file", f"'{self.path.name}' was removed. The next edit writes it again.")
        if found.trouble:
            self._checked = (-1, ())
            return self._told("file", found.trouble[0].message)
        self._history = History(found.flow) if begins else self._history.done(found.flow, "what the file said")
        if begins:
            self._restore()
        self.revision += 1
        return self._told("file", "The file was changed elsewhere, and is shown as it is now.")

    def _handed_over(self) -> Change:
        """Save what can be saved and let go; edits that cannot be stay in the log, and are restored over there."""
        assert self._seat is not None
        self.save_now()
        self._touched, self.conflict, self.unsaved_because = None, None, ""
        self.elsewhere = "another program"
        self._seat.rise()
        return self._told("seat", "The flow is edited in another program from now on.")

    def _taken_up(self) -> Change:
        """Edit the flow here from now on, beginning with all that the other program did, saved or not."""
        self.elsewhere, self.asked_at = "", None
        found = self._file.changed()
        if found is not None:
            self._taken(found)
        self._restore()
        self.revision += 1
        return self._told("seat", "The flow is edited here from now on.")

    def _saved(self) -> None:
        self._touched, self.unsaved_because = None, ""
        self._log.clear()

    def _keep(self, write: Callable[[], None]) -> None:
        try:
            if self._touched is None:
                self._log.begin(self.flow)
            write()
        except OSError as error:
            raise refuse(
                "edit-not-kept",
                f"The edit could not be kept in {self._log.path.parent}: {error.strerror}. Nothing has changed.",
            ) from None

    def _restore(self) -> None:
        """Make the edits again that a crash kept from the file."""
        base = None if self.read_only else self._log.base()
        if base is None:
            return
        history = History(base)

        def made(flow: Flow, says: str) -> None:
            nonlocal history
            history = history.done(flow, says)

        count = self._log.replay(self.catalog, made)
        if not count or history.now == self._file.flow:
            self._log.clear()
            return
        self._history, self._touched = history, self._clock()
        edits = "1 edit" if count == 1 else f"{count} edits"
        self.notices.append(f"Restored {edits} of '{self.path.name}' that had not been saved.")
        if self._file.text is not None and base != self._file.flow:
            self.conflict = self._conflict()

    def _conflict(self) -> Conflict:
        return Conflict(
            f"'{self.path.name}' was changed elsewhere while edits made here were not saved yet. "
            "Nothing is lost: choose which one holds, and undo brings back the other."
        )

    def _refuse_read_only(self) -> None:
        if self.elsewhere:
            raise refuse(
                "flow-edited-elsewhere",
                f"'{self.path.name}' is edited in another program ({self.elsewhere}). Press 'Edit it here' above to "
                "take it over: what is drawn there is saved first.",
            )
        if self.trouble:
            says = f"'{self.path.name}' cannot be edited until its text can be read. {self.trouble[0].message}"
            raise refuse("text-unreadable", says, line=self.trouble[0].line)


CODES: tuple[tuple[str, str], ...] = (
    ("edit-not-kept", "The edit could not be written to the disk. Free some space, or check the folder's rights."),
    (
        "flow-edited-elsewhere",
        "Another program edits the flow. Take it over, or close it there: it is saved first.",
    ),
    ("text-unreadable", "The file's text cannot be read. Correct it in a text editor at the line that is named."),
)
