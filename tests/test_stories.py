"""Stories in a real browser, told with pointer and keys alone: a person draws, runs and trusts the editor.

Every visit fails when anything was complained of in the browser's console, or asked of another machine.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect
from stories.browser import chromium, visitor
from stories.flows import example, parcels, small
from stories.hand import Hand
from stories.server import editor

from runtime.cli import main

A_WHILE = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_a_stranger_draws_a_flow_from_a_table_and_the_saved_file_decides_the_same_without_the_editor(
    browser: Browser, tmp_path: Path
) -> None:
    table, folder = parcels(tmp_path / "parcels.csv"), tmp_path / "work"
    folder.mkdir()
    flow = folder / "flow.yaml"
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        with page.expect_file_chooser() as choosing:
            page.get_by_text("Drop your data here").click()
        choosing.value.set_files(table)
        hand.cards(1)
        _draw_the_rest(hand)
        _configure(hand)
        hand.rehearse(2)
        expect(page.get_by_text("Who decided, in decided.csv")).to_be_visible()
        expect(page.locator(".td-results .td-chart").first).to_be_visible()
        hand.saved()
    decided = Path(".tandem/rehearsals/flow/rehearsal/simulated-decided.csv")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("flow.yaml", "parcels.csv"):
        shutil.copy(folder / name, elsewhere)
    assert main(["run", str(elsewhere / "flow.yaml"), "--people", "simulated", "--rounds", "2", "--quiet"]) == 0
    assert (elsewhere / decided).read_bytes() == (folder / decided).read_bytes()


def _draw_the_rest(hand: Hand) -> None:
    hand.make_room()
    hand.put(hand.card("Data").locator(".td-title"), 340, 520)
    for count, (kind, x, y) in enumerate(
        (
            ("Predict a label", 500, 330),
            ("Pick cases for people", 660, 330),
            ("Ask people", 820, 330),
            ("Let the model decide", 740, 520),
            ("Write a table", 960, 480),
            ("Measure quality", 820, 660),
        ),
        start=2,
    ):
        hand.drop_kind(kind, x, y)
        hand.cards(count)
    for count, (source, target) in enumerate(
        (
            ("data.records", "predict.records"),
            ("predict.predictions", "pick.predictions"),
            ("pick.cases", "ask.cases"),
            ("pick.rest", "decide.predictions"),
            ("ask.decided", "write.decisions"),
            ("decide.decisions", "write.decisions"),
            ("ask.answers", "predict.answers"),
            ("predict.predictions", "measure.predictions"),
        ),
        start=1,
    ):
        hand.wire(source, target)
        hand.links(count)


def _configure(hand: Hand) -> None:
    page = hand.page
    hand.look_at("Data")
    page.get_by_text("More settings").click()
    page.locator('[data-row="steps.data.truth"]').get_by_role("button", name="Set").click()
    hand.write("Name", "damaged")
    hand.choose("Column", "damaged")
    hand.look_at("Predict")
    hand.choose("What is predicted", "another")
    hand.write("What is predicted: another name", "damaged")
    page.get_by_text("More settings").click()
    for count, label in enumerate(("yes", "no"), start=1):
        hand.write("Add to Labels", label)
        expect(page.locator(".td-chip")).to_have_count(count)
    hand.look_at("Ask")
    hand.write("Question", "Will it arrive damaged?", enter="Control+Enter")
    page.get_by_role("button", name="Add 5 simulated people").click()
    expect(page.get_by_text("in a rehearsal, 5 simulated people")).to_be_visible()


def test_a_wrong_wire_says_why_and_the_offered_step_makes_it_right(browser: Browser, tmp_path: Path) -> None:
    with editor(small(tmp_path)) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.wire("model.predictions", "people.cases")
        refusal = page.locator(".td-refusal")
        expect(refusal).to_contain_text("'Model' gives predictions, and 'People' takes cases")
        hand.links(0)
        refusal.get_by_role("button").first.click()
        hand.cards(4)
        hand.links(2)


def test_a_wire_drawn_backwards_is_feedback_for_the_next_round(browser: Browser, tmp_path: Path) -> None:
    flow = small(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.wire("people.answers", "model.answers")
        hand.links(1)
        expect(page.locator(".td-link.feedback")).to_have_count(1)
        expect(page.get_by_text("remembered for the next round", exact=True)).to_be_visible()
        hand.saved()
        hand.wait_for_text(flow, "people.answers ~> model.answers")


def test_everything_can_be_undone_and_made_again(browser: Browser, tmp_path: Path) -> None:
    flow = small(tmp_path)
    before = _said(flow)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.wire("data.records", "model.records")
        hand.links(1)
        hand.pull(hand.card("People").locator(".td-title"), 60, 90)
        hand.look_at("People")
        hand.write("Question", "Is it broken?", enter="Control+Enter")
        expect(hand.card("People")).to_contain_text("Is it broken?")
        hand.card("Model").locator(".td-title").click()
        page.keyboard.press("Delete")
        hand.cards(2)
        hand.links(0)
        hand.wait_for_text(flow, "Is it broken?")
        hand.saved()
        after = _said(flow)
        for _ in range(4):
            hand.keys("Control+z")
        hand.cards(3)
        expect(hand.card("People")).to_contain_text("Is it damaged?")
        hand.wait_for(lambda: _said(flow) == before)
        for _ in range(4):
            hand.keys("Control+Shift+z")
        hand.cards(2)
        hand.wait_for(lambda: _said(flow) == after)


def _said(flow: Path) -> object:
    """Return what a flow file says, however it is spelt."""
    return yaml.safe_load(flow.read_text())


def test_two_tabs_on_one_flow_show_each_others_edits(browser: Browser, tmp_path: Path) -> None:
    with (
        editor(small(tmp_path)) as server,
        visitor(browser, server.address) as one,
        visitor(browser, server.address) as other,
    ):
        Hand(one).wire("data.records", "model.records")
        Hand(other).links(1)
        Hand(other).look_at("People")
        Hand(other).write("Question", "Is it whole?", enter="Control+Enter")
        expect(Hand(one).card("People")).to_contain_text("Is it whole?")
        Hand(one).keys("Control+z", "Control+z")
        Hand(other).links(0)
        expect(other.get_by_label("Question")).to_have_value("Is it damaged?")


def test_a_run_goes_on_without_its_tab_is_found_again_and_stops_at_once(browser: Browser, tmp_path: Path) -> None:
    with editor(example(tmp_path)) as server:
        with visitor(browser, server.address) as page:
            Hand(page).start(40)
            expect(page.locator(".td-run-says")).to_have_text("Round 1 of 40", timeout=A_WHILE)
        with visitor(browser, server.address) as page:
            expect(page.locator(".td-run-says")).to_have_text(re.compile(r"Round \d+ of 40"), timeout=A_WHILE)
            expect(page.locator(".td-run-says")).not_to_have_text("Round 1 of 40", timeout=A_WHILE)
            Hand(page).button("Stop").click()
            expect(Hand(page).button("Rehearse")).to_be_visible()
            expect(page.get_by_text("Nothing is lost").first).to_be_attached()


def test_going_live_says_first_who_is_asked_how_much_and_what_is_written_where(
    browser: Browser, tmp_path: Path
) -> None:
    flow = example(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        Hand(page).button("Go live …").click()
        told = page.get_by_role("dialog")
        expect(told).to_contain_text("planners, at most 40 questions a round")
        expect(told).to_contain_text(str(flow.parent / "decided.csv"))
        expect(told).to_contain_text("tandem run")
        Hand(page).button("Not now").click()
        expect(told).to_have_count(0)
    assert not (flow.parent / "decided.csv").exists()


def test_notes_groups_copies_and_untangling(browser: Browser, tmp_path: Path) -> None:
    flow = small(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.button("Add a note").click()
        page.locator(".td-note").dblclick()
        page.keyboard.type("Ask the depot first")
        page.keyboard.press("Control+Enter")
        hand.wait_for_text(flow, "Ask the depot first")
        hand.card("Data").locator(".td-title").click()
        hand.card("Model").locator(".td-title").click(modifiers=["Control"])
        hand.keys("Control+g")
        page.get_by_label("Fold New group").click()
        expect(page.locator(".td-folded")).to_be_visible()
        page.locator(".td-folded").dblclick()
        hand.cards(3)
        hand.button("Show everything").click()
        hand.card("People").locator(".td-title").click()
        hand.keys("Control+c")
        hand.wait_for(lambda: "people:" in str(page.evaluate("navigator.clipboard.readText()")))
        hand.keys("Control+v")
        hand.cards(4)
        before = flow.read_text()
        hand.button("Untangle the whole flow").click()
        hand.wait_for(lambda: flow.read_text() != before)
        hand.cards(4)


def test_a_phone_edits_and_runs_the_flow_as_an_outline(browser: Browser, tmp_path: Path) -> None:
    flow = example(tmp_path)
    with editor(flow) as server, visitor(browser, server.address, 390, 844) as page:
        hand = Hand(page)
        page.locator(".td-outline").get_by_text("Unsure").click()
        hand.button("Change").click()
        hand.write("Cases a round", "12")
        hand.wait_for_text(flow, "at_most: 12")
        hand.button("Close").last.click()
        hand.rehearse(1)
        expect(page.locator(".td-results")).to_contain_text("Aims")


def test_a_phone_loads_no_canvas_and_a_window_that_grows_draws_it(browser: Browser, tmp_path: Path) -> None:
    asked: list[str] = []
    with editor(example(tmp_path)) as server, visitor(browser, server.address, 390, 844) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        page.locator(".td-outline-card").first.wait_for()
        assert asked and not [url for url in asked if "canvas" in url]
        expect(page.locator(".td-canvas")).to_have_count(0)
        Hand(page).button("More").click()
        page.get_by_role("menuitem", name="Find in the flow").click()
        expect(page.get_by_role("textbox", name="Find in this flow")).to_be_focused()
        page.keyboard.type("unsure")
        expect(page.locator(".td-found-title")).to_have_text(["Unsure"])
        page.keyboard.press("Enter")
        expect(page.get_by_label("Title of the step")).to_have_value("Unsure")
        page.set_viewport_size({"width": 1440, "height": 900})
        Hand(page).cards(8)
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator(".td-canvas")).to_have_count(0)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("console.error('something broke')", "something broke"),
        ("setTimeout(() => missing())", "missing is not defined"),
        ("fetch('http://192.0.2.1/').catch(() => 0)", "asked another machine: http://192.0.2.1/"),
        ("new WebSocket('ws://192.0.2.1/')", "asked another machine: ws://192.0.2.1/"),
    ],
)
def test_a_visit_on_which_anything_goes_wrong_fails(browser: Browser, wide_server: str, deed: str, said: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(said)):
        _visit(browser, wide_server, deed)


def _visit(browser: Browser, address: str, deed: str) -> None:
    with visitor(browser, address) as page:
        page.evaluate(f"() => {{ {deed} }}")
        page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 50))")


def test_an_edit_survives_a_power_cut_right_after_it(browser: Browser, tmp_path: Path) -> None:
    with editor(small(tmp_path)) as server:
        with visitor(browser, server.address, expect=("WebSocket", "ERR_", "Failed to")) as page:
            Hand(page).wire("data.records", "model.records")
            Hand(page).links(1)
            expect(page.get_by_role("button", name="Undo: connect data to model")).to_be_visible()
            server.kill()
        server.again()
        with visitor(browser, server.address) as page:
            Hand(page).links(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (640, 400), (390, 844)])
def test_no_page_is_wider_than_its_screen(
    browser: Browser, wide_server: str, width: int, height: int, scheme: str
) -> None:
    look = "dark" if scheme == "dark" else "light"
    with visitor(browser, wide_server, width, height, look) as page:
        assert _overflow(page) == 0
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        if width > 720:
            Hand(page).look_at("Planners")
            assert _overflow(page) == 0


@pytest.fixture(scope="module")
def wide_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with editor(example(tmp_path_factory.mktemp("wide"))) as server:
        yield server.address


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
