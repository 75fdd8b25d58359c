"""A place to drop a file on, or to choose one: it is brought into the workspace."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

from editor.beginnings import TABLES
from editor.pages.buttons import Words
from editor.pages.icons import icon
from editor.state import PageState

CHOSEN = "async (event) => {{ const file = event.target.files[0]; emit(await tandemUpload('{url}', file)); }}"
DROPPED = (
    "async (event) => {{ if (!event.dataTransfer.files.length) return; event.preventDefault(); "
    "event.currentTarget.classList.remove('td-over'); "
    "emit(await tandemUpload('{url}', event.dataTransfer.files[0])); }}"
)
OVER = (
    "(event) => { if (!event.dataTransfer.types.includes('Files')) return; event.preventDefault(); "
    "event.currentTarget.classList.add('td-over'); }"
)


class FileDrop(ui.element):
    """A field for a file; `on_file` gets its name in the workspace once it is there."""

    def __init__(self, state: PageState, words: str, on_file: Callable[[str], object]) -> None:
        super().__init__("label")
        self._state, self._on_file = state, on_file
        url = f"/_tandem/files/{state.page}"
        self.classes("td-drop")
        self.on("dragover", js_handler=OVER)
        self.on("dragleave", js_handler="(event) => event.currentTarget.classList.remove('td-over')")
        self.on("drop", self._arrived, js_handler=DROPPED.format(url=url))
        with self:
            icon("upload", 18)
            Words(words)
            field = ui.element("input").classes("td-unseen")
            field.props["type"] = "file"
            field.props["accept"] = ",".join(TABLES)
            field.on("change", self._arrived, js_handler=CHOSEN.format(url=url))

    def _arrived(self, event: GenericEventArguments) -> None:
        answer = event.args if isinstance(event.args, dict) else {}
        if isinstance(answer.get("path"), str):
            self._state.session.review(anew=True)
            self._on_file(answer["path"])
        elif isinstance(answer.get("says"), str):
            self._state.notify(answer["says"], "error")
