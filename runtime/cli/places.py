"""Where a store lies, for commands that need no flow: the flow that it is beside, or its folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from runtime.cli import arguments
from runtime.cli.opening import state_of
from runtime.cli.parser import misused


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the flow, which may be left out where --state is given."""
    parser.add_argument("flow", metavar="FLOW", type=Path, nargs="?", help="The flow file; not needed with --state.")
    arguments.state(parser)


def folder_of(options: argparse.Namespace, what: str) -> Path:
    """Return the folder of the store; refuse with a sentence when nothing names it."""
    if options.flow is None and options.state is None:
        raise misused(f"Whose memory? Name the flow before {what.upper()}, or its folder with --state DIR.")
    if options.state is None and not options.flow.is_file():
        raise misused(
            f"There is no flow file '{options.flow}'. Its memory lies beside it, or name it with --state DIR."
        )
    return state_of(options)
