"""A flow file's text, changed only in the lines that a change of its data means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from flows.document import MARK, Path, Plain, read, tree
from flows.pairing import New, Pairing, pairing
from flows.problems import Refused
from flows.scalars import spell_key
from flows.splice import (
    Edit,
    Page,
    apply,
    cut_flow,
    cut_lines,
    in_order,
    into_flow,
    lines_at,
)
from flows.tree import Entry, Node, same
from flows.writing import check, check_length, inline, inline_pair, item, nested, pair, shaped, write

__all__ = ["rewrite", "write"]

MOST_ATTEMPTS = 20  # each reads the text again


def rewrite(text: str, new: dict[str, Plain]) -> str:
    """Return the text changed so that it reads as exactly `new`, and nowhere else.

    Comments, order, quotes, blank lines, line endings and a byte order mark of everything else stay
    byte for byte. Comments right above a removed entry, as far indented, and behind it go with it.
    The order of keys in `new` counts for new keys only. Where no small change reads as `new`, the
    smallest entry around it is written afresh.
    Raises Refused if the text cannot be read or the data cannot stand in a file.
    """
    check(new)
    body = text.removeprefix(MARK)
    top = tree(text)
    if same(top.value, new):
        return text
    changed = settled(body, top, new)
    return check_length(text[: len(text) - len(body)] + changed)


def settled(body: str, top: Node, new: dict[str, Plain]) -> str:
    """Return the first text that reads as `new`, from the finest change to the coarsest."""
    page, coarse = Page(body), set[Path]()
    for _ in range(MOST_ATTEMPTS):
        edits = in_order(Change(page, frozenset(coarse)).whole(top, new))
        blame = to_blame(body, edits, new)
        if blame is None:
            return apply(body, edits)
        while blame in coarse:
            blame = blame[:-1]
        if not blame:
            break
        coarse.add(blame)
    return write(new).replace("\n", page.newline)


def to_blame(body: str, edits: list[Edit], new: dict[str, Plain]) -> Path | None:
    """Return the path of the first edit that spoils the text, None if it reads as `new`."""
    for one, other in pairwise(edits):
        if other.start < one.end:
            return other.path
    data = readable(apply(body, edits))
    if data is not None:
        return first_difference(data, new, ())
    good, bad = 0, len(edits)  # the first `good` edits leave it readable, the first `bad` do not
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (good, middle) if readable(apply(body, edits[:middle])) is None else (middle, bad)
    return edits[bad - 1].path


def readable(body: str) -> dict[str, Plain] | None:
    try:
        return read(body).data
    except Refused:
        return None


def first_difference(one: Plain, other: Plain, path: Path) -> Path | None:
    if same(one, other):
        return None
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        found = (first_difference(one[key], other[key], (*path, key)) for key in one)
        return next((each for each in found if each is not None), path)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = (first_difference(a, b, (*path, at)) for at, (a, b) in enumerate(zip(one, other, strict=True)))
        return next((each for each in found if each is not None), path)
    return path


@dataclass(frozen=True)
class Change:
    """The edits from a tree to new data; the entries at `coarse` paths are written afresh."""

    page: Page
    coarse: frozenset[Path] = frozenset()

    def whole(self, top: Node, new: dict[str, Plain]) -> Iterator[Edit]:
        """Yield the edits of the whole file."""
        steps = pairing(top.entries, new)
        if steps.stays:
            yield from self.entries(top, steps, (), top.style == "flow")
        else:
            yield Edit(top.start, top.end, self.page.newline.join(nested(new, 0, ())), ())

    def entries(self, node: Node, steps: Pairing, path: Path, flow: bool) -> Iterator[Edit]:
        """Yield the edits within a collection, in the order of the text; `flow`: within brackets."""
        if flow:
            yield from cut_flow(self.page, node, steps.gone, path)
        yield from self.added(node, -1, steps, path, flow)
        for at, entry in enumerate(node.entries):
            if at in steps.stays:
                yield from self.entry(entry, *steps.stays[at], path, flow)
            elif not flow:
                yield cut_lines(self.page, node, at, path)
            yield from self.added(node, at, steps, path, flow)

    def entry(self, entry: Entry, name: str | int, new: Plain, path: Path, flow: bool) -> Iterator[Edit]:
        """Yield the edits of an entry that stays: a new name, a new value, or nothing."""
        here, old = (*path, entry.name), entry.value
        if here in self.coarse or (entry.head < 0 and not flow and not same(entry.value.value, new)):
            yield self.afresh(entry, name, new, here, flow)
            return
        if entry.key and name != entry.name:
            quote = quote_at(self.page.body, entry.key)
            yield Edit(entry.key.start, entry.key.end, spell_key(str(name), flow, quote), here)
        if not same(old.value, new):
            yield from self.value(entry, new, here, flow)

    def value(self, entry: Entry, new: Plain, here: Path, flow: bool) -> Iterator[Edit]:
        """Yield the edits of a value, within it if it stays a collection of its sort."""
        old, inside = entry.value, flow or entry.value.style == "flow"
        if type(old.value) is type(new) and isinstance(new, dict | list):
            steps = pairing(old.entries, new)
            commented = inside and old.style == "flow" and "#" in self.page.body[old.start : old.end]
            if steps.stays or commented:
                yield from self.entries(old, steps, here, inside)
                return
            if not new and not inside and self.begins_below(entry):
                yield Edit(entry.head, entry.head, " " + inline(new), here)
                yield from self.entries(old, steps, here, inside)
                return
        yield from self.replaced_inside(entry, new, here) if flow else self.replaced(entry, new, here)

    def replaced_inside(self, entry: Entry, new: Plain, here: Path) -> Iterator[Edit]:
        """Yield the edit that puts another value in its place within brackets."""
        old = entry.value
        text = inline(new, quote_at(self.page.body, old), inside=True)
        if old.start == old.end:
            text = (" " if entry.head >= 0 else ": ") + text
        yield Edit(old.start, old.end, text, here)

    def replaced(self, entry: Entry, new: Plain, here: Path) -> Iterator[Edit]:
        """Yield the edits that put another value in its place in a block."""
        old, page, column = entry.value, self.page, self.page.column(entry.start)
        shape = shaped(new, page.column(entry.head) + 1, column + 2, here)
        head = shape.head
        if head and isinstance(new, str) and not shape.lines:
            head = inline(new, quote_at(page.body, old))
        if self.begins_below(entry) and (old.style == "block" or not head):
            yield from self.replaced_below(entry, head, shape.lines, here)
        elif entry.key is None and not head:
            start = max(old.start, entry.head)
            text = page.newline.join(shape.lines).lstrip(" ")
            yield Edit(start, old.end, " " * (start == entry.head) + text, here)
        else:
            yield Edit(*self.gap(entry, bool(head)), " " * (old.start == old.end and head != "") + head, here)
            if shape.lines:
                yield lines_at(page, page.below(old.end), shape.lines, here)

    def gap(self, entry: Entry, filled: bool) -> tuple[int, int]:
        """Return the place of a value; with the blanks before it if nothing comes there."""
        return (entry.value.start if filled else entry.head), entry.value.end

    def replaced_below(self, entry: Entry, head: str, lines: tuple[str, ...], here: Path) -> Iterator[Edit]:
        """Yield the edits for a value that began on a line below its key."""
        page, old = self.page, entry.value
        if head:
            yield Edit(entry.head, entry.head, " " + head, here)
        end = page.below(old.end)
        ending = page.body[page.text_end(end) : end] if lines else ""
        text = page.newline.join(lines) + ending
        yield Edit(page.with_comments(old.start, entry.head), end, text, here)

    def begins_below(self, entry: Entry) -> bool:
        return "\n" in self.page.body[entry.head : entry.value.start]

    def afresh(self, entry: Entry, name: str | int, new: Plain, here: Path, flow: bool) -> Edit:
        """Return the edit that writes a whole entry in house style."""
        if flow:
            return Edit(entry.start, entry.end, self.text_inside(name, new), here)
        lines = self.lines(name, new, self.page.column(entry.start), here)
        end = self.page.text_end(self.page.below(entry.end))
        return Edit(entry.start, end, self.page.newline.join(lines).lstrip(" "), here)

    def added(self, node: Node, at: int, steps: Pairing, path: Path, flow: bool) -> Iterator[Edit]:
        """Yield the edits that put new entries behind entry `at` (-1: at the front)."""
        if not steps.added.get(at):
            return
        new = steps.added[at]
        if flow:
            texts = [self.text_inside(each.name, each.value) for each in new]
            yield from into_flow(self.page, node, at, texts, path)
            return
        column = self.page.column(node.entries[0].start)
        lines = [line for each in new for line in self.new_lines(node, each, column, path)]
        yield self.put(node, at, lines, path)

    def put(self, node: Node, at: int, lines: list[str], path: Path) -> Edit:
        page, first = self.page, node.entries[0].start
        if at >= 0:
            return lines_at(page, page.past_inner_comments(node.entries[at]), lines, path)
        if not page.is_alone(first):
            pad = page.newline + " " * page.column(first)
            return Edit(first, first, page.newline.join(lines).lstrip(" ") + pad, path)
        # A comment above the very first line is the file's own and stays on top.
        return lines_at(page, page.with_comments(first, 0) if path else page.line_start(first), lines, path)

    def new_lines(self, node: Node, new: New, column: int, path: Path) -> list[str]:
        """Return the lines of a new entry; an item that only moves brings its own lines along."""
        if new.origin is not None and self.page.is_alone(node.entries[new.origin].start):
            floor = node.entries[new.origin - 1].end if new.origin else 0
            return self.page.entry_lines(node.entries[new.origin], floor)
        return self.lines(new.name, new.value, column, (*path, new.name))

    def lines(self, name: str | int, value: Plain, column: int, path: Path) -> list[str]:
        if isinstance(name, str):
            return pair(spell_key(name), value, column, path)
        return item(value, column, path)

    def text_inside(self, name: str | int, value: Plain) -> str:
        return inline_pair(name, value) if isinstance(name, str) else inline(value, inside=True)


def quote_at(body: str, node: Node) -> str:
    """Return the quote around a value in the text, nothing if it has none."""
    first = body[node.start : node.start + 1]
    return first if node.style == "quoted" and first in ("'", '"') else ""
