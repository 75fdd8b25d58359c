"""A command as a package declares it, to be told on a reference page."""

from __future__ import annotations

import argparse

SUMMARY = "Greet somebody."
GROUP = "Try"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Example: tandem greet Ada"
    parser.add_argument("name", metavar="NAME", help="Who is greeted.")
    parser.add_argument("--times", metavar="N", default=2, help="How often; %(default)s by itself.")
    parser.add_argument("--tone", choices=["kind", "short"], help="How it sounds.")
    parser.add_argument("--loud", action="store_true", help="With 100 %% of the voice.")


def execute(options: argparse.Namespace) -> int:
    return 0
