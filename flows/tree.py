"""The text of a flow file as a tree: every value with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import yaml

from flows.problems import Refused, refuse
from flows.scalars import Plain, meaning

DEEPEST = 32
LONGEST_KEY = 160  # a parser looks 1,024 characters ahead for a colon, an escape takes six

Style = Literal["plain", "quoted", "text", "block", "flow"]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is about twenty times faster


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place: `start` and `end` are offsets in the text, `line` counts from 1.

    The end is that of the last character that belongs to the value, so that a comment or a
    blank line below is never part of it. A value that is left out has start == end.
    """

    start: int
    end: int
    line: int
    value: Plain
    style: Style
    entries: tuple[Entry, ...] = ()

    def find(self, name: str | int) -> Entry | None:
        """Return the entry of that name, None if there is none."""
        return next((entry for entry in self.entries if entry.name == name), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` or one item of a list; `name` is the key or the item's position.

    `start` is where the key (or a `?` before it) or the dash stands, `head` where the value may
    begin: behind the colon or the dash. A key without a colon has no head (-1).
    """

    name: str | int
    key: Node | None
    value: Node
    start: int
    head: int

    @property
    def end(self) -> int:
        """Return where the entry's last character ends."""
        return max(self.value.end, self.head, self.key.end if self.key else 0)

    @property
    def line(self) -> int:
        """Return the line of the key or of the item."""
        return self.key.line if self.key else self.value.line


def parse(body: str) -> Node:
    """Return the tree of a text without byte order mark; its top node is a mapping.

    Raises Refused for what YAML allows and a flow file does not (tags, anchors, aliases, merge
    keys, duplicate keys, several documents, more than 32 levels), and yaml.YAMLError where the
    text is not YAML.
    """
    return Reader(body).document()


class Reader:
    """One pass over the parser's events; it stops at the first thing that is refused."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.events: Iterator[yaml.Event] = yaml.parse(body, Loader=LOADER)

    def document(self) -> Node:
        """Return the only document of the text."""
        next(self.events)
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            raise refuse("text-not-a-mapping", "The file is empty; a flow begins with `tandem: 1`.", line=1)
        top = self.node(next(self.events), 1)
        next(self.events)
        after = next(self.events)
        if isinstance(after, yaml.DocumentStartEvent):
            raise refusal(
                "text-many-documents",
                after,
                "a second document begins here; a file holds one flow, so put the other in a file of its own.",
            )
        if not isinstance(top.value, dict):
            message = f"Line {top.line}: a flow is written as `key: value` lines, found {named(top.value)}."
            raise refuse("text-not-a-mapping", message, line=top.line)
        return top

    def node(self, event: yaml.Event, depth: int) -> Node:
        """Return the node that begins with this event."""
        check_plain_yaml(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if depth > DEEPEST:
            raise refusal("text-too-deep", event, f"values are nested more than {DEEPEST} levels deep.")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, depth)
        return self.sequence(event, depth)

    def scalar(self, event: yaml.ScalarEvent) -> Node:
        """Return a single value; a quoted one is always text."""
        start, end, style = begin(event), finish(event), event.style
        line = line_of(event)
        if style in ("|", ">"):
            return Node(start, self.text_end(start, end, event.value), line, event.value, "text")
        if style in ("'", '"'):
            if any("\ud800" <= letter <= "\udfff" for letter in event.value):
                raise refusal("text-not-utf-8", event, "half of a surrogate pair is not a character.")
            return Node(start, end, line, event.value, "quoted")
        try:
            return Node(start, end, line, meaning(event.value), "plain")
        except ValueError as error:
            raise refusal("text-long-number", event, f"{error} Put it in quotes if it is a name.") from None

    def text_end(self, start: int, end: int, value: str) -> int:
        """Return where a block of text ends, without the blank lines below that it does not mean."""
        kept = "+" in self.body[start:end].split("\n", 1)[0].split("#", 1)[0]
        if kept or value.rstrip("\n")[-1:].isspace():
            return start + len(self.body[start:end].removesuffix("\n").removesuffix("\r"))
        return start + len(self.body[start:end].rstrip())

    def mapping(self, event: yaml.MappingStartEvent, depth: int) -> Node:
        entries: list[Entry] = []
        seen: dict[str, int] = {}
        place = begin(event)
        while not isinstance(last := next(self.events), yaml.MappingEndEvent):
            entry = self.pair(last, depth, place)
            place = entry.end
            self.check_new(entry, seen)
            entries.append(entry)
        value = {str(entry.name): entry.value.value for entry in entries}
        return self.collection(event, last, value, entries)

    def pair(self, event: yaml.Event, depth: int, place: int) -> Entry:
        check_plain_yaml(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise refusal("text-key", event, "a key must be one word or a quoted text, found a list or mapping.")
        key = self.key(event)
        value = self.node(next(self.events), depth + 1)
        found = COLON.match(self.body, key.end)
        head = found.end() if found else -1
        if value.start == value.end:  # parsers differ in where a value that is left out stands
            left_out = max(head, key.end)
            value = Node(left_out, left_out, key.line, value.value, value.style)
        asked = QUESTION.match(self.body, place, key.start)
        return Entry(event.value, key, value, asked.end() - 1 if asked else key.start, head)

    def key(self, event: yaml.ScalarEvent) -> Node:
        length = len(event.value)
        if length > LONGEST_KEY:
            raise refusal("text-key", event, f"a key may have {LONGEST_KEY} characters, this one has {length}.")
        if event.value == "<<" and event.style not in ("'", '"'):
            raise refusal("text-merge", event, "the merge key `<<` is not read; write the entries out.")
        plain = event.style not in ("'", '"', "|", ">")
        word = Node(begin(event), finish(event), line_of(event), event.value, "plain")
        return word if plain else self.scalar(event)

    def check_new(self, entry: Entry, seen: dict[str, int]) -> None:
        key, line = str(entry.name), entry.line
        if key in seen:
            raise refuse(
                "text-duplicate-key",
                f"Line {line}: the key `{key}` stands twice, first on line {seen[key]}; keep one of them.",
                line=line,
            )
        seen[key] = line

    def sequence(self, event: yaml.Event, depth: int) -> Node:
        values = []
        while not isinstance(last := next(self.events), yaml.SequenceEndEvent):
            values.append(self.node(last, depth + 1))
        entries = self.items(event, values)
        return self.collection(event, last, [value.value for value in values], entries)

    def items(self, event: yaml.Event, values: list[Node]) -> list[Entry]:
        if self.body[begin(event)] == "[":
            return [Entry(at, None, value, value.start, value.start) for at, value in enumerate(values)]
        entries: list[Entry] = []
        place = begin(event)
        for at, value in enumerate(values):
            found = DASH.match(self.body, place)
            head = found.end() if found else value.start
            entries.append(Entry(at, None, value, head - 1, head))
            place = max(head, value.end)
        return entries

    def collection(self, first: yaml.Event, last: yaml.Event, value: Plain, entries: list[Entry]) -> Node:
        start = begin(first)
        flow = self.body[start : start + 1] in ("[", "{") and finish(last) > begin(last)
        end = finish(last) if flow else max([start, *(entry.end for entry in entries)])
        style: Style = "flow" if flow else "block"
        return Node(start, end, line_of(first), value, style, tuple(entries))


GAP = r"(?:[ \t\r\n]|(?<=[\s])#[^\n]*)*"
COLON = re.compile(GAP + ":")
QUESTION = re.compile(r"[{\[,]?" + GAP + r"\?")
DASH = re.compile(GAP + "-")


def check_plain_yaml(event: yaml.Event) -> None:
    """Refuse what could hold code, or grow when it is read."""
    if isinstance(event, yaml.AliasEvent):
        raise refusal("text-alias", event, f"the alias `*{event.anchor}` is not read; write the value out.")
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        raise refusal("text-alias", event, f"the anchor `&{event.anchor}` is not read; remove it.")
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        raise refusal("text-tag", event, "a tag (`!`) is not read, since a flow holds no code; remove it.")


def begin(event: yaml.Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.index


def finish(event: yaml.Event) -> int:
    assert event.end_mark is not None
    return event.end_mark.index


def line_of(event: yaml.Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.line + 1


def refusal(code: str, event: yaml.Event, message: str) -> Refused:
    line = line_of(event)
    return refuse(code, f"Line {line}: {message}", line=line)


def named(value: Plain) -> str:
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else f"the single value `{str(value)[:40]}`"


def same(one: Plain, other: Plain) -> bool:
    """Tell whether two values are the same to a reader of the file: 1, 1.0 and true differ.

    The order of keys does not count, that of a list does.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or repr(one) == repr(other)) and sign(one) == sign(other)


def sign(value: Plain) -> str:
    return repr(value)[:1] if isinstance(value, float) else ""
