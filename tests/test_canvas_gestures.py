"""The canvas in a real browser: cards into wires, wires around cards, what stays in view, and all of it by keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from stories.browser import chromium, visitor
from stories.flows import parcels, small
from stories.hand import Hand
from stories.keys import Keys
from stories.server import editor

ROW = """\
tandem: 1
id: row
steps:
  data: {kind: read-table, path: parcels.csv}
  keep: {kind: keep-rows}
  model: {kind: predict-label, target: damaged}
  free: {kind: keep-rows}
  pick: {kind: pick-cases}
  ask: {kind: ask-people, who: reviewers, question: "Is it damaged?"}
  measure: {kind: measure-quality}
links:
  - data.records -> model.records
  - model.predictions -> pick.predictions
  - pick.cases -> ask.cases
  - model.predictions -> measure.predictions
  - ask.answers ~> model.answers
notes:
  why: {text: Ask Anna, at: [0, 9]}
layout:
  data: [0, 0]
  keep: [13, 0]
  model: [26, 0]
  free: [13, 12]
  pick: [39, 0]
  ask: [52, 1]
  measure: [65, 0]
"""
INTO = "data.records -> model.records"
BEHIND = """() => {
  const cards = [...document.querySelectorAll('.vue-flow__node-card')];
  return [...document.querySelectorAll('.td-link')].flatMap((link) => {
    const line = link.querySelector('.line');
    const [matrix, long] = [line.getScreenCTM(), line.getTotalLength()];
    const spotAt = (_, at) => line.getPointAtLength((at / 199) * long).matrixTransform(matrix);
    const spots = Array.from({ length: 200 }, spotAt);
    const over = cards.filter((card) => {
      const { left, right, top, bottom } = card.getBoundingClientRect();
      return spots.some(({ x, y }) => x > left + 2 && x < right - 2 && y > top + 2 && y < bottom - 2);
    });
    return over.map((card) => `${link.dataset.link} behind ${card.dataset.id}`);
  });
}"""
"""The wires that run behind a card."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def row(folder: Path) -> Path:
    """Write a flow whose cards stand in a row, so that wires have cards in their way."""
    parcels(folder / "parcels.csv")
    flow = folder / "flow.yaml"
    flow.write_text(ROW)
    return flow


def wire(page: Page, link: str) -> Locator:
    """Return a wire by its link."""
    return page.locator(f'.td-link[data-link="{link}"]')


def middle_of(page: Page, link: str) -> tuple[float, float]:
    """Return the middle of a wire, in pixels of the page."""
    x, y = (
        wire(page, link)
        .locator(".line")
        .evaluate(
            """(line) => {
          const [spot, matrix] = [line.getPointAtLength(line.getTotalLength() / 2), line.getScreenCTM()];
          return [spot.x * matrix.a + matrix.e, spot.y * matrix.d + matrix.f];
        }"""
        )
    )
    return x, y


def hold_over(hand: Hand, title: str, link: str) -> None:
    """Drag a card by its title onto the middle of a wire, and do not let it go."""
    x, y = middle_of(hand.page, link)
    hand.card(title).locator(".td-title").hover()
    hand.page.mouse.down()
    hand.page.mouse.move(x, y + 60, steps=4)
    hand.page.mouse.move(x, y, steps=4)


def test_a_card_that_is_let_go_on_a_wire_goes_between_its_ends_in_one_edit(browser: Browser, tmp_path: Path) -> None:
    flow = row(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.links(5)
        hold_over(hand, "Free", INTO)
        expect(page.locator(".td-link.target")).to_have_attribute("data-link", INTO)
        expect(page.get_by_text("Let go to put it into this wire.")).to_be_visible()
        page.mouse.up()
        hand.links(6)
        expect(wire(page, "data.records -> free.records")).to_be_attached()
        hand.wait_for_text(flow, "- data.records -> free.records\n  - free.records -> model.records")
        hand.keys("Control+z")
        hand.links(5)
        hand.wait_for_text(flow, "free: [13, 12]")


def test_a_wire_that_does_not_take_a_card_says_why_and_stays(browser: Browser, tmp_path: Path) -> None:
    with editor(row(tmp_path)) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.links(5)
        hold_over(hand, "Free", "model.predictions -> pick.predictions")
        expect(page.get_by_text("“Free” has no free port that takes predictions.")).to_be_visible()
        expect(page.locator(".td-link.target")).to_have_count(0)
        page.mouse.up()
        expect(wire(page, "model.predictions -> pick.predictions")).to_be_attached()
        hand.links(5)


def test_no_wire_runs_behind_a_card_also_after_one_was_put_in_its_way(browser: Browser, tmp_path: Path) -> None:
    with editor(row(tmp_path)) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.links(5)
        hand.wait_for(lambda: page.evaluate(BEHIND) == [])
        away = wire(page, INTO).locator(".line").get_attribute("d")
        hand.put(hand.card("Free").locator(".td-title"), *middle_of(page, "model.predictions -> measure.predictions"))
        hand.wait_for_text(tmp_path / "flow.yaml", "free: [39, 9]")
        hand.wait_for(lambda: page.evaluate(BEHIND) == [])
        assert wire(page, INTO).locator(".line").get_attribute("d") == away, "what was not touched stays as it was"


def test_show_everything_shows_everything_however_long_the_flow_is(browser: Browser, tmp_path: Path) -> None:
    steps = "".join(f"  s{n}: {{kind: keep-rows}}\n" for n in range(60))
    layout = "".join(f"  s{n}: [{13 * n}, {n % 3}]\n" for n in range(60))
    flow = tmp_path / "flow.yaml"
    flow.write_text(f"tandem: 1\nid: long\nsteps:\n{steps}layout:\n{layout}")
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.cards(60)
        hand.wait_for(lambda: _in_view(page))
        page.locator(".td-zoom").click()
        expect(page.locator(".td-zoom")).to_have_text("100 %")
        assert not _in_view(page)
        page.get_by_label("Show everything").click()
        hand.wait_for(lambda: _in_view(page))


def test_show_everything_never_magnifies(browser: Browser, tmp_path: Path) -> None:
    with editor(small(tmp_path)) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.cards(3)
        for key in ("+", "-"):
            hand.keys(key, key)
            expect(page.locator(".td-zoom")).not_to_have_text("100 %")
            hand.keys("f")
            expect(page.locator(".td-zoom")).to_have_text("100 %")
        hand.wait_for(lambda: _in_view(page))


SEEN = """() => {
  const box = (thing) => thing.getBoundingClientRect();
  const [canvas, ...tools] = ['.td-canvas', '.td-map', '.td-view-bar'].map((name) => box(document.querySelector(name)));
  const meet = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
  const within = (a, b) => a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
  const nodes = [...document.querySelectorAll('.vue-flow__node')].map(box);
  return nodes.every((node) => within(node, canvas) && !tools.some((tool) => meet(node, tool)));
}"""
"""Whether every card and note is seen, hidden neither by the small map nor by the bar."""


def _in_view(page: Page) -> bool:
    return bool(page.evaluate(SEEN))


def test_what_is_looked_at_stays_in_view_when_its_panel_opens_and_all_is_seen_again_when_it_closes(
    browser: Browser, tmp_path: Path
) -> None:
    with editor(row(tmp_path)) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.cards(7)
        hand.wait_for(lambda: _in_view(page))
        before = _zoom(page)
        hand.look_at("Measure")
        hand.wait_for(lambda: _within(hand.card("Measure"), page.locator(".td-canvas")))
        assert _zoom(page) > 0.95 * before, "it is panned to, and stays as large as it was"
        hand.keys("Escape")
        page.get_by_label("Close", exact=True).click()
        hand.wait_for(lambda: _in_view(page))


def _zoom(page: Page) -> int:
    return int(page.locator(".td-zoom").inner_text().removesuffix(" %"))


def _within(thing: Locator, room: Locator) -> bool:
    inner, outer = thing.bounding_box(), room.bounding_box()
    assert inner and outer
    return inner["x"] >= outer["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def test_a_view_that_was_chosen_is_left_alone_while_the_card_is_seen(browser: Browser, tmp_path: Path) -> None:
    with editor(row(tmp_path)) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.cards(7)
        page.locator(".td-zoom").click()
        pane, card = page.locator(".vue-flow__transformationpane"), hand.card("Model")
        hand.wait_for(lambda: "scale(1)" in (pane.get_attribute("style") or ""))
        view = pane.get_attribute("style")
        hand.look_at("Model")
        expect(page.locator(".td-side")).to_be_visible()
        page.wait_for_timeout(400)  # longer than a column takes to slide open and the view to follow
        assert _within(card, page.locator(".td-canvas"))
        assert pane.get_attribute("style") == view


def test_notes_are_copied_doubled_and_pasted_into_another_flow_like_cards(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = small(tmp_path / "other")
    flow = row(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        page.locator(".td-note").click()
        hand.keys("Control+d")
        hand.wait_for_text(flow, "why-2: {text: Ask Anna, at: [2, 11]}")
        hand.card("Data").locator(".td-title").click()
        page.locator(".td-note").last.click(modifiers=["Control"])
        hand.keys("Control+c")
        hand.wait_for(lambda: "text: Ask Anna" in page.evaluate("navigator.clipboard.readText()"))
        page.mouse.move(700, 700)
        hand.keys("Control+v")
        expect(page.locator(".td-note")).to_have_count(3)
        hand.cards(8)
        text = page.evaluate("navigator.clipboard.readText()")
        assert "kind: read-table" in text
    with editor(other) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.cards(3)
        page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        page.mouse.move(700, 700)
        hand.keys("Control+v")
        hand.cards(4)
        expect(page.locator(".td-note")).to_have_text("Ask Anna")


def test_keys_reach_the_words_and_ports_of_a_card_and_a_new_card_comes_into_view(
    browser: Browser, tmp_path: Path
) -> None:
    with editor(row(tmp_path)) as server, visitor(browser, server.address) as page:
        keys = Keys(page)
        keys.hand.cards(7)
        keys.to_card("Pick")
        keys.press("Tab")
        expect(page.locator('[data-slot="at_most"]')).to_be_focused()
        keys.press("ArrowRight", "ArrowRight", "ArrowRight")
        expect(page.locator('[data-port="in:pick.predictions"]')).to_be_focused()
        keys.press("ArrowDown", "ArrowDown", "Enter")
        expect(page.get_by_role("dialog", name="“rest”: Link it to what?")).to_be_visible()
        keys.type("new step")
        keys.press("Enter")
        expect(page.get_by_role("dialog", name="Add a step")).to_be_visible()
        keys.type("let the model decide")
        keys.press("Enter")
        expect(wire(page, "pick.rest -> decide.predictions")).to_be_attached()
        keys.hand.wait_for(lambda: _within(keys.hand.card("Decide"), page.locator(".td-canvas")))
        keys.to_card("Pick")
        keys.press("Tab", "ArrowRight", "Enter")
        expect(page.locator('[data-row$="steps.pick.by"] :focus')).to_have_count(1)


def test_forward_and_back_tab_leave_the_canvas(browser: Browser, tmp_path: Path) -> None:
    with editor(row(tmp_path)) as server, visitor(browser, server.address) as page:
        keys = Keys(page)
        keys.hand.cards(7)
        keys.to_card("Model")
        keys.press("Escape")
        expect(page.locator(".td-canvas")).to_be_focused()
        keys.press("Tab")
        expect(page.locator(".td-view-bar").get_by_label("Add a step", exact=True)).to_be_focused()
        keys.to(page.locator(".td-tray button"))
        keys.to_card("Model")
        keys.press("Escape", "Shift+Tab")
        expect(page.locator(".td-canvas :focus")).to_have_count(0)
        page.locator(".vue-flow__pane").click(position={"x": 300, "y": 40})
        keys.press("Tab")
        expect(page.get_by_role("dialog", name="Add a step")).to_be_visible()
        keys.press("Escape", "a")
        expect(page.get_by_role("dialog", name="Add a step")).to_be_visible()
        keys.press("Escape", "Escape", "Tab")
        expect(page.locator(".td-view-bar").get_by_label("Add a step", exact=True)).to_be_focused()


def test_tab_from_card_to_card_keeps_each_in_view(browser: Browser, tmp_path: Path) -> None:
    with editor(row(tmp_path)) as server, visitor(browser, server.address) as page:
        keys = Keys(page)
        keys.hand.cards(7)
        page.locator(".td-zoom").click()
        expect(page.locator(".td-zoom")).to_have_text("100 %")
        for title in ("Data", "Measure"):
            card = keys.hand.card(title)
            keys.to(card)
            keys.hand.wait_for(partial(_within, card, page.locator(".td-canvas")))
        assert page.evaluate("document.querySelector('.vue-flow').scrollLeft") == 0
