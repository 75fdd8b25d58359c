"""`tandem new`: an example flow with its data, to start from."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
from pathlib import Path

from flows.problems import refuse
from flows.spelling import instead
from runtime.cli.printing import say
from runtime.cli.writing import there_already

SUMMARY = "Start a flow from an example, with the data that it needs."
GROUP = "Make and look"

FIRST = "first-flow"
"""The example for whoever names none."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", type=Path, nargs="?", help="The folder to make.")
    parser.add_argument("--from", dest="example", metavar="EXAMPLE", help=f"The example. By default {FIRST}.")
    parser.add_argument("--list", action="store_true", help="List the examples.")
    parser.epilog = "Examples:\n  tandem new mine\n  tandem new --list\n  tandem new trucks --from late-shipments"


def execute(options: argparse.Namespace) -> int:
    """Copy an example, or list them."""
    there = examples()
    if options.list or options.name is None:
        for folder in there.values():
            say(f"{folder.name:20} {_about(folder)}")
        say("Start from one of them with: tandem new NAME --from EXAMPLE" if there else "No examples are installed.")
        return 0 if options.list else 2
    wanted = options.example or (FIRST if FIRST in there else next(iter(there), FIRST))
    if wanted not in there:
        says = f"There is no example '{wanted}'. {instead(wanted, list(there), 'Examples are')}"
        raise refuse("example-unknown", says)
    _copy(there[wanted], options.name)
    flow = flow_in(options.name)
    say(f"Made {options.name} from the example {wanted}. Next:")
    say(f"  tandem show {flow}")
    say(f"  tandem run {flow} --people simulated --rounds 3")
    return 0


def examples() -> dict[str, Path]:
    """Return the folders of the examples by name: beside the packages in a checkout, inside them when installed."""
    runtime = Path(__file__).resolve().parents[1]
    folders = [path for root in (runtime / "examples", runtime.parent / "examples") for path in root.glob("*/")]
    return {path.name: path for path in sorted(folders) if any(path.glob("*.yaml"))}


def flow_in(folder: Path) -> Path:
    """Return the flow of an example."""
    flows = sorted(folder.glob("*.yaml"))
    return next((path for path in flows if path.name == "flow.yaml"), flows[0])


def _about(folder: Path) -> str:
    """Return the goal of an example, or its name."""
    text = flow_in(folder).read_text(encoding="utf-8")
    found = re.search(r"^ +goal: *(.+)$", text, re.MULTILINE) or re.search(r"^name: *(.+)$", text, re.MULTILINE)
    return found[1].strip("'\"") if found else ""


def _copy(example: Path, target: Path) -> None:
    """Copy an example beside its place, then give it its name: a stop in between leaves nothing half."""
    if target.exists() or target.is_symlink():
        raise there_already(target)
    if not target.absolute().parent.is_dir():
        raise refuse("file-nowhere", f"There is no folder '{target.parent}' to make '{target.name}' in. Make it first.")
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.absolute().parent) as beside:
        copy = Path(beside) / "copy"
        shutil.copytree(example, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        try:
            os.rename(copy, target)
        except OSError:
            if target.exists():
                raise there_already(target) from None
            raise


CODES: tuple[tuple[str, str], ...] = (
    ("example-unknown", "There is no such example. Take one of those that are named."),
)
