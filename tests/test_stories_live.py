"""Stories of runs in a real browser: people answer and it goes on, a killed run says so, two editors share a file."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playing import REAL, shipments
from playwright.sync_api import Browser, expect
from stories.browser import chromium, visitor
from stories.flows import example
from stories.hand import Hand
from stories.server import editor

from flows.catalog import Catalog
from runtime.inbox import Given, Inbox
from runtime.steps import BUILTIN
from runtime.store import Store

A_WHILE = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def parcels(folder: Path) -> Path:
    (folder / "shipments.csv").write_text(shipments(80))
    (folder / "flow.yaml").write_text(REAL)
    return folder / "flow.yaml"


def answer(folder: Path, most: int) -> None:
    """Answer as many questions of the live book, as a colleague would elsewhere."""
    store = Store.open(folder / ".tandem")
    book = store.find_book("parcels", "live")
    assert book is not None
    inbox = Inbox(store, book, Catalog(BUILTIN))
    inbox.give([Given(ask.id[:20], ask.id, "ann", "yes") for ask in inbox.waiting("ann")[:most]])
    store.close()


def test_a_live_round_counts_its_answers_and_goes_on_by_itself_unless_it_was_stopped(
    browser: Browser, tmp_path: Path
) -> None:
    with editor(parcels(tmp_path)) as server, visitor(browser, server.address) as page:
        hand, stands = Hand(page), page.locator(".td-results .td-stands")
        hand.button("Go live …").click()
        expect(page.get_by_role("dialog")).to_contain_text("80 of 80 cases can be asked about now.")
        hand.button("Go live: play one round").click()
        expect(hand.card("Planners")).to_contain_text("0 of 38 answered", timeout=A_WHILE)
        answer(tmp_path, 3)
        expect(hand.card("Planners")).to_contain_text("3 of 38 answered")
        expect(stands).to_contain_text("It goes on by itself after that, while the editor is open.")
        hand.button("Do not go on by itself").click()
        expect(stands).not_to_contain_text("goes on by itself")
        answer(tmp_path, 40)
        expect(stands).to_have_text("All questions of round 1 are answered: it can go on.")
        page.wait_for_timeout(2_500)
        assert len(list((tmp_path / ".tandem" / "runs").glob("*.json"))) == 1
        hand.button("Go on").click()
        expect(stands).to_have_text("Round 1 is done.", timeout=A_WHILE)
        assert (tmp_path / "decided.csv").is_file()
        hand.button("Go live …").click()
        hand.button("Go live: play one round").click()
        expect(hand.card("Planners")).to_contain_text(re.compile(r"0 of \d+ answered"), timeout=A_WHILE)
        answer(tmp_path, 80)
        expect(stands).to_have_text("Round 2 is done.", timeout=A_WHILE)


def test_a_killed_run_and_one_of_a_terminal_are_shown_as_what_they_are(browser: Browser, tmp_path: Path) -> None:
    flow = parcels(tmp_path)
    with editor(flow) as server, visitor(browser, server.address) as page:
        hand, stands = Hand(page), page.locator(".td-results .td-stands")
        hand.start(200)
        expect(stands).to_contain_text(re.compile(r"Round \d+ "), timeout=A_WHILE)
        note = json.loads(max((tmp_path / ".tandem" / "runs").glob("*.json")).read_text())
        os.kill(note["pid"], signal.SIGKILL)
        expect(stands).to_contain_text("it was killed, or the machine was switched off. Nothing is lost")
        words = [sys.executable, "-m", "runtime.cli", "run", str(flow), "--people", "simulated", "--rounds", "200"]
        with subprocess.Popen([*words, "--quiet"], cwd=Path(__file__).parents[1]) as terminal:
            expect(stands).to_contain_text(f"is being run by process {terminal.pid} on", timeout=A_WHILE)
            page.locator(".td-run").get_by_role("button", name="Stop").click()
            expect(page.get_by_text("Stop it there, such as with Ctrl+C.")).to_be_visible()
            terminal.terminate()
        expect(stands).to_contain_text("the next run goes on with it")


def test_nobody_would_be_asked_is_said_before_going_live_and_the_rehearsal_is_offered(
    browser: Browser, tmp_path: Path
) -> None:
    with editor(example(tmp_path)) as server, visitor(browser, server.address) as page:
        hand, told = Hand(page), page.get_by_role("dialog")
        hand.button("Go live …").click()
        expect(told).to_contain_text("all deadlines lie in the past, the last one was")
        hand.button("Rehearse instead").click()
        expect(told).to_have_count(0)
        expect(page.locator(".td-run-says")).to_contain_text("Round 1 of 8", timeout=A_WHILE)
        page.locator(".td-run").get_by_role("button", name="Stop").click()
        expect(hand.button("Rehearse")).to_be_visible()


def test_a_second_editor_follows_and_takes_over_what_is_drawn(browser: Browser, tmp_path: Path) -> None:
    flow = parcels(tmp_path)
    with (
        editor(flow) as one,
        editor(flow) as two,
        visitor(browser, one.address) as first,
        visitor(browser, two.address, expect=("WebSocket", "ERR_", "Failed to")) as second,
    ):
        expect(second.locator(".td-banner")).to_contain_text("is open in another editor (process ")
        Hand(first).write("Name of the flow", "Drawn in the first")
        expect(second.get_by_label("Name of the flow")).to_have_value("Drawn in the first")
        Hand(second).button("Edit it here").click()
        expect(first.locator(".td-banner")).to_contain_text("is open in another editor")
        expect(second.locator(".td-banner")).to_have_count(0)
        Hand(second).write("Name of the flow", "Drawn in the second")
        expect(first.get_by_label("Name of the flow")).to_have_value("Drawn in the second")
        two.kill()
        expect(first.locator(".td-banner")).to_have_count(0)
        Hand(first).write("Name of the flow", "And in the first again")
        Hand(first).wait_for_text(flow, "name: And in the first again")
