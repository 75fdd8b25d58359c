"""Whatever edits come in whatever order, and from wherever: the laws of a flow hold."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_kinds import CATALOG, EMPTY, PAIR, links, made, refused

from flows.commands import (
    AddStep,
    ChangeKind,
    Command,
    Configure,
    Connect,
    Disconnect,
    InsertInto,
    Move,
    Paste,
    Piece,
    PutIntoLink,
    RemoveStep,
    RenameStep,
    SetAims,
    SetNote,
    SetPeople,
    SetStarts,
    command_from,
)
from flows.flow import Card, Flow, Note
from flows.graph import loops
from flows.linking import misfit
from flows.paste import copy_piece
from flows.problems import Refused
from flows.sides import port_at, sides_of
from flows.step import Plain


def test_a_piece_is_pasted_with_its_links_under_free_ids() -> None:
    piece = copy_piece(PAIR, ["risk", "planners"])
    assert json.loads(json.dumps(piece)) == piece
    flow = made(Paste(piece=Piece.model_validate(piece), at=(100, 100)), flow=PAIR)
    assert links(flow)[3:] == [
        "risk-2.predictions -> planners-2.predictions",
        "planners-2.answers ~> risk-2.answers",
    ]
    assert (flow.layout["risk-2"], flow.layout["planners-2"]) == ((100, 104), (110, 100))
    assert flow.steps["risk-2"] == Card("risk-2", "predict", {"target": "late"})
    again = made(Paste(piece=Piece.model_validate(copy_piece(flow, ["risk-2"]))), flow=flow)
    assert "risk-3" in again.steps and again.layout["risk-3"] == (102, 106)
    both = made(Paste(piece=Piece.model_validate(copy_piece(flow, ["risk", "risk-2"]))), flow=PAIR)
    assert list(both.steps) == ["rows", "risk", "planners", "risk-2", "risk-3"]
    everything = copy_piece(PAIR, PAIR.steps)
    assert made(Paste(piece=Piece.model_validate(everything), at=(0, 0))).links == PAIR.links


def test_notes_are_pasted_with_steps_or_alone_and_keep_their_distance() -> None:
    flow = made(
        SetNote(note="why", text="Ask Anna", at=(2, 30), size=(9, 3)), SetNote(note="risk-2", text="b"), flow=PAIR
    )
    piece = copy_piece(flow, ["risk"], ["why"])
    assert piece["notes"] == {"why": {"text": "Ask Anna", "at": [2, 30], "size": [9, 3]}}
    both = made(Paste(piece=Piece.model_validate(piece), at=(100, 100)), flow=flow)
    x, y = flow.layout["risk"]
    assert both.layout["risk-2"] == (100 + x - min(x, 2), 100 + y - min(y, 30)), "one corner for steps and notes"
    assert both.notes["why-2"] == Note("Ask Anna", (100 + 2 - min(x, 2), 100 + 30 - min(y, 30)), (9, 3))
    alone = made(Paste(piece=Piece.model_validate(copy_piece(flow, [], ["why"]))), flow=both)
    assert alone.notes["why-3"].at == (4, 32), "a copy stands beside its original"
    with pytest.raises(Refused, match="There is no note 'gone'"):
        copy_piece(flow, [], ["gone"])


@pytest.mark.parametrize(
    "piece",
    [
        {"steps": {"A B": {"kind": "ask"}}},
        {"steps": {"a": {}}},
        {"steps": {"a": {"kind": ["ask"]}}},
        {"steps": {"a": {"kind": "ask", "version": 0}}},
        {"steps": {"a": {"kind": "ask"}}, "links": ["a -> b"]},
        {"steps": {"a": {"kind": "ask"}}, "links": ["a.answers -> b.answers"]},
        {"steps": {"a": {"kind": "halve"}}, "links": ["a.sure -> a.more"]},
        {"steps": {"a": {"kind": "read"}, "b": {"kind": "predict"}}, "links": ["a.records -> b.records"] * 2},
        {
            "steps": {"a": {"kind": "read"}, "b": {"kind": "read"}, "c": {"kind": "predict"}},
            "links": ["a.records -> c.records", "b.records -> c.records"],
        },
        {"steps": {f"s{n}": {"kind": "ask"} for n in range(5_000)}},
    ],
)
def test_a_piece_from_elsewhere_is_pasted_whole_or_not_at_all(piece: dict[str, Plain]) -> None:
    problem = refused(PAIR, command_from({"do": "paste", "piece": piece}))
    assert problem.fix is None and 20 < len(problem.message) < 300


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"do": 3},
        {"do": "conect", "source": "a.b", "target": "c.d"},
        {"do": "connect", "source": "a.b"},
        {"do": "connect", "source": "a.b", "target": "c.d", "color": "red"},
        {"do": "move", "positions": {"risk": [0.5, 1]}},
        {"do": "move", "positions": {"risk": [10**400, 1]}},
        {"do": "retitle", "step": "risk", "title": "\ud800"},
        {"do": "retitle", "step": "risk", "title": "x" * 10_001},
        {"do": "configure", "step": "risk", "setting": "most", "value": float("nan")},
        {"do": "configure", "step": "risk", "setting": "most", "value": object()},
        {"do": "set-people", "group": "\n", "people": {}},
        {"do": "all", "commands": [{"do": "all", "commands": [{"do": "explode"}]}]},
        {"do": "paste", "piece": {"steps": {"a": {1: 2}}}},
    ],
)
def test_what_is_no_command_is_refused_with_a_sentence(plain: dict[str, object]) -> None:
    with pytest.raises(Refused) as caught:
        command_from(plain)
    problem = caught.value.problems[0]
    assert problem.code in ("command-unknown", "command-malformed")
    assert len(problem.message) < 500 and "pydantic" not in problem.message, problem.message


def test_endless_nesting_is_refused() -> None:
    deep: object = 0
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Refused, match="32 deep"):
        command_from({"do": "set-people", "group": "g", "people": deep})
    while isinstance(deep, list):
        deep = deep.pop()


IDS = ["a", "b", "c", "d", "e", "x-1", "Bad Id"]
KINDS = ["read", "predict", "halve", "ask", "retell", "route", "gone"]
PORTS = ["records", "predictions", "answers", "sure", "unsure", "more", "left", "right"]
VALUES: list[Plain] = [None, 3, 3.0, -1, "late", ["left", "right"], ["left"], {}]
PIECES = [
    Piece.model_validate(copy_piece(PAIR, PAIR.steps)),
    Piece(steps={"a": {"kind": "halve"}, "b": {"kind": "halve"}}, links=("a.sure -> b.more",)),
    Piece(steps={"a": {"kind": "gone"}, "b": {"kind": "halve"}}, links=("a.x -> b.more",), layout={"b": (1, 2)}),
]


class Someone:
    """Somebody who edits a flow at random, mostly what is there and at times what is not."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice

    def edit(self, flow: Flow) -> Command:
        one = self.dice.choice
        step, link = one([*flow.steps, one(IDS)]), one([*links(flow), "a.b -> c.d"])
        source, arrow, target = link.split()
        at, setting = one([None, (one(range(9)), 3)]), one(["most", "branches"])
        edits: list[Command] = [
            *[self.connect(flow, one([*flow.steps, "a"]), step) for _ in range(6)],
            *[AddStep(id=one(IDS), kind=one(KINDS), position=at) for _ in range(3)],
            AddStep(id=one(IDS), kind=one(KINDS), settings={setting: one(VALUES)}),
            Disconnect(source=source, target=target, feedback=arrow == "~>"),
            InsertInto(source=source, target=target, id=one(IDS), kind=one(KINDS), into=one(["", "more"])),
            PutIntoLink(source=source, target=target, step=step, position=at, out=one(["", "sure"])),
            RemoveStep(step=step, heal=one([True, False])),
            RenameStep(step=step, to=one(IDS)),
            ChangeKind(step=step, kind=one(KINDS)),
            Configure(step=step, setting=setting, value=one(VALUES)),
            Configure(step=step, setting=setting, unset=True),
            Move(positions={step: (one(range(9)), 4)}),
            Paste(piece=one(PIECES), at=at),
            SetAims(aims=(f"{step}.recall >= 0.95",)),
            SetStarts(starts=one(["", "every day"])),
            SetPeople(group="g", people=one(VALUES)),
        ]
        return one(edits)

    def connect(self, flow: Flow, source: str, target: str) -> Connect:
        sides = [sides_of(flow.steps[step], CATALOG) if step in flow.steps else None for step in (source, target)]
        outs = [port.name for port in sides[0].outputs] if sides[0] else []
        ins = [port.name for port in sides[1].inputs] if sides[1] else []
        return Connect(
            source=f"{source}.{self.dice.choice(outs or PORTS)}",
            target=f"{target}.{self.dice.choice(ins or PORTS)}",
            feedback=self.dice.random() < 0.2,
        )


def tried(flow: Flow, command: Command) -> tuple[Flow, Command | None]:
    """Apply a command as it comes back from its file; return what a refusal offers instead."""
    before = deepcopy(flow)
    again = command_from(json.loads(json.dumps(command.as_dict())))
    assert again == command
    try:
        after = again.apply(flow, CATALOG)
    except Refused as refusal:
        assert flow == before
        return flow, refusal.problems[0].fix
    assert flow == before and all(card.id == id for id, card in after.steps.items())
    return after, None


def check_laws(flow: Flow) -> None:
    assert loops(flow) == ()
    assert set(flow.layout) <= set(flow.steps)
    memories = [card.memory for card in flow.steps.values()]
    assert len(set(memories)) == len(memories), "two steps keep what they learned in one place"
    assert len(set(flow.links)) == len(flow.links)
    for link in flow.links:
        assert misfit(flow, CATALOG, link) is None, str(link)
    for end, count in Counter(link.target for link in flow.links).items():
        port = port_at(flow, CATALOG, end, outgoing=False)
        assert port is None or port.many or count == 1, f"{end} is filled {count} times"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_no_sequence_of_edits_breaks_a_law_and_every_fix_works(seed: int) -> None:
    someone, written = Someone(Random(seed)), []
    flow = EMPTY
    for _ in range(60):
        command = someone.edit(flow)
        after, fix = tried(flow, command)
        if fix is not None:
            command, after = fix, fix.apply(flow, CATALOG)
        if after is not flow:
            written.append(json.dumps(command.as_dict()))
        flow = after
        check_laws(flow)
    assert made(*(command_from(json.loads(line)) for line in written)) == flow
    assert made(command_from({"do": "all", "commands": [json.loads(line) for line in written]})) == flow


def test_the_largest_flow_can_be_edited_and_grows_no_further() -> None:
    piece: dict[str, object] = {
        "steps": {f"s{n}": {"kind": "halve"} for n in range(5_000)},
        "links": [f"s{n}.sure -> s{n + 1}.predictions" for n in range(4_999)],
    }
    flow = made(Paste(piece=Piece.model_validate(piece)))
    assert len(flow.links) == 4_999
    problem = refused(flow, Connect(source="s4999.sure", target="s0.more"))
    assert "more) →" in problem.message and len(problem.message) < 400
    assert refused(flow, AddStep(id="one-more", kind="ask")).code == "steps-too-many"
