"""Stories in a real browser by keys alone: nothing is reached by pointer, and every place shows that it is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from stories.browser import chromium, visitor
from stories.flows import example, parcels, small
from stories.hand import Hand
from stories.keys import Keys
from stories.server import editor

A_WHILE = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_a_whole_flow_is_drawn_from_a_strangers_table_and_run_by_keys_alone(browser: Browser, tmp_path: Path) -> None:
    table, folder = parcels(tmp_path / "parcels.csv"), tmp_path / "work"
    folder.mkdir()
    flow = folder / "flow.yaml"
    with editor(flow) as server, visitor(browser, server.address) as page:
        keys = Keys(page)
        with page.expect_file_chooser() as choosing:
            keys.press_button("Drop your data here, or choose a file (CSV, Excel, Parquet)")
        choosing.value.set_files(table)
        keys.hand.cards(1)
        _link_by_keys(keys)
        _set_by_keys(keys, flow)
        _aim_by_keys(keys, flow)
        keys.press_button("Rehearse")
        expect(page.locator(".td-results .td-stands")).to_have_text("Rounds 1 to 2 are done.", timeout=A_WHILE)
        expect(page.locator(".td-target-figure").first).to_contain_text("%")
        expect(page.get_by_role("status").filter(has_text="Rounds 1 to 2 are done.").first).to_be_attached()
        keys.to(page.get_by_role("button", name=re.compile("^Undo: ")))
        keys.press("Enter")
        keys.hand.wait_for(lambda: "aims" not in flow.read_text())


def _link_by_keys(keys: Keys) -> None:
    keys.to_card("Data")
    for port, words, title in (
        ("records", "predict", "Predict"),
        ("predictions", "pick", "Pick"),
        ("cases", "ask", "Ask"),
        ("decided", "write", "Write"),
    ):
        keys.link(port, words, new=True)
        expect(keys.hand.card(title)).to_have_class(re.compile(r"\bselected\b"))
    keys.link_card("Pick", "rest", "let the model decide", new=True)
    keys.link_card("Decide", "decisions", "Write")
    keys.link_card("Ask", "answers", "Predict")
    keys.link_card("Predict", "predictions", "measure", new=True)
    keys.link_card("Ask", "decided", "Measure")
    keys.link_card("Decide", "decisions", "Measure")
    keys.link_card("Ask", "answers", "Measure")
    keys.hand.cards(7)
    keys.hand.links(11)


def _set_by_keys(keys: Keys, flow: Path) -> None:
    keys.open_card("Data")
    keys.to(keys.page.get_by_text("More settings"))
    keys.press("Enter")
    keys.to(keys.page.locator('[data-row="steps.data.truth"]').get_by_role("button", name="Set"))
    keys.press("Enter")
    keys.write("Name", "damaged")
    keys.to(keys.page.get_by_label("Column", exact=True))
    keys.type("damaged")
    keys.hand.wait_for_text(flow, "truth:")
    keys.open_card("Predict")
    expect(keys.page.get_by_label("What is predicted", exact=True)).to_be_focused()
    keys.type("another")
    keys.write("What is predicted: another name", "damaged")
    keys.hand.wait_for_text(flow, "target: damaged")
    keys.to(keys.page.get_by_text("More settings"))
    keys.press("Enter")
    keys.to(keys.page.get_by_label("Add to Labels", exact=True))
    for count, label in enumerate(("yes", "no"), start=1):
        keys.type(label)
        keys.press("Enter")
        expect(keys.page.locator(".td-chip")).to_have_count(count)
        expect(keys.page.get_by_label("Add to Labels", exact=True)).to_be_focused()
    keys.press("Escape")
    expect(keys.hand.card("Predict")).to_be_focused()
    expect(keys.page.locator(".td-side")).to_be_hidden()
    keys.open_card("Ask")
    keys.write("Question", "Will it arrive damaged?", "Control+Enter")
    keys.hand.wait_for_text(flow, "Will it arrive damaged?")
    expect(keys.page.get_by_label("Question", exact=True)).to_be_focused()
    keys.press_button("Add 5 simulated people as 'reviewers'")
    expect(keys.page.get_by_text("in a rehearsal, 5 simulated people")).to_be_visible()


def _aim_by_keys(keys: Keys, flow: Path) -> None:
    keys.press_button("Add an aim")
    expect(keys.page.locator(".q-dialog :focus, .q-dialog__inner:focus")).to_have_count(1)
    keys.write("This number", "60")
    keys.hand.wait_for_text(flow, "aims")
    expect(keys.hand.button("Add an aim")).to_be_focused()
    keys.write("Rounds of the rehearsal", "2")


def test_menus_say_what_is_chosen_and_go_with_arrow_keys(browser: Browser, tmp_path: Path) -> None:
    with editor(example(tmp_path)) as server, visitor(browser, server.address) as page:
        Hand(page).button("Light or dark").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitemradio", name="As the system")).to_have_attribute("aria-checked", "true")
        expect(page.get_by_role("menu", name="Looks")).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("menuitemradio", name="Dark")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menu")).to_have_count(0)
        expect(Hand(page).button("Light or dark")).to_be_focused()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_ctrl_s_saves_what_is_being_typed_too(browser: Browser, tmp_path: Path) -> None:
    flow = small(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        page.get_by_label("Name of the flow").fill("Parcels")
        page.keyboard.press("Control+s")
        expect(page.get_by_text("Saved in flow.yaml")).to_be_visible()
        assert "name: Parcels" in flow.read_text()
