"""The flow's file as it was last read or written: its text, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from flows.document import read
from flows.flow import Flow
from flows.problems import Problem, Refused, refuse
from flows.reading import flow_of, load
from flows.saving import save
from flows.spelling import slug

Stamp = tuple[int, int, int] | None
"""Time, size and identity of a file; None when there is none."""


@dataclass(frozen=True)
class FlowFile:
    """A flow file. `trouble` says why it cannot be read; `text` is None while there is no file."""

    path: Path
    stamp: Stamp
    text: str | None
    flow: Flow
    problems: tuple[Problem, ...] = ()
    trouble: tuple[Problem, ...] = ()

    @classmethod
    def at(cls, path: Path) -> FlowFile:
        """Return the file as it is now; one that is missing is an empty flow, saved with the first edit."""
        stamp, empty = _stamp(path), Flow(id=slug(path.stem, "flow"))
        if stamp is None:
            return cls(path, None, None, empty)
        try:
            loaded = load(path)
        except Refused as refused:
            return cls(path, stamp, _text(path), empty, trouble=refused.problems)
        return cls(path, stamp, loaded.document.text, loaded.flow, loaded.problems)

    def changed(self) -> FlowFile | None:
        """Return the file as it is now when somebody else wrote it, else None."""
        return None if _stamp(self.path) == self.stamp else FlowFile.at(self.path)

    def says_the_same(self, other: FlowFile) -> bool:
        """Return whether two files hold the same text, whenever it was written."""
        return (self.text, self.trouble) == (other.text, other.trouble)

    def holding(self, flow: Flow) -> FlowFile:
        """Write a flow into the file, and return the file; refuse when somebody else changed it meanwhile."""
        if self.text is None and self.path.exists():
            raise refuse(
                "save-changed-elsewhere",
                f"'{self.path.name}' was made by somebody else meanwhile. Nothing was written.",
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = save(self.path, flow, since=self.text)
        kept = replace(self, stamp=_stamp(self.path), text=text, flow=flow)
        # What is not understood may have gone with the edit; without problems there is nothing to look for.
        return replace(kept, problems=flow_of(read(text), self.path.stem)[1]) if self.problems else kept

    def line(self, number: int | None) -> str:
        """Return one line of the text, counted from 1; nothing when there is none."""
        lines = (self.text or "").splitlines()
        return lines[number - 1] if number and number <= len(lines) else ""


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:1_000_000].decode("utf-8", errors="replace")
    except OSError:
        return ""
