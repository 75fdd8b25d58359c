"""What was copied of a flow: some steps and notes with what lies among them, written as in a file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from flows.command import Position, Text
from flows.flow import Note
from flows.grouping import Size


class GroupPiece(BaseModel):
    """A group whose steps were all copied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text = ""
    steps: tuple[str, ...] = ()


class NotePiece(BaseModel):
    """A note that was copied: its words, its upper left corner and its size, in units of the grid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text = ""
    at: Position = Note.at
    size: Size = Note.size


class Piece(BaseModel):
    """Some steps and notes as `copy_piece` gives them: by id, with the links among them, their groups and places."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    links: tuple[str, ...] = ()
    notes: dict[str, NotePiece] = Field(default_factory=dict)
    groups: dict[str, GroupPiece] = Field(default_factory=dict)
    layout: dict[str, Position] = Field(default_factory=dict)
