"""The kinds of step that are known: a value that is handed in, never a global."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import ValidationError

from flows.fitting import found, misfit, place_of
from flows.flow import Card
from flows.packages import declared
from flows.problems import Problem
from flows.spelling import instead
from flows.step import RESERVED, Step
from flows.titles import setting_title, title_of, without_code

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Catalog:
    """The kinds that are known, by name; `broken` says in a sentence why others cannot be used."""

    def __init__(self, kinds: Iterable[type[Step]], broken: Mapping[str, str] | None = None) -> None:
        self.broken: Mapping[str, str] = MappingProxyType(dict(broken or {}))
        self._kinds: dict[str, type[Step]] = {}
        for kind in kinds:
            self._take(kind)

    def __iter__(self) -> Iterator[type[Step]]:
        return iter(self._kinds.values())

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def get(self, name: str) -> type[Step] | None:
        """Return the kind of that name, or None."""
        return self._kinds.get(name)

    def excuse(self, name: str) -> str:
        """Return why no kind of that name can be used: what is wrong with its package, or that it is not known."""
        kind = f"The kind '{name:.80}'" if name else "This kind"
        return self.broken.get(name) or f"{kind} is not known here."

    def names(self) -> tuple[str, ...]:
        """Return the names of all kinds, in the order in which they were declared."""
        return tuple(self._kinds)

    def read(self, card: Card) -> tuple[Step | None, tuple[Problem, ...]]:
        """Return the step that a card describes, or what is wrong with its kind and settings."""
        kind = self._kinds.get(card.kind)
        if kind is None:
            return None, (self._unknown(card),)
        if card.version is not None and card.version > kind.version:
            return None, (_too_new(card, kind),)
        settings: dict[str, object] = dict(card.settings)
        for migration in kind.migrations[(card.version or kind.version) - 1 :]:
            settings = migration(settings)
        try:
            step = kind.model_validate(settings)
        except ValidationError as error:
            return None, _reworded(card, kind, settings, error.errors())
        return step, tuple(
            Problem("setting-conflict", _complained(card, kind, setting, says), f"steps.{card.id}.{setting}")
            for setting, says in step.complaints()
        )

    def _take(self, kind: type[Step]) -> None:
        clash = RESERVED.intersection(kind.model_fields)
        if clash:
            raise TypeError(f"{kind.__name__} has a setting called {sorted(clash)}: a card's own word.")
        if kind.kind in self._kinds:
            raise TypeError(f"Two kinds are called '{kind.kind}': {self._kinds[kind.kind]!r} and {kind!r}.")
        self._kinds[kind.kind] = kind

    def _unknown(self, card: Card) -> Problem:
        if card.kind in self.broken:
            says = f"'{title_of(card)}' cannot run. {self.broken[card.kind]}"
            return Problem("kind-broken", says, f"steps.{card.id}.kind")
        hint = " " + instead(card.kind, self._kinds, "Known kinds are")
        return Problem(
            "kind-unknown",
            f"'{title_of(card)}' is of the kind '{card.kind}', which is not known here. It is kept, but it cannot run."
            + hint,
            f"steps.{card.id}.kind",
        )


def installed(builtin: Iterable[type[Step]]) -> Catalog:
    """Return the built-in kinds together with those that installed packages declare.

    A package that cannot be loaded, or takes a name that is taken, stops no other: see `Catalog.broken`.
    """
    kinds = list(builtin)
    own = {kind.kind for kind in kinds}
    broken: dict[str, str] = {}
    for each in declared():
        if each.name in own:
            says = "is left out, since a built-in kind has that name. Rename it there."
            broken[each.name] = f"The kind '{each.name}' of the package '{each.package}' {says}"
        elif each.kind is None:
            broken[each.name] = each.fault
        else:
            kinds.append(each.kind)
    return Catalog(kinds, broken)


def _too_new(card: Card, kind: type[Step]) -> Problem:
    return Problem(
        "kind-too-new",
        f"'{title_of(card)}' was written for version {card.version} of '{kind.kind}', and this program knows version "
        f"{kind.version}. Use a newer Tandem to run it.",
        f"steps.{card.id}.version",
    )


def _reworded(
    card: Card, kind: type[Step], settings: Mapping[str, object], details: list[ErrorDetails]
) -> tuple[Problem, ...]:
    """Return one problem for each value, also where it fits none of several alternatives."""
    by_place: dict[tuple[int | str, ...], list[ErrorDetails]] = {}
    for detail in details:
        by_place.setdefault(place_of(detail, settings), []).append(detail)
    return tuple(_problem(card, kind, place, about) for place, about in by_place.items())


def _problem(card: Card, kind: type[Step], loc: tuple[int | str, ...], details: list[ErrorDetails]) -> Problem:
    where, detail = ".".join(map(str, loc)), details[0]
    place = f"steps.{card.id}.{where}" if where else f"steps.{card.id}"
    step, setting = title_of(card), setting_title(kind, loc)
    if detail["type"] == "missing":
        says = f"'{step}' is not complete: '{setting}' is not filled in."
        return Problem("setting-missing", says, place)
    if detail["type"] == "extra_forbidden":
        says = f"'{step}' has no setting '{where}'. {instead(str(loc[-1]), _setting_names(kind), 'It has')}"
        return Problem("setting-unknown", says, place)
    if detail["type"] == "value_error":
        said = without_code(kind, detail["msg"].removeprefix("Value error, "))
        return Problem("setting-wrong", f"In '{step}', '{setting}' does not fit: {said}", place)
    says = f"In '{step}', '{setting}' is {found(detail['input'])}, {misfit(details)}"
    return Problem("setting-wrong", says, place)


def _complained(card: Card, kind: type[Step], setting: str, says: str) -> str:
    """Return what does not go together, with the setting at which it is mended named as in its form."""
    title = setting_title(kind, setting.split("."))
    return f"In '{title_of(card)}', at '{title}': {without_code(kind, says)}"


def _setting_names(kind: type[Step]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]


CODES: tuple[tuple[str, str], ...] = (
    ("kind-broken", "The package that declares the kind could not be loaded, or two declare it. Mend or remove it."),
)
