"""A piece of a flow, steps and notes, copied as plain data and put into a flow under free names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.catalog import Catalog
from flows.flow import SLUG, Card, End, Flow, Group, Link, Note
from flows.graph import loops
from flows.groups import copied, renamed_steps
from flows.linking import misfit
from flows.problems import Problem, Refused, refuse
from flows.reading import FARTHEST, MOST_STEPS, link_of
from flows.sides import port_at
from flows.spelling import LONGEST_ID, instead, slug
from flows.step import RESERVED, Plain
from flows.titles import end_name, link_name, route

if TYPE_CHECKING:
    from flows.piece import Piece

Spot = tuple[int, int]
_NUMBERED = re.compile(r"-\d+$")
_BESIDE = 2
"""Grid units right and down of the original, so that a copy does not hide it."""


def copy_piece(flow: Flow, step_ids: Iterable[str], note_ids: Iterable[str] = ()) -> dict[str, Plain]:
    """Return some steps and notes as plain data, written as in a file: with the links among them and their places.

    Groups come along when all of their steps do. What was learned stays with the originals: a copy has no former id.
    """
    wanted, written = set(step_ids), set(note_ids)
    for step in sorted(wanted - set(flow.steps)):
        raise refuse("step-unknown", f"There is no step '{step}'. {instead(step, flow.steps, 'The steps are')}")
    for name in sorted(written - set(flow.notes)):
        raise refuse("note-unknown", f"There is no note '{name}'. {instead(name, flow.notes, 'The notes are')}")
    inside = [link for link in flow.links if {link.source.step, link.target.step} <= wanted]
    notes: dict[str, Plain] = {name: _note(note) for name, note in flow.notes.items() if name in written}
    groups = copied(flow.groups, wanted)
    return {
        "steps": {id: _written(card) for id, card in flow.steps.items() if id in wanted},
        "links": [str(link) for link in inside],
        **({"notes": notes} if notes else {}),
        **({"groups": groups} if groups else {}),
        "layout": {id: list(at) for id, at in flow.layout.items() if id in wanted},
    }


def names_for(flow: Flow, step_ids: Iterable[str]) -> dict[str, str]:
    """Return the id under which each step of a piece is put into a flow: a taken one gets a number."""
    return _free_names(step_ids, taken_ids(flow))


def free_id(wanted: str, taken: Collection[str]) -> str:
    """Return an id, or the same with the lowest number from 2 on that is free: `risk-2`."""
    if wanted not in taken:
        return wanted
    number, stem = 2, _NUMBERED.sub("", wanted)
    while (name := f"{stem[: LONGEST_ID - 6].rstrip('-')}-{number}") in taken:
        number += 1
    return name


def taken_ids(flow: Flow) -> set[str]:
    """Return the ids that no new step may have: those of steps, and those under which experience is kept."""
    return {*flow.steps, *(card.memory for card in flow.steps.values())}


def check_id(id: str) -> None:
    """Refuse an id that a file could not hold."""
    if not SLUG.fullmatch(id) or len(id) > LONGEST_ID:
        raise refuse(
            "id-malformed",
            f"'{id:.80}' cannot be the id of a step. An id begins with a small letter and has small letters, "
            f"digits and single hyphens, at most {LONGEST_ID} characters: {slug(id, 'step')}",
            "steps",
        )


def check_room(flow: Flow, more: int) -> None:
    """Refuse more steps than a file may hold."""
    if len(flow.steps) + more > MOST_STEPS:
        raise refuse(
            "steps-too-many",
            f"The flow would have {len(flow.steps) + more:,} steps, and a flow has at most {MOST_STEPS:,}. "
            "Split it into several flows.",
            "steps",
        )


def pasted(flow: Flow, catalog: Catalog, piece: Piece, at: Spot | None) -> Flow:
    """Return the flow with the steps and notes of a piece added; `at` is where their upper left corner comes.

    Nothing of the flow is linked to the piece or from it. Settings come as they are, checked like a file's.
    """
    check_room(flow, len(piece.steps))
    for id in (*piece.steps, *piece.notes, *piece.groups):
        check_id(id)
    cards = {id: _card(id, said) for id, said in piece.steps.items()}
    alone = Flow(id="piece", steps=cards, links=tuple(_link(text) for text in piece.links))
    _check_links(alone, catalog)
    names = names_for(flow, cards)
    drawn = {*flow.steps, *flow.notes, *flow.groups, *names.values()}
    notes, moved = _free_names(piece.notes, drawn), _moving(piece, at)
    return replace(
        flow,
        steps={**flow.steps, **{names[id]: replace(card, id=names[id]) for id, card in cards.items()}},
        links=(*flow.links, *(renamed(link, names) for link in alone.links)),
        notes={**flow.notes, **{notes[id]: Note(one.text, moved(one.at), one.size) for id, one in piece.notes.items()}},
        groups={**flow.groups, **_joined(piece, names, {*drawn, *notes.values()})},
        layout={**flow.layout, **{names[id]: moved(spot) for id, spot in piece.layout.items() if id in names}},
    )


def renamed(link: Link, names: Mapping[str, str]) -> Link:
    """Return a link whose ends follow the new names of their steps."""
    source, target = link.source, link.target
    return replace(
        link,
        source=End(names.get(source.step, source.step), source.port),
        target=End(names.get(target.step, target.step), target.port),
    )


def _free_names(wanted: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    used = set(taken)
    for name in wanted:
        names[name] = free_id(name, used)
        used.add(names[name])
    return names


def _joined(piece: Piece, names: Mapping[str, str], taken: Collection[str]) -> dict[str, Group]:
    free = _free_names(piece.groups, taken)
    joined: dict[str, Group] = {}
    for name, group in piece.groups.items():
        absent = [step for step in group.steps if step not in names]
        if absent:
            raise _unreadable(f"the group '{name}' has a step '{absent[0]:.80}', which was not copied.")
        joined[free[name]] = Group(group.title, group.steps)
    return renamed_steps(joined, names)


def _note(note: Note) -> dict[str, Plain]:
    plain: dict[str, Plain] = {"text": note.text, "at": list(note.at)}
    return plain if note.size == Note.size else {**plain, "size": list(note.size)}


def _written(card: Card) -> dict[str, Plain]:
    plain: dict[str, Plain] = {"kind": card.kind}
    if card.title:
        plain["title"] = card.title
    if card.version is not None:
        plain["version"] = card.version
    return {**plain, **card.settings}


def _card(id: str, said: Mapping[str, Plain]) -> Card:
    kind, title, version = said.get("kind"), said.get("title", ""), said.get("version")
    if not isinstance(kind, str) or not isinstance(title, str) or isinstance(version, bool):
        raise _unreadable(f"the step '{id}' needs its kind as a word, and its title is words.")
    if version is not None and (not isinstance(version, int) or version < 1):
        raise _unreadable(f"the version of '{id}' is a number from 1 on, or is left out.")
    settings = {name: value for name, value in said.items() if name not in RESERVED}
    return Card(id, kind, settings, title, version=version)


def _link(text: str) -> Link:
    link = link_of(text)
    if link is None:
        raise _unreadable(f"'{text:.80}' is not a link. Write risk.predictions -> unsure.predictions")
    return link


def _unreadable(says: str) -> Refused:
    return refuse("piece-unreadable", f"The copied piece cannot be read: {says}", "steps")


def _check_links(piece: Flow, catalog: Catalog) -> None:
    seen: set[tuple[End, End]] = set()
    filled: set[End] = set()
    for link in piece.links:
        problem = misfit(piece, catalog, link)
        port = port_at(piece, catalog, link.target, outgoing=False)
        if (link.source, link.target) in seen:
            problem = problem or Problem("link-twice", f"The {link_name(piece, link)} is in the piece twice.", "links")
        if port and not port.many and link.target in filled:
            says = f"{end_name(piece, link.target)} takes one link, not two."
            problem = problem or Problem("link-port-taken", says, "links")
        if problem:
            raise Refused(problem)
        seen.add((link.source, link.target))
        filled.add(link.target)
    for loop in loops(piece):
        says = f"The copied piece goes round in a loop: {route(piece, (*loop, loop[0]))}."
        raise refuse("link-closes-loop", f"{says} A loop exists only through feedback.", "links")


def _moving(piece: Piece, at: Spot | None) -> Callable[[Spot], Spot]:
    """Return where each place of a piece comes to be: its upper left corner at `at`, or beside the original."""
    spots = [*piece.layout.values(), *(note.at for note in piece.notes.values())]
    left, top = min((x for x, _ in spots), default=0), min((y for _, y in spots), default=0)
    right, down = (at[0] - left, at[1] - top) if at else (_BESIDE, _BESIDE)
    return lambda spot: (_on_grid(spot[0] + right), _on_grid(spot[1] + down))


def _on_grid(number: int) -> int:
    return max(-FARTHEST, min(FARTHEST, number))


CODES: tuple[tuple[str, str], ...] = (
    ("piece-unreadable", "What was copied is not a piece of a flow. Copy the steps again."),
)
