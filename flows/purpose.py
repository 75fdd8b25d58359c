"""Edits of what a flow is for, when it starts and whom it asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from flows.catalog import Catalog
from flows.command import Command, Text
from flows.flow import Flow
from flows.intent import Target
from flows.problems import refuse
from flows.spelling import instead


class SetName(Command):
    """Name the flow."""

    do: Literal["set-name"] = "set-name"
    name: Text

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        return replace(flow, name=self.name)


class SetGoal(Command):
    """Say in words what should be reached."""

    do: Literal["set-goal"] = "set-goal"
    goal: Text

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        return replace(flow, intent=flow.intent.model_copy(update={"goal": self.goal}))


class SetAims(Command):
    """Say which measures should reach what, such as `quality.team_recall >= 0.95`."""

    do: Literal["set-aims"] = "set-aims"
    aims: tuple[Text, ...]

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        return replace(flow, intent=flow.intent.model_copy(update={"aims": _targets(self.aims, "aims")}))


class SetLimits(Command):
    """Say which measures must keep to what; the runtime enforces it."""

    do: Literal["set-limits"] = "set-limits"
    limits: tuple[Text, ...]

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        return replace(flow, intent=flow.intent.model_copy(update={"limits": _targets(self.limits, "limits")}))


class SetStarts(Command):
    """Say when the flow starts by itself; nothing means that a person starts it."""

    do: Literal["set-starts"] = "set-starts"
    starts: Text

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        return replace(flow, starts=self.starts)


class SetPeople(Command):
    """Describe a group of people, or take it away with nothing."""

    do: Literal["set-people"] = "set-people"
    group: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
    people: JsonValue = None

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        others = {group: people for group, people in flow.people.items() if group != self.group}
        if self.people is not None:
            return replace(flow, people={**flow.people, self.group: self.people})
        if self.group not in flow.people:
            there_are = instead(self.group, flow.people, "There are")
            raise refuse("group-unknown", f"There is no group '{self.group}'. {there_are}", "people")
        return replace(flow, people=others)


def _targets(texts: tuple[str, ...], section: str) -> tuple[Target, ...]:
    return tuple(Target.read(text, f"intent.{section}.{index}") for index, text in enumerate(texts))


CODES: tuple[tuple[str, str], ...] = (
    ("group-unknown", "There is no group of people of that name. Take one of those that are named."),
)
