"""The commands that are known: each is a light module, named by an entry point."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

ENTRY_POINTS = "tandem.commands"

ORDER = (
    "new", "edit", "check", "show", "kinds", "schema",
    "run", "serve", "status", "report", "log", "replay", "answer", "release", "user", "backup", "restore",
)  # fmt: skip
"""The order in which somebody meets them; commands of other packages follow by name."""


class Module(Protocol):
    """What a module that declares a command has."""

    SUMMARY: str
    GROUP: str
    declare: Callable[[argparse.ArgumentParser], None]
    execute: Callable[[argparse.Namespace], int]


@dataclass(frozen=True)
class Command:
    """One command: its name, and where its module is found."""

    name: str
    entry: EntryPoint

    def load(self) -> Module:
        """Return the module that declares the command."""
        module: Module = self.entry.load()
        return module


def known() -> tuple[Command, ...]:
    """Return all commands in the order of the help."""
    found = {entry.name: Command(entry.name, entry) for entry in entry_points(group=ENTRY_POINTS)}
    return tuple(sorted(found.values(), key=_place))


def _place(command: Command) -> tuple[int, str]:
    return (ORDER.index(command.name) if command.name in ORDER else len(ORDER), command.name)
