"""What the drawing tells by itself: the order, what reaches what, who sees and who learns."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import commands, graph, safeguards
from flows.catalog import Catalog
from flows.flow import Card, End, Flow, Link
from flows.graph import ancestors, descendants, loops, order, unreached, up_to
from flows.ports import Log
from flows.problems import Problem, Refused
from flows.safeguards import unseen_paths, untaught
from flows.step import Step


class Records:
    """Rows, or anything made of rows."""


class Answers:
    """What people say."""

    logged = True


class Picked(NamedTuple):
    cases: Records
    rest: Records


class Read(Step):
    """Read."""

    kind = "read"
    family = "source"
    says = "Read"

    def run(self) -> Records:
        return Records()


class Model(Step):
    """Predict."""

    kind = "model"
    family = "model"
    says = "Predict"
    teaches = "model"

    def run(self, *, records: Records, answers: Log[Answers]) -> Records:
        return records


class Pick(Step):
    """Pick."""

    kind = "pick"
    family = "choose"
    says = "Pick"
    audit: int = 0

    def run(self, *, records: Records) -> Picked:
        return Picked(records, records)


class Ask(Step):
    """Ask."""

    kind = "ask"
    family = "people"
    says = "Ask"

    def ask(self, *, records: Records) -> None: ...

    def settle(self) -> Answers:
        return Answers()


class Coach(Step):
    """Coach."""

    kind = "coach"
    family = "learn"
    says = "Coach"
    teaches = "people"

    def run(self, *, answers: Log[Answers]) -> None: ...


class Agree(Step):
    """Agree."""

    kind = "agree"
    family = "people"
    says = "Agree"

    def run(self, *, answers: tuple[Answers, ...]) -> Answers:
        return Answers()


class Count(Step):
    """Count."""

    kind = "count"
    family = "measure"
    says = "Count"

    def run(self, *, answers: Log[Answers]) -> None: ...


class Write(Step):
    """Write."""

    kind = "write"
    family = "deliver"
    says = "Write"

    def run(self, *, records: tuple[Records, ...]) -> None: ...


CATALOG = Catalog([Read, Model, Pick, Ask, Coach, Agree, Count, Write])


def flow_of(steps: str, links: str) -> Flow:
    """Return the flow of `rows:read risk:model` and `rows.records->risk.records planners.answers~>...`."""
    cards = [Card(id, kind) for id, kind in (word.split(":") for word in steps.split())]
    return Flow(
        id="f",
        steps={card.id: card for card in cards},
        links=tuple(_link(word) for word in links.split()),
    )


def _link(word: str) -> Link:
    source, target = word.split("~>" if "~>" in word else "->")
    return Link.between(source, target, "~>" in word)


def web(links: str, steps: str = "abcdef") -> Flow:
    """Return a flow of steps of one letter: `ab bc` links a to b and b to c."""
    return Flow(
        id="f",
        steps={step: Card(step, "any") for step in steps},
        links=tuple(Link(End(pair[0], "out"), End(pair[1], "in")) for pair in links.split()),
    )


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("", "abcdef"),
        ("fa", "bcdefa"),
        ("ca ba", "bcadef"),
        ("ab bc cd de ef", "abcdef"),
        ("fe ed dc", "abfedc"),
    ],
)
def test_each_step_comes_after_what_it_needs_and_ties_keep_the_order_of_the_file(
    links: str, expected: str
) -> None:
    assert "".join(order(web(links))) == expected


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("ab bc", []),
        ("ab bc ca", ["abc"]),
        ("aa", ["a"]),
        ("bc ca ab fe ef", ["abc", "ef"]),
        ("ab ba bc cb", ["ab", "bc"]),
        ("ab bc cd da bd", ["abd", "abcd"]),
        ("bb ab ba", ["b", "ab"]),
    ],
)
def test_every_step_in_a_loop_is_in_a_named_loop(links: str, expected: list[str]) -> None:
    assert ["".join(loop) for loop in loops(web(links))] == expected


def test_feedback_makes_no_loop() -> None:
    flow = flow_of("a:model b:ask", "a.records->b.records b.answers~>a.answers")
    assert loops(flow) == () and order(flow) == ("a", "b")


def test_a_flow_in_a_loop_has_no_order_and_the_loop_is_named() -> None:
    with pytest.raises(Refused, match="A → B → C → A") as caught:
        order(web("ca ab bc"))
    assert caught.value.problems[0].code == "loop"


def test_links_of_steps_that_are_not_there_are_no_obstacle() -> None:
    flow = web("ab xb ay")
    assert order(flow) == tuple("abcdef") and loops(flow) == () and ancestors(flow, "b") == ("a",)


def test_what_a_step_needs_and_what_needs_it() -> None:
    flow = web("ac bc cd ce")
    assert ancestors(flow, "d") == ("a", "b", "c")
    assert descendants(flow, "a") == ("c", "d", "e")
    assert up_to(flow, "d") == ("a", "b", "c", "d")
    with pytest.raises(Refused, match="no step 'z'"):
        ancestors(flow, "z")


PAIRS = st.tuples(st.integers(0, 9), st.integers(0, 9))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(PAIRS, max_size=30))
def test_a_flow_has_either_an_order_or_a_loop(pairs: list[tuple[int, int]]) -> None:
    names = "abcdefghij"
    flow = web(" ".join(names[one] + names[two] for one, two in pairs), names)
    drawn = {(link.source.step, link.target.step) for link in flow.links}
    for loop in loops(flow):
        assert len(set(loop)) == len(loop) and set(pairwise((*loop, loop[0]))) <= drawn
        assert all(set(loop) - {step} <= {*ancestors(flow, step)} for step in loop)
    if not loops(flow):
        place = {step: index for index, step in enumerate(order(flow))}
        assert len(place) == 10 and all(place[one] < place[two] for one, two in drawn)
        assert all(up_to(flow, step)[-1] == step for step in flow.steps)


@pytest.mark.parametrize("closed", [False, True])
def test_five_thousand_steps_with_uncountably_many_ways_are_no_more_than_their_links(closed: bool) -> None:
    steps = [f"s{n}" for n in range(5_000)]
    ladder = [(n, m) for n in range(4_999) for m in (n + 1, n + 2) if m < 5_000] + (
        [(4_999, 0)] if closed else []
    )
    flow = Flow(
        id="f",
        steps={step: Card(step, "any") for step in steps},
        links=tuple(Link(End(steps[one], "out"), End(steps[two], "in")) for one, two in ladder),
    )
    if closed:
        assert [len(loop) for loop in loops(flow)][:1] == [2_501] and len(loops(flow)) <= 20
    else:
        assert order(flow) == tuple(steps) and loops(flow) == ()
        assert len(up_to(flow, "s4999")) == 5_000


def test_a_step_is_reached_from_sources_only() -> None:
    flow = flow_of(
        "rows:read risk:model lost:model after:write tutor:coach odd:from-afar next:write",
        "rows.records->risk.records lost.records->after.records odd.out->next.records",
    )
    assert unreached(flow, CATALOG) == ("lost", "after")


PLAIN = "rows:read risk:model pick:pick planners:ask plan:write"
GUARDED = (
    "rows.records->risk.records risk.records->pick.records "
    "pick.cases->planners.records pick.rest->plan.records "
)


def with_audit(flow: Flow, audit: int) -> Flow:
    return flow.with_card(Card("pick", "pick", {"audit": audit}))


def test_a_way_past_everybody_is_named_until_an_audit_looks() -> None:
    flow = flow_of(PLAIN, GUARDED)
    (hint,) = unseen_paths(flow, CATALOG)
    assert (hint.code, hint.level, hint.place) == ("safeguard-unseen", "hint", "steps.plan")
    assert "Risk → Pick → Plan" in hint.message
    assert unseen_paths(with_audit(flow, 4), CATALOG) == ()


def test_an_audit_that_asks_nobody_is_no_audit() -> None:
    nobody = flow_of(PLAIN, GUARDED.replace("pick.cases->planners.records", ""))
    assert len(unseen_paths(with_audit(nobody, 4), CATALOG)) == 1


def test_a_way_around_the_audit_is_still_unseen() -> None:
    flow = with_audit(flow_of(PLAIN, GUARDED + "risk.records->plan.records"), 4)
    assert "Risk → Plan" in unseen_paths(flow, CATALOG)[0].message


def test_people_who_teach_nobody_are_named_with_the_feedback_to_draw() -> None:
    flow = flow_of(PLAIN + " number:count idle:count", GUARDED + "planners.answers~>number.answers")
    (hint,) = untaught(flow, CATALOG)
    assert (hint.code, hint.level, hint.place) == ("safeguard-teaches-nobody", "hint", "steps.planners")
    assert hint.fix and hint.fix_says == "Draw feedback from 'Planners' to 'Risk' (answers)."
    assert "safeguard-teaches-nobody" not in codes(untaught(hint.fix.apply(flow, CATALOG), CATALOG))


def test_no_fix_is_guessed_where_two_could_be_taught() -> None:
    flow = flow_of(PLAIN + " other:model", GUARDED)
    assert untaught(flow, CATALOG)[0].fix is None


def test_answers_that_are_agreed_on_teach_through_the_agreement() -> None:
    flow = flow_of(
        PLAIN + " panel:agree", GUARDED + "planners.answers->panel.answers panel.answers~>risk.answers"
    )
    assert codes(untaught(flow, CATALOG)) == ["safeguard-one-sided"]


def test_feedback_to_one_side_only_is_named_and_mended() -> None:
    flow = flow_of(PLAIN + " tutor:coach", GUARDED + "planners.answers~>risk.answers")
    (hint,) = untaught(flow, CATALOG)
    assert hint.code == "safeguard-one-sided" and "none teaches the people" in hint.message
    assert hint.fix and untaught(hint.fix.apply(flow, CATALOG), CATALOG) == ()
    other = flow_of(PLAIN + " tutor:coach", GUARDED + "planners.answers~>tutor.answers")
    assert "none teaches the model" in untaught(other, CATALOG)[0].message


def test_a_flow_without_people_or_without_links_is_not_scolded() -> None:
    assert untaught(flow_of("rows:read risk:model", ""), CATALOG) == ()
    broken = flow_of("planners:ask", "planners.answers~>nobody.answers nobody.x->planners.records")
    assert codes(untaught(broken, CATALOG)) == [] and unseen_paths(broken, CATALOG) == ()


def test_every_code_has_one_meaning() -> None:
    for module in (commands, graph, safeguards):
        assert len(dict(module.CODES)) == len(module.CODES)
        assert all(meaning.endswith(".") for _, meaning in module.CODES)


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]
