"""The commands on the reference page, told by the same parsers that read the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from runtime.cli.commands import Command, known
from runtime.cli.parser import Parser
from runtime.reference.tables import table

PROGRAM = "tandem-flows"


def own_commands() -> tuple[Command, ...]:
    """Return the commands of this program in the order of its help, without those of other packages."""
    return tuple(one for one in known() if one.entry.dist and one.entry.dist.name == PROGRAM)


def command_section(commands: Iterable[Command]) -> str:
    """Return the part of the page about commands, under the headings of the help."""
    groups: dict[str, list[str]] = {}
    for command in commands:
        groups.setdefault(command.load().GROUP, []).append(described(command))
    parts = [part for group, told in groups.items() for part in (f"### {group}\n", *told)]
    return "\n".join(['<a id="commands"></a>\n\n## The commands\n', *parts])


def described(command: Command) -> str:
    """Return one command as Markdown: what it does, its options and its examples."""
    module = command.load()
    parser = Parser(f"tandem {command.name}", module.SUMMARY)
    module.declare(parser)
    rows = [(_spelled(action), _helped(action)) for action in parser._actions if action.dest != "help"]
    parts = [f"#### `{' '.join([parser.prog, *_words(parser)])}`\n", f"{parser.description}\n"]
    if rows:
        parts.append(table(("option", "what it means"), rows))
    if parser.epilog:
        parts.append(f"```text\n{parser.epilog.strip()}\n```\n")
    return "\n".join(parts)


def _words(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not action.option_strings:
            yield f"[{_value(action)}]" if action.nargs in ("?", "*") else _value(action)


def _spelled(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else _value(action)
    names = ", ".join(action.option_strings)
    return f"`{f'{names} {value}'.strip()}`"


def _value(action: argparse.Action) -> str:
    if action.choices is not None and action.metavar is None:
        return "|".join(str(choice) for choice in action.choices)
    return str(action.metavar or action.dest.upper())


def _helped(action: argparse.Action) -> str:
    return (action.help or "") % vars(action)
