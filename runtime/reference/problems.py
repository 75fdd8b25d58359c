"""What every problem code means, collected from the modules that say it."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from runtime.reference.tables import table

Meaning = tuple[str, str]
PACKAGES = ("flows", "runtime", "editor")
"""By name: what stands on the runtime is told of here, and never needed by it."""


def problem_section() -> str:
    """Return the part of the page about problem codes, in alphabetical order."""
    opening = "Every problem has a code that stays the same, so that it can be looked up here.\n"
    heading = '<a id="problems"></a>\n\n## What the problem codes mean\n'
    rows = [(f"`{code}`", says) for code, says in sorted(set(meanings()))]
    return "\n".join([heading, opening, table(("code", "meaning"), rows)])


def meanings() -> Iterator[Meaning]:
    """Give every (code, meaning) that a module declares in its `CODES`."""
    for module in modules():
        yield from getattr(module, "CODES", ())


def modules() -> Iterator[ModuleType]:
    """Load every module of the packages that are here, without those that are programs."""
    for name in PACKAGES:
        spec = find_spec(name)
        for found in pkgutil.walk_packages(spec.submodule_search_locations if spec else (), f"{name}."):
            if not found.name.endswith(".__main__"):
                yield import_module(found.name)
