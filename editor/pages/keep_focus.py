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
  window.tandemFocusRow = (name) => requestAnimationFrame(() => {
    const first = within(name)[0];
    first?.closest("details")?.setAttribute("open", "");
    first?.scrollIntoView({ block: "nearest" });
    first?.focus();
  });
}
"""


def watch_focus() -> None:
    """Watch from now on where the cursor is."""
    ui.run_javascript(_SCRIPT)


def scroll_up() -> None:
    """Show the panel from its beginning."""
    ui.run_javascript("document.querySelectorAll('.td-side-body').forEach((body) => body.scrollTo(0, 0))")


def keep_focus() -> None:
    """Put the cursor back where it was, when that was drawn anew and the cursor is nowhere else now."""
    ui.run_javascript("tandemKeepFocus()")


def focus_row(row: str) -> None:
    """Put the cursor into the first field of a row."""
    ui.run_javascript(f"tandemFocusRow({json.dumps(row)})")
