"""Laws of the pictures of a flow: nothing is left out, nothing overlaps, nothing of the data is obeyed."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Literal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_in_kinds import CATALOG, flow_of, forty_steps, late_shipments, link_of

from flows.flow import Card, Flow
from flows.intent import Intent
from flows.show import mermaid, svg, tree
from flows.show.boxes import boxes
from flows.show.cards import edges, faces
from flows.show.layers import in_order, layered
from flows.show.theme import DARK, LIGHT, Theme
from flows.show.wording import cells, span

HOSTILE = (
    '<script>alert(1)</script>"]; end\n%% #quot; \x1b[31mred\x07 '
    "& \u202egpj.exe \ud800 \uffff ]]> `x` 1. item"
)
LOOP = flow_of(
    {"a": ("keep-rows", {}), "b": ("keep-rows", {}), "c": ("magic", {})},
    "a.records -> b.records",
    "b.records -> a.records",
    "a.records -> a.records",
    "b.records -> c.first",
    "b.records -> c.second",
    "ghost.answers ~> b.answers",
)
FLOWS = (late_shipments(), forty_steps(), LOOP, Flow("empty"))
NAMES = [flow.id for flow in FLOWS]


def hostile_flow() -> Flow:
    """Return a flow in which every text that a file can hold is hostile."""
    flow = flow_of({"a": ("read-table", {"path": HOSTILE}), "b": (HOSTILE, {})}, f"a.{'p' * 90}<i> ~> b.x")
    flow = flow.with_card(replace(flow.steps["a"], title=HOSTILE))
    return replace(flow, name=HOSTILE, intent=Intent(goal=HOSTILE), starts=HOSTILE, people={HOSTILE: HOSTILE})


def marked(picture: str, mark: str) -> list[str]:
    """Return the values of one attribute in the order in which the picture holds them."""
    return [node.attrib[mark] for node in ElementTree.fromstring(picture).iter() if mark in node.attrib]


# -- nothing is left out --


@pytest.mark.parametrize("flow", FLOWS, ids=NAMES)
def test_svg_shows_every_card_and_every_link_once(flow: Flow) -> None:
    picture = svg(flow, CATALOG)
    assert sorted(marked(picture, "data-step")) == sorted(faces(flow, CATALOG))
    assert sorted(marked(picture, "data-link")) == sorted(str(link) for link in flow.links)


@pytest.mark.parametrize("flow", FLOWS, ids=NAMES)
def test_mermaid_shows_every_card_and_every_link_once(flow: Flow) -> None:
    lines = [line.strip() for line in mermaid(flow, CATALOG).splitlines()]
    names = {step: f"n{place}" for place, step in enumerate(faces(flow, CATALOG), 1)}
    drawn = [re.match(r'(n\d+) (-->|-\.->)(\|"[^"]*"\|)? (n\d+)$', line) for line in lines]
    found = [(arrow[1], arrow[2], arrow[4]) for arrow in drawn if arrow]
    assert found == [
        (names[link.source.step], "-.->" if link.feedback else "-->", names[link.target.step])
        for link in flow.links
    ]
    for name in names.values():
        assert sum(re.match(rf"{name}[^\w ]+\"", line) is not None for line in lines) == 1


@pytest.mark.parametrize("flow", FLOWS, ids=NAMES)
def test_tree_shows_every_card_and_every_link_at_its_own_step(flow: Flow) -> None:
    text = tree(flow, CATALOG, 10_000)
    parts = re.split(r"^[├└]─ ", text, flags=re.MULTILINE)[1:]
    told = {part.split()[0]: part.splitlines() for part in parts}
    for link in flow.links:
        here, other = (link.target, link.source) if link.feedback else (link.source, link.target)
        arrow = "⇠" if link.feedback else "→"
        (line,) = (line for line in told[here.step] if arrow in line)
        assert re.search(rf"[ ,]{other.step}\b", line)
        assert line.count(",") + 1 >= sum(
            another.feedback == link.feedback
            and (another.target if link.feedback else another.source).step == here.step
            for another in flow.links
        )
    assert set(faces(flow, CATALOG)) <= set(told)


def test_tree_tells_the_intent_then_steps_in_the_order_in_which_work_moves() -> None:
    backwards = late_shipments()
    backwards = replace(backwards, steps=dict(reversed(list(backwards.steps.items()))))
    assert tree(late_shipments(), CATALOG, 80).startswith(
        "Late shipments  late-shipments\n"
        "goal    Every shipment that will arrive late is seen by a planner before it\n"
        "        leaves.\n"
        "aim     quality.team_recall >= 0.95\n"
        "limit   planners.questions <= 40\n"
    )
    text = tree(backwards, CATALOG, 80)
    steps = [text.index(f"─ {step}") for step in ("shipments", "risk", "unsure", "planners", "plan ")]
    assert steps == sorted(steps)
    assert "→ planners (cases), alone (rest)" in text
    assert "⇠ learns from planners.answers, arrivals.outcomes, next round" in text
    assert "planners  simulated: people 6, accuracy 0.9, seconds 25" in text


def test_a_kind_that_is_not_known_and_a_step_that_is_missing_are_shown_as_such() -> None:
    picture = " ".join(ElementTree.fromstring(svg(LOOP, CATALOG)).itertext())
    for shown in (picture, tree(LOOP, CATALOG, 200)):
        assert "magic" in shown and "The kind 'magic' is not known here" in " ".join(shown.split())
        assert "ghost" in shown and "A link names this step, and the flow does not have it" in shown
    assert '"c<br/>magic<br/>cannot run"' in mermaid(LOOP, CATALOG)


def test_wrong_settings_are_shown_in_the_place_of_the_sentence() -> None:
    flow = flow_of({"a": ("pick-cases", {"at_most": "many"})})
    assert "'At most' is 'many'" in tree(flow, CATALOG, 200)


def test_feedback_is_dashed_and_labelled_with_its_port() -> None:
    picture = ElementTree.fromstring(svg(late_shipments(), CATALOG))
    for node in picture.iter():
        if "data-link" in node.attrib:
            assert ("stroke-dasharray" in node.attrib) == ("~>" in node.attrib["data-link"])
    labels = "".join(svg(late_shipments(), CATALOG).split("</g>")[-10:])
    assert "planners.answers</text>" in labels and "arrivals.outcomes</text>" in labels
    assert '-.->|"answers"|' in mermaid(late_shipments(), CATALOG)


# -- nothing overlaps, and the same flow is the same picture --


@st.composite
def dags(draw: st.DrawFn) -> tuple[dict[str, int], list[tuple[str, str]]]:
    heights = draw(st.lists(st.integers(1, 12), min_size=1, max_size=14))
    pairs = st.tuples(st.integers(0, len(heights) - 1), st.integers(0, len(heights) - 1))
    links = draw(st.lists(pairs, max_size=30))
    return {f"s{i}": tall for i, tall in enumerate(heights)}, [(f"s{a}", f"s{b}") for a, b in links if a < b]


@given(dags())
@settings(max_examples=150, deadline=None)
def test_in_layers_no_card_overlaps_another_and_work_runs_to_the_right(
    graph: tuple[dict[str, int], list[tuple[str, str]]],
) -> None:
    heights, links = graph
    places = layered(heights, links, wide=9, between=4, gap=2)
    assert places.keys() == heights.keys()
    assert all(places[a][0] + 13 <= places[b][0] for a, b in links)
    assert min(x for x, _ in places.values()) == 0 == min(y for _, y in places.values())
    columns: dict[int, list[tuple[int, int]]] = {}
    for name, (x, y) in places.items():
        columns.setdefault(x, []).append((y, y + heights[name]))
    for column in columns.values():
        column.sort()
        assert all(low + 2 <= top for (_, low), (top, _) in pairwise(column))


@given(dags())
@settings(max_examples=50, deadline=None)
def test_the_order_of_steps_follows_the_links_and_keeps_all(
    graph: tuple[dict[str, int], list[tuple[str, str]]],
) -> None:
    heights, links = graph
    order = in_order(list(heights)[::-1], links)
    assert sorted(order) == sorted(heights)
    assert all(order.index(a) < order.index(b) for a, b in links)


def test_links_that_cross_are_untangled() -> None:
    places = layered(dict.fromkeys("abcd", 3), [("a", "c"), ("a", "d"), ("b", "c")], wide=9, between=4, gap=2)
    assert (places["a"][1] < places["b"][1]) == (places["d"][1] < places["c"][1])


def test_cards_stand_where_the_file_places_them_all_else_in_layers() -> None:
    flow = flow_of({"a": ("read-table", {"path": "x"}), "b": ("keep-rows", {})}, "a.records -> b.records")
    placed = replace(flow, layout={"a": (30, -5), "b": (0, 7)})
    assert [(box.x, box.y) for box in boxes(placed, faces(placed, CATALOG)).values()] == [
        (720, -120),
        (0, 168),
    ]
    half = replace(flow, layout={"a": (30, -5)})
    assert svg(half, CATALOG) == svg(flow, CATALOG)
    assert marked(svg(placed, CATALOG), "data-link") == ["a.records -> b.records"]


@pytest.mark.parametrize("flow", FLOWS, ids=NAMES)
def test_a_link_that_passes_other_cards_in_layers_crosses_none(flow: Flow) -> None:
    placed = boxes(flow, faces(flow, CATALOG))
    for node in ElementTree.fromstring(svg(flow, CATALOG)).iter():
        if "data-link" in node.attrib:
            path = re.findall(r"([MLCQ])([^MLCQ]*)", node.attrib["d"])
            ends = [tuple(map(float, points.split()[-1].split(","))) for _, points in path]
            for letter, (x1, y1), (x2, y2) in zip(
                [step for step, _ in path[1:]], ends, ends[1:], strict=False
            ):
                for box in placed.values() if letter == "L" else ():
                    beside = max(x1, x2) <= box.x or min(x1, x2) >= box.right
                    assert beside or max(y1, y2) <= box.y or min(y1, y2) >= box.bottom


@pytest.mark.parametrize("flow", FLOWS, ids=NAMES)
def test_every_point_of_every_link_lies_on_the_picture(flow: Flow) -> None:
    picture = ElementTree.fromstring(svg(flow, CATALOG))
    left, top, width, height = map(float, picture.attrib["viewBox"].split())
    for node in picture.iter():
        for point in re.findall(r"[\d.-]+,[\d.-]+", node.attrib["d"]) if "data-link" in node.attrib else ():
            x, y = map(float, point.split(","))
            assert left <= x <= left + width and top <= y <= top + height


@pytest.mark.parametrize("flow", FLOWS, ids=NAMES)
def test_the_same_flow_gives_the_same_picture(flow: Flow) -> None:
    again = replace(flow, steps=dict(flow.steps))
    assert svg(flow, CATALOG, dark=True) == svg(again, CATALOG, dark=True) != svg(flow, CATALOG)
    assert mermaid(flow, CATALOG) == mermaid(again, CATALOG)
    assert tree(flow, CATALOG, 80) == tree(again, CATALOG, 80)


# -- nothing of the data is obeyed --


def test_hostile_words_stay_words_in_svg() -> None:
    picture = svg(hostile_flow(), CATALOG)
    picture.encode()
    tags = {node.tag.split("}")[1] for node in ElementTree.fromstring(picture).iter()}
    assert tags <= {"svg", "title", "desc", "defs", "clipPath", "rect", "g", "path", "circle", "text"}
    assert not re.search(r"(href|url\((?!#card-top)|@import|\son\w+=)", picture)


def test_hostile_words_stay_words_in_mermaid() -> None:
    text = mermaid(hostile_flow(), CATALOG)
    text.encode()
    for line in text.splitlines()[1:]:
        shape = re.sub(r'"(?:[^"#<>`\[\]{}|]|#\d+;|<br/>)*"', "WORDS", line.strip())
        assert re.match(r"^(n\d\W+WORDS\W+|n\d (-->|-\.->)(\|WORDS\|)? n\d|class(Def)? [\w, :#-]+)$", shape)


@pytest.mark.parametrize("width", [24, 40, 80])
def test_hostile_words_stay_words_in_a_terminal_and_no_line_is_too_wide(width: int) -> None:
    flow = hostile_flow()
    flow = flow.with_card(Card("x" * 60, "keep-rows", title="輸送が遅れるかどうかを予測する" * 4))
    text = tree(flow, CATALOG, width)
    text.encode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\ud800]", text)
    assert r"\x1b[31mred" in tree(flow, CATALOG, 500)
    assert max(span(line, cells) for line in text.splitlines()) <= width
    assert "x" * 60 in re.sub(r"[\s│]", "", text)


def test_colour_adds_escape_codes_and_nothing_else() -> None:
    painted = tree(late_shipments(), CATALOG, 60, colour=True)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == tree(late_shipments(), CATALOG, 60)


@pytest.mark.parametrize("chosen", ["unicode", "ascii"])
def test_ascii_boxes_add_no_sign_beyond_ascii(chosen: Literal["unicode", "ascii"]) -> None:
    text = tree(late_shipments(), CATALOG, 60, boxes=chosen)
    assert text.isascii() == (chosen == "ascii")


# -- the looks --


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = max(light(one), light(other)), min(light(one), light(other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_readable_and_lines_visible_by_day_and_night(theme: Theme) -> None:
    for ground in (theme.paper, theme.surface):
        assert _contrast(theme.ink, ground) >= 7
        assert _contrast(theme.muted, ground) >= 4.5
        assert all(_contrast(colour, ground) >= 3 for colour in (*theme.types, *theme.families.values()))


def test_links_of_one_step_are_laid_out_in_the_order_of_its_ports() -> None:
    flow = late_shipments()
    swapped = replace(flow, links=(link_of("unsure.rest -> alone.predictions"), *flow.links))
    assert [b for a, b in edges(swapped, faces(swapped, CATALOG)) if a == "unsure"] == [
        "planners",
        "alone",
        "alone",
    ]
