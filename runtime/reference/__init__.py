"""The reference page: every kind, command and problem code, told by the program itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.catalog import Catalog
    from runtime.cli.commands import Command

PAGE = Path(__file__).parent.parent / "REFERENCE.md"
"""Where the page of the built-in kinds is kept."""

OPENING = """\
# Reference

<!-- Made by `python -m runtime.reference`; change the program, not this page. -->

Everything on this page is told by the program itself: [the kinds of step](#kinds), \
[the commands](#commands), and [what the problem codes mean](#problems).
"""


def reference(catalog: Catalog, commands: Iterable[Command] | None = None) -> str:
    """Return the reference page as Markdown: kinds, commands and problem codes.

    Without `commands`, these are the commands of this program. Whatever a kind, command or module
    declares stands on the page; nothing is written by hand.
    """
    from runtime.reference.commands import command_section, own_commands
    from runtime.reference.kinds import kind_section
    from runtime.reference.problems import problem_section

    known = own_commands() if commands is None else tuple(commands)
    return "\n".join([OPENING, kind_section(catalog), command_section(known), problem_section()])
