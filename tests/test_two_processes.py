"""Several processes at one workspace: one runs, many answer, and a kill frees everything at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from light_kinds import FLOW, parcels
from playing import Playground

from flows.problems import Refused
from runtime import events
from runtime.lock import only_runner

HERE = Path(__file__).parent

HOLD = """
import os, sys
from pathlib import Path
from runtime.lock import only_runner
with only_runner(Path(sys.argv[1]), "parcels"):
    print("holds", flush=True)
    sys.stdin.read()
"""

ANSWER = """
import sys
from pathlib import Path
from playing import Playground
folder, me, *questions = sys.argv[1:]
place = Playground.__new__(Playground)
place.__dict__.update(Playground.__dataclass_fields__ and {})
"""


def process(code: str, *words: str) -> subprocess.Popen[str]:
    """Start another process of the program."""
    paths = os.pathsep.join((str(HERE.parent), str(HERE)))
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
