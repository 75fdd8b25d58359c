"""From the words of a command line to an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING

from runtime.cli.commands import Command, known
from runtime.cli.failures import guarded
from runtime.cli.overview import overview, version
from runtime.cli.parser import Parser, misused

if TYPE_CHECKING:
    from flows.catalog import Catalog


def main(argv: Sequence[str] | None = None, catalog: Catalog | None = None) -> int:
    """Obey a command line and return its exit status.

    0 done, 1 failed, 2 the flow or the command is wrong, 3 waiting for people; 130 and 143 when it
    was stopped from outside. Without a catalog, the kinds are those that are installed.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter shows its code, where Python would stop with an error.
        if isinstance(stream, TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors="backslashreplace")
    return guarded(lambda: _obey(words, catalog), words)


def _obey(words: list[str], catalog: Catalog | None) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(overview(known()))
        return 0
    if words[0] in ("-V", "--version"):
        sys.stdout.write(f"tandem {version()}\n")
        return 0
    module = _command(words[0]).load()
    parser = Parser(prog=f"tandem {words[0]}", description=module.SUMMARY)
    module.declare(parser)
    options = parser.parse_args(words[1:])
    options.catalog = catalog
    return module.execute(options)


def _command(name: str) -> Command:
    from flows.spelling import instead

    there = {command.name: command for command in known()}
    if name in there:
        return there[name]
    what = "an option of tandem itself" if name.startswith("-") else "a command of tandem"
    raise misused(f"'{name:.80}' is not {what}. {instead(name, list(there), 'Commands are')}")
