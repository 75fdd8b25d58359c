"""Fields in a real browser: lists and boxes obey the keys that everybody knows, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from stories.browser import chromium, visitor
from stories.flows import small
from stories.hand import Hand
from stories.server import editor


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def is_open(field: Locator) -> bool:
    return bool(field.evaluate("(element) => element.matches(':open')"))


def background(thing: Locator, part: str = "") -> str:
    return str(thing.evaluate("(element, part) => getComputedStyle(element, part).backgroundColor", part or None))


def test_a_list_is_chosen_from_with_the_keys_of_every_list(browser: Browser, tmp_path: Path) -> None:
    """Typing finds, arrows open and go, Escape closes the list and leaves the panel open, Enter takes."""
    flow = small(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.look_at("People")
        field = page.get_by_role("combobox", name="Otherwise")
        field.focus()
        page.keyboard.type("let")
        hand.wait_for_text(flow, "otherwise: model")
        hand.keys("ArrowDown")
        hand.wait_for(lambda: is_open(field))
        hand.keys("ArrowDown", "Escape")
        hand.wait_for(lambda: not is_open(field))
        expect(field).to_be_focused()
        expect(page.get_by_label("Title of the step")).to_be_visible()
        hand.keys("Enter")
        hand.wait_for(lambda: is_open(field))
        hand.keys("ArrowDown", "Enter")
        hand.wait_for_text(flow, "otherwise: pass-on")


def test_of_what_is_typed_into_a_list_the_whole_word_counts(browser: Browser, tmp_path: Path) -> None:
    """The first letter chooses another column, and what comes back from that never overtakes the next letters."""
    flow = small(tmp_path)
    flow.write_text(
        flow.read_text().replace("target: damaged", "target: weight") + "links: [data.records -> model.records]\n"
    )
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        hand.look_at("Model")
        hand.choose("What is predicted", "damaged")
        hand.wait_for_text(flow, "target: damaged")
        page.wait_for_timeout(300)
        expect(page.get_by_label("What is predicted", exact=True).locator("option:checked")).to_contain_text("damaged")
        assert "target: damaged" in flow.read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_list_looks_like_the_rest(browser: Browser, tmp_path: Path, scheme: str) -> None:
    with (
        editor(small(tmp_path)) as server,
        visitor(browser, server.address, scheme="dark" if scheme == "dark" else "light") as page,
    ):
        hand = Hand(page)
        hand.look_at("People")
        field = page.get_by_role("combobox", name="Otherwise")
        field.click()
        hand.wait_for(lambda: is_open(field))
        assert background(field, "::picker(select)") == background(page.locator(".td-side"))


def test_an_aim_is_set_by_keys_in_the_same_lists_and_boxes(browser: Browser, tmp_path: Path) -> None:
    flow = small(tmp_path)
    text = flow.read_text().replace("layout:", "  quality: {kind: measure-quality}\nlayout:")
    flow.write_text(text)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        _add_an_aim(page)
        hand.choose("Which figure", "Recall of the team")
        page.get_by_label("This number").focus()
        page.keyboard.type("97,5")
        expect(page.locator(".td-preview")).to_have_text("Recall of the team is at least 97.5 %.")
        hand.keys("Enter")
        hand.wait_for_text(flow, "quality.team_recall >= 0.975")
        _add_an_aim(page)
        page.get_by_label("This number").focus()
        page.keyboard.type("3")
        hand.keys("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def _add_an_aim(page: Page) -> None:
    page.get_by_role("button", name="Add an aim").click()
    expect(page.get_by_label("Which figure")).to_be_visible()


def test_what_is_typed_for_the_goal_is_taken_back_by_escape_and_kept_by_enter(browser: Browser, tmp_path: Path) -> None:
    flow = small(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand = Hand(page)
        words = page.locator(".td-goal-words")
        words.click()
        expect(page.get_by_label("Goal of the flow")).to_be_focused()
        page.keyboard.type("nothing")
        hand.keys("Escape")
        expect(words).to_contain_text("What should be reached?")
        words.click()
        expect(page.get_by_label("Goal of the flow")).to_be_focused()
        page.keyboard.type("No parcel arrives broken")
        hand.keys("Enter")
        expect(words).to_have_text("No parcel arrives broken")
        hand.write("Name of the flow", "")
        expect(page.get_by_label("Name of the flow")).to_have_value("small")
