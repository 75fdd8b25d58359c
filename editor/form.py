"""The side panel of a card as data: its fields in sections, and what is committed from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite

from editor.fields import Field, Limits, fields_of
from editor.wording import is_empty, summary
from flows.catalog import Catalog
from flows.command import Command
from flows.commands import Configure, command_from
from flows.flow import Card, Flow
from flows.problems import Problem, Refused, refuse
from flows.spelling import instead
from flows.step import Plain, Step
from flows.titles import kind_title, title_of


@dataclass(frozen=True)
class Section:
    """Some fields under a heading; a folded one holds what is rarely needed."""

    title: str
    fields: tuple[Field, ...]
    folded: bool = False


@dataclass(frozen=True)
class Form:
    """All that the panel of a card shows. `problems` are about the card as a whole."""

    step: str
    kind: str
    title: str
    says: str
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()

    def field(self, name: str) -> Field | None:
        """Return the field of a setting, or of a part of one (`cost.missed`)."""
        every = [one for section in self.sections for one in section.fields]
        return _find(every, name)


def form_of(flow: Flow, catalog: Catalog, step: str, problems: Iterable[Problem] = ()) -> Form:
    """Return the form of a card: what its sentence shows first, what is rarely needed last."""
    card = _card(flow, step)
    kind = catalog.get(card.kind)
    mine = [one for one in problems if one.place == f"steps.{step}" or one.place.startswith(f"steps.{step}.")]
    if kind is None:
        says = f"{catalog.excuse(card.kind)} The step is kept as it is, and cannot run."
        return Form(step, card.kind, title_of(card), says, (), tuple(mine))
    fields = tuple(_marked(one, step, mine) for one in fields_of(kind, card.settings))
    shown = [one for one in fields if one.required or f"{{{_attribute(kind, one.name)}}}" in kind.says]
    more = [one for one in fields if one not in shown]
    first = [one for one in more if one.given or one.problem]
    sections = (
        Section("What it does", tuple(shown)),
        Section("Also set", tuple(first)),
        Section("More settings", tuple(one for one in more if one not in first), folded=True),
    )
    said = {one.place for one in mine if any(_is_about(one, step, field.name) for field in fields)}
    return Form(
        step,
        card.kind,
        kind_title(kind),
        summary(kind),
        tuple(section for section in sections if section.fields),
        tuple(one for one in mine if one.place not in said),
    )


def commit(flow: Flow, catalog: Catalog, step: str, name: str, raw: Plain) -> Command | Problem:
    """Return the edit that puts a value from a form into a setting, or why it cannot be.

    `name` may be that of a part (`cost.missed`). An empty value takes a setting away, so that its
    default holds. What a person typed is read as the field says: "7" and 7.0 are 7.
    """
    try:
        command = _command(flow, catalog, step, name, raw)
        command.apply(flow, catalog)
    except Refused as refused:
        return _in_place(refused.problems[0], flow, catalog, step, name, raw)
    return command


def _command(flow: Flow, catalog: Catalog, step: str, name: str, raw: Plain) -> Command:
    card = _card(flow, step)
    kind = catalog.get(card.kind)
    field = _find(fields_of(kind, card.settings) if kind else (), name)
    if field is None:
        says = f"'{title_of(card)}' has no setting '{name:.80}'."
        raise refuse("setting-unknown", says, f"steps.{step}")
    setting, *inside = name.split(".")
    value = typed(field, raw)
    if inside:
        value = _with_part(card.settings.get(setting), inside, value)
    if value is None:
        return Configure(step=step, setting=setting, unset=True)
    return command_from({"do": "configure", "step": step, "setting": setting, "value": value})


def typed(field: Field, raw: Plain) -> Plain:
    """Return what a person typed or chose as the setting's own type; None means: take it away."""
    if isinstance(raw, str) and field.control != "long text" and field.name != "between":
        raw = raw.strip()
    if field.control in ("number", "money", "either") and isinstance(raw, str):
        raw = _number(raw)
    if isinstance(raw, float) and raw.is_integer() and field.limits.whole:
        raw = int(raw)
    if field.control == "words" and isinstance(raw, list):
        return raw or None
    if isinstance(raw, list):
        raw = [one for one in raw if not is_empty(one)]
    return None if is_empty(raw) else raw


def in_its_place(problem: Problem, card: Card) -> str:
    """Return what a problem says below the setting that it is about, where its step need not be named."""
    if problem.code == "setting-missing":
        return problem.message.split(": ", 1)[-1]
    told = problem.message.removeprefix(f"In '{title_of(card)}', ")
    told = told.split("': ", 1)[-1] if told.startswith("at '") else told
    return told[:1].upper() + told[1:]


def limits_in_words(limits: Limits) -> str:
    """Return the range of a number in words: "a whole number from 0 to 100"."""
    words = "a whole number" if limits.whole else "a number"
    if limits.low is not None:
        words += f" {'above' if limits.low_open else 'from'} {limits.low:,.12g}"
        words += " on" if limits.high is None and not limits.low_open else ""
    if limits.high is not None:
        words += f" {'below' if limits.high_open else 'to' if limits.low is not None else 'up to'} {limits.high:,.12g}"
    return words


def _in_place(problem: Problem, flow: Flow, catalog: Catalog, step: str, name: str, raw: Plain) -> Problem:
    """Return why a value is refused, in the words of its field."""
    card = flow.steps.get(step)
    kind = catalog.get(card.kind) if card else None
    field = _find(fields_of(kind, card.settings) if kind and card else (), name)
    if field is None:
        return problem
    what = field.label[:1].upper() + field.label[1:]
    shown = f"'{raw:.40}'" if isinstance(raw, str) else f"{raw!r:.40}"
    if problem.code == "setting-missing":
        missing = problem.place.rsplit(".", maxsplit=1)[-1].replace("-", " ").replace("_", " ")
        return replace(problem, message=f"{what} is complete when '{missing}' is given as well.")
    if problem.code == "setting-wrong" and field.control in ("number", "money"):
        return replace(problem, message=f"{what} is {limits_in_words(field.limits)}, and not {shown}.")
    if problem.code == "setting-wrong" and field.control == "choice":
        choices = ", ".join(choice.says for choice in field.choices)
        return replace(problem, message=f"{what} is one of: {choices}. It cannot be {shown}.")
    return problem


def _with_part(value: Plain, path: list[str], part: Plain) -> Plain:
    """Return a value with one part of it set or, with None, taken away; nothing left is None."""
    name, *rest = path
    if isinstance(value, list):
        items = list(value)
        at = int(name) if name.isdigit() else len(items)
        old = items[at] if at < len(items) else None
        new = _with_part(old, rest, part) if rest else part
        items[at : at + 1] = [] if new is None else [new]
        return items or None
    parts = dict(value) if isinstance(value, dict) else {}
    new = _with_part(parts.get(name), rest, part) if rest else part
    if new is None:
        parts.pop(name, None)
    else:
        parts[name] = new
    return parts or None


def _number(text: str) -> Plain:
    """Return the number that a text says, with a comma or blanks as people write it; else the text."""
    plain = text.replace(" ", "").replace("\u202f", "").replace("_", "")
    for candidate in (plain, plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain):
        try:
            return int(candidate)
        except ValueError:
            try:
                number = float(candidate)
            except ValueError:
                continue
            return number if isfinite(number) else text
    return text


def _marked(field: Field, step: str, problems: list[Problem]) -> Field:
    about = [one.message for one in problems if _is_about(one, step, field.name)]
    inside = tuple(_marked(one, step, problems) for one in field.fields) if field.control == "nested" else field.fields
    return replace(field, problem=about[0] if about else "", fields=inside)


def _is_about(problem: Problem, step: str, name: str) -> bool:
    place = f"steps.{step}.{name}"
    return problem.place == place or problem.place.startswith(f"{place}.")


def _find(fields: Iterable[Field], name: str) -> Field | None:
    """Return a field by name; entries of a list and of a mapping share the fields named with `*`."""
    for field in fields:
        if _same(field.name, name):
            return field
        if field.control == "list" and _same(f"{field.name}.*", name):
            return replace(field, control="nested")
        found = _find(field.fields, name) if field.control != "either" else _in_either(field, name)
        if found:
            return found
    return None


def _in_either(field: Field, name: str) -> Field | None:
    return next((found for way in field.fields if way.fields and (found := _find(way.fields, name))), None)


def _same(pattern: str, name: str) -> bool:
    wanted, given = pattern.split("."), name.split(".")
    return len(wanted) == len(given) and all(a in ("*", b) for a, b in zip(wanted, given, strict=True))


def _attribute(kind: type[Step], key: str) -> str:
    return next((name for name, info in kind.model_fields.items() if key in (info.alias, name)), key)


def _card(flow: Flow, step: str) -> Card:
    if step not in flow.steps:
        says = f"There is no step '{step:.80}'. {instead(step, flow.steps, 'The steps are')}"
        raise refuse("step-unknown", says, "steps")
    return flow.steps[step]
