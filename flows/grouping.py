"""Edits of what is only drawn: notes on the canvas, and groups of steps that fold into one box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from flows.catalog import Catalog
from flows.command import Command, Position, Text
from flows.flow import Flow, Group, Note
from flows.groups import without_steps
from flows.paste import check_id
from flows.problems import Problem, Refused, refuse
from flows.reading import FARTHEST
from flows.spelling import instead
from flows.titles import named

Size = tuple[Annotated[int, Field(ge=1, le=FARTHEST)], Annotated[int, Field(ge=1, le=FARTHEST)]]


class SetNote(Command):
    """Put a note on the canvas, or change one that is there; what is left out stays as it is."""

    do: Literal["set-note"] = "set-note"
    note: str
    text: Text | None = None
    at: Position | None = None
    size: Size | None = None

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        if self.note not in flow.notes:
            check_id(self.note)
        old = flow.notes.get(self.note, Note(""))
        new = Note(
            old.text if self.text is None else self.text,
            old.at if self.at is None else self.at,
            old.size if self.size is None else self.size,
        )
        return replace(flow, notes={**flow.notes, self.note: new})


class RemoveNote(Command):
    """Take a note away."""

    do: Literal["remove-note"] = "remove-note"
    note: str

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        if self.note not in flow.notes:
            there_are = instead(self.note, flow.notes, "The notes are")
            raise refuse("note-unknown", f"There is no note '{self.note:.80}'. {there_are}", "notes")
        return replace(flow, notes={name: note for name, note in flow.notes.items() if name != self.note})


class SetGroup(Command):
    """Group steps, or change a group that is there; what is left out stays as it is.

    A step belongs to one group: it leaves the one that it was in, and a group that is left empty goes.
    """

    do: Literal["set-group"] = "set-group"
    group: str
    title: Text | None = None
    steps: tuple[str, ...] | None = Field(None, min_length=1)

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        if self.group not in flow.groups:
            check_id(self.group)
            if not self.steps:
                raise _unknown_group(flow, self.group)
        for step in self.steps or ():
            if step not in flow.steps:
                there_are = instead(step, flow.steps, "The steps are")
                raise refuse("step-unknown", f"There is no step '{step:.80}'. {there_are}", "steps")
        old = flow.groups.get(self.group, Group(""))
        steps = old.steps if self.steps is None else tuple(dict.fromkeys(self.steps))
        new = replace(old, title=old.title if self.title is None else self.title, steps=steps)
        others = flow.groups if self.steps is None else without_steps(flow.groups, set(steps) - set(old.steps))
        return replace(flow, groups={**others, self.group: new})


class RemoveGroup(Command):
    """Take a group away; its steps stay."""

    do: Literal["remove-group"] = "remove-group"
    group: str

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        if self.group not in flow.groups:
            raise _unknown_group(flow, self.group)
        return replace(flow, groups={name: one for name, one in flow.groups.items() if name != self.group})


class Fold(Command):
    """Draw a group as one box, or unfold it again."""

    do: Literal["fold"] = "fold"
    group: str
    folded: bool = True

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        if self.group not in flow.groups:
            raise _unknown_group(flow, self.group)
        group = replace(flow.groups[self.group], folded=self.folded)
        return replace(flow, groups={**flow.groups, self.group: group})


def group_problems(flow: Flow) -> Iterator[Problem]:
    """Yield the groups that name steps which are not there, or which another group has."""
    owners: dict[str, str] = {}
    for name, group in flow.groups.items():
        for step in group.steps:
            if step not in flow.steps:
                says = f"The group '{group.title or name}' has a step '{step}', which is not there. "
                says += instead(step, flow.steps, "The steps are")
                fix, fix_says = _fix(flow, name)
                place = f"groups.{name}"
                yield Problem("group-step-unknown", says, place, None, "warning", fix, fix_says)
            elif owners.setdefault(step, name) != name:
                says = f"{named(flow, step)} is in the groups '{owners[step]}' and '{name}'; only the first one counts."
                yield Problem("group-step-twice", says, f"groups.{name}", level="warning")


def _fix(flow: Flow, name: str) -> tuple[Command, str]:
    known = tuple(step for step in flow.groups[name].steps if step in flow.steps)
    if known:
        return SetGroup(group=name, steps=known), "Take it out of the group."
    return RemoveGroup(group=name), "Remove the group."


def _unknown_group(flow: Flow, name: str) -> Refused:
    there_are = instead(name, flow.groups, "The groups are") if flow.groups else "The flow has no groups."
    return refuse("steps-group-unknown", f"There is no group '{name:.80}'. {there_are}", "groups")


CODES: tuple[tuple[str, str], ...] = (
    ("note-unknown", "There is no note of that name. Take one of those that are named."),
    ("steps-group-unknown", "There is no group of steps of that name. Take one of those that are named."),
    ("group-step-unknown", "A group names a step that is not there. Take it out of the group."),
    ("group-step-twice", "A step is in two groups. Take it out of one of them."),
)
