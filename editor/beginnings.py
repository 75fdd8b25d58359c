"""What a new card begins with: a free id, a place, and settings as complete as can be known."""

from __future__ import annotations

import os
from pathlib import Path

from editor.places import ACROSS, DOWN, places
from flows.flow import Flow
from flows.paste import free_id, taken_ids
from flows.slots import Slot, slot_of
from flows.step import Plain, Step

TABLES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".xlsx", ".xls", ".csv.gz")
"""Endings of files that hold tables."""
_MOST_FILES = 500
_NOT_DATA = ("node_modules", "rehearsals")
"""Folders whose tables nobody reads into a flow."""


def fresh_id(flow: Flow, wanted: str) -> str:
    """Return an id that no step, note or group has."""
    return free_id(wanted, {*taken_ids(flow), *flow.notes, *flow.groups})


def step_id(flow: Flow, kind: str) -> str:
    """Return the id of a new step, from the first word of its kind: `predict`, then `predict-2`."""
    return fresh_id(flow, kind.split("-", maxsplit=1)[0])


def first_settings(kind: type[Step], flow: Flow, folder: Path) -> dict[str, Plain]:
    """Return the settings that a new card of a kind begins with."""
    found = {info.alias or name: _first(slot_of(kind, name), flow, folder) for name, info in kind.model_fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def free_place(flow: Flow, beside: str = "") -> tuple[int, int]:
    """Return where a new card hides no other: to the right of a step, or below all of them."""
    drawn = places(flow)
    taken = set(drawn.values())
    if beside in drawn:
        at = (drawn[beside][0] + ACROSS, drawn[beside][1])
    else:
        at = (min((x for x, _ in taken), default=0), max((y for _, y in taken), default=-DOWN) + DOWN)
    while any(abs(at[0] - x) < ACROSS - 1 and abs(at[1] - y) < DOWN - 1 for x, y in taken):
        at = (at[0], at[1] + DOWN)
    return at


def tables_in(folder: Path) -> tuple[str, ...]:
    """Return the files of a workspace that hold tables, as they are written in a flow."""
    found: list[str] = []
    for inside, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")) and name not in _NOT_DATA)
        tables = [name for name in sorted(files) if name.lower().endswith(TABLES) and not name.startswith(".")]
        found += [(Path(inside) / name).relative_to(folder).as_posix() for name in tables]
        if len(found) >= _MOST_FILES:
            break
    return tuple(found[:_MOST_FILES])


def _first(slot: Slot, flow: Flow, folder: Path) -> Plain:
    used = {value for card in flow.steps.values() for value in card.settings.values() if isinstance(value, str)}
    if slot.names == "people" and flow.people:
        return next(iter(flow.people))
    if slot.names == "file":
        unread = [name for name in tables_in(folder) if name not in used]
        return unread[0] if len(unread) == 1 else None
    if slot.names == "new file" and isinstance(slot.begins, str):
        path = Path(slot.begins)
        names = (path.name, *(f"{path.stem}-{number}{path.suffix}" for number in range(2, 1_000)))
        return next(name for name in names if name not in used)
    return slot.begins
