"""Small cuts and insertions in a flow file's text that leave every other character alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.document import Path
from flows.tree import Entry, Node


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in the place of the characters from `start` up to `end`; `path` says for whom."""

    start: int
    end: int
    text: str
    path: Path


def apply(body: str, edits: Sequence[Edit]) -> str:
    """Return the text with all edits made; they are sorted and do not overlap."""
    pieces, place = [], 0
    for edit in edits:
        pieces += [body[place : edit.start], edit.text]
        place = edit.end
    return "".join([*pieces, body[place:]])


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits by place: insertions before cuts, those at one place in the order given."""
    return sorted(edits, key=lambda edit: (edit.start, edit.end > edit.start))


REST = re.compile(r"[ \t]*(#[^\r\n]*)?(\r?\n|$)")
BLANKS = re.compile(r"[ \t]*")
COMMENT = re.compile(r"( *)#[^\n]*(\n|$)")
TO_COMMA = re.compile(r"(?:[ \t\r\n]|(?<=\s)#[^\n]*)*,")


@dataclass(frozen=True)
class Page:
    """The text of a file without byte order mark, asked about its lines."""

    body: str

    @property
    def newline(self) -> str:
        """Return the line ending of the first line."""
        first = self.body.find("\n")
        return "\r\n" if first > 0 and self.body[first - 1] == "\r" else "\n"

    def line_start(self, place: int) -> int:
        """Return where the line of a place begins."""
        return self.body.rfind("\n", 0, place) + 1

    def column(self, place: int) -> int:
        """Return how many characters stand before a place in its line."""
        return place - self.line_start(place)

    def below(self, place: int) -> int:
        """Return where the next line begins, the end of the text after the last line."""
        found = self.body.find("\n", place)
        return len(self.body) if found < 0 else found + 1

    def text_end(self, below: int) -> int:
        """Return the place before the line ending that leads to `below`."""
        end = below - (self.body[below - 1 : below] == "\n")
        return end - (self.body[end - 1 : end] == "\r")

    def before_blanks(self, place: int) -> int:
        """Return the place before the blanks that end at a place."""
        while self.body[place - 1 : place] in (" ", "\t"):
            place -= 1
        return place

    def is_alone(self, start: int) -> bool:
        """Tell whether only blanks stand before a place in its line."""
        place = self.before_blanks(start)
        return place == 0 or self.body[place - 1] == "\n"

    def ends_line(self, end: int) -> bool:
        """Tell whether at most a comment follows in the line."""
        return REST.match(self.body, end) is not None

    def entry_lines(self, entry: Entry, floor: int) -> list[str]:
        """Return the lines of an entry with the comments that belong to it."""
        text = self.body[self.with_comments(entry.start, floor) : self.past_inner_comments(entry)]
        return text.removesuffix("\n").removesuffix("\r").replace("\r\n", "\n").split("\n")

    def with_comments(self, start: int, floor: int) -> int:
        """Return where the comments that belong to an entry begin: right above it, as far indented."""
        column, top = self.column(start), self.line_start(start)
        while top > 0:
            above = self.line_start(top - 1)
            found = COMMENT.match(self.body, above, top)
            if above < floor or not found or len(found[1]) != column:
                break
            top = above
        return top

    def past_inner_comments(self, entry: Entry) -> int:
        """Return where an entry's lines end, with the deeper comments at the foot of its block."""
        place, column = self.below(entry.end), self.column(entry.start)
        if not entry.value.entries or entry.value.style != "block":
            return place
        while (found := COMMENT.match(self.body, place)) and len(found[1]) > column:
            place = found.end()
        return place

    def comma(self, end: int) -> int:
        """Return the place behind the comma that follows an entry in brackets, -1 without one."""
        found = TO_COMMA.match(self.body, end)
        return found.end() if found else -1


def lines_at(page: Page, place: int, lines: Iterable[str], path: Path) -> Edit:
    """Return the edit that puts whole lines at the beginning of a line or at the end of the text."""
    text = page.newline.join(lines)
    if place and page.body[place - 1] != "\n":
        return Edit(place, place, page.newline + text, path)
    return Edit(place, place, text + page.newline, path)


def cut_lines(page: Page, node: Node, at: int, path: Path) -> Edit:
    """Return the edit that takes an entry of a block away, with the comments that belong to it."""
    entry = node.entries[at]
    end = page.past_inner_comments(entry)
    if page.is_alone(entry.start):
        floor = node.entries[at - 1].end if at else 0
        return Edit(page.with_comments(entry.start, floor), end, "", path)
    start, end = entry.start, inner_end(page, node, at, end)
    return Edit(start if end == following(node, at) else page.before_blanks(start), end, "", path)


def inner_end(page: Page, node: Node, at: int, end: int) -> int:
    """Return up to where to cut an entry that shares its line with a dash: up to the next entry."""
    after = following(node, at)
    return after if after >= 0 and not page.body[end:after].strip() else page.text_end(end)


def following(node: Node, at: int) -> int:
    """Return where the next entry begins, -1 behind the last."""
    return node.entries[at + 1].start if at + 1 < len(node.entries) else -1


def cut_flow(page: Page, node: Node, gone: set[int], path: Path) -> list[Edit]:
    """Return the edits that take entries out of brackets, each with its comma and own comment."""
    last = max((at for at in range(len(node.entries)) if at not in gone), default=-1)
    tail = tail_cut(page, node, last, path)
    edits = [cut_item(page, node, at, path) for at in sorted(gone) if not (tail and at > last)]
    return edits + ([tail] if tail and last + 1 in gone else [])


def tail_cut(page: Page, node: Node, last: int, path: Path) -> Edit | None:
    """Return one cut behind the last entry that stays, if nothing but entries stands there."""
    if not 0 <= last < len(node.entries) - 1:
        return None
    start, end = node.entries[last].end, node.entries[-1].end
    between = page.body[start:end]
    if "#" in between or "\n" in between or page.comma(end) >= 0:
        return None
    return Edit(start, end, "", path)


def cut_item(page: Page, node: Node, at: int, path: Path) -> Edit:
    entry = node.entries[at]
    comma = page.comma(entry.end)
    end = max(comma, entry.end)
    if page.is_alone(entry.start) and page.ends_line(end):
        floor = node.entries[at - 1].end if at else node.start
        return Edit(page.with_comments(entry.start, floor), page.below(end), "", path)
    if page.ends_line(end) and not shares_line(page, node, at):
        return Edit(page.before_blanks(entry.start), page.text_end(page.below(end)), "", path)
    blanks = BLANKS.match(page.body, end)
    return Edit(entry.start, blanks.end() if blanks else end, "", path)


def shares_line(page: Page, node: Node, at: int) -> bool:
    """Tell whether another entry stands on the same line, so that a comment may mean both."""
    entry = node.entries[at]
    before = at > 0 and node.entries[at - 1].end > page.line_start(entry.start)
    return before or -1 < following(node, at) < page.below(entry.end)


def into_flow(page: Page, node: Node, after: int, texts: Sequence[str], path: Path) -> list[Edit]:
    """Return the edits that put entries into brackets behind entry `after` (-1: at the front)."""
    if after < 0:
        return [front_of_flow(page, node, texts, path)]
    entry = node.entries[after]
    comma = page.comma(entry.end)
    end = max(comma, entry.end)
    if not (page.is_alone(entry.start) and page.ends_line(end)):
        return [Edit(entry.end, entry.end, "".join(", " + text for text in texts), path)]
    pad = page.body[page.line_start(entry.start) : entry.start]
    lines = [f"{pad}{text}," for text in texts]
    if comma >= 0:
        return [lines_at(page, page.below(end), lines, path)]
    lines[-1] = lines[-1].removesuffix(",")
    return [Edit(entry.end, entry.end, ",", path), lines_at(page, page.below(end), lines, path)]


def front_of_flow(page: Page, node: Node, texts: Sequence[str], path: Path) -> Edit:
    if not node.entries:
        place = node.end - 1
        pad = "" if place == node.start + 1 or page.body[place - 1] in " \n" else " "
        return Edit(place, place, pad + ", ".join(texts), path)
    start = node.entries[0].start
    if not page.is_alone(start):
        return Edit(start, start, "".join(text + ", " for text in texts), path)
    pad = page.body[page.line_start(start) : start]
    return lines_at(page, page.line_start(start), [f"{pad}{text}," for text in texts], path)
