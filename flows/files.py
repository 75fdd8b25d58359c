"""Files that a flow reads and writes: what is written must be nobody's else."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from flows.drawn import Drawn
from flows.problems import Problem
from flows.titles import named


def file_problems(drawn: Drawn) -> Iterator[Problem]:
    """Yield the steps that would write over a file that the flow reads, or that another step writes."""
    read = {_same(path): name for name, step in drawn.steps.items() for path in step.reads()}
    flow, written = drawn.flow, dict[str, str]()
    for name, step in drawn.steps.items():
        for path in step.writes():
            reader, writer = read.get(_same(path)), written.setdefault(_same(path), name)
            if reader is not None:
                says = f"{named(flow, name)} would write over '{path}', which {named(flow, reader)} reads. "
                says += "Write to another file."
                yield Problem("file-read-and-written", says, f"steps.{name}.path")
            elif writer != name:
                says = f"{named(flow, name)} and {named(flow, writer)} both write '{path}', one over the other. "
                says += "Give each its own file."
                yield Problem("file-written-twice", says, f"steps.{name}.path")


def _same(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/"))


CODES: tuple[tuple[str, str], ...] = (
    ("file-read-and-written", "A step would write over a file that the flow reads. Write to another file."),
    ("file-written-twice", "Two steps write the same file. Give each its own."),
)
