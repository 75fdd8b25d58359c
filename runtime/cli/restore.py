"""`tandem restore`: bring a backup back."""

from __future__ import annotations

import argparse
from pathlib import Path

from runtime.cli import places
from runtime.cli.printing import say

SUMMARY = "Bring a backup back, after every file of it is proven."
GROUP = "Keep"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    places.declare(parser)
    parser.add_argument("source", metavar="SOURCE", type=Path, help="The backup: a .zip file or a folder.")
    parser.add_argument(
        "--force-with-copy", action="store_true", help="Set aside what is there, under another name beside it."
    )
    parser.epilog = (
        "Examples:\n  tandem restore flow.yaml monday.zip\n"
        "  tandem restore --state .tandem monday.zip --force-with-copy"
    )


def execute(options: argparse.Namespace) -> int:
    """Restore a store."""
    from runtime.restore import restore

    folder = places.folder_of(options, "source")
    aside = restore(options.source, folder, replace=options.force_with_copy)
    if aside is not None:
        say(f"What was there lies in {aside} now.")
    say(f"Restored {options.source} to {folder}.")
    return 0
