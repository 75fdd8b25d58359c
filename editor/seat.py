"""Who edits a flow file: one program at a time, so that two never write into one edit log."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

PATIENCE = 5.0
"""Seconds for which a place is kept free for the program that asked for it."""


class Seat:
    """The place of the one who edits a flow file: a lock that a kill frees at once, and that tells who holds it.

    Another program can ask for the place; whoever holds it saves, gets up, and goes on reading. Where no
    lock can be made, such as in a folder that cannot be written, everybody sits: there nothing can be edited.
    """

    def __init__(self, flow_file: Path) -> None:
        self._folder = flow_file.parent / ".tandem" / "edits"
        self._told = self._folder / f"{flow_file.name}.holder"
        self._wish = self._folder / f"{flow_file.name}.wish"
        self._lock = FileLock(self._folder / f"{flow_file.name}.lock", thread_local=False)
        self._me = uuid4().hex

    def sit(self) -> bool:
        """Take the place if it is free, and return whether it is ours now; one kept for another is not free."""
        if self._lock.is_locked:
            return True
        if self._kept_for() not in ("", self._me):
            return False
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            self._told.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
            self._wish.unlink(missing_ok=True)
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            return True
        return True

    def rise(self) -> None:
        """Give the place up."""
        self._lock.release(force=True)

    def holder(self) -> str:
        """Return who holds the place, as it said of itself."""
        try:
            return self._told.read_text(encoding="utf-8", errors="replace").strip() or "another program"
        except OSError:
            return "another program"

    def ask(self) -> None:
        """Ask whoever holds the place for it."""
        self._wish.write_text(self._me, encoding="utf-8")

    def asked(self) -> bool:
        """Return whether another program asks for the place now."""
        return self._kept_for() not in ("", self._me)

    def _kept_for(self) -> str:
        """Return who asked for the place a moment ago; an older wish was given up."""
        try:
            age = time.time() - self._wish.stat().st_mtime
            return self._wish.read_text(encoding="utf-8", errors="replace") if age < PATIENCE else ""
        except OSError:
            return ""
