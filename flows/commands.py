"""Every edit of a flow, as a frozen value: editor, command line and tests edit through these alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field, JsonValue, ValidationError

from flows import paste, settings
from flows.catalog import Catalog
from flows.command import Command, Position, Text
from flows.detours import healed, inserted, middle
from flows.flow import Card, Flow, Link
from flows.grouping import Fold, RemoveGroup, RemoveNote, SetGroup, SetNote
from flows.groups import renamed_steps, without_steps
from flows.intent import Intent, Target
from flows.linking import read_link, why_not
from flows.piece import Piece
from flows.problems import Problem, Refused, refuse
from flows.purpose import SetAims, SetGoal, SetLimits, SetName, SetPeople, SetStarts
from flows.spelling import instead, listed
from flows.step import Plain
from flows.titles import named

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = [
    "CODES", "COMMANDS", "AddStep", "All", "AnyCommand", "ChangeKind", "Command", "Configure", "Connect",
    "Disconnect", "Fold", "InsertInto", "Move", "Paste", "Piece", "PutIntoLink", "RemoveGroup", "RemoveNote",
    "RemoveStep", "RenameStep", "Retitle", "SetAims", "SetGoal", "SetGroup", "SetLimits", "SetName", "SetNote",
    "SetPeople", "SetStarts", "command_from",
]  # fmt: skip

_MOST_SAID = 5
"""Sentences about one malformed edit."""


class AddStep(Command):
    """Put a new step on the canvas."""

    do: Literal["add-step"] = "add-step"
    id: str
    kind: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    title: Text = ""
    position: Position | None = None

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        paste.check_room(flow, 1)
        _check_free(flow, self.id)
        card = Card(self.id, self.kind, self.settings, self.title)
        added = flow.with_card(settings.accepted(card, catalog, self.settings))
        return replace(added, layout={**flow.layout, self.id: self.position}) if self.position else added


class RemoveStep(Command):
    """Take a step away, with its links and its place. Aims and limits that name it stay, and are checked.

    `heal` links what came before it with what came after it, where one output of the same type is certain.
    """

    do: Literal["remove-step"] = "remove-step"
    step: str
    heal: bool = False

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        _card(flow, self.step)
        links = healed(flow, catalog, self.step) if self.heal else flow.links
        return replace(
            flow,
            steps={id: card for id, card in flow.steps.items() if id != self.step},
            links=tuple(link for link in links if self.step not in (link.source.step, link.target.step)),
            groups=without_steps(flow.groups, {self.step}),
            layout={id: at for id, at in flow.layout.items() if id != self.step},
        )


class Connect(Command):
    """Link an output to an input: work moves on, or with `feedback` experience moves back."""

    do: Literal["connect"] = "connect"
    source: str
    target: str
    feedback: bool = False

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        from flows.mending import mended  # late, since what mends a refused link is itself a command

        link = read_link(self.source, self.target, self.feedback)
        problem = why_not(flow, catalog, link)
        if problem:
            raise Refused(mended(problem, flow, catalog, link))
        return replace(flow, links=(*flow.links, link))


class Disconnect(Command):
    """Take a link away."""

    do: Literal["disconnect"] = "disconnect"
    source: str
    target: str
    feedback: bool = False

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        link = _drawn(flow, read_link(self.source, self.target, self.feedback))
        return replace(flow, links=tuple(other for other in flow.links if other != link))


class InsertInto(Command):
    """Put a new step into a link. `into` and `out` name its ports where more than one would fit."""

    do: Literal["insert-into"] = "insert-into"
    source: str
    target: str
    id: str
    kind: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    title: Text = ""
    position: Position | None = None
    into: str = ""
    out: str = ""

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        link = _drawn(flow, read_link(self.source, self.target, False))
        position = self.position or middle(flow, link)
        added = AddStep(id=self.id, kind=self.kind, settings=self.settings, title=self.title, position=position)
        return inserted(added.apply(flow, catalog), catalog, link, self.id, self.into, self.out)


class PutIntoLink(Command):
    """Put a step that is there already into a link, by ports of it that are free; the links that it has stay.

    `into` and `out` name its ports where more than one would fit, `position` is where it comes to stand.
    """

    do: Literal["put-into-link"] = "put-into-link"
    source: str
    target: str
    step: str
    position: Position | None = None
    into: str = ""
    out: str = ""

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        _card(flow, self.step)
        link = _drawn(flow, read_link(self.source, self.target, False))
        led = inserted(flow, catalog, link, self.step, self.into, self.out)
        return replace(led, layout={**led.layout, self.step: self.position}) if self.position else led


class Configure(Command):
    """Set one setting of a step, or take it away so that its default holds."""

    do: Literal["configure"] = "configure"
    step: str
    setting: str
    value: JsonValue = None
    unset: bool = False

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        from flows.mending import keeping_links

        card = _card(flow, self.step)
        changed = self._without(card, catalog) if self.unset else self._with(card, catalog)
        return keeping_links(flow, flow.with_card(changed), catalog, self.step, self)

    def _with(self, card: Card, catalog: Catalog) -> Card:
        card = settings.modern(card, catalog)
        changed = replace(card, settings={**card.settings, self.setting: self.value})
        return settings.accepted(changed, catalog, [self.setting])

    def _without(self, card: Card, catalog: Catalog) -> Card:
        kind = catalog.get(card.kind)
        if self.setting not in card.settings and not (kind and settings.has_setting(kind, self.setting)):
            raise settings.no_setting(card, self.setting)
        left = {name: value for name, value in card.settings.items() if name != self.setting}
        return replace(card, settings=left)


class ChangeKind(Command):
    """Make a step one of another kind; refuse where that loses settings or links, and offer to drop them."""

    do: Literal["change-kind"] = "change-kind"
    step: str
    kind: str

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        from flows.mending import keeping_links, without

        card = replace(_card(flow, self.step), kind=self.kind, version=None)
        settings.known_kind(catalog, card)
        names = [name for name in card.settings if settings.wrong_settings(card, catalog, [name])]
        if names:
            first = settings.wrong_settings(card, catalog, names)[0].message
            says = f"{named(flow, self.step)} cannot become '{self.kind}' with all of its settings. {first}"
            problem = Problem("settings-lost", says, f"steps.{self.step}")
            raise Refused(without(names, problem, flow, card, catalog, self))
        changed = flow.with_card(settings.accepted(card, catalog, card.settings))
        return keeping_links(flow, changed, catalog, self.step, self)


class RenameStep(Command):
    """Give a step another id. All that names it follows, and what was learned under it."""

    do: Literal["rename-step"] = "rename-step"
    step: str
    to: str

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        card = _card(flow, self.step)
        if self.to == self.step:
            return flow
        if self.to != card.memory:
            _check_free(flow, self.to)
        memory = "" if self.to == card.memory else card.memory
        new = replace(card, id=self.to, formerly=memory)
        names = {self.step: self.to}
        return replace(
            flow,
            steps={names.get(id, id): new if id == self.step else other for id, other in flow.steps.items()},
            links=tuple(paste.renamed(link, names) for link in flow.links),
            groups=renamed_steps(flow.groups, names),
            layout={names.get(id, id): at for id, at in flow.layout.items()},
            intent=_retargeted(flow.intent, self.step, self.to),
            people={group: _retold(people, self.step, self.to) for group, people in flow.people.items()},
        )


class Retitle(Command):
    """Give a step another title; an empty one takes it away."""

    do: Literal["retitle"] = "retitle"
    step: str
    title: Text

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        return flow.with_card(replace(_card(flow, self.step), title=self.title))


class Move(Command):
    """Put steps at other places on the canvas."""

    do: Literal["move"] = "move"
    positions: dict[str, Position]

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        for step in self.positions:
            _card(flow, step)
        return replace(flow, layout={**flow.layout, **self.positions})


class Paste(Command):
    """Put a copied piece into the flow; ids that are taken get a number (`risk-2`)."""

    do: Literal["paste"] = "paste"
    piece: Piece
    at: Position | None = None

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        return paste.pasted(flow, catalog, self.piece, self.at)


class All(Command):
    """Several edits as one: all of them are made, or none. A refusal is that of the first that is refused."""

    do: Literal["all"] = "all"
    commands: tuple[AnyCommand, ...]

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        for command in self.commands:
            try:
                flow = command.apply(flow, catalog)
            except Refused as refused:
                # A fix was thought for the flow halfway, which nobody will ever see.
                raise Refused(replace(problem, fix=None, fix_says="") for problem in refused.problems) from None
        return flow


_OnSteps = AddStep | RemoveStep | Configure | ChangeKind | RenameStep | Retitle | Move | Paste
_OnLinks = Connect | Disconnect | InsertInto | PutIntoLink
_OnPurpose = SetName | SetGoal | SetAims | SetLimits | SetStarts | SetPeople
_OnCanvas = SetNote | RemoveNote | SetGroup | RemoveGroup | Fold
AnyCommand = Annotated[_OnSteps | _OnLinks | _OnPurpose | _OnCanvas | All, Field(discriminator="do")]
All.model_rebuild()
_KINDS: tuple[type[Command], ...] = get_args(get_args(AnyCommand)[0])
COMMANDS: Mapping[str, type[Command]] = {kind.model_fields["do"].default: kind for kind in _KINDS}
"""Every command by its name."""


def command_from(plain: Mapping[str, object]) -> Command:
    """Return the command that plain data says; refuse with a sentence what is unknown or malformed."""
    if not isinstance(plain, Mapping) or not isinstance(plain.get("do"), str):
        raise refuse("command-malformed", 'An edit is a mapping that says what it does: {"do": "retitle", ...}')
    name = str(plain["do"])
    kind = COMMANDS.get(name)
    if kind is None:
        says = f"There is no edit called '{name:.40}'. {instead(name, COMMANDS, 'There are')}"
        raise refuse("command-unknown", says)
    try:
        return kind.model_validate(dict(plain))
    except ValidationError as error:
        raise Refused(_reworded(name, detail) for detail in error.errors()[:_MOST_SAID]) from None


def _reworded(name: str, detail: ErrorDetails) -> Problem:
    where = ".".join(str(part) for part in detail["loc"])
    what, said = f"'{where:.120}' " if where else "", detail["msg"].removeprefix("Input ")
    if detail["type"] == "missing":
        said = "is missing"
    elif detail["type"] == "extra_forbidden":
        said = "is not known here"
    elif detail["type"].startswith("union_tag"):
        said = "is no edit that there is"
    elif detail["type"] == "value_error":
        what, said = "", said.removeprefix("Value error, ")
    return Problem("command-malformed", f"The edit '{name}' cannot be read: {what}{said}.")


def _card(flow: Flow, step: str) -> Card:
    if step not in flow.steps:
        there_are = instead(step, flow.steps, "The steps are")
        raise refuse("step-unknown", f"There is no step '{step:.80}'. {there_are}", "steps")
    return flow.steps[step]


def _check_free(flow: Flow, id: str) -> None:
    paste.check_id(id)
    taken = paste.taken_ids(flow)
    if id in flow.steps:
        says = f"There is a step '{id}' already. '{paste.free_id(id, taken)}' is free."
        raise refuse("id-taken", says, f"steps.{id}")
    if id in taken:
        now = next(card.id for card in flow.steps.values() if card.formerly == id)
        says = f"What '{now}' has learned is kept under its former id '{id}'. "
        says += f"'{paste.free_id(id, taken)}' is free."
        raise refuse("id-taken", says, f"steps.{now}")


def _drawn(flow: Flow, link: Link) -> Link:
    if link not in flow.links:
        there_are = listed([str(other) for other in flow.into(link.target.step)])
        says = f"There is no link '{link}'. Links into '{link.target.step}' are: {there_are}."
        raise refuse("link-unknown", says, "links")
    return link


def _retargeted(intent: Intent, step: str, to: str) -> Intent:
    def follow(targets: tuple[Target, ...]) -> tuple[Target, ...]:
        return tuple(one.model_copy(update={"step": to}) if one.step == step else one for one in targets)

    return intent.model_copy(update={"aims": follow(intent.aims), "limits": follow(intent.limits)})


def _retold(people: Plain, step: str, to: str) -> Plain:
    """Follow the step whose truth simulated people read."""
    simulated = people.get("simulated") if isinstance(people, dict) else None
    if not isinstance(people, dict) or not isinstance(simulated, dict) or simulated.get("truth") != step:
        return people
    return {**people, "simulated": {**simulated, "truth": to}}


CODES: tuple[tuple[str, str], ...] = (
    ("command-unknown", "There is no edit of that name. Take one of those that are named."),
    ("command-malformed", "An edit lacks something or holds what does not fit. The sentence names it."),
    (
        "id-taken",
        "The id belongs to another step, or to what one has learned. Take the one that is proposed.",
    ),
    ("link-unknown", "There is no such link. Take one of those that are named."),
    ("links-lost", "The change would take ports away that are linked. Remove these links first."),
    ("settings-lost", "The other kind lacks some of the settings. Take them away first."),
)
