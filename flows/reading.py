"""The flow that a file says: what is malformed becomes a problem, and everything else is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from flows.document import MOST_BYTES, Document, read
from flows.flow import SLUG, Card, End, Flow, Group, Link, Note
from flows.intent import Intent, Target
from flows.problems import Level, Problem, Refused, refuse
from flows.spelling import LONGEST_ID, instead, listed, slug
from flows.step import RESERVED, Plain
from flows.versions import bring_forward, format_problem

SECTIONS = (
    "tandem", "id", "name", "intent", "starts", "steps", "people", "rehearsal", "links", "notes", "groups",
    "layout",
)  # fmt: skip
"""What a file may say, in the order in which it is written."""
MOST_STEPS = 5_000
FARTHEST = 100_000
"""The largest grid position."""

_LINK = re.compile(r"\s*([^\s.]+)\.([^\s.]+)\s*(->|~>)\s*([^\s.]+)\.([^\s.]+)\s*")
_LINK_FORMS = "Write risk.predictions -> unsure.predictions, or for feedback planners.answers ~> risk.answers"
_INTENT = ("goal", "aims", "limits")
_NOTE = ("text", "at", "size")
_GROUP = ("title", "steps", "folded")


@dataclass(frozen=True)
class Loaded:
    """A flow as its file says it, with the text that it came from and what could not be read."""

    flow: Flow
    document: Document
    problems: tuple[Problem, ...]
    path: Path


def load(path: Path) -> Loaded:
    """Return the flow in a file; refuse with a sentence when there is no file that can be read."""
    document = read(_bytes_of(path))
    flow, problems = flow_of(document, path.stem)
    return Loaded(flow, document, problems, path)


def flow_of(document: Document, stem: str) -> tuple[Flow, tuple[Problem, ...]]:
    """Return the flow that a document says, and what in it is not understood.

    `stem` names the flow when the file has no `id`. Only a file of a newer format is refused.
    """
    try:
        data = bring_forward(document.data)
    except Refused as refused:
        line = document.line(("tandem",))
        raise Refused(problem.at(line) for problem in refused.problems) from None
    reader = _Reader(document)
    return reader.flow(data, stem), tuple(reader.problems)


def link_of(value: Plain) -> Link | None:
    """Return the link that an item of `links:` says, or None when it says none."""
    found = _LINK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    source, out, arrow, target, into = found.groups()
    return Link(End(source, out), End(target, into), arrow == "~>")


class _Reader:
    """Goes through the data of one file once, and notes what it does not understand."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def flow(self, data: dict[str, Plain], stem: str) -> Flow:
        format_wrong = format_problem(data)
        if format_wrong is not None:
            self.problems.append(format_wrong.at(self.document.line(("tandem",))))
        return Flow(
            id=self.flow_id(data.get("id"), stem),
            name=self.words(data.get("name"), "name"),
            intent=self.intent(data.get("intent")),
            starts=self.words(data.get("starts"), "starts"),
            steps=self.steps(data.get("steps")),
            people=self.mapping(data.get("people"), "The people are their groups by name", "people"),
            rehearsal=self.mapping(
                data.get("rehearsal"),
                "The rehearsal is when its rounds are played: begins, every",
                "rehearsal",
            ),
            links=self.links(data.get("links")),
            notes=self.notes(data.get("notes")),
            groups=self.groups(data.get("groups")),
            layout=self.layout(data.get("layout")),
            rest=self.rest(data),
        )

    def flow_id(self, value: Plain, stem: str) -> str:
        said = self.words(value, "id")
        if said:
            self.wants_slug(said, "The flow's id", "flow", "id")
        return slug(said or stem, "flow")

    def intent(self, value: Plain) -> Intent:
        said = self.mapping(value, "The intent is a goal, aims and limits", "intent")
        for key in [key for key in said if key not in _INTENT]:
            self.unknown(key, _INTENT, "The intent has", "intent", key)
        return Intent(
            goal=self.words(said.get("goal"), "intent", "goal"),
            aims=self.targets(said.get("aims"), "aims"),
            limits=self.targets(said.get("limits"), "limits"),
        )

    def targets(self, value: Plain, section: str) -> tuple[Target, ...]:
        targets = []
        for index, item in enumerate(self.items(value, f"The {section} are a list", "intent", section)):
            line = self.document.line(("intent", section, index))
            try:
                text = item if isinstance(item, str) else called(item)
                targets.append(Target.read(text, f"intent.{section}.{index}", line))
            except Refused as refused:
                self.problems.extend(refused.problems)
        return tuple(targets)

    def steps(self, value: Plain) -> dict[str, Card]:
        said = self.mapping(value, "The steps are cards by id, such as risk: {kind: predict-label}", "steps")
        if len(said) > MOST_STEPS:
            says = f"There are {len(said):,} steps, and a flow has at most {MOST_STEPS:,}. The rest is not read."
            self.note("steps-too-many", says, "steps")
        cards = (self.card(name, said[name]) for name in list(said)[:MOST_STEPS])
        return {card.id: card for card in cards if card is not None}

    def card(self, name: str, value: Plain) -> Card | None:
        self.wants_slug(name, "The id of the step", "step", "steps", name)
        if value is not None and not isinstance(value, dict):
            kind = value if isinstance(value, str) and SLUG.match(value) else "read-table"
            says = f"The step '{name:.40}' is {called(value)}. Write its kind and its settings: {{kind: {kind}}}"
            self.note("card-malformed", says, "steps", name)
            return None
        said = value or {}
        formerly = self.words(said.get("formerly"), "steps", name, "formerly")
        if formerly and not self.wants_slug(formerly, "The former id", "step", "steps", name, "formerly"):
            formerly = ""
        return Card(
            id=name,
            kind=self.words(said.get("kind"), "steps", name, "kind"),
            settings={key: setting for key, setting in said.items() if key not in RESERVED},
            title=self.words(said.get("title"), "steps", name, "title"),
            formerly=formerly,
            version=self.version(said.get("version"), name),
        )

    def version(self, value: Plain, step: str) -> int | None:
        if value is None:
            return None
        if _is_int(value) and value >= 1:
            return value
        says = f"The version of '{step}' is {called(value)}. It is a number from 1 on, or is left out."
        self.note("version-malformed", says, "steps", step, "version")
        return None

    def links(self, value: Plain) -> tuple[Link, ...]:
        links = []
        for index, item in enumerate(self.items(value, "The links are a list", "links")):
            link = link_of(item)
            if link is None:
                says = f"This is not understood as a link: {called(item)}. {_LINK_FORMS}"
                self.note("link-unreadable", says, "links", index)
            else:
                links.append(link)
        return tuple(links)

    def notes(self, value: Plain) -> dict[str, Note]:
        shape = "The notes are remarks by name, such as why: {text: Ask Anna, at: [0, 8]}"
        notes = {}
        for name, said in self.mapping(value, shape, "notes", level="warning").items():
            parts = self.remark("notes-malformed", said, _NOTE, "notes", name)
            if parts is not None:
                at = self.pair(parts.get("at"), Note.at, 0, "notes", name, "at")
                size = self.pair(parts.get("size"), Note.size, 1, "notes", name, "size")
                notes[name] = Note(self.words(parts.get("text"), "notes", name, "text"), at, size)
        return notes

    def groups(self, value: Plain) -> dict[str, Group]:
        shape = "The groups are steps by name, such as morning: {title: Morning, steps: [a, b]}"
        groups = {}
        for name, said in self.mapping(value, shape, "groups", level="warning").items():
            parts = self.remark("groups-malformed", said, _GROUP, "groups", name)
            if parts is not None:
                items = self.items(parts.get("steps"), "The steps of a group are a list", "groups", name, "steps")
                steps = tuple(self.words(item, "groups", name, "steps") for item in items)
                title = self.words(parts.get("title"), "groups", name, "title")
                folded = parts.get("folded")
                if not isinstance(folded, bool | None):
                    says = f"'folded' of '{name:.40}' is {called(folded)}. It is true or false."
                    self.note("groups-malformed", says, "groups", name, "folded", level="warning")
                groups[name] = Group(title, tuple(filter(None, steps)), folded is True)
        return groups

    def remark(self, code: str, said: Plain, parts: tuple[str, ...], *path: str) -> dict[str, Plain] | None:
        """Return a note or a group as a mapping of known parts, or None when it is none."""
        if not isinstance(said, dict):
            says = f"'{path[-1]:.40}' is {called(said)}. Write it as {{{parts[0]}: words, {parts[1]}: ...}}"
            self.note(code, says, *path, level="warning")
            return None
        for key in [key for key in said if key not in parts]:
            self.unknown(key, parts, "It has", *path, key)
        return said

    def pair(self, value: Plain, otherwise: tuple[int, int], least: int, *path: str) -> tuple[int, int]:
        if value is None:
            return otherwise
        if _is_position(value) and min(value) >= (least or -FARTHEST):
            return value[0], value[1]
        says = f"'{path[-1]}' of the note '{path[-2]:.40}' is {called(value)}. It is two whole numbers: [8, 4]"
        self.note("notes-malformed", says, *path, level="warning")
        return otherwise

    def layout(self, value: Plain) -> dict[str, tuple[int, int]]:
        shape = "The layout is positions by step, such as risk: [12, 0]"
        layout = {}
        for step, position in self.mapping(value, shape, "layout", level="warning").items():
            if _is_position(position):
                layout[step] = (position[0], position[1])
            else:
                says = f"The position of '{step:.40}' is {called(position)}. It is two whole numbers: [12, 0]"
                self.note("layout-malformed", says, "layout", step, level="warning")
        return layout

    def rest(self, data: dict[str, Plain]) -> dict[str, Plain]:
        rest = {key: value for key, value in data.items() if key not in SECTIONS}
        for key in rest:
            self.unknown(key, SECTIONS, "A flow has", key)
        return rest

    def words(self, value: Plain, *path: str) -> str:
        """Return words; a number or a truth value is taken for the word that it looks like."""
        if not isinstance(value, dict | list):
            return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        self.note("words-expected", f"'{path[-1]}' is {called(value)}, but words are expected here.", *path)
        return ""

    def mapping(self, value: Plain, shape: str, *path: str, level: Level = "error") -> dict[str, Plain]:
        if isinstance(value, dict):
            return value
        if value is not None:
            self.note("section-malformed", f"{shape}; here is {called(value)}.", *path, level=level)
        return {}

    def items(self, value: Plain, shape: str, *path: str) -> list[Plain]:
        if isinstance(value, list):
            return value
        if value is not None:
            says = f"{shape}, with '- ' before each item; here is {called(value)}."
            self.note("section-malformed", says, *path)
        return []

    def wants_slug(self, text: str, what: str, otherwise: str, *path: str) -> bool:
        if SLUG.match(text) and len(text) <= LONGEST_ID:
            return True
        says = (
            f"{what} is '{text:.80}'. An id begins with a small letter and has small letters, digits and "
            f"single hyphens, at most {LONGEST_ID} characters: {slug(text, otherwise)}"
        )
        self.note("id-malformed", says, *path)
        return False

    def unknown(self, key: str, known: tuple[str, ...], there_are: str, *path: str) -> None:
        says = f"'{key:.40}' is not known here and is kept as it is. {instead(key, known, there_are)}"
        self.note("key-unknown", says, *path, level="warning")

    def note(self, code: str, says: str, *path: str | int, level: Level = "error") -> None:
        place = ".".join(map(str, path))
        self.problems.append(Problem(code, says, place, self.document.line(path), level))


def called(value: Plain) -> str:
    """Return what a piece of a file is, in words for a sentence."""
    if isinstance(value, dict):
        return f"a mapping ({listed(list(value))})" if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        return f"'{value:.80}'"
    return "nothing" if value is None else str(value).lower()[:80]


def _is_int(value: Plain) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_position(value: Plain) -> TypeGuard[list[int]]:
    if not isinstance(value, list) or len(value) != 2:
        return False
    return all(_is_int(item) and abs(item) <= FARTHEST for item in value)


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        inside = listed(sorted(file.name for file in path.glob("*.y*ml")))
        raise refuse("file-is-folder", f"'{path}' is a folder. Name a flow file; in it there is: {inside}.")
    try:
        if path.exists() and not path.is_file():
            raise refuse("file-unreadable", f"'{path}' is not a file that holds text. Name a flow file.")
        with path.open("rb") as file:
            # One byte more than allowed is enough to be told that the file is too large.
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _missing(path) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise refuse("file-unreadable", f"'{path}' cannot be read: {why}.") from None


def _missing(path: Path) -> Refused:
    beside = sorted(file.name for file in path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    return refuse("file-missing", f"There is no file '{path}'. {instead(path.name, beside, 'Beside it is')}")


CODES: tuple[tuple[str, str], ...] = (
    ("file-missing", "There is no such file. Check the name and the folder."),
    ("file-is-folder", "The name is that of a folder. Name a flow file in it."),
    ("file-unreadable", "The file cannot be read. Check its rights, and that it is a plain file."),
    ("section-malformed", "A part of the file has the wrong form. The sentence shows the right one."),
    ("words-expected", "A list or a mapping stands where words belong. Write plain words."),
    ("id-malformed", "An id has small letters, digits and single hyphens. Take the id that is proposed."),
    ("card-malformed", "A step is not a mapping of kind and settings. Write `{kind: ...}`."),
    ("version-malformed", "The version of a step is a number from 1 on. Correct it or leave it out."),
    ("steps-too-many", f"A flow has at most {MOST_STEPS:,} steps. Split it into several flows."),
    ("link-unreadable", "A link is `a.out -> b.in`, feedback is `a.out ~> b.in`. Write one of the two."),
    ("layout-malformed", "A position is two whole numbers. Correct it, or remove it to be laid out anew."),
    ("notes-malformed", "A note is its text, where it is and its size. The sentence shows the right form."),
    ("groups-malformed", "A group is its title and its steps. Write `{title: ..., steps: [a, b]}`."),
    ("key-unknown", "A word at this place is not known. It is kept; check its spelling."),
)
