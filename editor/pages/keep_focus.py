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
    last = row && { row: row.dataset.row, nth: [...row.querySelectorAll(inside)].indexOf(event.target) };
  });
  const within = (name) => [...document.querySelectorAll(`[data-row="${CSS.escape(name)}"] :is(${inside})`)];
  window.tandemKeepFocus = (name) => requestAnimationFrame(() => {
    if (document.activeElement !== document.body || last?.row !== name) return;
    const found = within(name);
    found[Math.min(last.nth, found.length - 1)]?.focus();
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


def keep_focus(row: str) -> None:
    """Put the cursor back into a row that was drawn anew, where it was there and is nowhere else now."""
    ui.run_javascript(f"tandemKeepFocus({json.dumps(row)})")


def focus_row(row: str) -> None:
    """Put the cursor into the first field of a row."""
    ui.run_javascript(f"tandemFocusRow({json.dumps(row)})")
