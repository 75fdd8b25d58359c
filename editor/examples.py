"""Beginning with an example: its data are copied beside the flow, and the flow becomes the example's."""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from pathlib import Path

from editor.session import EditSession
from flows.problems import refuse
from runtime.cli.new import examples, flow_in

LIVING = "late-shipments"
"""The example that shows everything."""
_DRAWINGS = (".yaml", ".yml", ".svg")


def begin_with(session: EditSession, name: str = LIVING) -> None:
    """Make an empty flow the example's, with its data beside it.

    Raises `Refused` where a step is drawn already, or where a file of the same name says something else.
    """
    example = examples().get(name)
    if example is None:
        raise refuse("example-missing", "The example is not installed here. Begin with a file of your own.")
    if session.flow.steps:
        raise refuse("example-full", "An example begins with an empty flow, and this one has steps already.")
    data = [path for path in sorted(example.iterdir()) if path.is_file() and path.suffix not in _DRAWINGS]
    for path in data:
        _check(path, session.folder)
    if session.unsaved:
        session.save()
    session.folder.mkdir(parents=True, exist_ok=True)
    for path in data:
        _put(path, session.folder / path.name)
    _put(flow_in(example), session.path)
    session.look()


def _check(path: Path, folder: Path) -> None:
    there = folder / path.name
    if there.exists() and not filecmp.cmp(path, there, shallow=False):
        says = f"There is another '{path.name}' in this folder, which is left as it is. Begin in an empty folder."
        raise refuse("example-in-the-way", says)


def _put(source: Path, target: Path) -> None:
    """Copy a file so that it is there whole or not at all."""
    try:
        handle, part = tempfile.mkstemp(prefix=".example-", dir=target.parent)
        os.close(handle)
        shutil.copyfile(source, part)
        Path(part).chmod(0o644)
        os.replace(part, target)
    except OSError as error:
        raise refuse("example-not-kept", f"'{target.name}' could not be written: {error.strerror}.") from None


CODES: tuple[tuple[str, str], ...] = (
    ("example-missing", "The examples were not installed with the program. Begin with a file of your own."),
    ("example-full", "An example takes the place of an empty flow only. Open a new flow for it."),
    ("example-in-the-way", "A file of that name is there already and is not overwritten. Use an empty folder."),
    ("example-not-kept", "A file of the example could not be written. Look at space and rights of the folder."),
)
