"""What the canvas draws of a flow: cards as sentences with slots, ports, links, notes and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import TypedDict

from editor.places import places
from editor.wording import is_empty, prompt, spoken, summary, what_flows
from flows.aims import measured, short
from flows.catalog import Catalog
from flows.flow import Card, Flow
from flows.ports import Port
from flows.problems import Level, Problem
from flows.sides import Sides, sides_of, sides_of_kind
from flows.slots import slot_of
from flows.step import Step
from flows.titles import kind_title, port_name, title_of

Linked = Counter[tuple[str, bool]]
"""Links at the ports of one side of a card, by port and whether they are feedback."""
_WORST: Mapping[Level, int] = {"error": 0, "warning": 1, "hint": 2}


class PartFace(TypedDict, total=False):
    """Words of a card's sentence, or a slot in it that shows a setting."""

    text: str
    slot: str
    empty: bool


class PortFace(TypedDict):
    """A port: what flows there, what it is called, and how many links it has."""

    name: str
    type: str
    label: str
    many: bool
    optional: bool
    feedback: bool
    linked: int
    help: str


class Marks(TypedDict):
    """What is wrong with a card: the worst level, how many problems, and the first one's sentence."""

    level: Level | None
    count: int
    says: str


class CardFace(TypedDict):
    """One step as it is drawn; `position` is in units of the grid."""

    id: str
    kind: str
    family: str | None
    title: str
    position: tuple[int, int]
    known: bool
    parts: list[PartFace]
    inputs: list[PortFace]
    outputs: list[PortFace]
    problems: Marks
    guard: str | None
    group: str | None


class LinkFace(TypedDict):
    """A link; its id is its text in the file."""

    id: str
    source: str
    target: str
    feedback: bool


class NoteFace(TypedDict):
    """A note; position and size are in units of the grid."""

    id: str
    text: str
    position: tuple[int, int]
    size: tuple[int, int]


class GroupFace(TypedDict):
    """A group of cards."""

    id: str
    title: str
    cards: list[str]
    folded: bool


class KindFace(TypedDict):
    """A kind as the palette and the list of what fits show it."""

    kind: str
    family: str | None
    title: str
    says: str
    words: list[str]
    inputs: list[PortFace]
    outputs: list[PortFace]


@dataclass(frozen=True)
class Picture:
    """All that is drawn of a flow, by id."""

    cards: Mapping[str, CardFace] = field(default_factory=dict)
    links: Mapping[str, LinkFace] = field(default_factory=dict)
    notes: Mapping[str, NoteFace] = field(default_factory=dict)
    groups: Mapping[str, GroupFace] = field(default_factory=dict)


class Painter:
    """Makes pictures of one flow after the other; a card that stays the same is read once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._read: dict[str, tuple[Card, Step | None, Sides | None]] = {}

    def picture(self, flow: Flow, problems: Iterable[Problem]) -> Picture:
        """Return what to draw of a flow with these problems."""
        self._read = {id: self._known(card) for id, card in flow.steps.items()}
        steps, owners = flow.steps, owners_of(flow)
        links = {str(one): one for one in flow.links if one.source.step in steps and one.target.step in steps}
        return Picture(
            cards=self._cards(flow, marks_of(problems), owners),
            links={
                id: LinkFace(id=id, source=str(one.source), target=str(one.target), feedback=one.feedback)
                for id, one in links.items()
            },
            notes={
                id: NoteFace(id=id, text=note.text, position=note.at, size=note.size) for id, note in flow.notes.items()
            },
            groups={
                id: GroupFace(id=id, title=group.title, cards=_members(flow, id, owners), folded=group.folded)
                for id, group in flow.groups.items()
            },
        )

    def _known(self, card: Card) -> tuple[Card, Step | None, Sides | None]:
        before = self._read.get(card.id)
        if before and before[0] is card:
            return before
        step = self._catalog.read(card)[0]
        sides = Sides(step.inputs(), step.outputs()) if step else sides_of(card, self._catalog)
        return card, step, sides

    def _cards(self, flow: Flow, marks: Mapping[str, Marks], owners: Mapping[str, str]) -> dict[str, CardFace]:
        at, guards = places(flow), guards_of(flow, self._catalog)
        into: dict[str, Linked] = {id: Counter() for id in flow.steps}
        out_of: dict[str, Linked] = {id: Counter() for id in flow.steps}
        for link in flow.links:
            into.get(link.target.step, Counter())[link.target.port, link.feedback] += 1
            out_of.get(link.source.step, Counter())[link.source.port, False] += 1
        faces = {}
        for id, (card, step, sides) in self._read.items():
            kind = self._catalog.get(card.kind)
            faces[id] = CardFace(
                id=id,
                kind=card.kind,
                family=kind.family if kind else None,
                title=title_of(card),
                position=at[id],
                known=kind is not None,
                parts=parts_of(card, kind, step, self._catalog.excuse(card.kind)),
                inputs=_ports(sides.inputs if sides else (), into[id]),
                outputs=_ports(sides.outputs if sides else (), out_of[id]),
                problems=marks.get(id, NO_MARKS),
                guard=guards.get(id),
                group=owners.get(id),
            )
        return faces


NO_MARKS = Marks(level=None, count=0, says="")


def parts_of(card: Card, kind: type[Step] | None, step: Step | None, excuse: str = "") -> list[PartFace]:
    """Return the sentence of a card: words, and slots that show settings or ask for them.

    `excuse` says why there is no kind, where there is none.
    """
    if kind is None:
        return [PartFace(text=f"{excuse} The step is kept as it is, and cannot run.".strip())]
    parts: list[PartFace] = []
    for words, name, _, _ in Formatter().parse(step.saying() if step else kind.says):
        parts += [PartFace(text=words)] if words else []
        parts += [_slot(card, kind, step, name)] if name else []
    return parts


def marks_of(problems: Iterable[Problem]) -> dict[str, Marks]:
    """Return what is wrong with each card, the worst first."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        section, _, rest = problem.place.partition(".")
        if section == "steps" and rest:
            found.setdefault(rest.split(".")[0], []).append(problem)
    marks = {}
    for step, several in found.items():
        worst = min(several, key=lambda problem: _WORST[problem.level])
        marks[step] = Marks(level=worst.level, count=len(several), says=worst.message)
    return marks


def guards_of(flow: Flow, catalog: Catalog) -> dict[str, str]:
    """Return for each step the limits that the runtime keeps it to."""
    guards: dict[str, list[str]] = {}
    for limit in flow.intent.limits:
        guards.setdefault(limit.step, []).append(short(limit, measured(flow, catalog, limit)))
    return {step: f"Kept to: {', '.join(words)}" for step, words in guards.items() if step in flow.steps}


def owners_of(flow: Flow) -> dict[str, str]:
    """Return the group of each step that is in one; the first group counts."""
    owners: dict[str, str] = {}
    for id, group in flow.groups.items():
        for step in group.steps:
            owners.setdefault(step, id)
    return owners


def kind_face(kind: type[Step]) -> KindFace:
    """Return what the palette shows of a kind, with the ports that it has by itself."""
    sides = sides_of_kind(kind)
    return KindFace(
        kind=kind.kind,
        family=kind.family,
        title=kind_title(kind),
        says=summary(kind),
        words=list(kind.also_called),
        inputs=[port_face(port, 0) for port in sides.inputs] if sides else [],
        outputs=[port_face(port, 0) for port in sides.outputs] if sides else [],
    )


def port_face(port: Port, linked: int) -> PortFace:
    """Return what is drawn of a port."""
    return PortFace(
        name=port.name,
        type=port.type_name,
        label=port_name(port.name),
        many=port.many,
        optional=port.optional,
        feedback=port.feedback,
        linked=linked,
        help=what_flows(port.type),
    )


def _slot(card: Card, kind: type[Step], step: Step | None, name: str) -> PartFace:
    slot, info = slot_of(kind, name), kind.model_fields[name]
    key = info.alias or name
    otherwise = None if info.is_required() else info.get_default(call_default_factory=True)
    value = getattr(step, name) if step else card.settings.get(key, otherwise)
    empty = is_empty(value)
    return PartFace(slot=key, text=prompt(name, slot) if empty else spoken(value, slot), empty=empty)


def _ports(declared: tuple[Port, ...], linked: Linked) -> list[PortFace]:
    """Return the ports of one side, and those that only a link names; feedback last."""
    faces = {port.name: port_face(port, 0) for port in declared}
    for (port, feedback), count in linked.items():
        faces.setdefault(port, _guessed(port, feedback))["linked"] += count
    return sorted(faces.values(), key=lambda face: face["feedback"])


def _guessed(name: str, feedback: bool) -> PortFace:
    return PortFace(name=name, type="", label=name, many=True, optional=True, feedback=feedback, linked=0, help="")


def _members(flow: Flow, group: str, owners: Mapping[str, str]) -> list[str]:
    return [step for step in flow.groups[group].steps if step in flow.steps and owners[step] == group]
