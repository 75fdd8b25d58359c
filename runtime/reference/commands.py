"""The commands on the reference page, told by the same parsers that read the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points

from runtime.reference.tables import table

ENTRY_POINTS = "tandem.commands"


def installed_commands() -> tuple[EntryPoint, ...]:
    """Return the commands that installed packages declare, by name."""
    return tuple(sorted(entry_points(group=ENTRY_POINTS), key=lambda command: command.name))


def command_section(commands: Iterable[EntryPoint]) -> str:
    """Return the part of the page about commands, under their headings."""
    parts = ['<a id="commands"></a>\n\n## The commands\n']
    parts += [described(command) for command in commands]
    return "\n".join(parts)


def described(command: EntryPoint) -> str:
    """Return one command as Markdown: what it does and its options."""
    module = command.load()
    parser = argparse.ArgumentParser(prog=f"tandem {command.name}", add_help=False)
    module.declare(parser)
    rows = [(_spelled(action), _helped(action, parser.prog)) for action in parser._actions]
    usage = " ".join([parser.prog, *_words(parser)])
    parts = [f"### `{usage}`\n", f"{module.SUMMARY}\n"]
    return "\n".join([*parts, table(("option", "what it means"), rows)] if rows else parts)


def _words(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not action.option_strings:
            yield f"[{_metavar(action)}]" if action.nargs in ("?", "*") else _metavar(action)


def _spelled(action: argparse.Action) -> str:
    names = ", ".join(f"`{name}`" for name in action.option_strings)
    if not names:
        return f"`{_metavar(action)}`"
    return names if action.nargs == 0 else f"{names} {_metavar(action)}"


def _metavar(action: argparse.Action) -> str:
    if action.choices is not None and action.metavar is None:
        return " or ".join(f"`{choice}`" for choice in action.choices)
    return str(action.metavar or action.dest.upper())


def _helped(action: argparse.Action, prog: str) -> str:
    facts = {**vars(action), "prog": prog}
    return re.sub(r"%\((\w+)\)s", lambda slot: str(facts[slot[1]]), action.help or "").replace("%%", "%")
