"""Gestures on the canvas: each becomes one edit, or is put back with its reason and what would help."""

from __future__ import annotations

from pathlib import Path

import pytest
from editing import made, opened, refused

from editor.clipboard import copied, piece_in
from editor.gestures import Gestures
from editor.watching import Change
from flows.commands import SetGroup, SetNote
from flows.problems import Refused


def ops(change: Change) -> list[str]:
    return [str(op["op"]) for op in change.ops]


def test_a_card_at_the_end_of_a_wire_comes_linked_and_as_complete_as_can_be(tmp_path: Path) -> None:
    session = opened(tmp_path)
    change = made(session, type="add", kind="decide", position=[30.4, 6], **{"from": "unsure.rest"})
    assert change.added == ("decide",) and "link" in ops(change)
    assert str(session.flow.links[-1]) == "unsure.rest -> decide.predictions"
    assert session.flow.layout["decide"] == (30, 6), "a pointer between two places means the nearer one"
    made(session, type="add", kind="write-table", **{"from": "decide.decisions"})
    made(session, type="add", kind="write-table")
    paths = [session.flow.steps[id].settings["path"] for id in ("write", "write-2")]
    assert paths == ["decided.csv", "decided-2.csv"]
    assert len(set(session.flow.layout.values())) == len(session.flow.steps), "no card hides another"
    session.undo()
    assert "write-2" not in session.flow.steps


def test_a_card_before_an_input_and_one_that_teaches(tmp_path: Path) -> None:
    session = opened(tmp_path)
    made(session, type="add", kind="ask-people", **{"from": "unsure.cases"})
    made(session, type="add", kind="read-outcomes", to="risk.outcomes")
    assert str(session.flow.links[-1]) == "read.outcomes ~> risk.outcomes"
    made(session, type="add", kind="measure-quality", **{"from": "ask.answers"})
    assert str(session.flow.links[-1]) == "ask.answers ~> measure.answers"


def test_the_only_table_that_nobody_reads_is_read(tmp_path: Path) -> None:
    session = opened(tmp_path)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.csv").write_text("a\n1\n")
    (tmp_path / ".hidden.csv").write_text("a\n1\n")
    made(session, type="add", kind="read-table")
    made(session, type="add", kind="read-table")
    assert session.flow.steps["read"].settings["path"] == "more/other.csv"
    assert "path" not in session.flow.steps["read-2"].settings


def test_a_card_that_does_not_fit_offers_the_step_between(tmp_path: Path) -> None:
    session = opened(tmp_path)
    answer = refused(session, type="add", kind="ask-people", **{"from": "risk.predictions"})
    assert answer["fixLabel"] == "Put 'Pick cases for people' between them."
    assert isinstance(Gestures(session).fix(answer["fixId"]), dict), "a fix belongs to the page it was offered to"
    page = Gestures(session)
    said = page.make({"id": "i", "type": "add", "kind": "ask-people", "from": "risk.predictions"})
    assert isinstance(said, dict)
    done = page.fix(str(said["fixId"]))
    assert isinstance(done, Change) and done.added == ("pick", "ask")
    assert str(session.flow.links[-1]) == "pick.cases -> ask.cases"


def test_a_card_is_put_into_a_wire_and_taken_out_so_that_it_heals(tmp_path: Path) -> None:
    session = opened(tmp_path)
    before = session.flow.links
    change = made(session, type="add", kind="keep-rows", into="rows.records -> risk.records")
    assert ops(change)[0] == "linkGone" and len(session.flow.links) == 3
    made(session, type="remove", cards=["keep", "gone-already"], notes=[], heal=True)
    assert set(session.flow.links) == set(before)


def test_a_card_that_is_there_is_dropped_into_a_wire_and_undone_in_one(tmp_path: Path) -> None:
    session = opened(tmp_path)
    made(session, type="add", kind="keep-rows", position=[0, 20])
    before = session.flow
    change = made(session, type="insert", card="keep", into="rows.records -> risk.records", position=[6.2, 1])
    assert ops(change)[0] == "linkGone" and change.added == ()
    assert [str(link) for link in session.flow.links][:2] == [
        "rows.records -> keep.records",
        "keep.records -> risk.records",
    ]
    assert session.flow.layout["keep"] == (6, 1)
    session.undo()
    assert session.flow == before
    answer = refused(
        session, type="insert", card="keep", into="risk.predictions -> unsure.predictions", position=[20, 1]
    )
    assert "no input of it takes predictions" in answer["says"]
    told = {str(op["op"]): op for op in answer["ops"]}
    assert told["card"]["card"]["position"] == (0, 20), "the canvas learns where the card really stands"
    assert told["link"]["link"]["id"] == "risk.predictions -> unsure.predictions"


def test_nothing_is_put_into_a_way_back(tmp_path: Path) -> None:
    session = opened(tmp_path)
    made(session, type="add", kind="ask-people", **{"from": "unsure.cases"})
    made(session, type="connect", source="ask.answers", target="risk.answers", feedback=True)
    made(session, type="add", kind="keep-rows")
    answer = refused(session, type="insert", card="keep", into="ask.answers ~> risk.answers")
    assert "nothing can be put into this wire" in answer["says"]


def test_a_wrong_wire_is_put_back_with_its_reason_and_a_fix(tmp_path: Path) -> None:
    session = opened(tmp_path)
    made(session, type="disconnect", links=["risk.predictions -> unsure.predictions"])
    answer = refused(session, type="connect", source="rows.records", target="unsure.predictions")
    assert "gives records" in answer["says"] and answer["intentId"] == "i1"
    assert answer["ops"] == [{"op": "linkGone", "id": "rows.records -> unsure.predictions"}]
    assert answer["fixLabel"] == "Put 'Predict a label' between them."


def test_cards_and_notes_move_in_one_edit(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(SetNote(note="why", text="x"))
    made(session, type="move", positions={"risk": [1, 2], "why": [3, 4], "gone": [0, 0]})
    assert (session.flow.layout["risk"], session.flow.notes["why"].at) == ((1, 2), (3, 4))
    session.undo()
    assert (session.flow.layout["risk"], session.flow.notes["why"].at) == ((12, 0), (0, 0))


def test_what_others_removed_is_said_and_the_canvas_learns_how_things_stand(tmp_path: Path) -> None:
    session = opened(tmp_path)
    made(session, type="remove", cards=["unsure"])
    answer = refused(session, type="move", positions={"unsure": [1, 1]})
    assert "no longer there" in answer["says"] and answer["rev"] == 1
    late = refused(session, type="connect", source="risk.predictions", target="unsure.predictions", baseRev=0)
    assert late["says"].endswith("The flow was changed in another window meanwhile.")
    fine = Gestures(session).make({"id": "i", "type": "move", "positions": {"risk": [5, 5]}, "baseRev": 0})
    assert isinstance(fine, Change), "an old revision is fine where the gesture still makes sense"


def test_cards_are_doubled_grouped_folded_and_titled(tmp_path: Path) -> None:
    session = opened(tmp_path)
    change = made(session, type="duplicate", cards=["risk", "unsure"])
    assert change.added == ("risk-2", "unsure-2")
    made(session, type="group", cards=["risk", "unsure"], title="The model")
    made(session, type="fold", group="the-model", folded=True)
    assert session.picture.groups["the-model"]["folded"] is True
    assert session.picture.cards["risk"]["group"] == "the-model"
    made(session, type="group", group="the-model", cards=["risk"], title="Only one")
    assert session.flow.groups["the-model"].steps == ("risk",)
    made(session, type="retitle", card="the-model", title="Again")
    made(session, type="retitle", card="risk", title="Late? ")
    assert session.flow.groups["the-model"].title == "Again" and session.flow.steps["risk"].title == "Late?"
    made(session, type="ungroup", group="the-model")
    assert session.flow.groups == {}


def test_notes_are_written_sized_and_removed(tmp_path: Path) -> None:
    session = opened(tmp_path)
    made(session, type="note", position=[2, 9], text="Ask Anna")
    made(session, type="editNote", id="note", text="Ask Ben", size=[12, 5])
    assert session.picture.notes["note"] == {"id": "note", "text": "Ask Ben", "position": (2, 9), "size": (12, 5)}
    made(session, type="remove", notes=["note"])
    assert session.picture.notes == {}


def test_a_new_id_is_that_of_no_step_note_or_group(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(SetNote(note="decide", text="x"))
    session.do(SetGroup(group="decide-2", steps=("risk",)))
    assert made(session, type="add", kind="decide").added == ("decide-3",)


def test_notes_are_doubled_and_travel_as_text(tmp_path: Path) -> None:
    session = opened(tmp_path)
    session.do(SetNote(note="why", text="Ask Anna", at=(0, 9)))
    made(session, type="duplicate", cards=["risk"], notes=["why", "gone"])
    assert session.flow.notes["why-2"].at == (2, 11) and "risk-2" in session.flow.steps
    text = copied(session.flow, ["why", "gone"])
    assert text == "notes:\n  why: {text: Ask Anna, at: [0, 9]}\n"
    made(session, type="paste", piece=text, position=[50, 60])
    assert session.flow.notes["why-3"].at == (50, 60)
    assert "why" in piece_in((tmp_path / "flow.yaml").read_text() + "notes:\n  why: {text: x}\n").notes


def test_steps_travel_as_text_between_flows(tmp_path: Path) -> None:
    session = opened(tmp_path)
    text = copied(session.flow, ["risk", "unsure", "gone"])
    assert "kind: predict-label" in text and "risk.predictions -> unsure.predictions" in text
    change = made(session, type="paste", piece=text, position=[0, 20])
    assert change.added == ("risk-2", "unsure-2") and session.flow.layout["risk-2"] == (0, 20)
    whole = (tmp_path / "flow.yaml").read_text()
    assert set(piece_in(whole).steps) == {"rows", "risk", "unsure"}, "a whole file is a piece as well"


@pytest.mark.parametrize("text", ["", "just words", "steps: [a]", "a: &x 1\nb: *x", "steps: {}", "- 1\n- 2", "\x00"])
def test_other_text_is_no_piece(text: str) -> None:
    with pytest.raises(Refused, match="not a piece of a flow"):
        piece_in(text)


@pytest.mark.parametrize(
    "intent",
    [
        {},
        {"type": "explode"},
        {"type": "move"},
        {"type": "move", "positions": {"risk": [1e300, 0]}},
        {"type": "move", "positions": {"risk": ["a", 0]}},
        {"type": "move", "positions": {"risk": [float("nan"), 0]}},
        {"type": "add", "kind": "no-such-kind"},
        {"type": "add", "kind": "decide", "into": "a.b -> c.d"},
        {"type": "connect", "source": "risk", "target": None},
        {"type": "disconnect", "links": ["a.b -> c.d", "words"]},
        {"type": "remove", "cards": "risk"},
        {"type": "group", "cards": []},
        {"type": "fold", "group": "none", "folded": True},
        {"type": "editNote", "id": "none", "text": "x"},
        {"type": "retitle", "card": "none", "title": "x"},
        {"type": "paste", "piece": {"steps": {"A b": {}}}},
        {"type": "duplicate", "cards": ["gone"]},
        {"type": "duplicate", "notes": ["gone"]},
        {"type": "insert", "card": "gone", "into": "rows.records -> risk.records"},
        {"type": "insert", "card": "unsure", "into": "words"},
        {"type": "insert", "card": "unsure", "into": "a.b -> c.d", "position": [0, 0]},
        {"type": "insert", "card": "risk", "into": "rows.records -> risk.records"},
        {"type": "insert", "card": ["risk"], "into": None},
        {"type": "paste", "piece": "notes:\n  why: {text: x, at: [1e9, 0]}\n"},
        {"type": "paste", "piece": {"notes": {"why": {"text": "x", "size": [0, 0]}}}},
        {"type": "paste", "piece": {"notes": {"A b": {"text": "x"}}}},
        {"type": "note", "position": [0, 0], "text": "half \ud83d"},
        {"type": "retitle", "card": "risk", "title": "half \ud83d"},
    ],
)
def test_whatever_comes_in_is_answered_with_a_sentence(tmp_path: Path, intent: dict[str, object]) -> None:
    session = opened(tmp_path)
    answer = Gestures(session).make({"id": "i9", **intent})
    assert isinstance(answer, dict) and answer["intentId"] == str(intent.get("id", "i9"))
    assert 20 < len(answer["says"]) < 600
    assert session.revision == 0
