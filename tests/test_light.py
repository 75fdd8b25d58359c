"""Looking at a flow is quick: nothing heavy is loaded until a step works."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import packages_distributions

HEAVY = {"numpy", "polars", "scikit-learn", "scipy", "SQLAlchemy", "pyarrow", "numba", "networkx", "rich"}
LIGHT = {"PyYAML", "pydantic", "pydantic_core", "annotated-types", "typing_extensions", "typing-inspection"}

EVERY_MODULE_OF_FLOWS = """
import pkgutil, flows
for module in pkgutil.walk_packages(flows.__path__, "flows."):
    __import__(module.name)
"""
THE_WHOLE_CATALOG = """
from flows.catalog import installed
from runtime.steps import BUILTIN
from runtime.reference.settings import settings_of
for kind in installed(BUILTIN):
    kind.model_json_schema(), settings_of(kind)
"""


def loaded_by(program: str) -> set[str]:
    """Run a program of its own and return the installed packages that it loaded, by their public names."""
    before = "import json, sys; bare = set(sys.modules)\n"
    after = "\nprint(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - bare})))"
    done = subprocess.run(
        [sys.executable, "-c", before + program + after], capture_output=True, text=True, check=True
    )
    installed = packages_distributions()
    return {name for module in json.loads(done.stdout) for name in installed.get(module, ())}


def test_the_drawing_needs_only_pydantic_and_yaml() -> None:
    assert {"PyYAML", "pydantic"} <= loaded_by(EVERY_MODULE_OF_FLOWS) <= LIGHT


def test_the_whole_catalog_loads_without_anything_heavy() -> None:
    loaded = loaded_by(THE_WHOLE_CATALOG)
    assert not loaded & HEAVY
    assert "pydantic" in loaded, "the catalog was not loaded, so this says nothing"
