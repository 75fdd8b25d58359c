"""What changed between two pictures, as the operations that bring a canvas from one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from editor.faces import CardFace, GroupFace, LinkFace, NoteFace, Picture

Face = TypeVar("Face", CardFace, LinkFace, NoteFace, GroupFace)
Op = dict[str, object]
"""One operation of the canvas protocol: `{op: card, card: ...}`, `{op: cardGone, id: ...}` and so on."""


def ops(before: Picture, after: Picture) -> tuple[Op, ...]:
    """Return what changed: what is gone first and links before cards, then what is new or different."""
    return (
        *_gone("linkGone", before.links, after.links),
        *_gone("groupGone", before.groups, after.groups),
        *_gone("cardGone", before.cards, after.cards),
        *_gone("noteGone", before.notes, after.notes),
        *_there("card", before.cards, after.cards),
        *_there("link", before.links, after.links),
        *_there("note", before.notes, after.notes),
        *_there("group", before.groups, after.groups),
    )


def whole(picture: Picture) -> tuple[Op, ...]:
    """Return the operations that draw a picture on an empty canvas."""
    return ops(Picture(), picture)


def _gone(name: str, before: Mapping[str, Face], after: Mapping[str, Face]) -> Iterator[Op]:
    return ({"op": name, "id": id} for id in before if id not in after)


def _there(name: str, before: Mapping[str, Face], after: Mapping[str, Face]) -> Iterator[Op]:
    return ({"op": name, name: face} for id, face in after.items() if before.get(id) != face)
