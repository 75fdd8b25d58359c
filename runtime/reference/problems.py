"""What every problem code means, collected from the modules that say it."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import flows
import runtime
from runtime.reference.tables import table

Meaning = tuple[str, str]


def problem_section() -> str:
    """Return the part of the page about problem codes, in alphabetical order."""
    opening = "Every problem has a code that stays the same, so that it can be looked up here.\n"
    heading = '<a id="problems"></a>\n\n## What the problem codes mean\n'
    rows = [(f"`{code}`", says) for code, says in sorted(set(meanings()))]
    return "\n".join([heading, opening, table(("code", "meaning"), rows)])


def meanings() -> Iterator[Meaning]:
    """Give every (code, meaning) that a module of flows or runtime declares in its `CODES`."""
    for module in modules():
        yield from getattr(module, "CODES", ())


def modules() -> Iterator[ModuleType]:
    """Load every module of flows and runtime, without those that are programs."""
    for package in (flows, runtime):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(".__main__"):
                yield import_module(found.name)
