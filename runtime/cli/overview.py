"""The help of `tandem` itself: what it is, what it can do, and where to go next."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

from runtime.cli.commands import Command

HEAD = """\
Tandem runs flows in which people and models decide together, and measures
whether the pair is better than either alone.

Usage: tandem COMMAND ...
"""

FOOT = """
Examples:
  tandem new mine                      a flow with its data, to start from
  tandem check mine/flow.yaml          what is wrong with it, line by line
  tandem run mine/flow.yaml --people simulated --rounds 3
                                       rehearse it; nothing real is touched

'tandem COMMAND --help' tells more about one command. Exit status: 0 done,
1 failed, 2 the flow or the command is wrong, 3 waiting for people.
"""


def overview(commands: Sequence[Command]) -> str:
    """Return the help: every command with its one line, under plain headings."""
    groups: dict[str, list[str]] = {}
    for command in commands:
        module = command.load()
        groups.setdefault(module.GROUP, []).append(f"  {command.name:9} {module.SUMMARY}\n")
    return HEAD + "".join(f"\n{heading}:\n{''.join(lines)}" for heading, lines in groups.items()) + FOOT


def version() -> str:
    """Return the version of Tandem that is installed."""
    try:
        return version_of("tandem-flows")
    except PackageNotFoundError:
        return "(not installed)"
