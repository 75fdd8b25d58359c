"""`tandem edit`: draw a flow in the browser, and run it there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from flows.problems import Refused, refuse
from runtime.cli import arguments
from runtime.cli.opening import catalog_of
from runtime.cli.printing import say

SUMMARY = "Draw a flow in the browser, and run it there."
GROUP = "Make and look"

PORT = 8420
ENDINGS = (".yaml", ".yml")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "flow",
        metavar="FLOW",
        type=Path,
        nargs="?",
        help="The flow file, also one that is to be made; by itself flow.yaml in this folder.",
    )
    parser.add_argument(
        "--port", metavar="N", type=arguments.whole(1), default=PORT, help=f"By default {PORT}, or the next free one."
    )
    parser.add_argument("--no-browser", action="store_true", help="Print the address, and open no browser.")
    parser.add_argument(
        "--rehearse",
        metavar="N",
        type=arguments.whole(1),
        default=0,
        help="Begin a rehearsal of N rounds with simulated people, to watch its cards run.",
    )
    parser.epilog = (
        "Examples:\n  tandem edit\n  tandem edit late.yaml --no-browser\n  tandem edit late.yaml --rehearse 8"
    )


def execute(options: argparse.Namespace) -> int:
    """Serve the editor until it is stopped."""
    flow = flow_to_edit(options.flow)
    catalog = catalog_of(options)
    # Before nicegui is imported: where it keeps its own things is read once.
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(flow.parent / ".tandem" / "editor"))
    from editor.app import HOST, free_port, serve

    port = free_port(options.port)
    if options.rehearse:
        rehearse(flow, options.rehearse)
    say(f"Draw and run {flow.name} here: http://{HOST}:{port}/")
    say("Everything is saved by itself. Stop the editor with Ctrl+C; what runs goes on.")
    serve(flow, catalog, port, browser=not options.no_browser)
    return 0


def rehearse(flow: Path, rounds: int) -> None:
    """Begin a rehearsal as a process of its own, unless the flow is being run already."""
    from editor.runner import Runs, Wanted

    try:
        Runs(flow).start(Wanted.rehearsal(rounds))
    except Refused as refused:
        say(str(refused))


def flow_to_edit(path: Path | None) -> Path:
    """Return the file to edit; refuse what can be no flow file."""
    flow = (path or only_flow(Path.cwd())).resolve()
    if flow.is_dir():
        flow = only_flow(flow)
    if flow.suffix not in ENDINGS:
        raise refuse("edit-no-flow", f"'{flow.name}' is no flow file: its name must end with .yaml.")
    if not flow.parent.is_dir():
        raise refuse("file-nowhere", f"There is no folder '{flow.parent}'. Make it first.")
    return flow


def only_flow(folder: Path) -> Path:
    """Return the one flow of a folder, else its flow.yaml, which may not be there yet."""
    found = [path for path in sorted(folder.glob("*.y*ml")) if path.suffix in ENDINGS and not path.name.startswith(".")]
    return found[0] if len(found) == 1 else folder / "flow.yaml"


CODES: tuple[tuple[str, str], ...] = (
    ("edit-no-flow", "What was named cannot be a flow file. Name one that ends with .yaml, also a new one."),
)
