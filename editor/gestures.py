"""Gestures on the canvas: each becomes one edit, or is put back with its reason and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict

from pydantic import TypeAdapter, ValidationError

from editor.faces import Picture
from editor.intents import Gesture, Here
from editor.ops import Op
from editor.session import EditSession
from editor.watching import Change
from flows.command import Command
from flows.problems import Problem, Refused, refuse

_GESTURE: TypeAdapter[Gesture] = TypeAdapter(Gesture)
_MOST_OFFERED = 100


class Refusal(TypedDict):
    """Why a gesture was put back: a sentence, the fix where there is one, and how things really stand."""

    intentId: str
    says: str
    fixLabel: str | None
    fixId: str | None
    ops: list[Op]
    rev: int


class Gestures:
    """Turns what a canvas asks for into edits of one session. `origin` names the page."""

    def __init__(self, session: EditSession, origin: str = "") -> None:
        self.session, self._origin = session, origin
        self._offers: dict[str, Command] = {}
        self._offered = 0

    def make(self, intent: Mapping[str, object]) -> Change | Refusal:
        """Make the edit that a gesture asks for.

        A gesture that was based on an older revision is made on the flow as it is now, where that
        still makes sense.
        """
        try:
            session = self.session
            edit = read(intent).edit(Here(session.flow, session.catalog, session.folder))
            return session.do(edit, self._origin)
        except Refused as refused:
            return self._refusal(intent, refused.problems[0])
        except ValidationError as error:  # what no file can hold, such as half of a character
            says = error.errors()[0]["msg"].removeprefix("Value error, ")
            return self._refusal(intent, Problem("gesture-unknown", f"This cannot be done: {says}."))

    def fix(self, fix_id: str) -> Change | Refusal:
        """Make the edit that a refusal offered."""
        command = self._offers.get(fix_id)
        try:
            if command is None:
                raise refuse("gesture-late", "This fix is no longer on offer. Try the gesture again.")
            return self.session.do(command, self._origin)
        except Refused as refused:
            return self._refusal({"id": fix_id}, refused.problems[0])

    def offer(self, problem: Problem) -> str | None:
        """Keep the fix of a problem under an id with which `fix` makes it; None where there is no fix."""
        if problem.fix is None:
            return None
        self._offered += 1
        self._offers[f"fix-{self._offered}"] = problem.fix
        if len(self._offers) > _MOST_OFFERED:
            del self._offers[next(iter(self._offers))]
        return f"fix-{self._offered}"

    def _refusal(self, intent: Mapping[str, object], problem: Problem) -> Refusal:
        fix_id = self.offer(problem)
        base, now = intent.get("baseRev"), self.session.revision
        late = isinstance(base, int) and base < now and not problem.code.startswith("gesture-")
        return Refusal(
            intentId=str(intent.get("id", "")),
            says=problem.message + (" The flow was changed in another window meanwhile." if late else ""),
            fixLabel=problem.fix_says if fix_id else None,
            fixId=fix_id,
            ops=list(truth(intent, self.session.picture)),
            rev=now,
        )


def read(intent: Mapping[str, object]) -> Gesture:
    """Return the gesture that plain data says; refuse what is none."""
    try:
        return _GESTURE.validate_python(dict(intent))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        says = f"The canvas asked for '{intent.get('type', 'nothing')!s:.40}', which is not understood ({where:.80})."
        raise refuse("gesture-unknown", f"{says} Reload the page and try again.") from None


def truth(intent: Mapping[str, object], picture: Picture) -> Iterator[Op]:
    """Yield how everything really stands that a gesture touched, so that a canvas can put it back."""
    for id in dict.fromkeys(_named(intent)):
        if id in picture.cards:
            yield {"op": "card", "card": picture.cards[id]}
        elif id in picture.notes:
            yield {"op": "note", "note": picture.notes[id]}
        elif id in picture.groups:
            yield {"op": "group", "group": picture.groups[id]}
        elif id in picture.links:
            yield {"op": "link", "link": picture.links[id]}
        elif " " in id:
            yield {"op": "linkGone", "id": id}
    for id in _removed(intent, picture):
        yield {"op": "link", "link": picture.links[id]}


def _named(intent: Mapping[str, object]) -> Iterator[str]:
    """Yield the ids that a gesture names, of cards, notes, groups and links."""
    for key in ("positions", "cards", "notes", "links"):
        several = intent.get(key)
        yield from (str(id) for id in several) if isinstance(several, list | tuple | dict) else ()
    yield from (str(intent[key]) for key in ("card", "group", "note", "into") if isinstance(intent.get(key), str))
    if intent.get("type") == "editNote":
        yield str(intent.get("id", ""))
    if intent.get("type") == "connect":
        arrow = "~>" if intent.get("feedback") else "->"
        yield f"{intent.get('source')} {arrow} {intent.get('target')}"


def _removed(intent: Mapping[str, object], picture: Picture) -> Iterator[str]:
    """Yield the links of cards that a canvas may have removed before it was told not to."""
    if intent.get("type") != "remove":
        return
    cards = set(_named(intent))
    for id, link in picture.links.items():
        if {link["source"].split(".")[0], link["target"].split(".")[0]} & cards:
            yield id
