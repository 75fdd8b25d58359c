"""The example in the contract is not an illustration: it checks clean and runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from flows.catalog import Catalog
from flows.check import check
from flows.reading import load
from runtime.run import Order, Workspace, run
from runtime.steps import BUILTIN
from runtime.store import Store

ROOT = Path(__file__).parents[1]


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    text = (ROOT / "flows" / "DESIGN.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    for name in ("shipments.csv", "arrivals.csv"):
        shutil.copy(ROOT / "examples" / "late-shipments" / name, tmp_path / name)
    path = tmp_path / "flow.yaml"
    path.write_text(found.group(1), encoding="utf-8")
    return path


def test_the_example_checks_clean(contract: Path) -> None:
    loaded = load(contract)
    problems = (*loaded.problems, *check(loaded.flow, Catalog(BUILTIN), loaded.document, contract.parent))
    assert [problem.message for problem in problems if problem.level != "hint"] == []


def test_the_example_runs(contract: Path) -> None:
    space = Workspace(contract, Store.open(contract.parent / ".tandem"), Catalog(BUILTIN))
    ran = run(space, Order(rounds=2, people="simulated", book="rehearsal"))
    assert (ran.state, ran.closed) == ("done", (1, 2))
    written = contract.parent / ".tandem" / "rehearsals" / "late-shipments" / "rehearsal" / "simulated-decided.csv"
    assert len(written.read_text().splitlines()) == 801
