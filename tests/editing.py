"""An open flow to edit in tests: a folder with a table, a clock that stands still, and short words for gestures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from editor.gestures import Gestures
from editor.session import EditSession
from editor.watching import Change
from flows.catalog import Catalog
from runtime.steps import BUILTIN

KINDS = Catalog(BUILTIN)
ROWS = "id,mode,left_on,late\n" + "".join(f"{n},{'sea' if n % 2 else 'air'},2026-03-0{n},no\n" for n in range(1, 9))
FLOW = """\
tandem: 1
id: late
# where the rows come from
steps:
  rows: {kind: read-table, path: rows.csv, key: id}
  risk: {kind: predict-label, target: late, labels: [yes, no]}
  unsure: {kind: pick-cases, at_most: 3}
links:
  - rows.records -> risk.records
  - risk.predictions -> unsure.predictions
layout:
  rows: [0, 0]
  risk: [12, 0]
  unsure: [24, 0]
"""


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(folder: Path, clock: Clock | None = None, text: str | None = FLOW) -> EditSession:
    """Open `flow.yaml` in a folder; it is written when it is not there yet."""
    path = folder / "flow.yaml"
    if text is not None and not path.exists():
        path.write_text(text)
        (folder / "rows.csv").write_text(ROWS)
    return EditSession(path, KINDS, clock or Clock())


def made(session: EditSession, **intent: Any) -> Change:
    """Make a gesture that must be possible."""
    done = Gestures(session).make({"id": "i1", "baseRev": session.revision, **intent})
    assert isinstance(done, Change), done
    return done


def refused(session: EditSession, **intent: Any) -> Any:
    """Make a gesture that must be refused, and leave everything as it was."""
    before = session.flow
    done = Gestures(session).make({"id": "i1", "baseRev": session.revision, **intent})
    assert isinstance(done, dict), done
    assert session.flow == before
    return done
