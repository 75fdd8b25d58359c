"""A problem said where it is, with its mark and a button that mends it."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.icons import icon
from editor.state import PageState
from flows.problems import Problem


def said(state: PageState, problem: Problem, words: str = "") -> None:
    """Draw a problem, by its own words or by others; its level is told by sign and colour."""
    with ui.element("div").classes(f"td-said td-{problem.level}"):
        icon(problem.level, 14)
        Words(words or problem.message)
        if problem.fix is not None:
            label = problem.fix_says.rstrip(".") or "Mend it"
            Button(label, partial(state.do, problem.fix), look="outlined").classes("td-small")
