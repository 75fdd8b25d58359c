"""What a person does who has no pointer: goes with Tab and arrows, and never presses what has no name."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from stories.hand import Hand

MOST_TABS = 150
INSIDE = "(element) => element.contains(document.activeElement)"
UNSEEN = """() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one.closest(".q-field__control") ?? one);
  const ring = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  return one === document.body || ring ? "" : one.outerHTML;
}"""


class Keys:
    """A person at a page whose pointer lies untouched."""

    def __init__(self, page: Page) -> None:
        self.page, self.hand = page, Hand(page)
        page.mouse.move(0, 0)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text."""
        self.page.keyboard.type(text)

    def to(self, thing: Locator) -> None:
        """Press Tab, or Shift and Tab, until something has the focus; every place on the way must show its ring."""
        thing.first.wait_for(state="attached")
        back = self.page.evaluate(BEFORE, thing.first.element_handle())
        for _ in range(MOST_TABS):
            if thing.first.evaluate(INSIDE):
                return
            self.press("Shift+Tab" if back else "Tab")
            unseen = self.page.evaluate(UNSEEN)
            assert not unseen, f"No ring is seen around {unseen}"
        raise AssertionError(f"{thing} cannot be reached with the Tab key")

    def press_button(self, name: str) -> None:
        """Go to a button by its name, and press it."""
        self.to(self.hand.button(name))
        self.press("Enter")

    def write(self, label: str, text: str, enter: str = "Enter") -> None:
        """Go to a field, write in place of what it holds, and press Enter."""
        self.to(self.page.get_by_label(label, exact=True))
        self.press("Control+a")
        self.type(text)
        self.press(enter)

    def open_card(self, title: str) -> None:
        """Find a card by its title: its panel opens, with the cursor in it."""
        self.press_button("Find in the flow (Ctrl+F)")
        expect(self.page.get_by_label("Find in this flow").and_(self.page.locator("input"))).to_be_focused()
        self.type(title)
        expect(self.page.locator(".td-found-title").first).to_have_text(title)
        self.press("Enter")
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        expect(self.page.get_by_label("Title of the step")).to_have_value(title)
        expect(self.page.locator(".td-panel [data-row] :focus")).to_have_count(1)

    def to_card(self, title: str) -> None:
        """Find a card, and go from its panel back to it on the canvas."""
        self.open_card(title)
        self.press("Escape")
        expect(self.hand.card(title)).to_be_focused()

    def link(self, port: str, words: str, new: bool = False) -> None:
        """Link a port of the card that has the focus to a card, or to a new step."""
        self.press("l")
        self._take("Link from or to which port?", port)
        if new:
            self._take("Link it to what?", "new step")
        self._take("Add a step" if new else "Link it to what?", words)

    def link_card(self, title: str, port: str, words: str, new: bool = False) -> None:
        """Go to a card, and link one of its ports."""
        self.to_card(title)
        self.link(port, words, new)

    def _take(self, question: str, words: str) -> None:
        expect(self.page.locator(".td-chooser").get_by_label(question).and_(self.page.locator("input"))).to_be_focused()
        self.type(words)
        self.press("Enter")


BEFORE = """(element) => Boolean(
  element.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING
)"""
