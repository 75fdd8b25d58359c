"""What the canvas draws: cards that read as sentences, and only what changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from editing import KINDS, opened

from editor.faces import Painter, PartFace, kind_face
from editor.ops import ops, whole
from editor.palette import FAMILIES, Palette
from editor.places import places
from flows.commands import Configure, SetLimits, SetPeople
from flows.flow import Card, Flow, Group, Link, Note
from flows.step import Family, Step

every_kind = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.kind) for kind in KINDS])


def sentence(parts: list[PartFace]) -> str:
    return "".join(f"[{part['text']}]" if "slot" in part else part["text"] for part in parts)


@every_kind
def test_every_kind_has_a_title_and_a_sentence_with_slots_to_fill(kind: type[Step]) -> None:
    face = Painter(KINDS).picture(Flow("f", steps={"new": Card("new", kind.kind)}), ()).cards["new"]
    slots = [part for part in face["parts"] if "slot" in part]
    assert kind.title and kind.also_called, "people look for it in everyday words"
    assert all(part["text"] and "_" not in part["text"] and "{" not in part["text"] for part in face["parts"])
    assert {part["slot"] for part in slots} <= {info.alias or name for name, info in kind.model_fields.items()}
    required = [info.alias or name for name, info in kind.model_fields.items() if info.is_required()]
    assert all(part["empty"] for part in slots if part["slot"] in required)


def test_a_card_reads_as_a_sentence(tmp_path: Path) -> None:
    session = opened(tmp_path)
    assert sentence(session.picture.cards["rows"]["parts"]) == "Read [rows.csv]"
    risk = session.picture.cards["risk"]
    assert (risk["title"], risk["family"], risk["known"], risk["position"]) == ("Risk", "model", True, (12, 0))
    assert {port["name"]: port["linked"] for port in risk["inputs"]} == {"records": 1, "answers": 0, "outcomes": 0}
    assert [port["feedback"] for port in risk["inputs"]] == [False, True, True]
    session.do(SetLimits(limits=("unsure.cases <= 40",)))
    assert session.picture.cards["unsure"]["guard"] == "Kept to: unsure · cases ≤ 40"


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(Configure(step="rows", setting="path", value="{risk!r} {0} " + "x" * 500 + ".csv"))
    slot = session.picture.cards["rows"]["parts"][1]
    assert slot["text"].startswith("{risk!r} {0}") and len(slot["text"]) <= 80


def test_an_unknown_kind_shows_the_ports_that_links_name() -> None:
    cards = {"a": Card("a", "not-yet", {"depth": 3}), "b": Card("b", "predict-label")}
    flow = Flow("f", steps=cards, links=(Link.between("a.out", "b.records"), Link.between("gone.x", "a.y")))
    picture = Painter(KINDS).picture(flow, ())
    face = picture.cards["a"]
    assert face["known"] is False and "not known here" in sentence(face["parts"])
    assert [port["name"] for port in face["outputs"]] == ["out"]
    assert list(picture.links) == ["a.out -> b.records"], "a link to nowhere is a problem, not a line"


def test_only_what_changed_is_told(tmp_path: Path) -> None:
    session = opened(tmp_path)
    before = session.picture
    change = session.do(Configure(step="unsure", setting="at_most", value=7))
    assert [op["op"] for op in change.ops] == ["card"]
    assert session.picture.cards["rows"] == before.cards["rows"]
    assert session.do(SetPeople(group="team", people=None or {})).ops == ()


def test_operations_lead_from_any_picture_to_any_other() -> None:
    paint = Painter(KINDS)
    cards = {"a": Card("a", "read-table"), "b": Card("b", "predict-label")}
    one = paint.picture(Flow("f", steps=cards, links=(Link.between("a.records", "b.records"),)), ())
    flow = Flow("f", steps={"b": cards["b"]}, notes={"n": Note("x")}, groups={"g": Group("G", ("b",))})
    two = paint.picture(flow, ())
    assert [op["op"] for op in ops(one, two)] == ["linkGone", "cardGone", "card", "note", "group"]
    assert [op["op"] for op in ops(two, one)] == ["groupGone", "noteGone", "card", "card", "link"]
    assert len(whole(one)) == 3 and ops(two, two) == ()


def test_a_snapshot_is_plain_data(tmp_path: Path) -> None:
    shot = opened(tmp_path).snapshot()
    assert json.loads(json.dumps(shot))["cards"][0]["position"] == [0, 0]
    assert set(shot) == {"rev", "cards", "links", "notes", "groups", "kinds", "readOnly", "texts"}


def test_cards_without_a_place_stand_to_the_right_of_what_they_need() -> None:
    steps = {id: Card(id, "keep-rows") for id in ("a", "b", "c", "d")}
    links = tuple(Link.between(f"{a}.records", f"{b}.records") for a, b in ("ab", "bc", "ac", "cd", "dc"))
    found = places(Flow("f", steps=steps, links=links, layout={"a": (0, 0)}))
    assert found["a"] == (0, 0) and found["b"][0] > found["a"][0] and len(set(found.values())) == 4
    assert places(replace(Flow("f", steps=steps), layout=dict.fromkeys(steps, (1, 1)))) == dict.fromkeys(steps, (1, 1))


def test_the_palette_has_every_family_in_the_order_of_work() -> None:
    assert tuple(FAMILIES) == get_args(Family)
    shelves = Palette(KINDS).shelves()
    assert sum(len(shelf.kinds) for shelf in shelves) == len(tuple(KINDS))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("csv", "read-table"), ("upload my data", "read-table"), ("excell", "read-table"), ("filter", "keep-rows"),
        ("fliter rows", "keep-rows"), ("ai", "predict-label"), ("human", "ask-people"), ("ask", "ask-people"),
        ("accuracy", "measure-quality"), ("export", "write-table"), ("predict-label", "predict-label"),
    ],
)  # fmt: skip
def test_a_step_is_found_in_everyday_words(text: str, kind: str) -> None:
    found = [face["kind"] for face in Palette(KINDS).search(text)]
    wanted = [face["kind"] for face in Palette(KINDS).search(text.split()[-1])] if len(text.split()) > 2 else found
    assert kind in wanted[:2]


def test_nonsense_finds_nothing_and_nothing_finds_all() -> None:
    palette = Palette(KINDS)
    assert palette.search("zzzz") == () and palette.search("x" * 10_000) == ()
    assert len(palette.search("  ")) == len(tuple(KINDS))


def test_what_fits_a_wire_is_offered() -> None:
    palette = Palette(KINDS)
    assert [face["kind"] for face in palette.fits("Cases", "in")] == ["ask-people", "agree"]
    assert "predict-label" in [face["kind"] for face in palette.fits("Answers", "in", feedback=True)]
    assert "pick-cases" not in [face["kind"] for face in palette.fits("Answers", "in", feedback=True)]
    assert "read-outcomes" in [face["kind"] for face in palette.fits("Outcomes", "out")]


def test_help_of_ports_and_kinds_is_one_plain_sentence() -> None:
    for kind in KINDS:
        face = kind_face(kind)
        for port in (*face["inputs"], *face["outputs"]):
            assert port["help"].endswith(".") and "`" not in port["help"], port
