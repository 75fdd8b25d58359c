"""Setting an aim or a limit by choices: whose figure, which, how it compares, and the number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from nicegui import ui

from editor.fields import Choice
from editor.pages.boxes import Picker, TextBox, labelled
from editor.pages.buttons import Button, Words
from editor.pages.dialogs import dialog
from editor.state import PageState
from editor.targets import Measurable, measurable, typed
from flows.aims import COMPARISONS, called, sentence, shown
from flows.command import Command
from flows.commands import SetAims, SetLimits
from flows.intent import Comparison, Target
from flows.step import Measured, Plain

Section = Literal["aims", "limits"]
_SAYS = {
    "aims": "What should be reached. It is reported after every round, and counts as met at the worse end of "
    "its interval.",
    "limits": "What must be kept. A round that would break it stops, and nothing is delivered.",
}
_FIRST: Mapping[Section, tuple[str, Comparison]] = {"aims": ("team_recall", ">="), "limits": ("questions", "<=")}


class TargetDialog:
    """Adds, changes or removes one aim or limit; `index` is its place, None for a new one."""

    def __init__(self, state: PageState, section: Section, index: int | None = None) -> None:
        self.state, self.section, self.index = state, section, index
        flow, self._there = state.session.flow, measurable(state.session.flow, state.session.catalog)
        targets = flow.intent.aims if section == "aims" else flow.intent.limits
        self._targets = targets
        self._old = targets[index] if index is not None and index < len(targets) else None

    def open(self) -> None:
        """Show the dialog."""
        word = self.section.removesuffix("s")
        title = f"{'Change the' if self._old else 'Add an' if word == 'aim' else 'Add a'} {word}"
        with dialog(title) as self._dialog:
            Words(_SAYS[self.section], "p").classes("td-help")
            self._form() if self._there else self._nothing()

    def _nothing(self) -> None:
        Words("Nothing in this flow measures anything yet. Add a step that does:", "p")
        with ui.element("div").classes("td-dialog-feet"):
            for kind in (kind for kind in self.state.session.catalog if kind.measures):
                Button(kind.title, self._adds(kind.kind), icon_name="add", look="outlined")

    def _adds(self, kind: str) -> Callable[[], None]:
        def add() -> None:
            self._dialog.close()
            self.state.intent({"id": "aim", "type": "add", "kind": kind})

        return add

    def _form(self) -> None:
        self._step, self._measure = self._begin()
        self._comparison: Comparison = self._old.comparison if self._old else _FIRST[self.section][1]
        with labelled("About"):
            steps = [Choice(one.card.id, one.title) for one in self._there]
            Picker("About", steps, self._step.card.id, self._to_step)
        with labelled("Which figure"):
            self._measures = Picker("Which figure", self._names(), self._measure.name, self._to_measure)
        self._about = Words("", "p").classes("td-help")
        with ui.element("div").classes("td-pair"):
            with labelled("Shall be"):
                words = [Choice(one, says) for one, says in COMPARISONS.items()]
                Picker("Shall be", words, self._comparison, self._to_comparison)
            with labelled("This number"):
                self._number = TextBox("This number", self._number_now(), on_typed=self._show, numeric=True)
                self._number.on("keydown.enter", self._save, [])
        self._preview = Words("", "p").classes("td-preview")
        self._feet()
        self._show()

    def _feet(self) -> None:
        with ui.element("div").classes("td-dialog-feet"):
            if self._old:
                Button("Remove", self._remove, icon_name="remove", look="danger").classes("td-apart")
            Button("Cancel", self._dialog.close)
            Button("Save", self._save, look="primary")

    def _begin(self) -> tuple[Measurable, Measured]:
        wanted = self._old.measure if self._old else _FIRST[self.section][0]
        steps = [one for one in self._there if self._old is None or one.card.id == self._old.step] or [*self._there]
        found = [(step, one) for step in steps for one in step.measures if one.name == wanted]
        return found[0] if found else (steps[0], steps[0].measures[0])

    def _number_now(self) -> str:
        return shown(self._old.number, self._measure.unit).removesuffix(" %") if self._old else ""

    def _names(self) -> list[Choice]:
        return [Choice(one.name, called(one)) for one in self._step.measures]

    def _to_step(self, id: Plain) -> None:
        self._step = next((one for one in self._there if one.card.id == id), self._step)
        self._measure = self._step.measures[0]
        self._measures.offer(self._names(), self._measure.name)
        self._show()

    def _to_measure(self, name: Plain) -> None:
        self._measure = next((one for one in self._step.measures if one.name == name), self._measure)
        self._show()

    def _to_comparison(self, comparison: Plain) -> None:
        self._comparison = next((one for one in COMPARISONS if one == comparison), self._comparison)
        self._show()

    def _show(self, _: str = "") -> None:
        self._about.text = self._measure.says
        target = self._target()
        unit = "a number in per cent" if self._measure.unit == "share" else f"a number of {self._measure.unit}"
        if self._measure.unit == "money":
            unit = "an amount of money"
        self._preview.text = sentence(target, self._measure) if target else f"Type {unit}."
        self._preview.classes(remove="td-wrong")

    def _target(self) -> Target | None:
        number = typed(self._number.text, self._measure.unit)
        if number is None:
            return None
        step, measure = self._step.card.id, self._measure.name
        return Target(step=step, measure=measure, comparison=self._comparison, number=number)

    def _save(self) -> None:
        target = self._target()
        if target is None:
            self._preview.classes("td-wrong")
            self._preview.text = "A number is missing: type one, such as 95."
            return
        self._commit(target)

    def _remove(self) -> None:
        self._commit(None)

    def _commit(self, new: Target | None) -> None:
        at = len(self._targets) if self.index is None else self.index
        targets = [*self._targets[:at], *([new] if new else []), *self._targets[at + 1 :]]
        texts = tuple(str(target) for target in targets)
        command: Command = SetAims(aims=texts) if self.section == "aims" else SetLimits(limits=texts)
        if self.state.do(command):
            self._dialog.close()
