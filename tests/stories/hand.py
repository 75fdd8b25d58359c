"""What a person does on the editor's page: points, drags, types. Nothing here reaches past pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

LONG = 30_000
"""Milliseconds that a rehearsal is waited for."""
STILL = 100
"""Looks at a thing that is moving."""
STEPS = 6
"""Places at which a dragged pointer is seen on its way."""


class Hand:
    """A person at a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def card(self, title: str) -> Locator:
        """Return a card on the canvas by its title."""
        return self.page.locator(".vue-flow__node-card", has=self.page.get_by_text(title, exact=True))

    def cards(self, count: int) -> None:
        """Wait until the canvas holds so many cards."""
        expect(self.page.locator(".vue-flow__node-card")).to_have_count(count)

    def links(self, count: int) -> None:
        """Wait until the canvas holds so many links."""
        expect(self.page.locator(".td-link")).to_have_count(count)

    def port(self, end: str, side: str = "out") -> Locator:
        """Return a port, such as `risk.predictions`."""
        return self.page.locator(f'[data-port="{side}:{end}"] .td-port-shape')

    def look_at(self, title: str) -> None:
        """Open the panel of a card with a click on its title."""
        self.card(title).locator(".td-title").click()
        expect(self.page.get_by_label("Title of the step")).to_have_value(title)

    def wire(self, source: str, target: str) -> None:
        """Draw a wire from an output to an input."""
        self.drag(self.port(source), self.port(target, "in"))

    def drop_kind(self, kind: str, x: float, y: float) -> None:
        """Drag a kind of step from the palette to a place on the canvas, in pixels of the page."""
        _middle(self.page.locator(".vue-flow__node-card").first)
        self.button(f"Add: {kind}").hover()
        self.page.mouse.down()
        self.page.mouse.move(x - 20, y - 20, steps=STEPS)
        self.page.mouse.move(x, y, steps=2)
        self.page.mouse.up()

    def drag(self, begin: Locator, end: Locator) -> None:
        """Drag from the middle of one thing to the middle of another."""
        (x1, y1), (x2, y2) = _middle(begin), _middle(end)
        self.page.mouse.move(x1, y1)
        self.page.mouse.down()
        self.page.mouse.move(x2, y2, steps=STEPS)
        self.page.mouse.move(x2 + 1, y2, steps=2)
        self.page.mouse.up()

    def make_room(self) -> None:
        """Show the canvas so small that a whole flow has room."""
        self.page.locator(".td-zoom").click()
        for percent in (100, 83, 69, 58, 48):
            expect(self.page.locator(".td-zoom")).to_have_text(f"{percent} %")
            if percent > 48:
                self.page.get_by_label("Zoom out").click()

    def put(self, thing: Locator, x: float, y: float) -> None:
        """Drag something to a place, in pixels of the page."""
        left, top = _middle(thing)
        self.pull(thing, x - left, y - top)

    def pull(self, begin: Locator, across: float, down: float) -> None:
        """Drag something by so many pixels."""
        x, y = _middle(begin)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + across, y + down, steps=STEPS)
        self.page.mouse.up()

    def choose(self, label: str, words: str) -> None:
        """Choose from a list by typing the beginning of the words."""
        field = self.page.get_by_label(label, exact=True)
        field.focus()
        self.page.keyboard.type(words)
        expect(field.locator("option:checked")).to_contain_text(words)

    def write(self, label: str, text: str, enter: str = "Enter") -> None:
        """Write into a field in place of what it holds, and press Enter."""
        self.page.get_by_label(label, exact=True).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press(enter)

    def start(self, rounds: int) -> None:
        """Start a rehearsal of so many rounds."""
        self.write("Rounds of the rehearsal", str(rounds))
        self.button("Rehearse").click()

    def rehearse(self, rounds: int) -> None:
        """Rehearse so many rounds, and wait until they are done."""
        self.start(rounds)
        done = "Round 1 is done." if rounds == 1 else f"Rounds 1 to {rounds} are done."
        expect(self.page.locator(".td-results .td-stands")).to_have_text(done, timeout=LONG)

    def wait_for(self, fact: Callable[[], bool]) -> None:
        """Wait until something is so outside of the page, such as in a file."""
        for _ in range(200):
            if fact():
                return
            self.page.wait_for_timeout(25)
        raise AssertionError("It did not come to be")

    def wait_for_text(self, file: Path, text: str) -> None:
        """Wait until a file holds a text."""
        self.wait_for(lambda: text in file.read_text())

    def keys(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        """Return a button by its name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def saved(self) -> None:
        """Wait until the editor says that everything is saved."""
        expect(self.page.locator(".td-saved")).to_contain_text("Saved")


def _middle(thing: Locator) -> tuple[float, float]:
    """Return where the middle of a thing is, once it stands still: the canvas may be gliding there."""
    box = thing.bounding_box()
    for _ in range(STILL):
        thing.page.wait_for_timeout(100)
        before, box = box, thing.bounding_box()
        if box is not None and box == before:
            return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    raise AssertionError(f"{thing} is not on the page, or never stands still")
