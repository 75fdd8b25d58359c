"""Stopping from outside: a run that is told to end does so at its next commit."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class Terminated(BaseException):
    """The process was asked to end."""


@dataclass
class Stop:
    """Whether the process was asked to end."""

    wanted: bool = False

    def obey(self) -> None:
        """End here if that is wanted; called where everything so far is kept."""
        if self.wanted:
            raise Terminated


@contextmanager
def on_terminate() -> Iterator[Stop]:
    """Turn the first SIGTERM into a wish; a second one ends the work at once, which loses nothing either."""
    stop = Stop()

    def wish(_number: int, _frame: FrameType | None) -> None:
        if stop.wanted:
            raise Terminated
        stop.wanted = True

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGTERM, wish)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)
