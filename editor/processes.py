"""Whether a process is still the one that was started: a number alone may belong to another by now."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def born(pid: int) -> str:
    """Return what tells a living process from a later one of the same number; empty when it has ended.

    Where the system does not say when a process began, all that live are called "alive".
    """
    _let_go(pid)
    if (_PROC / "self" / "stat").exists():
        return _born_on_linux(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "alive"
    return "alive"


def end(pid: int, by: signal.Signals) -> None:
    """Send a signal to a process and to all that it started; one that has ended is left in peace."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, by)


def _let_go(pid: int) -> None:
    """Take notice of the end of a process of our own, which the system else keeps as a zombie."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _born_on_linux(pid: int) -> str:
    try:
        told = (_PROC / str(pid) / "stat").read_text(errors="replace")
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    state, *numbers = told.rpartition(")")[2].split()
    return "" if state in "ZX" else f"{boot} {numbers[18]}"
