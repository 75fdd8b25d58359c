"""The command starts fast because it loads little: what is loaded is asserted, not how long it takes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = {"polars", "numpy", "sklearn", "scipy", "sqlalchemy", "rich", "nicegui", "numba", "pyarrow"}
SAY = """
import contextlib, io, sys
from runtime.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    status = main(sys.argv[1:])
print(status, *sys.modules)
"""


def loaded(*words: str) -> tuple[int, set[str]]:
    done = subprocess.run([sys.executable, "-c", SAY, *words], capture_output=True, text=True, check=True, cwd=ROOT)
    status, *modules = done.stdout.split()
    return int(status), {name.split(".")[0] for name in modules}


@pytest.mark.parametrize("words", [(), ("--help",), ("--version",), ("run", "--help")])
def test_help_needs_nothing_but_python(words: tuple[str, ...]) -> None:
    status, modules = loaded(*words)
    assert status == 0
    assert modules & (DATA | {"pydantic", "yaml", "networkx"}) == set()


def test_checking_loads_no_data_library(tmp_path: Path) -> None:
    flow = tmp_path / "flow.yaml"
    steps = [f"  ask-{n}: {{kind: ask-people, who: staff, question: Late?}}" for n in range(50)]
    flow.write_text("\n".join(["tandem: 1", "steps:", *steps, "people: {staff: {accounts: [anna]}}\n"]))
    status, modules = loaded("check", str(flow))
    assert status == 2  # nothing is linked
    assert modules & DATA == set()


@pytest.mark.parametrize("words", [("kinds",), ("schema",)])
def test_listing_loads_no_data_library(words: tuple[str, ...]) -> None:
    status, modules = loaded(*words)
    assert status == 0
    assert modules & DATA == set()


def test_the_commands_speak_no_sql() -> None:
    sources = {path.name: path.read_text() for path in (ROOT / "runtime" / "cli").glob("*.py")}
    speaks = re.compile(r"^\s*(from|import) (sqlalchemy|sqlite3|runtime\.(schema|database|statements))", re.MULTILINE)
    assert [name for name, text in sources.items() if speaks.search(text)] == []
