"""What steps, settings, choices, ports and links are called in a sentence: as the canvas and the forms call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from flows.flow import Card, End, Flow, Link
from flows.slots import NO_SLOT, Slot
from flows.step import Step

_MOST_ARROWS = 12
_CODE = re.compile(r"`([^`\n]+)`")


def title_of(card: Card) -> str:
    """Return the title of a card; without one its id as words."""
    return card.title or _capital(card.id.replace("-", " "))


def named(flow: Flow, step: str) -> str:
    """Return a step as a sentence names it: its title in quotes, with the id where two have the same title."""
    card = flow.steps.get(step)
    if card is None:
        return f"'{step:.80}'"
    title = title_of(card)
    twice = any(title_of(other) == title for other in flow.steps.values() if other.id != step)
    return f"'{title}' ({step})" if twice else f"'{title}'"


def end_name(flow: Flow, end: End) -> str:
    """Return one end of a link: `'Risk' (predictions)`."""
    return f"{named(flow, end.step)} ({port_name(end.port)})"


def end_of(flow: Flow, end: End, what: str) -> str:
    """Return one end of a link where it is said what flows there: the port is named only if it is called otherwise."""
    return named(flow, end.step) if port_name(end.port) == what else end_name(flow, end)


def link_name(flow: Flow, link: Link) -> str:
    """Return what a link is called within a sentence: `link from 'Risk' to 'Unsure' (predictions)`."""
    return f"{'feedback' if link.feedback else 'link'} from {_between(flow, link)}"


def to_draw(flow: Flow, link: Link) -> str:
    """Return what to do to have a link: `Link 'Risk' to 'Unsure' (predictions)`."""
    if link.feedback:
        return f"Draw feedback from {_between(flow, link)}"
    return f"Link {_between(flow, link)}"


def route(flow: Flow, steps: Sequence[str]) -> str:
    """Return a way along steps by their titles, cut in the middle when it is long: `Risk → Alone → Plan`."""
    words = [title_of(flow.steps[step]) if step in flow.steps else step for step in steps]
    if len(words) > _MOST_ARROWS:
        words = [*words[:6], f"({len(words) - 11} more)", *words[-5:]]
    return " → ".join(words)


def port_name(port: str) -> str:
    """Return the name of a port as the canvas writes it."""
    return port.replace("_", " ")


def kind_title(kind: type[Step]) -> str:
    """Return what a kind does in two or three words; its name where it does not say."""
    return kind.title or _capital(kind.kind.replace("-", " "))


def label(name: str, slot: Slot) -> str:
    """Return what a setting is called."""
    return slot.label or name.replace("_", " ").replace("-", " ")


def setting_title(model: type[BaseModel], path: Iterable[int | str]) -> str:
    """Return what a setting, or a part of one, is called as a heading: `What mistakes cost › A miss`."""
    said: list[str] = []
    within: type[BaseModel] | None = model
    for part in path:
        info = _field(within, str(part)) if within is not None else None
        if info is not None:
            said.append(_capital(label(str(part), slot_in(info))))
            within = _model_in(info.annotation)
        else:
            said.append(f"entry {part + 1}" if isinstance(part, int) else part)
    return " › ".join(said)


def choices_in(annotation: object) -> tuple[object, ...]:
    """Return the values of a `Literal`, also within a union; nothing for other types."""
    inside = get_args(annotation)
    if inside and all(isinstance(one, str | int | bool) for one in inside):
        return inside
    return tuple(choice for one in inside for choice in choices_in(one))


def chosen(value: object, slot: Slot) -> str:
    """Return a choice in words: what its kind says, else its name without hyphens."""
    text = str(value)
    return slot.words.get(text) or text.replace("-", " ").replace("_", " ") or "not said"


def without_code(model: type[BaseModel], text: str) -> str:
    """Return a text of a kind in which settings and choices stand as in its form, and not as in the file.

    "`wait: deadline` needs a deadline" becomes "'Wait: deadline' needs a deadline".
    """
    return _CODE.sub(lambda found: f"'{_uncoded(model, found[1])}'", text)


def slot_in(info: FieldInfo) -> Slot:
    """Return how a field is asked for; nothing special where it does not say."""
    return next((said for said in info.metadata if isinstance(said, Slot)), NO_SLOT)


def _uncoded(model: type[BaseModel], code: str) -> str:
    choices = (info for info in model.model_fields.values() if code in choices_in(info.annotation))
    if choice := next(choices, None):
        return chosen(code, slot_in(choice))
    name, colon, value = code.partition(": ")
    info = _field(model, name)
    if info is None:
        return code
    title = _capital(label(name, slot_in(info)))
    return f"{title}: {chosen(value, slot_in(info))}" if colon else title


def _between(flow: Flow, link: Link) -> str:
    ends, ports = (link.source, link.target), (port_name(link.source.port), port_name(link.target.port))
    what = ports[0] if ports[0] == ports[1] else f"{ports[0]} to {ports[1]}"
    return f"{named(flow, ends[0].step)} to {named(flow, ends[1].step)} ({what})"


def _field(model: type[BaseModel], key: str) -> FieldInfo | None:
    fields = model.model_fields
    return fields.get(key) or next((info for info in fields.values() if info.alias == key), None)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model that a type holds: itself, one of its alternatives, or that of its entries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
