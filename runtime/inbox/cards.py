"""How the steps of a flow ask people, as the last round began with them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from flows.people import Group, groups

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow
    from flows.step import Step

Shows = Literal["never", "after-own-answer", "with-the-question"]
LIKELY = "most-likely-positive"
CASES = "cases"


@dataclass(frozen=True)
class Cards:
    """The steps of a flow by the name under which their questions are kept; without a round there are none."""

    flow: Flow | None
    catalog: Catalog

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Return the groups of people that the flow describes."""
        return groups(self.flow)[0] if self.flow else {}

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Return the steps that can be read."""
        cards = self.flow.steps.values() if self.flow else ()
        read = {card.memory: self.catalog.read(card)[0] for card in cards}
        return {memory: step for memory, step in read.items() if step is not None}

    def setting(self, memory: str, name: str, otherwise: object) -> object:
        """Return a setting of a step; a step that is gone, or has no such setting, has it as `otherwise` says."""
        return getattr(self.steps.get(memory), name, otherwise)

    def name(self, memory: str) -> str:
        """Return the id of a step in the file."""
        cards = self.flow.steps.values() if self.flow else ()
        return next((card.id for card in cards if card.memory == memory), memory)

    def shows(self, memory: str, question: str = "", person: str = "") -> Shows:
        """Return when people see what the model thinks.

        Where a step shows it to a share, it is drawn for each question and person; without a name the
        model may have been seen.
        """
        if self.flow is None or memory not in {card.memory for card in self.flow.steps.values()}:
            return "never"
        judged = getattr(self.steps.get(memory), "proposes_label", None)
        found = self.setting(memory, "show_model", "never" if memory in self.steps else "")
        if found == "for-a-share" and question and person:
            blind = drawn(question, person, "blind") < self.number(memory, "blind_share", 0.5)
            found = "after-own-answer" if blind else "with-the-question"
        if found in ("never", "after-own-answer") and not (callable(judged) and judged()):
            return "never" if found == "never" else "after-own-answer"
        # What is not understood here may show the model: then no answer may pass for a blind one.
        return "with-the-question"

    def number(self, memory: str, name: str, otherwise: float) -> float:
        """Return a setting that is a number."""
        found = self.setting(memory, name, otherwise)
        return float(found) if isinstance(found, int | float) else otherwise

    def tells(self, memory: str) -> bool:
        """Return whether the cases of a step were picked for what the model thinks they are."""
        return any(self.setting(source, "by", "") == LIKELY for source in self._picked_by(memory, set()))

    def _picked_by(self, memory: str, seen: set[str]) -> Iterator[str]:
        for link in self.flow.links if self.flow else ():
            steps = self.flow.steps if self.flow else {}
            source, target = steps.get(link.source.step), steps.get(link.target.step)
            if source is None or target is None or target.memory != memory or link.target.port != CASES:
                continue
            if source.memory not in seen:
                seen.add(source.memory)
                yield source.memory
                yield from self._picked_by(source.memory, seen)

    def asked_groups(self) -> Collection[str]:
        """Return the names of all groups that the flow describes or asks."""
        asked = {str(self.setting(memory, name, "")) for memory in self.steps for name in ("who", "escalate_to")}
        return (asked | set(self.groups)) - {""}


def drawn(question: str, person: str, what: str) -> float:
    """Return a number in 0..1 (1 excluded) that a question, a person and a purpose decide: the same every time."""
    digest = hashlib.sha256(f"{question}\n{person}\n{what}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56
