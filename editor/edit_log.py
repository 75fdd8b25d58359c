"""Edits that are not in the flow's file yet, kept on the disk so that a crash loses none of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from editor.labels import label
from flows.catalog import Catalog
from flows.command import Command
from flows.commands import command_from
from flows.document import Document
from flows.flow import Flow
from flows.problems import Refused
from flows.reading import flow_of
from flows.saving import plain
from flows.step import Plain

Made = Callable[[Flow, str], None]
"""Told of each flow that a kept edit led to, with what the edit is called."""


@dataclass(frozen=True)
class EditLog:
    """A file of JSON lines: first the flow that the edits begin with, then one line an edit.

    A line is on the disk when the call that writes it returns. Undo and redo are kept as whole flows.
    """

    path: Path
    stem: str

    @classmethod
    def beside(cls, flow_file: Path) -> EditLog:
        """Return the log of a flow file, in the workspace's memory beside it."""
        return cls(flow_file.parent / ".tandem" / "edits" / f"{flow_file.name}.jsonl", flow_file.stem)

    def begin(self, flow: Flow) -> None:
        """Begin the log with the flow that the file holds."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._write({"flow": plain(flow)}, "w")

    def add(self, command: Command) -> None:
        """Keep one edit."""
        self._write({"edit": command.as_dict()}, "a")

    def turn(self, flow: Flow, says: str) -> None:
        """Keep the flow that an undo, a redo or a reloading led to."""
        self._write({"flow": plain(flow), "says": says}, "a")

    def clear(self) -> None:
        """Forget all: what was kept is in the file now."""
        self.path.unlink(missing_ok=True)

    def base(self) -> Flow | None:
        """Return the flow that the kept edits begin with; None when none are kept."""
        lines = self._lines()
        first = lines[0].get("flow") if lines else None
        return self._flow(first) if isinstance(first, dict) else None

    def replay(self, catalog: Catalog, made: Made) -> int:
        """Tell of each kept edit in turn, and return how many there were; one that fails ends it."""
        base, count = self.base(), 0
        if base is None:
            return 0
        flow = base
        for line in self._lines()[1:]:
            try:
                flow, says = self._step(line, flow, catalog)
            except Refused:
                break
            made(flow, says)
            count += 1
        return count

    def _step(self, line: dict[str, Plain], flow: Flow, catalog: Catalog) -> tuple[Flow, str]:
        turned, edit = line.get("flow"), line.get("edit")
        if isinstance(turned, dict):
            return self._flow(turned), str(line.get("says", ""))
        command = command_from(edit if isinstance(edit, dict) else {})
        return command.apply(flow, catalog), label(command)

    def _flow(self, data: dict[str, Plain]) -> Flow:
        return flow_of(Document("", data, {}), self.stem)[0]

    def _lines(self) -> list[dict[str, Plain]]:
        """Return the lines that were written to their end: a crash may leave half of one, never acknowledged."""
        lines = []
        for text in self._text().split("\n"):
            with suppress(ValueError):
                line = json.loads(text)
                lines += [line] if isinstance(line, dict) else []
        return lines

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def _write(self, line: dict[str, Plain], mode: str) -> None:
        with self.path.open(mode, encoding="utf-8", newline="\n") as file:
            # The break comes first, so that half a line from a crash never swallows the next one.
            file.write("\n" + json.dumps(line, ensure_ascii=False))
            file.flush()
            os.fsync(file.fileno())
