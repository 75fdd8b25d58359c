"""Settings of a card as its kind writes them: a value is judged alone, and kept as plain data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pydantic import ValidationError, create_model

from flows.catalog import Catalog
from flows.flow import Card
from flows.problems import Problem, Refused, refuse
from flows.step import Plain, Step


def accepted(card: Card, catalog: Catalog, names: Collection[str]) -> Card:
    """Return the card with these of its settings as its kind writes them, so that 7.0 becomes 7.

    Refuses when one of these values is wrong or not known. What is missing, what is wrong in other
    settings and what does not go together is left for the check of the flow.
    """
    wrong = wrong_settings(card, catalog, names)
    if wrong:
        raise Refused(wrong)
    kind = known_kind(catalog, card)
    keys = {_key(kind, name): card.settings[name] for name in names}
    step, _ = catalog.read(card)
    written = _written(step, keys) if step else _written_alone(kind, keys)
    others = {name: value for name, value in card.settings.items() if name not in names or name in keys}
    return replace(card, settings={**others, **keys, **written})


def wrong_settings(card: Card, catalog: Catalog, names: Collection[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the values of these settings, each looked at alone."""
    _, problems = catalog.read(card)
    places = tuple(f"steps.{card.id}.{name}" for name in names)
    return tuple(
        problem
        for problem in problems
        if problem.code != "setting-conflict"
        and any(problem.place == place or problem.place.startswith(f"{place}.") for place in places)
    )


def modern(card: Card, catalog: Catalog) -> Card:
    """Return the card with its settings brought to the version of the kind that is known here.

    Refuses a card of an unknown kind or of a newer version: nothing of it could be judged.
    """
    kind = known_kind(catalog, card)
    if card.version is None or card.version == kind.version:
        return card
    settings = dict(card.settings)
    for migration in kind.migrations[card.version - 1 :]:
        settings = migration(settings)
    return replace(card, settings=settings, version=kind.version)


def known_kind(catalog: Catalog, card: Card) -> type[Step]:
    """Return the kind of a card; refuse when it is unknown here or the card is of a newer version."""
    kind = catalog.get(card.kind)
    if kind is not None and (card.version is None or card.version <= kind.version):
        return kind
    _, problems = catalog.read(card)
    raise Refused(problems)


def has_setting(kind: type[Step], name: str) -> bool:
    """Return whether a kind has a setting of that name."""
    return name in kind.model_fields or any(field.alias == name for field in kind.model_fields.values())


def no_setting(card: Card, name: str) -> Refused:
    """Return the refusal of a setting that is not there."""
    says = f"'{card.id}' ({card.kind}) has no setting '{name:.80}' that could be taken away."
    return refuse("setting-unknown", says, f"steps.{card.id}")


def _key(kind: type[Step], name: str) -> str:
    field = kind.model_fields.get(name)
    return field.alias if field is not None and field.alias else name


def _written(step: Step, keys: Collection[str]) -> dict[str, Plain]:
    plain: dict[str, Plain] = step.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {key: value for key, value in plain.items() if key in keys}


def _written_alone(kind: type[Step], keys: dict[str, Plain]) -> dict[str, Plain]:
    """Write settings without the rest of the card, which is not complete."""
    fields = {name: (field.annotation, field) for name, field in kind.model_fields.items() if _key(kind, name) in keys}
    alone = create_model(kind.__name__, __config__=kind.model_config, **fields)  # type: ignore[call-overload]
    try:
        plain: dict[str, Plain] = alone(**keys).model_dump(mode="json", by_alias=True, exclude_unset=True)
    except ValidationError:  # judged as right within its card: only the class itself knows how to read it
        return {}
    return plain


CODES: tuple[tuple[str, str], ...] = (
    ("setting-unknown", "The kind has no such setting. Take one of those that are named."),
    ("setting-wrong", "The value does not fit the setting. The sentence says what fits."),
    ("setting-missing", "A part of the value is missing. Give it as well."),
    ("kind-unknown", "The kind is not known here. Take one of those that are named, or install its package."),
    ("kind-too-new", "The step was written by a newer program. Use that one to edit it."),
)
