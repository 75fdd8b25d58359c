"""What must be known before going on: a file that cannot be read, changed elsewhere, or restored edits."""

from __future__ import annotations

from nicegui import ui

from editor.pages.buttons import Button, Words
from editor.pages.icons import icon
from editor.session import Choice, EditSession
from editor.state import PageState
from flows.problems import Refused

LOOKED = 0.5


class Banner:
    """A line below the bar, there only when something must be said."""

    def __init__(self, state: PageState) -> None:
        self.state = state
        self._shown: object = None

    def build(self) -> None:
        """Draw the place, and say what was restored."""
        self._place = ui.element("div").classes("td-banners")
        self._place.props["role"] = "alert"
        ui.timer(LOOKED, self._look)
        self._look()

    def _look(self) -> None:
        session = self.state.session
        while session.notices:
            self.state.notify(session.notices.pop(0), "good")
        found = (session.conflict, session.trouble, _elsewhere(session))
        if found == self._shown:
            return
        self._shown = found
        self._place.clear()
        with self._place:
            if session.trouble:
                self._unreadable()
            elif session.conflict:
                self._conflict(session.conflict.says, session.conflict.mine, session.conflict.theirs)
            if session.elsewhere:
                self._edited_elsewhere()

    def _unreadable(self) -> None:
        problem = self.state.session.trouble[0]
        with ui.element("div").classes("td-banner td-tone-error"):
            icon("error")
            name = self.state.session.path.name
            says = f"'{name}' cannot be read, and is shown as it was until it can. {problem.message}"
            Words(says).classes("td-banner-words")
            line = self.state.session.line(problem.line)
            if line:
                Words(f"{problem.line}: {line.strip()[:120]}", "code").classes("td-banner-code")

    def _edited_elsewhere(self) -> None:
        with ui.element("div").classes("td-banner td-tone-warning"):
            icon("warning")
            Words(_elsewhere(self.state.session)).classes("td-banner-words")
            if self.state.session.asked_at is None:
                Button("Edit it here", self._take_over, look="outlined").classes("td-small")

    def _take_over(self) -> None:
        self.state.session.take_over()
        self._look()

    def _conflict(self, says: str, mine: str, theirs: str) -> None:
        with ui.element("div").classes("td-banner td-tone-warning"):
            icon("warning")
            Words(says).classes("td-banner-words")
            Button(mine, lambda: self._choose("mine"), look="outlined").classes("td-small")
            Button(theirs, lambda: self._choose("theirs"), look="outlined").classes("td-small")

    def _choose(self, choice: Choice) -> None:
        try:
            self.state.session.resolve(choice)
        except Refused as refused:
            self.state.notify(str(refused), "error")
        self._look()


def _elsewhere(session: EditSession) -> str:
    """Return in words that another program edits the flow, and how far it is with handing it over."""
    if not session.elsewhere:
        return ""
    if session.unanswered():
        return (
            f"The other editor ({session.elsewhere}) does not answer. Close it there: as soon as it has ended, "
            "the flow can be edited here, and nothing is lost."
        )
    if session.asked_at is not None:
        return "Asking the other editor to save and to hand the flow over …"
    return (
        f"'{session.path.name}' is open in another editor ({session.elsewhere}). It is shown here as it is saved "
        "there, and can be run, but not changed."
    )
