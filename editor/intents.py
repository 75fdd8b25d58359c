"""What a finished gesture on the canvas asks for, as one edit of the flow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from editor.beginnings import first_settings, free_place, fresh_id, step_id
from editor.clipboard import piece_in
from editor.places import ACROSS
from flows.catalog import Catalog
from flows.command import Command, Grid
from flows.commands import (
    AddStep,
    All,
    AnyCommand,
    Connect,
    Disconnect,
    Fold,
    InsertInto,
    Move,
    Paste,
    PutIntoLink,
    RemoveGroup,
    RemoveNote,
    RemoveStep,
    Retitle,
    SetGroup,
    SetNote,
)
from flows.flow import Card, End, Flow
from flows.linking import bridges
from flows.mending import offering
from flows.paste import copy_piece, free_id
from flows.piece import Piece
from flows.ports import Port
from flows.problems import Problem, Refused, refuse
from flows.reading import link_of
from flows.sides import Sides, is_log, port_at, sides_of, sides_of_kind
from flows.spelling import instead, slug
from flows.step import Step
from flows.titles import kind_title

Kind = type[Step]


def _whole(number: object) -> object:
    return round(number) if isinstance(number, float) and abs(number) < 1e9 else number


Unit = Annotated[Grid, BeforeValidator(_whole)]
Place = tuple[Unit, Unit]
"""Column and row on the grid; a pointer between two of them means the nearer one."""


@dataclass(frozen=True)
class Here:
    """What a gesture is made on: the flow as it is now, the kinds, and the workspace."""

    flow: Flow
    catalog: Catalog
    folder: Path


class Asked(BaseModel):
    """A gesture; fields that this version does not know are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class MoveCards(Asked):
    """Cards and notes were put at other places."""

    type: Literal["move", "untangle"]
    positions: dict[str, Place]

    def edit(self, here: Here) -> Command:
        cards = {id: at for id, at in self.positions.items() if id in here.flow.steps}
        notes = [
            SetNote(note=id, at=at) for id, at in self.positions.items() if id in here.flow.notes and id not in cards
        ]
        return together([*([Move(positions=cards)] if cards else []), *notes], "What was moved")


class ConnectPorts(Asked):
    """A wire was drawn."""

    type: Literal["connect"]
    source: str
    target: str
    feedback: bool = False

    def edit(self, here: Here) -> Command:
        return Connect(source=self.source, target=self.target, feedback=self.feedback)


class CutLinks(Asked):
    """Wires were taken away."""

    type: Literal["disconnect"]
    links: tuple[str, ...]

    def edit(self, here: Here) -> Command:
        found = [link for link in map(link_of, self.links) if link in here.flow.links]
        cuts = [
            Disconnect(source=str(one.source), target=str(one.target), feedback=one.feedback)
            for one in dict.fromkeys(found)
            if one
        ]
        return together(cuts, "The link")


class Remove(Asked):
    """Cards and notes were deleted; with `heal` what came before a card is linked with what came after it."""

    type: Literal["remove"]
    cards: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    heal: bool = True

    def edit(self, here: Here) -> Command:
        cards = [RemoveStep(step=id, heal=self.heal) for id in dict.fromkeys(self.cards) if id in here.flow.steps]
        notes = [RemoveNote(note=id) for id in dict.fromkeys(self.notes) if id in here.flow.notes]
        return together([*cards, *notes], "What was to be removed")


class AddCard(Asked):
    """A card was added: alone, at the end of a wire that was dropped, or into a wire."""

    type: Literal["add"]
    kind: str
    position: Place | None = None
    source: str | None = Field(None, alias="from")
    target: str | None = Field(None, alias="to")
    into: str | None = None

    def edit(self, here: Here) -> Command:
        kind = here.catalog.get(self.kind)
        if kind is None:
            there_are = instead(self.kind, here.catalog.names(), "There are")
            raise refuse("kind-unknown", f"There is no kind of step '{self.kind:.80}'. {there_are}", "steps")
        id = step_id(here.flow, kind.kind)
        settings = first_settings(kind, here.flow, here.folder)
        link = link_of(self.into) if self.into else None
        if link:
            ends = {"source": str(link.source), "target": str(link.target)}
            return InsertInto(**ends, id=id, kind=kind.kind, settings=settings, position=self.position)
        at = self.position or free_place(here.flow, (self.source or "").split(".")[0])
        added = AddStep(id=id, kind=kind.kind, settings=settings, position=at)
        wires = [self._from(here, kind, id), self._to(here, kind, id)]
        return together([added, *(wire for wire in wires if wire)], "The card")

    def _from(self, here: Here, kind: Kind, id: str) -> Connect | None:
        end = _end(self.source)
        given = port_at(here.flow, here.catalog, end, outgoing=True) if end else None
        if end is None or given is None:
            return None
        fits = [port for port in _sides(kind, here).inputs if port.type is given.type]
        fits = [port for port in fits if not port.feedback or is_log(given)]
        if not fits:
            raise Refused(self._with_bridge(here, kind, id, end, given))
        return Connect(source=str(end), target=f"{id}.{fits[0].name}", feedback=fits[0].feedback)

    def _with_bridge(self, here: Here, kind: Kind, id: str, end: End, given: Port) -> Problem:
        """Return why the card cannot stand at the end of the wire, with the step that would make it right."""
        problem = _unfit(kind, given)
        for port in (port for port in _sides(kind, here).inputs if not port.feedback):
            for bridge, into, out in bridges(here.catalog, given.type, port.type)[:1]:
                between = free_id(step_id(here.flow, bridge.kind), {id})
                first = free_place(here.flow, end.step)
                settings = first_settings(bridge, here.flow, here.folder)
                own = first_settings(kind, here.flow, here.folder)
                fix = All(
                    commands=(
                        AddStep(id=between, kind=bridge.kind, settings=settings, position=first),
                        AddStep(id=id, kind=kind.kind, settings=own, position=(first[0] + ACROSS, first[1])),
                        Connect(source=str(end), target=f"{between}.{into.name}"),
                        Connect(source=f"{between}.{out.name}", target=f"{id}.{port.name}"),
                    )
                )
                says = f"Put '{kind_title(bridge)}' between them."
                return offering(problem, fix, says, here.flow, here.catalog)
        return problem

    def _to(self, here: Here, kind: Kind, id: str) -> Connect | None:
        end = _end(self.target)
        taken = port_at(here.flow, here.catalog, end, outgoing=False) if end else None
        if end is None or taken is None:
            return None
        fits = [port for port in _sides(kind, here).outputs if port.type is taken.type]
        if not fits:
            raise Refused(_unfit(kind, taken))
        return Connect(source=f"{id}.{fits[0].name}", target=str(end), feedback=taken.feedback)


class PutIntoWire(Asked):
    """A card was dropped onto a wire, and goes between its ends."""

    type: Literal["insert"]
    card: str
    into: str
    position: Place | None = None

    def edit(self, here: Here) -> Command:
        link = link_of(self.into)
        if self.card not in here.flow.steps or link not in here.flow.links:
            raise _gone("The card or the wire")
        if link.feedback:
            says = "What goes back is remembered as it is, so nothing can be put into this wire."
            raise refuse("gesture-unfit", says)
        ends = {"source": str(link.source), "target": str(link.target)}
        return PutIntoLink(**ends, step=self.card, position=self.position)


class PastePiece(Asked):
    """Steps and notes were pasted, as text or as a piece that was copied."""

    type: Literal["paste"]
    piece: Piece | str
    position: Place | None = None

    def edit(self, here: Here) -> Command:
        piece = piece_in(self.piece) if isinstance(self.piece, str) else self.piece
        return Paste(piece=piece, at=self.position)


class Duplicate(Asked):
    """Cards and notes were doubled, beside themselves."""

    type: Literal["duplicate"]
    cards: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def edit(self, here: Here) -> Command:
        cards = [id for id in self.cards if id in here.flow.steps]
        notes = [id for id in self.notes if id in here.flow.notes]
        if not (cards or notes):
            raise _gone("What was to be doubled")
        return Paste(piece=Piece.model_validate(copy_piece(here.flow, cards, notes)))


class AddNote(Asked):
    """A note was put on the canvas."""

    type: Literal["note"]
    position: Place
    text: str = ""

    def edit(self, here: Here) -> Command:
        return SetNote(note=fresh_id(here.flow, "note"), text=self.text, at=self.position)


class EditNote(Asked):
    """A note was written or drawn larger; `id` is that of the note."""

    type: Literal["editNote"]
    id: str
    text: str | None = None
    size: Place | None = None

    def edit(self, here: Here) -> Command:
        if self.id not in here.flow.notes:
            raise _gone("The note")
        return SetNote(note=self.id, text=self.text, size=self.size)


class GroupCards(Asked):
    """Cards were grouped, or a `group` that is there was given another title or other cards."""

    type: Literal["group"]
    cards: tuple[str, ...] = ()
    title: str = "Group"
    group: str | None = None

    def edit(self, here: Here) -> Command:
        steps = tuple(id for id in dict.fromkeys(self.cards) if id in here.flow.steps)
        if not steps:
            raise _gone("What was to be grouped")
        name = self.group or fresh_id(here.flow, slug(self.title, "group"))
        return SetGroup(group=name, title=self.title, steps=steps)


class FoldGroup(Asked):
    """A group was folded or unfolded."""

    type: Literal["fold"]
    group: str
    folded: bool

    def edit(self, here: Here) -> Command:
        return Fold(group=self.group, folded=self.folded)


class Ungroup(Asked):
    """A group was taken apart; its cards stay."""

    type: Literal["ungroup"]
    group: str

    def edit(self, here: Here) -> Command:
        return RemoveGroup(group=self.group)


class TitleCard(Asked):
    """A card or a group was given another title."""

    type: Literal["retitle"]
    card: str
    title: str

    def edit(self, here: Here) -> Command:
        if self.card in here.flow.groups and self.card not in here.flow.steps:
            return SetGroup(group=self.card, title=self.title)
        return Retitle(step=self.card, title=self.title.strip())


Gesture = Annotated[
    MoveCards | ConnectPorts | CutLinks | Remove | AddCard | PutIntoWire | PastePiece | Duplicate | AddNote | EditNote
    | GroupCards | FoldGroup | Ungroup | TitleCard,
    Field(discriminator="type"),
]  # fmt: skip


def together(commands: Iterable[AnyCommand], what: str) -> Command:
    """Return several edits as one; refuse when nothing is left to do, since others were faster."""
    several = tuple(commands)
    if not several:
        raise _gone(what)
    return several[0] if len(several) == 1 else All(commands=several)


def _gone(what: str) -> Refused:
    return refuse("gesture-late", f"{what} is no longer there: it was changed in another window.")


def _end(text: str | None) -> End | None:
    step, dot, port = (text or "").partition(".")
    return End(step, port) if dot else None


def _sides(kind: type[Step], here: Here) -> Sides:
    found = sides_of_kind(kind) or sides_of(Card("new", kind.kind), here.catalog)
    return found or Sides((), ())


def _unfit(kind: type[Step], other: Port) -> Problem:
    says = f"'{kind_title(kind)}' has no port for {other.type_name}. A step between them would be needed."
    return Problem("gesture-unfit", says)


CODES: tuple[tuple[str, str], ...] = (
    ("gesture-late", "Somebody else changed or removed it meanwhile. Look at the canvas and try again."),
    ("gesture-unfit", "The new card has no port for what the wire carries. Choose a card that fits."),
    ("gesture-unknown", "The canvas asked for something that is not known. Reload the page."),
)
