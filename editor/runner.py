"""Runs as processes of their own: they go on when the tab or the server is closed, and are found again."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from editor import processes
from editor.run_log import RunLog, last_line
from flows.problems import refuse
from runtime.moments import written
from runtime.overview import runner_of
from runtime.store import LIVE
from runtime.trial import BOOK as TRYING

GRACE = 2.0
"""Seconds that a run has to end by itself before it is killed, which loses nothing either."""
KEPT = 20
"""Runs of a flow whose lines are kept."""

Ended = Literal["done", "waiting", "stopped", "failed"]
_STATES: dict[str, tuple[Ended, int]] = {
    "done": ("done", 0),
    "waiting": ("waiting", 3),
    "stopped": ("failed", 1),
    "refused": ("failed", 1),
    "interrupted": ("stopped", 143),
}
"""What a run says of its end: how that is shown, and the exit status that goes with it."""
_STOPPED = "Stopped. Nothing is lost: the next run goes on from here."
_VANISHED = (
    "The run ended without a word: it was killed, or the machine was switched off. "
    "Nothing is lost: the next run goes on from here."
)


@dataclass(frozen=True)
class Wanted:
    """What is to be run: so many rounds, for real or as a rehearsal, or everything that one step needs."""

    rounds: int = 1
    people: Literal["simulated", "store"] = "simulated"
    book: str = "rehearsal"
    up_to: str = ""
    learned_in: str = ""
    """The book whose experience a trial is played with; by itself the one that was played last."""
    because: str = ""
    """Why it was started by itself; empty when a person did."""

    @classmethod
    def live(cls, rounds: int = 1) -> Wanted:
        """Ask real people and deliver."""
        return cls(rounds, "store", LIVE)

    @classmethod
    def rehearsal(cls, rounds: int = 1, book: str = "rehearsal") -> Wanted:
        """Play with simulated people; nothing real is touched."""
        return cls(rounds, "simulated", book)

    @classmethod
    def trial(cls, step: str, learned_in: str = "") -> Wanted:
        """Play what one step needs and the step itself, with what a book has learned; nothing is delivered."""
        return cls(1, "simulated", TRYING, step, learned_in)

    def words(self) -> list[str]:
        """Return this as the options of `tandem run`."""
        trial = [f"--up-to={self.up_to}"] if self.up_to else []
        learned = [f"--learned-in={self.learned_in}"] if self.learned_in else []
        return [f"--rounds={self.rounds}", f"--people={self.people}", f"--book={self.book}", *trial, *learned]


@dataclass(frozen=True)
class RunEnd:
    """How a run ended. `status` is its exit status, None when it was killed."""

    state: Ended
    sentence: str
    status: int | None


@dataclass(frozen=True)
class Run:
    """One run that was started: what was wanted, when, and which process works on it."""

    id: str
    folder: Path
    flow: str
    wanted: Wanted
    began: str
    pid: int
    born: str

    @property
    def lines(self) -> Path:
        """Where the run writes what happens, one line of JSON each."""
        return self.folder / f"{self.id}.jsonl"

    def works(self) -> bool:
        """Return whether its process is there and is still the same."""
        return bool(self.born) and processes.born(self.pid) == self.born

    def stopped(self) -> bool:
        """Return whether a person stopped it, or its waiting."""
        return self._mark.exists()

    def waits(self) -> bool:
        """Return whether it ended because people were awaited, and is to go on by itself after that."""
        end = None if self.stopped() else self.end()
        return end is not None and end.state == "waiting"

    def round(self) -> int:
        """Return the number of the round that it played last; 0 when it came to none."""
        told = (line.get("round") for line in RunLog(self.lines).all() if line.get("what") == "round-started")
        return max((number for number in told if isinstance(number, int)), default=0)

    def ended_at(self) -> str:
        """Return when it wrote its last line, as a moment of the store."""
        try:
            return written(datetime.fromtimestamp(self.lines.stat().st_mtime, UTC))
        except OSError:
            return ""

    def stop(self, grace: float = GRACE) -> None:
        """Stop at once: it is asked to end, and killed when it still works after `grace` seconds."""
        self._mark.touch()
        if not self.works():
            return
        processes.end(self.pid, signal.SIGTERM)
        killing = threading.Timer(grace, self._kill)
        killing.daemon = True
        killing.start()

    def end(self) -> RunEnd | None:
        """Return how it ended; None while it works."""
        if self.works():
            return None
        said = last_line(self.lines)
        if said.get("what") == "ended":
            state, status = _STATES.get(str(said.get("state")), ("failed", 1))
            return RunEnd(state, _STOPPED if state == "stopped" else str(said.get("sentence", "")), status)
        complaint = _sentence(self.folder / f"{self.id}.errors")
        if self._mark.exists():
            return RunEnd("stopped", _STOPPED, None)
        return RunEnd("failed", complaint or _VANISHED, 2 if complaint else None)

    @property
    def _mark(self) -> Path:
        return self.folder / f"{self.id}.stopped"

    def _kill(self) -> None:
        if self.works():
            processes.end(self.pid, signal.SIGKILL)


class Runs:
    """The runs of one flow file; one works at a time."""

    def __init__(self, flow: Path, state: Path | None = None) -> None:
        self.flow = flow.resolve()
        self.state = (state or self.flow.parent / ".tandem").resolve()
        self.folder = self.state / "runs"

    def start(self, wanted: Wanted, flow_id: str = "") -> Run:
        """Start a run and return at once.

        Raises `Refused` when one works already, here or (by `flow_id`) in a terminal: two clicks start one run.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / f"{self.flow.name}.starting", timeout=0):
                self._refuse_second(flow_id)
                return self._start(wanted)
        except Timeout:
            raise _second("It is being started already.") from None

    def current(self) -> Run | None:
        """Return the run that works now, also one that was started before the program was."""
        last = self.last()
        return last if last is not None and last.works() else None

    def last(self, book: str = "") -> Run | None:
        """Return the run that was started last, in one book or in any; None when there was none."""
        found = (run for note in reversed(self._notes()) for run in _read(note))
        return next((run for run in found if book in ("", run.wanted.book)), None)

    def elsewhere(self, flow_id: str) -> str:
        """Return who runs the flow without having been started here, such as a terminal; else nothing."""
        return "" if self.current() else runner_of(self.state, flow_id)

    def _refuse_second(self, flow_id: str) -> None:
        if self.current():
            raise _second("It runs already.")
        other = runner_of(self.state, flow_id) if flow_id else ""
        if other:
            raise _second(f"It is run by {other} already.")

    def _start(self, wanted: Wanted) -> Run:
        now = datetime.now(UTC)
        id = f"{self.flow.name}.{now:%Y%m%dT%H%M%S%f}"
        words = [str(self.flow), "--json", f"--state={self.state}", *wanted.words()]
        with (self.folder / f"{id}.jsonl").open("xb") as lines, (self.folder / f"{id}.errors").open("xb") as errors:
            process = subprocess.Popen(
                # -P: a file in the workspace that is called like a module of Python is not taken for it.
                [sys.executable, "-P", "-m", "runtime.cli", "run", *words],
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=errors,
                cwd=self.flow.parent,
                start_new_session=True,
            )
        pid = process.pid
        run = Run(id, self.folder, self.flow.name, wanted, now.isoformat(), pid, processes.born(pid))
        process.returncode = 0  # it outlives this object; whether it works is asked of the system
        note = self.folder / f"{id}.json"
        part = note.with_suffix(".part")
        part.write_text(json.dumps(asdict(run) | {"folder": str(self.folder)}))
        part.replace(note)
        self._forget()
        return run

    def _notes(self) -> list[Path]:
        return sorted(self.folder.glob(f"{escape(self.flow.name)}.[0-9]*T*.json"))

    def _forget(self) -> None:
        live = self.last(LIVE)
        for note in self._notes()[:-KEPT]:
            if live is not None and note.stem == live.id:
                continue  # people may still be awaited, after any number of rehearsals
            for path in list(self.folder.glob(f"{escape(note.stem)}.*")):
                path.unlink(missing_ok=True)


def _read(note: Path) -> Iterator[Run]:
    """Yield the run that a note tells of, unless it is damaged."""
    try:
        said = json.loads(note.read_text())
        wanted = Wanted(**said["wanted"])
        yield Run(said["id"], note.parent, said["flow"], wanted, said["began"], int(said["pid"]), said["born"])
    except (OSError, ValueError, TypeError, KeyError):
        return


def _sentence(errors: Path) -> str:
    """Return what a run complained of on its way out, without the marks meant for a terminal."""
    try:
        text = errors.read_bytes()[-4_000:].decode(errors="replace")
    except OSError:
        return ""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("  fix:")]
    return " ".join(re.sub(r"^(\S+:\d+: )?error: (.*?)( \[[\w-]+\])?$", r"\2", line) for line in lines[:3])


def _second(says: str) -> Exception:
    return refuse("run-already", f"{says} One run of a flow works at a time: wait for it to end, or stop it.")


CODES: tuple[tuple[str, str], ...] = (
    ("run-already", "The flow is being run already. Wait for that run to end, or stop it: nothing is lost."),
)
