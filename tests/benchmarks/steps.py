"""What a step costs beyond its own work: a flow of 1,000 trivial steps, beside other engines.

Run with `python tests/benchmarks/steps.py`. Contenders take turns in one process; medians are shown.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import ClassVar, Literal

from readme_table import put

from flows.flow import Card, Flow, Link
from flows.step import Step
from runtime.artifacts import Artifacts
from runtime.database import open_database
from runtime.engine import Engine
from runtime.plan import Plan, wire
from runtime.preview import Preview
from runtime.round import Round
from runtime.rounds import close, open_next
from runtime.store import Store
from runtime.values import Records, Table

STEPS = 1_000


class Begin(Step):
    """Give an empty table."""

    kind: ClassVar[str] = "begin"
    family: ClassVar[Literal["source"]] = "source"
    says: ClassVar[str] = "Begin"

    def run(self, round: Round) -> Records:
        """Return no rows."""
        return Records(Table({}, (), round.artifacts))


class Pass(Step):
    """Hand on what comes."""

    kind: ClassVar[str] = "pass"
    family: ClassVar[Literal["prepare"]] = "prepare"
    says: ClassVar[str] = "Pass"

    def run(self, round: Round, *, records: Records) -> Records:
        """Return what came."""
        return records


def chain(steps: int) -> Plan:
    """Return the plan of a chain of trivial steps."""
    names = [f"s{number}" for number in range(steps)]
    cards = {name: Card(name, "pass" if number else "begin") for number, name in enumerate(names)}
    links = tuple(Link.between(f"{a}.records", f"{b}.records") for a, b in itertools.pairwise(names))
    kinds: dict[str, Step] = {name: Pass() if card.kind == "pass" else Begin() for name, card in cards.items()}
    return wire(Flow("chain", steps=cards, links=links), kinds)


def in_memory(folder: Path) -> Callable[[], object]:
    """Return Tandem's own run of the chain in memory."""
    return Preview(chain(STEPS), Artifacts(folder / "artifacts")).play


def plain_loop(folder: Path) -> Callable[[], object]:
    """Return the floor: a Python loop that calls a function per step."""

    def step(value: object) -> object:
        return value

    def run() -> object:
        value: object = 0
        for _ in range(STEPS):
            value = step(value)
        return value

    return run


def hamilton(folder: Path) -> Callable[[], object]:
    """Return Hamilton's run of the same chain."""
    from hamilton import ad_hoc_utils, driver

    sys.setrecursionlimit(20 * STEPS)  # it walks a chain by recursion
    space: dict[str, Callable[..., int]] = {}
    code = "def s0() -> int:\n    return 0\n" + "".join(
        f"def s{number}(s{number - 1}: int) -> int:\n    return s{number - 1}\n" for number in range(1, STEPS)
    )
    exec(code, space)
    module = ad_hoc_utils.create_temporary_module(*(space[f"s{n}"] for n in range(STEPS)), module_name="chain")
    made = driver.Builder().with_modules(module).build()
    return lambda: made.execute([f"s{STEPS - 1}"])


def dask(folder: Path) -> Callable[[], object]:
    """Return Dask's run of the same chain on its synchronous scheduler."""
    import dask

    def step(value: int) -> int:
        return value

    value = dask.delayed(step)(0)
    for _ in range(STEPS - 1):
        value = dask.delayed(step)(value)
    return lambda: value.compute(scheduler="synchronous", optimize_graph=False)


def durable(folder: Path) -> Callable[[], object]:
    """Return Tandem's own run of the chain in a round, each step with its commit."""
    store = Store.open(folder / "durable")
    book = store.book("chain", "bench")
    from flows.catalog import Catalog

    plan, catalog = chain(STEPS), Catalog([Begin, Pass])
    seeds = iter(range(1_000))

    def run() -> object:
        order = _order(store, book.id)
        row = open_next(store, book, plan, order, next(seeds), "none", "0" * 64, {})
        end = Engine(store, book, plan, catalog, row, folder).play()
        close(store, book, row.number, "closed", "", order, 0)
        return end

    return run


def _order(store: Store, book: int) -> int:
    from sqlalchemy import insert

    from runtime.schema import runs

    with store.transaction() as tx:
        row = {"book": book, "ordered": store.moment(), "wanted": {}, "left": 1}
        identity: int = tx.execute(insert(runs).values(**row).returning(runs.c.id)).scalar_one()
    return identity


def bare(folder: Path) -> Callable[[], object]:
    """Return the floor with a commit each: one insert of a row as large as a result, in the same mode."""
    engine = open_database(folder / "bare.db")
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT)")
    body = "x" * 700

    def run() -> None:
        for _ in range(STEPS):
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("INSERT INTO rows (body) VALUES (?)", (body,))
            cursor.execute("COMMIT")

    return run


def dbos(folder: Path) -> Callable[[], object]:
    """Return DBOS's run of the same chain on SQLite, each step durable."""
    import logging

    from dbos import DBOS

    logging.disable(logging.ERROR)
    DBOS(config={"name": "bench", "system_database_url": f"sqlite:///{folder / 'dbos.db'}", "run_admin_server": False})

    @DBOS.step()
    def step(value: int) -> int:
        return value

    @DBOS.workflow()
    def flow() -> int:
        value = 0
        for _ in range(STEPS):
            value = step(value)
        return value

    DBOS.launch()
    return flow


Contenders = dict[str, Callable[[Path], Callable[[], object]]]
MEMORY: Contenders = {"plain loop": plain_loop, "Tandem": in_memory, "Hamilton": hamilton, "Dask": dask}
COMMITS: Contenders = {"bare insert and commit": bare, "Tandem": durable, "DBOS": dbos}


def measure(contenders: Contenders, runs: int) -> dict[str, float]:
    """Return the median microseconds a step of each contender that is installed, all taking turns."""
    with tempfile.TemporaryDirectory() as folder:
        ready = {}
        for name, prepare in contenders.items():
            try:
                ready[name] = prepare(Path(folder))
            except ImportError:
                print(f"{name} is not installed and is left out.")
        times: dict[str, list[float]] = {name: [] for name in ready}
        for turn in range(runs + 1):
            for name, run in ready.items():
                began = time.perf_counter()
                run()
                if turn:
                    times[name].append((time.perf_counter() - began) / STEPS * 1e6)
    return {name: median(found) for name, found in times.items()}


def table(title: str, contenders: Contenders, floor: str, runs: int) -> str:
    """Return one table in Markdown."""
    found = measure(contenders, runs)
    lines = [f"| {title} | microseconds a step | times the floor |", "|---|---:|---:|"]
    lines += [
        f"| {name}{_version(name)} | {value:,.2f} | {value / found[floor]:,.1f} |" for name, value in found.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Print both tables, and write them into README."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=7, help="counted runs of each contender (default: 7)")
    options.add_argument("--readme", action="store_true", help="write the tables into README.md")
    chosen = options.parse_args()
    tables = (
        table("In memory", MEMORY, "plain loop", chosen.runs),
        table("With a durable commit each", COMMITS, "bare insert and commit", chosen.runs),
    )
    text = "\n\n".join(tables)
    print(text)
    if chosen.readme:
        put("steps", text)


def _version(name: str) -> str:
    packages = {"Hamilton": "sf-hamilton", "Dask": "dask", "DBOS": "dbos"}
    return f" {version(packages[name])}" if name in packages else ""


if __name__ == "__main__":
    main()
