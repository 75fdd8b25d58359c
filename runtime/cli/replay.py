"""`tandem replay`: whether a round gives the same bytes again."""

from __future__ import annotations

import argparse

from runtime.cli import arguments
from runtime.cli.opening import book_of, catalog_of, flow_of, memory_of
from runtime.cli.printing import Style, paint, say, say_json

SUMMARY = "Work out an ended round again and compare byte for byte."
GROUP = "Run"


_STYLES: dict[str, Style] = {"same": "green", "differs": "red", "kept": "dim", "unknown": "yellow"}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    arguments.flow(parser)
    parser.add_argument("--round", metavar="N", type=arguments.whole(1), required=True, help="The round.")
    arguments.book(parser, "By default live, or the only one there is.")
    parser.add_argument("--json", action="store_true", help="Write one line of JSON for each step.")
    parser.epilog = (
        "Example:\n  tandem replay flow.yaml --round 3 --book rehearsal\n\n"
        "Nothing is written. Steps that read the world are not read again. A difference: exit status 1."
    )


def execute(options: argparse.Namespace) -> int:
    """Replay a round."""
    from runtime.replay import replay

    flow, store = flow_of(options).flow, memory_of(options)
    told = replay(store, book_of(store, flow.id, options.book), catalog_of(options), options.round)
    width = max(len(entry.step) for entry in told)
    for entry in told:
        if options.json:
            say_json({"step": entry.step, "verdict": entry.verdict, "says": entry.says})
        else:
            say(f"{entry.step:{width}}  {paint(entry.says, _STYLES[entry.verdict])}")
    differ = [entry.step for entry in told if entry.verdict == "differs"]
    if not options.json:
        same = f"Round {options.round} gives the same bytes again."
        say(f"{len(differ)} of {len(told)} steps differ." if differ else same)
    return 1 if differ else 0
