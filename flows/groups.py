"""What becomes of groups when their steps are renamed, removed or copied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from flows.flow import Group
from flows.step import Plain

Groups = Mapping[str, Group]


def without_steps(groups: Groups, gone: Collection[str]) -> dict[str, Group]:
    """Return the groups without some steps; a group that loses its last one goes as well."""
    kept = {}
    for name, group in groups.items():
        steps = tuple(step for step in group.steps if step not in gone)
        if steps or not group.steps:
            kept[name] = group if steps == group.steps else replace(group, steps=steps)
    return kept


def renamed_steps(groups: Groups, names: Mapping[str, str]) -> dict[str, Group]:
    """Return the groups whose steps follow their new names."""
    return {
        name: replace(group, steps=tuple(names.get(step, step) for step in group.steps))
        for name, group in groups.items()
    }


def copied(groups: Groups, steps: Collection[str]) -> dict[str, Plain]:
    """Return the groups that are copied as a whole with these steps, as plain data."""
    return {
        name: {"title": group.title, "steps": list(group.steps)}
        for name, group in groups.items()
        if group.steps and set(group.steps) <= set(steps)
    }
