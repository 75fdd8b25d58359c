"""What made a result: the parts whose hash it is kept under, and why a step ran or was reused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from runtime.plan import Planned
from runtime.values import Value, digest_of

Recipe = Mapping[str, str]
"""The parts of what makes a result, by the name a reader understands, each as a digest or a word."""

NEVER_SEEN = "It ran because it is new in this book."
READS_WORLD = "It ran because it reads the world: it looks anew in every round."
BY_ROUND = "It ran because it does its work anew in every round."


def recipe(planned: Planned, inputs: Mapping[str, Any], logs: Mapping[str, Value], facts: Mapping[str, str]) -> Recipe:
    """Return all that makes a step's result; `facts` are those of the round that the kind depends on."""
    step = planned.step
    parts = {
        "kind": f"{step.kind} {step.version}",
        "settings": planned.settings_digest,
        **{f"input {name}": _hash(value) for name, value in inputs.items()},
        **{f"log {name}": value.hash for name, value in logs.items()},
        **{f"library {name}": installed(name) for name in step.libraries},
    }
    return {**parts, **facts}


def reason(planned: Planned, now: Recipe, before: Recipe | None) -> str:
    """Return one sentence that says why a step had to run."""
    if before is None:
        return NEVER_SEEN
    changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    if planned.step.purity == "reads the world" and "the file" not in now:
        return READS_WORLD
    told = [name for name in changed if name not in ("round", "now", "open questions", "seed")]
    if told:
        return f"It ran because this changed: {', '.join(told)}."
    return BY_ROUND if changed else "It ran because its kept result is gone."


@cache
def installed(library: str) -> str:
    """Return the version of an installed library, or `absent`."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _hash(value: Any) -> str:
    if isinstance(value, tuple):
        return digest_of([entry.hash for entry in value])
    digest: str = value.hash
    return digest
