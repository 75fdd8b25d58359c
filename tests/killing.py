"""Kill a run from outside at any of its points, and look at what it left.

A server process imports everything once and stays without threads; each command runs in a fork of it.
At the point where it is to die the fork stops itself, and the server, seeing it stopped, kills it.
Points lie before and after every commit, every rename and every publish, and where a file is written.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

Command = Mapping[str, Any]
State = Mapping[str, Any]

MUTANTS = ("fresh answers", "fresh questions")
"""Ways to break the program so that a repeated command counts twice."""


@dataclass(frozen=True)
class Played:
    """What became of a command: whether it was killed, and else how many points it passed.

    `telling` are the points at which other files lay there than at the point before: a kill takes
    nothing back, so dying at any other leaves the same.
    """

    points: int
    telling: tuple[int, ...]
    killed: bool


class Server:
    """A process from which commands are forked, killed and looked at."""

    def __init__(self, mutant: str = "") -> None:
        here = Path(__file__).parent
        paths = os.pathsep.join((str(here.parent), str(here)))
        self._process = subprocess.Popen(
            [sys.executable, __file__, mutant], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": paths, "POLARS_MAX_THREADS": "1"},
        )  # fmt: skip

    def play(self, folder: Path, command: Command, kill_at: int = 0) -> Played:
        """Run one command; stop and kill it at its n-th point, or let it end when `kill_at` is 0."""
        told = self._ask(do="play", folder=str(folder), command=command, kill_at=kill_at)
        return Played(told["points"], tuple(told["telling"]), told["killed"])

    def look(self, folder: Path) -> State:
        """Return all that a folder holds: rows without the seconds they took, files by their hash."""
        return self._ask(do="look", folder=str(folder))

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(order), file=self._process.stdin, flush=True)
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "failed" in told:
            raise AssertionError(told["failed"])
        return told


@contextmanager
def fast_folder() -> Iterator[Path]:
    """Yield an empty folder, in memory where there is such: a kill loses nothing that a disk would keep."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


def copied(folder: Path, to: Path) -> Path:
    """Return a fresh copy of a folder as it was left."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


# From here on everything runs in the server.


def serve(mutant: str) -> None:
    _import_all()
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_forked(order, mutant)), flush=True)


def _import_all() -> None:
    """Load what a run needs, so that a fork does not, and leave polars' threads unstarted."""
    import light_kinds

    import runtime.choosing.asking
    import runtime.choosing.deciding
    import runtime.choosing.picking
    import runtime.choosing.settling
    import runtime.delivering.tables  # noqa: F401
    from runtime.database import sqlite_library
    from runtime.plan import make_plan
    from runtime.run import flow_from

    for name in ("networkx", "numpy.ma", "polars._utils.parquet", "threadpoolctl"):
        import_module(name)
    sqlite_library()
    make_plan(flow_from(light_kinds.FLOW.encode(), "flow", {}), light_kinds.CATALOG)
    gc.freeze()  # what is loaded stays shared by all forks


def _forked(order: Command, mutant: str) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile() as reply:
        child = os.fork()
        if child == 0:
            _work(order, mutant, Path(reply.name))
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return {"points": order["kill_at"], "telling": (), "killed": True}
        text = Path(reply.name).read_text()
        return json.loads(text) if text else {"failed": f"The command ended with status {status}."}


def _work(order: Command, mutant: str, reply: Path) -> None:
    try:
        folder = Path(order["folder"])
        if order["do"] == "look":
            told = state_of(folder)
        else:
            points = Points(order["kill_at"], folder)
            points.watch()
            if mutant:
                _break(mutant)
            _play(folder, order["command"], points)
            told = {"points": points.passed, "telling": points.telling, "killed": False}
    except BaseException:
        told = {"failed": traceback.format_exc()}
    reply.write_text(json.dumps(told))
    os._exit(0)


class Points:
    """Counts the points that a process passes and stops it at the wanted one."""

    def __init__(self, wanted: int, folder: Path) -> None:
        self.wanted, self.passed, self.folder = wanted, 0, folder
        self.telling: list[int] = []
        self._lay: object = None

    def watch(self) -> None:
        """Put points around what changes files, in this process only."""
        from runtime import outbox

        os.replace = self.around(os.replace)  # type: ignore[assignment]
        os.fsync = self._before_file(os.fsync)
        outbox._put = self.around(outbox._put)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **named: Any) -> Any:
            self.reached()
            returned = function(*args, **named)
            self.reached()
            return returned

        return watched

    def _before_file(self, sync: Callable[[int], None]) -> Callable[[int], None]:
        """A kill takes nothing back: behind a sync, and around that of a folder, files are as they were."""

        def watched(handle: int) -> None:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                self.reached()
            sync(handle)

        return watched

    def reached(self) -> None:
        self.passed += 1
        if self.passed == self.wanted:
            os.kill(os.getpid(), signal.SIGSTOP)
        if not self.wanted:
            lay = {path: _stamp(path) for path in self.folder.rglob("*") if not _unread(path)}
            if lay != self._lay:
                self.telling.append(self.passed)
            self._lay = lay


def _unread(path: Path) -> bool:
    """Return whether nobody reads a file after a kill: what the processes share, and what has no name yet."""
    return path.suffix == ".db-shm" or path.name.startswith("new-")


def _stamp(path: Path) -> tuple[int, int, int]:
    """Return what tells one state of a file from another; of a folder only that it is there."""
    if path.is_dir():
        return (0, 0, 0)
    about = path.stat()
    return (about.st_ino, about.st_size, about.st_mtime_ns)


def _play(folder: Path, command: Command, points: Points) -> None:
    from runtime.store import Store

    moment = datetime(2026, 1, 5, 6, tzinfo=UTC) + timedelta(hours=command.get("hour", 0))
    store = Store.open(folder / ".tandem", lambda: moment)
    store.engine.dialect.do_commit = points.around(store.engine.dialect.do_commit)  # type: ignore[method-assign]
    {"run": _run, "answer": _answer}[command["what"]](folder, store, command)


def _run(folder: Path, store: Any, command: Command) -> None:
    import light_kinds

    from runtime.run import Order, Workspace, run

    if _closed(store) >= command.get("until", 10**6):
        return  # it was killed behind its last commit: there is nothing left to repeat
    order = {"rounds": 1, "people": "simulated", "book": "rehearsal", **command["order"]}
    run(Workspace(folder / "flow.yaml", store, light_kinds.CATALOG), Order(**order))


def _closed(store: Any) -> int:
    from sqlalchemy import func, select

    from runtime.schema import rounds

    with store.reading() as connection:
        query = select(func.count()).select_from(rounds).where(rounds.c.state != "open")
        return int(connection.execute(query).scalar_one())


def _answer(folder: Path, store: Any, command: Command) -> None:
    """Answer as a client does: each answer is sent under its own key, and again until it is acknowledged."""
    from sqlalchemy import select

    from runtime import answers
    from runtime.schema import questions

    book = store.book("parcels", command["book"])
    for round_number, place, label in command["answers"]:
        query = select(questions.c.id).where(questions.c.round == round_number).order_by(questions.c.key)
        with store.reading() as connection:
            question = connection.execute(query).scalars().all()[place]
        identity = hashlib.sha256(f"{question}{label}".encode()).hexdigest()
        with store.transaction() as tx:
            said = answers.Answer(identity, question, "ann", label, seconds=8.0)
            answers.accept(tx, book, [said], store.moment())


def _break(mutant: str) -> None:
    """Take away what makes a repeated command count once."""
    from dataclasses import replace
    from uuid import uuid4

    from runtime import answers, questions

    accept, name = answers.accept, questions.Question.id
    if mutant == "fresh answers":
        answers.accept = lambda tx, book, arrived, at: accept(  # type: ignore[assignment]
            tx, book, [replace(answer, id=uuid4().hex) for answer in arrived], at
        )
    elif mutant == "fresh questions":
        salt = uuid4().hex  # another one in each process
        questions.Question.id = lambda self, book, step: name(self, book, step + salt)  # type: ignore[method-assign]


def state_of(folder: Path) -> dict[str, Any]:
    """Return all rows of a workspace's store but the seconds they took, and its files by their hash."""
    from sqlalchemy import select

    from runtime import events, schema
    from runtime.store import Store

    store = Store.open(folder / ".tandem")
    told: dict[str, Any] = {}
    with store.reading() as connection:
        for table in schema.schema.sorted_tables:
            rows = [dict(row._mapping) for row in connection.execute(select(table))]
            for row in rows:
                row.pop("seconds", None) if table.name == "results" else None
            told[table.name] = sorted(rows, key=lambda row: (row.get("number", 0), json.dumps(row, sort_keys=True)))
        told["broken"] = [events.broken_at(connection, row["id"]) for row in told["books"]]
    told["unpublished"] = sum(row["published"] is None for row in told["outbox"])
    told["artifacts"] = list(store.artifacts)
    told["files"] = _files(folder)
    return told


def _files(folder: Path) -> dict[str, str]:
    """Return what lies in the workspace and in the folders of its rehearsals: names and hashes."""
    places = [path for path in folder.rglob("*") if path.is_file()]
    inside = folder / ".tandem"
    shown = [path for path in places if inside not in path.parents or inside / "rehearsals" in path.parents]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(shown)
    }


if __name__ == "__main__":
    serve(sys.argv[1])
