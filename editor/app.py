"""The editor as a program that serves pages on this machine."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from urllib.parse import unquote

from fastapi import Request
from nicegui import app, ui

from editor.guard import Guard
from editor.pages.editor_page import EditorPage
from editor.pages.page_head import serve_theme
from editor.registry import Registry
from editor.state import PageState
from editor.uploads import take
from editor.warming import warm
from flows.catalog import Catalog
from flows.problems import Refused, refuse

HOST = "127.0.0.1"
EVERY = 0.2
"""Seconds between two looks at what is to be saved, and at files changed elsewhere."""
RECONNECT = 60.0
"""Seconds that a page whose connection broke is waited for: it loses nothing meanwhile."""
MOST_PORTS = 50
_FLOW = re.compile(r"[^./\\\0][^/\\\0]{0,100}\.ya?ml")
"""Names of flow files that lie in the workspace itself."""


class Editor:
    """The open flows of one workspace and the pages on them."""

    def __init__(self, flow: Path, catalog: Catalog) -> None:
        self.first = flow.resolve()
        self.folder = self.first.parent
        self.registry = Registry(catalog)
        self.pages: dict[str, PageState] = {}

    def register(self) -> None:
        """Declare the pages and what is served beside them."""
        serve_theme()
        ui.page("/", title="Tandem", dark=False, reconnect_timeout=RECONNECT, response_timeout=20)(self._page)
        app.post("/_tandem/files/{page}")(self._file)
        app.timer(EVERY, self.registry.tick)
        app.on_shutdown(self.registry.close)

    def _page(self, flow: str = "") -> None:
        state = PageState(self.registry.open(self._named(flow)))
        self.pages[state.page] = state
        ui.context.client.on_delete(lambda: self._gone(state))
        EditorPage(state).build()

    def _named(self, name: str) -> Path:
        """Return the flow file of a name in the workspace; anything else is the first flow."""
        path = self.folder / name if _FLOW.fullmatch(name) else self.first
        return self.first if path.is_symlink() else path

    def _gone(self, state: PageState) -> None:
        self.pages.pop(state.page, None)
        state.leave()

    async def _file(self, page: str, request: Request) -> dict[str, str]:
        """Take a file that a page sends, and say under which name it lies in the workspace."""
        state = self.pages.get(page)
        if state is None:
            return {"says": "This page is no longer known. Load it again and try once more."}
        name = unquote(request.headers.get("x-file-name", ""))
        try:
            return {"path": await take(state.workspace, name, request.stream())}
        except Refused as refused:
            return {"says": str(refused)}


def serve(flow: Path, catalog: Catalog, port: int, browser: bool) -> None:
    """Serve the editor until it is stopped; Ctrl+C saves what is not saved."""
    editor = Editor(flow, catalog)
    editor.register()
    app.on_startup(warm)
    app.add_middleware(Guard, hosts=[f"{name}:{port}" for name in (HOST, "localhost")])
    ui.run(
        host=HOST,
        port=port,
        title="Tandem",
        favicon=str(Path(__file__).parent / "theme" / "favicon.svg"),
        language="en-US",
        reload=False,
        show=browser,
        show_welcome_message=False,
        tailwind=False,
        reconnect_timeout=RECONNECT,
        uvicorn_logging_level="error",
    )


def free_port(wanted: int) -> int:
    """Return the wanted port, or the next one that is free."""
    for port in range(wanted, min(wanted + MOST_PORTS, 65_536)):
        with socket.socket() as trial:
            if os.name != "nt":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except OSError:
                continue
            return port
    raise refuse("port-taken", f"No port from {wanted} on is free. Name another one with --port.")


CODES: tuple[tuple[str, str], ...] = (
    ("port-taken", "Other programs hold all ports that were tried. Name another one with --port."),
)
