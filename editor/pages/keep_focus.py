"""The cursor stays where a person put it, though the page draws that place anew."""

from __future__ import annotations

import json

from nicegui import ui

_SCRIPT = """
if (!window.tandemKeepFocus) {
  const inside = "input:not([type=file]), select, textarea, button";
  let last = null;
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    const nth = row && [...row.querySelectorAll(inside)].indexOf(event.target);
    last = row && { row: row.dataset.row, name: event.target.getAttribute("aria-label"), nth };
  });
  const within = (name) => [...document.querySelectorAll(`[data-row="${CSS.escape(name)}"] :is(${inside})`)];
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-row]")) last = null;
  });
  window.tandemKeepFocus = () => requestAnimationFrame(() => {
    if (document.activeElement !== document.body || !last) return;
    const found = within(last.row);
    const same = found.find((one) => one.getAttribute("aria-label") === last.name);
    (same ?? found[Math.min(last.nth, found.length - 1)])?.focus();
  });
  window.tandemEnterPanel = () => requestAnimationFrame(() => {
    const byKeys = document.activeElement?.matches(".vue-flow__node:focus-visible");
    if (byKeys) document.querySelector(`.td-panel [data-row] :is(${inside})`)?.focus();
  });
  window.tandemFocusRow = (name) => requestAnimationFrame(() => {
    const first = within(name)[0];
    first?.closest("details")?.setAttribute("open", "");
    first?.scrollIntoView({ block: "nearest" });
    first?.focus();
  });
}
"""


def watch_focus(place: ui.element) -> None:
    """Watch from now on where the cursor is, on the page of a place."""
    _run(place, _SCRIPT)


def scroll_up(place: ui.element) -> None:
    """Show the panel from its beginning."""
    _run(place, "document.querySelectorAll('.td-side-body').forEach((body) => body.scrollTo(0, 0))")


def keep_focus(place: ui.element) -> None:
    """Put the cursor back where it was, when that was drawn anew and the cursor is nowhere else now."""
    _run(place, "tandemKeepFocus()")


def enter_panel(place: ui.element) -> None:
    """Put the cursor into the first field for whoever opened a card by keys; a pointer leaves it on the canvas."""
    _run(place, "tandemEnterPanel()")


def focus_row(place: ui.element, row: str) -> None:
    """Put the cursor into the first field of a row."""
    _run(place, f"tandemFocusRow({json.dumps(row)})")


def _run(place: ui.element, code: str) -> None:
    # Not in whatever context asks for it: that may be another page's, or a button that is gone by now.
    place.client.run_javascript(code)
