"""The editor as a process of its own, as `tandem edit` starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30.0
FIRST_PORT = 18_420


class Server:
    """One editor that serves a flow."""

    def __init__(self, flow: Path) -> None:
        self.flow, self.address = flow, ""
        self._start(["--port", str(FIRST_PORT + 100 * _worker())])

    def again(self) -> None:
        """Start it anew at the same address, after it was killed."""
        self._start(["--port", self.address.rstrip("/").rsplit(":", maxsplit=1)[1]])

    def kill(self) -> None:
        """Kill it as a power cut does: it gets no chance to put anything in order."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Stop it as Ctrl+C does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def _start(self, options: list[str]) -> None:
        # A server that inherits what pytest sets believes that it is tested, and never listens.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        words = [sys.executable, "-u", "-m", "runtime.cli", "edit", str(self.flow), "--no-browser", *options]
        self._told = self.flow.parent / ".server.log"
        with self._told.open("w") as told:
            self._process = subprocess.Popen(
                words, env=clean, cwd=Path(__file__).parents[2], stdout=told, stderr=subprocess.STDOUT
            )
        self.address = self._address()

    def _address(self) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:\d+/", self._told.read_text())
            if found and _answers(found[0]):
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"The editor did not start: {self._told.read_text()}")


@contextmanager
def editor(flow: Path) -> Iterator[Server]:
    """Yield an editor on a flow file."""
    server = Server(flow)
    try:
        yield server
    finally:
        server.stop()


def _worker() -> int:
    """Return which of several test processes this is, so that they do not want the same ports."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _answers(address: str) -> bool:
    import urllib.error
    import urllib.request

    try:
        urllib.request.urlopen(address, timeout=5).close()
    except (urllib.error.URLError, OSError):
        return False
    return True
