"""`tandem backup`: a copy of all that a flow remembers, taken while it is used."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from runtime.cli import places
from runtime.cli.printing import say

SUMMARY = "Copy all that a flow remembers, even while it runs."
GROUP = "Keep"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    places.declare(parser)
    parser.add_argument("target", metavar="TARGET", type=Path, help="A new .zip file, or a new folder.")
    parser.epilog = (
        "Examples:\n  tandem backup flow.yaml monday.zip\n  tandem backup --state .tandem monday\n\n"
        "The copy holds personal content: only you can read it. The flow file and its data\n"
        "are not part of it."
    )


def execute(options: argparse.Namespace) -> int:
    """Back up a store."""
    from runtime.backup import back_up

    folder = places.folder_of(options, "target")
    made = back_up(folder, options.target)
    say(f"Backed up {made.files:,} files, {made.bytes / 1e6:,.1f} MB, from {folder} to {options.target}.")
    if made.lost:
        say(
            f"{len(made.lost):,} stored files are gone or damaged in {folder} and could not be copied, the first is "
            f"{made.lost[0][:12]}. All else is in the backup. An older backup may hold them.",
            sys.stderr,
        )
    return 1 if made.lost else 0
