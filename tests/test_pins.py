"""Everybody tests with the same versions: `make` installs exactly what constraints.txt names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOME = Path(__file__).parent.parent
PIN = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)")


def pins() -> dict[str, str]:
    lines = (HOME / "constraints.txt").read_text().splitlines()
    found = [PIN.fullmatch(line) for line in lines if line and not line.startswith("#")]
    assert all(found), "a line is no `name==version`"
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def asked_for() -> list[Requirement]:
    project = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]


def test_every_package_that_is_asked_for_is_pinned_to_a_version_that_fits() -> None:
    known = pins()
    for wanted in asked_for():
        name = canonicalize_name(wanted.name)
        assert name in known, f"{wanted.name} is not in constraints.txt: run `make pins`"
        assert wanted.specifier.contains(known[name]), f"{wanted} is pinned to {known[name]}"
