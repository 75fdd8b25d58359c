"""Kinds that installed packages declare; one that cannot be used takes no other with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from flows.step import RESERVED, Step

ENTRY_POINTS = "tandem.kinds"
"""The group under which a package of your own declares kinds: each entry is a Step class."""


@dataclass(frozen=True)
class Declared:
    """A kind as a package declares it, or the sentence that says why it cannot be used."""

    name: str
    package: str
    kind: type[Step] | None
    fault: str = ""


def declared() -> tuple[Declared, ...]:
    """Return what all packages declare, each name once, ordered by the names of the entries."""
    found: dict[str, list[Declared]] = {}
    for entry in sorted(entry_points(group=ENTRY_POINTS)):
        one = loaded(entry)
        found.setdefault(one.name, []).append(one)
    return tuple(map(_single, found.values()))


def loaded(entry: EntryPoint) -> Declared:
    """Return what one entry declares; whatever its package raises becomes a sentence."""
    package = entry.dist.name if entry.dist else entry.module.partition(".")[0]
    try:
        kind = entry.load()
        wrong = " and ".join(_wrong(kind))
    except Exception as error:  # another's code: any error at all may come out of it
        kind, wrong = None, f"it raised {type(error).__name__}: {' '.join(str(error).split()):.300}"
    if wrong:
        says = f"The kind '{entry.name}' comes from the package '{package}', which could not be loaded: {wrong}."
        return Declared(entry.name, package, None, f"{says} Update or mend that package.")
    return Declared(kind.kind, package, kind)


def _wrong(kind: object) -> Iterator[str]:
    """Yield what keeps an object from being a kind."""
    if not (isinstance(kind, type) and issubclass(kind, Step)):
        yield f"{kind!r:.80} is no Step class"
        return
    lacking = [name for name in ("kind", "family", "says") if not isinstance(getattr(kind, name, None), str)]
    if lacking:
        yield f"{kind.__name__} does not say its {' and '.join(lacking)}"
    if clash := sorted(RESERVED.intersection(kind.model_fields)):
        yield f"{kind.__name__} has the setting {' and '.join(clash)}, which is a word of the card itself"


def _single(namesakes: list[Declared]) -> Declared:
    """Return the one that can be used; of several neither, for which one came first depends on the machine."""
    usable = {each.kind: each for each in namesakes if each.kind is not None}
    if len(usable) < 2:
        return next(iter(usable.values()), namesakes[0])
    name, first, *more = namesakes[0].name, *sorted({each.package for each in usable.values()})
    where = f"packages '{first}' and " + " and ".join(f"'{each}'" for each in more) if more else f"package '{first}'"
    twice = "" if more else "twice "
    says = f"The kind '{name}' is declared {twice}by the {where}, so nobody knows which one is meant."
    return Declared(name, first, None, f"{says} Uninstall or rename all but one.")
