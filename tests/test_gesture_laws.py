"""Whatever is done on a canvas, in whatever order: what it shows is the flow, and a crash loses nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from editing import KINDS, Clock, opened

from editor.faces import Painter
from editor.gestures import Gestures
from editor.session import EditSession
from editor.watching import Change

GONE = {"cardGone": "card", "linkGone": "link", "noteGone": "note", "groupGone": "group"}


class Mirror:
    """A canvas that knows only what it was told."""

    def __init__(self, session: EditSession) -> None:
        self.shown = {
            (name, face["id"]): face
            for name in ("card", "link", "note", "group")
            for face in session.snapshot()[f"{name}s"]  # type: ignore[attr-defined]  # plain data
        }
        session.watch(self.follow)

    def follow(self, change: Change) -> None:
        for op in change.ops:
            name: Any = op["op"]
            if name in GONE:
                del self.shown[GONE[name], op["id"]]
            else:
                face: Any = op[name]
                self.shown[name, face["id"]] = face


def gesture(random: Random, session: EditSession) -> dict[str, Any]:
    """Draw a gesture, of which many cannot be made."""
    flow = session.flow
    cards = [*flow.steps, "nobody"]
    some = random.sample(cards, random.randint(1, min(3, len(cards))))
    ends = [f"{id}.{port['name']}" for id, card in session.picture.cards.items() for port in card["outputs"]]
    starts = [f"{id}.{port['name']}" for id, card in session.picture.cards.items() for port in card["inputs"]]
    link = random.choice([*map(str, flow.links), "a.b -> c.d"])
    place = [random.randint(-50, 50), random.randint(-50, 50)]
    return random.choice(
        [
            {"type": "add", "kind": random.choice(KINDS.names()), "position": random.choice([place, None])},
            {"type": "add", "kind": random.choice(KINDS.names()), "from": random.choice(ends or ["a.b"])},
            {"type": "add", "kind": random.choice(KINDS.names()), "into": link, "position": place},
            {"type": "connect", "source": random.choice(ends or ["a.b"]), "target": random.choice(starts or ["a.b"]),
             "feedback": random.random() < 0.5},
            {"type": "disconnect", "links": [link]},
            {"type": "remove", "cards": some[:1], "notes": list(flow.notes)[:1]},
            {"type": "duplicate", "cards": some, "notes": list(flow.notes)[:1]},
            {"type": "insert", "card": some[0], "into": link, "position": place},
            {"type": "move", "positions": dict.fromkeys((*some, *flow.notes), place)},
            {"type": "note", "position": place, "text": "x"},
            {"type": "group", "cards": some, "title": random.choice(["Morning", "", "Überprüfung 2"])},
            {"type": "fold", "group": random.choice([*flow.groups, "none"]), "folded": True},
            {"type": "ungroup", "group": random.choice([*flow.groups, "none"])},
            {"type": "retitle", "card": random.choice(cards), "title": "T"},
        ]
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_a_canvas_shows_the_flow_and_a_crash_loses_nothing(tmp_path: Path, seed: int) -> None:
    random, clock = Random(seed), Clock()
    session = opened(tmp_path, clock)
    mirror, page, made = Mirror(session), Gestures(session), 0
    for number in range(50):
        before = session.flow
        answer = page.make({"id": str(number), "baseRev": session.revision, **gesture(random, session)})
        made += isinstance(answer, Change)
        if not isinstance(answer, Change):
            assert session.flow is before and answer["says"]
            if answer["fixId"] and random.random() < 0.5:
                assert isinstance(page.fix(answer["fixId"]), Change), "a fix that is offered can be made"
        if random.random() < 0.15:
            session.undo()
        if random.random() < 0.1:
            session.redo()
        if random.random() < 0.1:
            session.review()
        if random.random() < 0.1:
            clock.now += 1
            session.autosave()
    assert made > 10
    fresh = Painter(KINDS).picture(session.flow, session.problems())
    session.review(anew=True)
    told = {key[1]: face for key, face in mirror.shown.items()}
    assert told == {**fresh.cards, **fresh.links, **fresh.notes, **fresh.groups}
    assert opened(tmp_path).flow == session.flow
    session.save()
    assert opened(tmp_path).flow == session.flow
