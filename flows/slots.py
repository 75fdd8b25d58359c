"""What a setting names and how it is called in everyday words, so that a form can offer what there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flows.step import Plain, Step

Named = Literal["", "column", "label", "file", "new file", "people", "step", "long text", "deadline", "money"]


@dataclass(frozen=True)
class Slot:
    """How one setting is asked for; stands in `Annotated` beside its type.

    `names` is what the value is the name of, `port` the input at which a column arrives (by itself
    the first one). `label` is said in place of the setting's name, `prompt` where it is empty, and
    `words` in place of its choices. `begins` is the value that a new card has.
    """

    names: Named = ""
    port: str = ""
    label: str = ""
    prompt: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    begins: Plain = None


NO_SLOT = Slot()


def slot_of(kind: type[Step], setting: str) -> Slot:
    """Return how a setting of a kind is asked for; nothing special where the kind does not say."""
    info = kind.model_fields.get(setting)
    found = [said for said in info.metadata if isinstance(said, Slot)] if info else []
    return found[0] if found else NO_SLOT
