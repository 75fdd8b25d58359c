"""The panel at the right: the selected card, what flowed on a wire, or what the rehearsal has shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.keep_focus import leave_panel
from editor.pages.peek_panel import PeekPanel
from editor.pages.results_panel import ResultsPanel
from editor.pages.step_panel import StepPanel
from editor.state import PageState, Side

TITLES: Mapping[Side, str] = {"step": "Step", "peek": "Wire", "results": "Results"}


class SidePanel:
    """One place for three contents; Escape closes it."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._bodies: dict[Side, ui.element] = {}
        self._tabs: dict[Side, Words] = {}

    def build(self) -> None:
        """Draw the panel with its contents, closed."""
        self._panel = ui.element("aside").classes("td-side")
        self._panel.props["aria-label"] = "Details"
        with self._panel:
            with ui.element("div").classes("td-side-head"):
                with ui.element("div").classes("td-tabs") as tabs:
                    tabs.props["role"], tabs.props["aria-label"] = "tablist", "Details"
                    tabs.props["data-arrows"] = "across"
                    for side, title in TITLES.items():
                        self._tab(side, title)
                Button("", partial(self.state.show, ""), icon_name="close", tip="Close").classes("td-small td-tip-left")
            for side, panel in (
                ("step", StepPanel(self.state)),
                ("peek", PeekPanel(self.state)),
                ("results", ResultsPanel(self.state)),
            ):
                self._body(side, panel)
        self._panel.on("keydown.esc", partial(self.state.show, ""), [])
        self.state.on_side.add(self._show)
        self._show(self.state.side)

    def _tab(self, side: Side, title: str) -> None:
        tab = Words(title, "button").classes("td-tab")
        tab.props["type"], tab.props["role"] = "button", "tab"
        tab.on("click", partial(self.state.show, side), [])
        self._tabs[side] = tab

    def _body(self, side: Side, panel: StepPanel | PeekPanel | ResultsPanel) -> None:
        with ui.element("div").classes("td-side-body") as body:
            body.props["role"] = "tabpanel"
            body.props["aria-label"] = TITLES[side]
            self._tabs[side].props["aria-controls"] = body.html_id
            panel.build()
        self._bodies[side] = body

    def _show(self, side: Side) -> None:
        if self._panel.visible and not side:
            leave_panel(self._panel)
        self._panel.set_visibility(bool(side))
        for name, body in self._bodies.items():
            body.set_visibility(name == side)
            self._tabs[name].props["aria-selected"] = str(name == side).lower()
