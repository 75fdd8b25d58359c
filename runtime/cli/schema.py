"""`tandem schema`: the JSON Schema of the flow file, with which editors help to write one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from runtime.cli.opening import catalog_of
from runtime.cli.printing import say
from runtime.cli.writing import write_new

SUMMARY = "Write the JSON Schema of flow files, with which editors help."
GROUP = "Make and look"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", metavar="FILE", type=Path, help="Write into a new file instead of the terminal.")
    parser.epilog = (
        "Example:\n  tandem schema --out tandem.schema.json\n\nThen put this first into a flow file:\n"
        "  # yaml-language-server: $schema=tandem.schema.json"
    )


def execute(options: argparse.Namespace) -> int:
    """Write the schema."""
    from flows.schema import schema

    text = json.dumps(schema(catalog_of(options)), indent=2, ensure_ascii=False) + "\n"
    if options.out is None:
        sys.stdout.write(text)
    else:
        write_new(options.out, text.encode())
        say(f"Wrote {options.out}.")
    return 0
