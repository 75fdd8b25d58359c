"""The kinds of step in everyday words: by family, by search, and by what fits a port."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal, get_args

from editor.faces import KindFace, kind_face
from flows.catalog import Catalog
from flows.sides import sides_of_kind
from flows.step import Family, Step

FAMILIES: Mapping[Family, str] = {
    "source": "Read", "prepare": "Prepare", "model": "Predict", "choose": "Choose", "people": "Ask people",
    "learn": "Teach", "measure": "Measure", "deliver": "Deliver",
}  # fmt: skip
"""The families in the order of work, and what they are called."""

_NEAR_ENOUGH = 0.75
"""How alike two words are that may be the same one with a typing mistake, from 0 to 1."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Shelf:
    """One family with its kinds."""

    family: Family
    title: str
    kinds: tuple[KindFace, ...]


@dataclass(frozen=True)
class Palette:
    """The kinds of a catalog, to be chosen from."""

    catalog: Catalog

    def shelves(self) -> tuple[Shelf, ...]:
        """Return the families that have kinds, in the order of work."""
        assert set(FAMILIES) == set(get_args(Family))
        shelves = (
            Shelf(family, title, tuple(kind_face(kind) for kind in self.catalog if kind.family == family))
            for family, title in FAMILIES.items()
        )
        return tuple(shelf for shelf in shelves if shelf.kinds)

    def search(self, text: str) -> tuple[KindFace, ...]:
        """Return the kinds that a text means, the likeliest first; every word counts, typing mistakes are forgiven.

        Nothing to look for finds everything.
        """
        wanted = _words(text[:200])
        scored = [(self._score(kind, wanted), kind) for kind in self.catalog]
        found = sorted((one for one in scored if one[0] > 0), key=lambda one: -one[0])
        return tuple(kind_face(kind) for _, kind in found)

    def fits(self, type_name: str, direction: Literal["in", "out"], feedback: bool = False) -> tuple[KindFace, ...]:
        """Return the kinds that can stand at the end of a wire: with an input, or an output, of a type."""
        found = []
        for kind in self.catalog:
            sides = sides_of_kind(kind)
            ports = () if sides is None else sides.inputs if direction == "in" else sides.outputs
            fitting = [port for port in ports if port.type_name == type_name]
            if any(port.feedback == feedback or direction == "out" for port in fitting):
                found.append(kind_face(kind))
        return tuple(found)

    def _score(self, kind: type[Step], wanted: list[str]) -> float:
        if not wanted:
            return 1
        scores = [max(weight * _alike(word, told) for told, weight in self._told[kind.kind].items()) for word in wanted]
        return sum(scores) if all(scores) else 0

    @cached_property
    def _told(self) -> Mapping[str, Mapping[str, float]]:
        """The words under which each kind is found, with their weight: title, other words, help."""
        told = {}
        for kind in self.catalog:
            words = dict.fromkeys(_words(kind.__doc__ or ""), 1.0)
            words |= dict.fromkeys(_words(f"{' '.join(kind.also_called)} {kind.kind} {FAMILIES[kind.family]}"), 2.0)
            words |= dict.fromkeys(_words(kind_face(kind)["title"]), 3.0)
            told[kind.kind] = words
        return told


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _alike(word: str, told: str) -> float:
    """Return how well a word that is looked for is met: 1 the same, less for a beginning or a near miss, else 0."""
    if word == told:
        return 1
    if len(word) > 1 and told.startswith(word):
        return 0.8
    if min(len(word), len(told)) < 4 or abs(len(word) - len(told)) > 2:
        return 0
    likeness = SequenceMatcher(None, word, told).ratio()
    return 0.5 * likeness if likeness >= _NEAR_ENOUGH else 0
