"""One runner per flow: a lock that a kill frees at once, and that tells who holds it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from flows.problems import refuse


@contextmanager
def only_runner(folder: Path, flow: str) -> Iterator[None]:
    """Hold the lock of a flow while the block runs; raises `Refused` naming the one who holds it.

    Answering never needs this lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{flow}.lock"
    told = path.with_suffix(".holder")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise refuse("flow-runs-already", _who(told, flow)) from None
    try:
        told.write_text(f"process {os.getpid()} on {socket.gethostname()}")
        yield
    finally:
        lock.release()


def _who(told: Path, flow: str) -> str:
    holder = told.read_text(errors="replace").strip() if told.exists() else "another process"
    return (
        f"'{flow}' is being run already by {holder or 'another process'}. One runner per flow works at a time; "
        "answering questions is possible meanwhile. Wait for it to end, or stop it: nothing is lost."
    )
