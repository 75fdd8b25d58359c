"""Steps and notes as text: what is copied is a piece of a flow file, and can be pasted into any flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from flows.document import read
from flows.flow import Flow
from flows.paste import copy_piece
from flows.piece import Piece
from flows.problems import Refused, refuse
from flows.step import Plain
from flows.writing import write

_PARTS = ("steps", "links", "notes", "groups", "layout")


def copied(flow: Flow, ids: Iterable[str]) -> str:
    """Return some steps and notes as text, with the links and groups among them; what is gone is left out."""
    wanted = tuple(ids)
    steps, notes = ([id for id in wanted if id in there] for there in (flow.steps, flow.notes))
    piece = copy_piece(flow, steps, notes)
    return write({key: value for key, value in piece.items() if value})


def piece_in(text: str) -> Piece:
    """Return the piece of a flow that a text holds; refuse with a sentence what is none.

    A whole flow file is a piece as well: its intent and people are left out.
    """
    try:
        data: Mapping[str, Plain] = read(text).data
        piece = {key: data[key] for key in _PARTS if data.get(key)}
        if "groups" in piece:
            piece["groups"] = _unfolded(piece["groups"])
        found = Piece.model_validate(piece)
    except (Refused, ValidationError):
        raise _no_piece() from None
    if not (found.steps or found.notes):
        raise _no_piece()
    places = {step: at for step, at in found.layout.items() if step in found.steps}
    return found.model_copy(update={"layout": places})


def _unfolded(groups: Plain) -> Plain:
    if not isinstance(groups, dict):
        return groups
    return {
        name: {key: part for key, part in group.items() if key != "folded"} if isinstance(group, dict) else group
        for name, group in groups.items()
    }


def _no_piece() -> Refused:
    says = "What was copied is not a piece of a flow. Select cards or notes, copy them, and paste again."
    return refuse("piece-unreadable", says)
