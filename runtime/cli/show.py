"""`tandem show`: a flow as text, as a picture, or as a Mermaid diagram."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import errors
from runtime.cli import arguments
from runtime.cli.opening import catalog_of, flow_of
from runtime.cli.printing import coloured, columns, say, say_problems
from runtime.cli.writing import write_new

if TYPE_CHECKING:
    from flows.flow import Flow

SUMMARY = "Show a flow as text, as a picture or as a Mermaid diagram."
GROUP = "Make and look"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    arguments.only_flow(parser)
    parser.add_argument(
        "--as",
        dest="form",
        choices=("tree", "svg", "mermaid"),
        default="tree",
        help="How: tree (default), svg, mermaid.",
    )
    parser.add_argument("--dark", action="store_true", help="For svg: light lines on a dark ground.")
    parser.add_argument("--out", metavar="FILE", type=Path, help="Write into a new file instead of the terminal.")
    parser.epilog = "Examples:\n  tandem show flow.yaml\n  tandem show flow.yaml --as svg --dark --out flow.svg"


def execute(options: argparse.Namespace) -> int:
    """Show a flow."""
    loaded = flow_of(options)
    text = _drawn(loaded.flow, options)
    if options.out is not None:
        write_new(options.out, text.encode())
        say(f"Wrote {options.out}.")
    else:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    say_problems(errors(loaded.problems), str(options.flow), sys.stderr)
    return 0


def _drawn(flow: Flow, options: argparse.Namespace) -> str:
    from flows.show import mermaid, svg, tree

    catalog = catalog_of(options)
    if options.form == "svg":
        return svg(flow, catalog, dark=options.dark)
    if options.form == "mermaid":
        return mermaid(flow, catalog)
    to_file = options.out is not None
    draws = to_file or sys.stdout.encoding.lower().startswith("utf")
    return tree(flow, catalog, columns(), coloured(sys.stdout) and not to_file, boxes="unicode" if draws else "ascii")
