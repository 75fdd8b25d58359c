"""A flow as text for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from flows.show.cards import Face, edges, faces
from flows.show.layers import in_order
from flows.show.wording import cells, span, wrap

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow, Link
    from flows.step import Plain

Boxes = Literal["unicode", "ascii"]
Style = Literal["", "bold", "dim", "source", "prepare", "model", "choose", "people", "learn", "measure", "deliver"]
Part = tuple[str, Style]

NARROWEST = 24


def tree(flow: Flow, catalog: Catalog, width: int = 80, colour: bool = False, boxes: Boxes = "unicode") -> str:
    """Return a flow as lines of text: what it is for, then each step in the order in which work moves.

    No line is wider than `width` columns (at least 24). Without `colour` there are no escape codes
    at all; with it, those of ANSI. `boxes="ascii"` is for terminals that cannot draw lines; words of
    the flow itself stay as they are.
    """
    page = _Page(max(width, NARROWEST), colour, MARKS[boxes])
    _intent(page, flow)
    drawn = faces(flow, catalog)
    order = in_order(list(drawn), edges(flow, drawn))
    for step in order:
        _step(page, drawn, drawn[step], last=step == order[-1] and not flow.people)
    if flow.people:
        _people(page, flow)
    return "\n".join(page.lines) + "\n"


def _intent(page: _Page, flow: Flow) -> None:
    page.write("", "", (flow.name or flow.id, "bold"), (flow.id if flow.name else "", "dim"))
    said = [("goal", flow.intent.goal)]
    said += [("aim", str(aim)) for aim in flow.intent.aims]
    said += [("limit", str(limit)) for limit in flow.intent.limits]
    said += [("starts", flow.starts)]
    for word, text in said:
        if text:
            page.write(f"{word:8}", " " * 8, (text, ""))
    page.lines.append("")


def _step(page: _Page, drawn: dict[str, Face], face: Face, last: bool) -> None:
    marks = page.marks
    branch, side = (marks.last, " " * 5) if last else (marks.branch, f"{marks.side}    ")
    words: Style = "" if face.family else "dim"
    page.write(
        branch,
        side,
        (face.id, face.family or "dim"),
        (face.title, "bold" if face.family else "dim"),
        (face.kind, "dim"),
    )
    page.write(side, side, (face.sentence, words))
    onward = [_onward(link, drawn) for link in face.leaving if not link.feedback]
    if onward:
        page.write(f"{side}{marks.onward} ", f"{side}   ", (", ".join(onward), words))
    learned = [_learned(link, face) for link in face.arriving if link.feedback]
    if learned:
        says = f"learns from {', '.join(learned)}, next round"
        page.write(f"{side}{marks.back} ", f"{side}   ", (says, words))


def _onward(link: Link, drawn: dict[str, Face]) -> str:
    """Return the step that a link leads to; ports are told where they are not plain from the steps."""
    entries = [pin for pin in drawn[link.target.step].inputs if not pin.feedback]
    to = link.target.step if len(entries) == 1 else str(link.target)
    exits = {other.source.port for other in drawn[link.source.step].leaving if not other.feedback}
    return f"{to} ({link.source.port})" if len(exits) > 1 else to


def _learned(link: Link, face: Face) -> str:
    twice = sum(other.feedback and other.source == link.source for other in face.arriving) > 1
    return f"{link.source} (as {link.target.port})" if twice else str(link.source)


def _people(page: _Page, flow: Flow) -> None:
    side = " " * 5
    page.write(page.marks.last, side, ("people", "bold"))
    for group, described in flow.people.items():
        page.write(side, f"{side}  ", (group, "people"), (_spoken(described), ""))


def _spoken(plain: Plain) -> str:
    if isinstance(plain, dict):
        return ", ".join(
            f"{word}: {_spoken(value)}" if isinstance(value, dict) else f"{word} {_spoken(value)}"
            for word, value in plain.items()
        )
    if isinstance(plain, list):
        return ", ".join(_spoken(value) for value in plain)
    return "nothing" if plain is None else str(plain)


@dataclass(frozen=True)
class _Marks:
    """The signs of the tree."""

    branch: str
    last: str
    side: str
    onward: str
    back: str


MARKS: dict[Boxes, _Marks] = {
    "unicode": _Marks("├─ ", "└─ ", "│", "→", "⇠"),
    "ascii": _Marks("|- ", "`- ", "|", "->", "<~"),
}

_CODES: dict[Style, str] = {
    "bold": "1",
    "dim": "2",
    "source": "1;34",
    "prepare": "1;36",
    "model": "1;35",
    "choose": "1;33",
    "people": "1;31",
    "learn": "1;32",
    "measure": "1;37",
    "deliver": "1;94",
}


@dataclass
class _Page:
    """Lines that are being written."""

    width: int
    colour: bool
    marks: _Marks
    lines: list[str] = field(default_factory=list)

    def write(self, first: str, rest: str, *parts: Part) -> None:
        """Set parts one after the other, wrapped, with a hanging indent."""
        line, column = self._paint(first, "dim"), 0.0
        room = self.width - max(len(first), len(rest))
        for text, style in parts:
            for place, piece in enumerate(wrap(text, room, cells, used=column + 1 if column else 0)):
                if place:
                    self.lines.append(line.rstrip())
                    line, column = self._paint(rest, "dim"), 0
                if piece:
                    line += " " * (2 if column else 0) + self._paint(piece, style)
                    column += span(piece, cells) + (2 if column else 0)
        self.lines.append(line.rstrip())

    def _paint(self, text: str, style: Style) -> str:
        if not (self.colour and style and text.strip()):
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"
