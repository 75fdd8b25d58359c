"""The whole drawing as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flows.intent import Intent
from flows.step import Plain

SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")


@dataclass(frozen=True)
class Card:
    """One step as it is drawn: an id, a kind and its settings, exactly as the file holds them.

    `formerly` is the id under which its experience is kept after a renaming; `version` is the
    version of the kind that the settings were written for (absent: the newest).
    """

    id: str
    kind: str
    settings: Mapping[str, Plain] = field(default_factory=dict)
    title: str = ""
    formerly: str = ""
    version: int | None = None

    @property
    def memory(self) -> str:
        """Return the id under which logs, questions and answers of this step are kept."""
        return self.formerly or self.id


@dataclass(frozen=True)
class End:
    """One end of a link: a step and one of its ports."""

    step: str
    port: str

    def __str__(self) -> str:
        return f"{self.step}.{self.port}"


@dataclass(frozen=True)
class Link:
    """Work that moves on (`a.out -> b.in`), or experience that moves back (`a.out ~> b.in`)."""

    source: End
    target: End
    feedback: bool = False

    def __str__(self) -> str:
        return f"{self.source} {'~>' if self.feedback else '->'} {self.target}"

    @classmethod
    def between(cls, source: str, target: str, feedback: bool = False) -> Link:
        """Return the link between two ends written as `step.port`."""
        return cls(End(*source.split(".", 1)), End(*target.split(".", 1)), feedback)


@dataclass(frozen=True)
class Note:
    """A remark on the canvas: its words, its upper left corner and its size, in units of the grid."""

    text: str
    at: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (8, 4)


@dataclass(frozen=True)
class Group:
    """Steps that belong together on the canvas; a folded group is drawn as one box."""

    title: str
    steps: tuple[str, ...] = ()
    folded: bool = False


@dataclass(frozen=True)
class Flow:
    """The drawing: intent, steps, people, links, notes, groups and layout. Every edit returns a new flow.

    `people`, `rehearsal` and `rest` hold plain data of the file: groups of people, the calendar of
    rehearsals, and keys that this version does not know and keeps.
    """

    id: str
    name: str = ""
    intent: Intent = Intent()
    starts: str = ""
    steps: Mapping[str, Card] = field(default_factory=dict)
    people: Mapping[str, Plain] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    rehearsal: Mapping[str, Plain] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    layout: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    rest: Mapping[str, Plain] = field(default_factory=dict)

    def forward(self) -> tuple[Link, ...]:
        """Return the links along which work moves on in a round."""
        return tuple(link for link in self.links if not link.feedback)

    def feedback(self) -> tuple[Link, ...]:
        """Return the links along which experience moves back."""
        return tuple(link for link in self.links if link.feedback)

    def into(self, step: str, port: str | None = None) -> tuple[Link, ...]:
        """Return the links that end at a step, or at one port of it, in file order."""
        return tuple(link for link in self.links if link.target.step == step and port in (None, link.target.port))

    def out_of(self, step: str, port: str | None = None) -> tuple[Link, ...]:
        """Return the links that begin at a step, or at one port of it, in file order."""
        return tuple(link for link in self.links if link.source.step == step and port in (None, link.source.port))

    def with_card(self, card: Card) -> Flow:
        """Return the flow with one card added or put in the place of the one of the same id."""
        return replace(self, steps={**self.steps, card.id: card})
