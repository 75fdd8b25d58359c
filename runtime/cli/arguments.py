"""Arguments that several commands share, and the values that they take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def flow(parser: argparse.ArgumentParser) -> None:
    """Add the flow file and the folder of its memory."""
    only_flow(parser)
    state(parser)


def only_flow(parser: argparse.ArgumentParser) -> None:
    """Add the flow file."""
    parser.add_argument("flow", metavar="FLOW", type=Path, help="The flow file, such as flow.yaml.")


def state(parser: argparse.ArgumentParser) -> None:
    """Add the folder of a flow's memory."""
    parser.add_argument(
        "--state", metavar="DIR", type=Path, help="Where runs are kept. By default .tandem beside the flow."
    )


def book(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the book."""
    parser.add_argument("--book", metavar="NAME", type=_book, help=f"The book. {default}")


def whole(least: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `least` on."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number < 2**31:
            raise argparse.ArgumentTypeError(f"'{text:.40}' is not a whole number from {least} on.")
        return number

    return read


def _book(text: str) -> str:
    # A rehearsal's files lie in a folder of the book's name.
    if not text or len(text) > 100 or text.startswith(".") or any(char in text for char in '/\\\0:*?"<>|\n'):
        raise argparse.ArgumentTypeError(
            f"'{text:.40}' cannot name a book. Use up to 100 letters, digits, hyphens or blanks."
        )
    return text
