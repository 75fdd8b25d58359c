"""Which entries of a collection stay, go and come when its data changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from flows.document import Plain
from flows.tree import Entry, same

MOST_COMPARED = 1_000_000  # pairs of items; difflib takes quadratic time where all are alike


@dataclass(frozen=True, slots=True)
class New:
    """An entry that comes; `origin` is the old position of an item that only moves."""

    name: str | int
    value: Plain
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """Old entries by position: `stays` with new name and value, `gone`, and what comes behind which.

    In `added`, -1 is the front.
    """

    stays: dict[int, tuple[str | int, Plain]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    added: dict[int, list[New]] = field(default_factory=dict)


def pairing(entries: Sequence[Entry], new: dict[str, Plain] | list[Plain]) -> Pairing:
    """Return how the entries of a mapping or list become the new ones."""
    return of_keys(entries, new) if isinstance(new, dict) else of_items(entries, new)


def of_keys(entries: Sequence[Entry], new: dict[str, Plain]) -> Pairing:
    names = renamed(entries, new)
    result = Pairing()
    places: dict[str, int] = {}
    for at, entry in enumerate(entries):
        name = names.get(str(entry.name), str(entry.name))
        if name in new:
            result.stays[at] = (name, new[name])
            places[name] = at
        else:
            result.gone.add(at)
    place = -1
    for name, value in new.items():
        if name in places:
            place = places[name]
        else:
            result.added.setdefault(place, []).append(New(name, value))
    return result


def renamed(entries: Sequence[Entry], new: dict[str, Plain]) -> dict[str, str]:
    """Return old name -> new name where a key went and one of equal or similar value came at the same place."""
    old = {str(entry.name): entry.value.value for entry in entries}
    came: dict[str, list[str]] = {}
    for before, name in unshared(list(new), old):
        came.setdefault(before, []).append(name)
    names: dict[str, str] = {}
    for fits in (same, similar):  # equal ones first, so that a similar one takes no equal one's place
        for before, name in unshared(list(old), new):
            there = came.get(before, ()) if name not in names else ()
            found = next((each for each in there if fits(old[name], new[each])), None)
            if found is not None:
                came[before].remove(found)
                names[name] = found
    return names


def similar(one: Plain, other: Plain) -> bool:
    """Return whether two mappings share at least half of their entries."""
    if not (isinstance(one, dict) and isinstance(other, dict) and one and other):
        return False
    shared = sum(key in other and same(value, other[key]) for key, value in one.items())
    return 2 * shared >= max(len(one), len(other))


def unshared(keys: list[str], other: dict[str, Plain]) -> Iterator[tuple[str, str]]:
    """Yield (nearest shared key before it, key) for the keys that the other mapping lacks."""
    before = ""
    for key in keys:
        if key in other:
            before = key
        else:
            yield before, key


def of_items(entries: Sequence[Entry], new: list[Plain]) -> Pairing:
    result = Pairing()
    old = [repr(entry.value.value) for entry in entries]
    for at, to, before, behind in differences(old, [repr(value) for value in new]):
        paired = min(to - at, behind - before)
        for step in range(paired):
            result.stays[at + step] = (at + step, new[before + step])
        result.gone.update(range(at + paired, to))
        if before + paired < behind:
            come = [New(place, new[place]) for place in range(before + paired, behind)]
            result.added.setdefault(at + paired - 1, []).extend(come)
    return moved(old, result)


def differences(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (from, to, new from, new to) for all parts of two lists, equal ones included."""
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    most = min(len(old), len(new)) - start
    pairs = zip(reversed(old), reversed(new), strict=False)
    tail = min(most, next((at for at, (a, b) in enumerate(pairs) if a != b), most))
    yield 0, start, 0, start
    one, other = old[start : len(old) - tail], new[start : len(new) - tail]
    if len(one) * len(other) > MOST_COMPARED:
        yield start, start + len(one), start, start + len(other)
    else:
        for _, at, to, before, behind in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            yield start + at, start + to, start + before, start + behind
    yield len(old) - tail, len(old), len(new) - tail, len(new)


def moved(old: list[str], result: Pairing) -> Pairing:
    """Return the pairing with the origin of every new item that went elsewhere in the list."""
    left: dict[str, list[int]] = {}
    for at in sorted(result.gone):
        left.setdefault(old[at], []).append(at)
    for place, come in result.added.items():
        result.added[place] = [
            New(each.name, each.value, left[repr(each.value)].pop(0)) if left.get(repr(each.value)) else each
            for each in come
        ]
    return result
