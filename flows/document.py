"""A flow file as it was read: its text, its plain data, and the line of everything in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import yaml

from flows.problems import Refused, refuse
from flows.scalars import Plain
from flows.tree import Node, parse

__all__ = ["CODES", "Document", "Path", "Plain", "read"]

Path: TypeAlias = tuple[str | int, ...]

MOST_BYTES = 1_000_000
MARK = "\ufeff"  # the byte order mark that some editors put first; kept on save


@dataclass(frozen=True)
class Document:
    """A flow file that was read. `data` is the top mapping, `lines` counts from 1."""

    text: str
    data: dict[str, Plain]
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """Return the line of what stands at the path, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return self.lines.get((), 1)


def read(source: bytes | str) -> Document:
    """Read the text of a flow file as plain data, with YAML 1.2's core scalars and nothing more.

    Raises Refused, with one plain sentence, for a file that is too large, not UTF-8, not YAML, or
    that uses what a flow may not (see CODES).
    """
    text = decoded(source)
    top = tree(text)
    assert isinstance(top.value, dict)
    return Document(text, top.value, MappingProxyType(dict(places(top, ()))))


def tree(text: str) -> Node:
    """Return the tree of a text; offsets count from behind a byte order mark.

    Raises Refused like `read`.
    """
    check_size(len(text.encode("utf-8", "surrogatepass")))
    body = text.removeprefix(MARK)
    check_characters(body)
    try:
        return parse(body)
    except yaml.MarkedYAMLError as error:
        raise reworded(error, body) from None
    except yaml.YAMLError:
        raise refuse("text-syntax", "The text cannot be read as YAML.") from None


def places(node: Node, path: Path) -> Iterator[tuple[Path, int]]:
    if not path:
        yield (), node.line
    for entry in node.entries:
        yield (*path, entry.name), entry.line
        yield from places(entry.value, (*path, entry.name))


def decoded(source: bytes | str) -> str:
    if isinstance(source, str):
        check_size(len(source))  # a character takes at least one byte
        return source
    check_size(len(source))
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = f"Line {line}: byte {error.start} is not UTF-8; save the file as UTF-8."
        raise refuse("text-not-utf-8", message, line=line) from None


def check_size(size: int) -> None:
    if size > MOST_BYTES:
        message = f"The file has {size:,} bytes; a flow may have {MOST_BYTES:,}. Data belongs in files of its own."
        raise refuse("text-too-large", message)


# NEL, LS and PS end a line for YAML 1.1 and not for 1.2, a lone carriage return for some editors
# only; as raw characters they would make line numbers and readers disagree.
UNSEEN = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)


def check_characters(body: str) -> None:
    found = UNSEEN.search(body)
    if found is None:
        return
    line, code = body.count("\n", 0, found.start()) + 1, ord(found.group())
    if 0xD800 <= code <= 0xDFFF:
        raise refuse("text-not-utf-8", f"Line {line}: half of a surrogate pair is not a character.", line=line)
    message = (
        f"Line {line}: the invisible character U+{code:04X} may not stand here; remove it, "
        f'or write it as "\\u{code:04x}" in double quotes.'
    )
    raise refuse("text-control-character", message, line=line)


def reworded(error: yaml.MarkedYAMLError, body: str) -> Refused:
    """Return the parser's complaint as a sentence: where, what was found, what is expected."""
    mark = error.problem_mark or error.context_mark
    rows = body.rstrip("\r\n").split("\n")
    line = min(mark.line + 1, len(rows)) if mark else 1
    problem, context = error.problem or "", error.context or ""
    code = "text-tag" if "tag" in problem else "text-syntax"
    begun = error.context_mark.line + 1 if error.context_mark else line
    found = f"found `{rows[line - 1].strip()[:60]}`; " if rows[line - 1].strip() else ""
    return refuse(code, f"Line {line}: {found}{expected(problem, context, begun)}", line=line)


def expected(problem: str, context: str, begun: int) -> str:
    """Return what is expected, for the problem as either of PyYAML's two parsers words it."""
    for piece, sentence in EXPECTED:
        if piece in problem or piece in context:
            return sentence.format(begun=begun)
    return "this is not YAML. Expected `key: value`, or `- item` in a list."


EXPECTED = (
    (
        "quoted scalar",
        ("expected a closing quote for the text that begins on line {begun}, and no unknown `\\` in it."),
    ),
    ("flow sequence", "expected `,` or `]` in the list that begins on line {begun}."),
    ("flow mapping", "expected `,` or `}}` in the mapping that begins on line {begun}."),
    (
        "mapping values are not allowed",
        (
            "a second `: ` in one line, or a wrong indentation. Expected one `key: value` a line; "
            "put text that holds a colon in quotes."
        ),
    ),
    ("could not find expected ':'", "expected `: ` behind the key that begins on line {begun}."),
    (
        "cannot start any token",
        ("a value may not begin with a tab, `%`, `@` or a backquote. Indent with spaces, and put such text in quotes."),
    ),
    (
        "expected '-'",
        ("expected a further `- item` of the list that begins on line {begun}, or less indentation."),
    ),
    (
        "block collection",
        ("expected a further `- item` of the list that begins on line {begun}, or less indentation."),
    ),
    (
        "block mapping",
        (
            "expected a further `key: value` at the indentation of line {begun}, and nothing "
            "behind a closing quote or bracket."
        ),
    ),
    (
        "block scalar",
        ("expected only `|` or `>` on the first line of a text, and the same indentation below."),
    ),
    ("tag", "a tag (`!`) is not read, since a flow holds no code; remove it."),
    ("node content", "expected a value here."),
    (
        "document start",
        ("expected the end of the file; the indentation may be less than that of the first line."),
    ),
    ("sequence entries", "expected a list item `- item` on a line of its own."),
    ("anchor", "an anchor or alias is not read; write the value out."),
    ("alias", "an anchor or alias is not read; write the value out."),
)

CODES: tuple[tuple[str, str], ...] = (
    ("text-too-large", "The file is larger than 1,000,000 bytes; move data into files that the flow reads."),
    ("text-not-utf-8", "The file is not UTF-8 text; save it as UTF-8."),
    (
        "text-control-character",
        "An invisible control character stands in the file; remove it or write it as an escape.",
    ),
    ("text-syntax", "The text is not YAML; the sentence names the line and what is expected there."),
    (
        "text-not-a-mapping",
        "The file is empty or does not consist of `key: value` lines; begin with `tandem: 1`.",
    ),
    ("text-many-documents", "The file holds more than one document; give each flow a file of its own."),
    ("text-too-deep", "Values are nested more than 32 levels deep; make the flow flatter."),
    ("text-duplicate-key", "One key stands twice in the same mapping; keep one of them."),
    ("text-key", "A key is a list, a mapping or longer than 160 characters; use a short word."),
    ("text-merge", "The merge key `<<` is not read; write the entries out."),
    ("text-alias", "Anchors (`&`) and aliases (`*`) are not read; write the value out."),
    ("text-tag", "Tags (`!`) are not read, since a flow holds no code; remove them."),
    ("text-long-number", "A number has more than 400 digits; put it in quotes if it is a name."),
    (
        "text-not-plain",
        "Something that is to be saved is not plain data; use words, numbers, lists and mappings.",
    ),
)
