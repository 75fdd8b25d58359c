"""The small things that forms are made of: boxes, lists to choose from, switches, and what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from editor.fields import Choice
from editor.pages.buttons import Button, Words
from editor.wording import is_empty
from flows.step import Plain


class TextBox(Element, component="text_box.js"):
    """A box to type in; what was typed is given on Enter or when the box is left, and Escape takes it back.

    `lines` makes it higher than one line, `offers` are words to take, `empties` clears it once given. With
    `on_typed` it searches: the text is told with each letter, and stands in `text`.
    """

    def __init__(
        self,
        label: str,
        value: str = "",
        on_given: Callable[[str], object] | None = None,
        *,
        prompt: str = "",
        lines: int = 0,
        offers: Sequence[str] = (),
        empties: bool = False,
        numeric: bool = False,
        on_typed: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self.text = value
        self.props["value"] = value
        self.props["aria-label"] = label
        self.props["placeholder"] = prompt
        if lines:
            self.props["lines"] = lines
        if offers:
            self.props["offers"] = list(offers)
        if empties:
            self.props["empties"] = True
        if numeric:
            self.props["inputmode"] = "decimal"
        if on_given is not None:
            self.on("given", _text(on_given))
        if on_typed is not None:
            self.on("typed", _text(partial(self._typed, on_typed)))

    def restore(self) -> None:
        """Show again what stands in the flow, in the place of what was typed."""
        self.text = str(self.props["value"])
        self.run_method("restore")

    def _typed(self, then: Callable[[str], object], text: str) -> None:
        self.text = text
        then(text)


class Picker(Element, component="picker.js"):
    """A list to choose one from; the first entry stands for nothing where there is a `prompt`.

    It is the browser's own list, which every keyboard, screen reader and phone knows, in our colours.
    """

    def __init__(
        self,
        label: str,
        choices: Iterable[Choice],
        value: Plain,
        on_chosen: Callable[[Plain], object],
        *,
        prompt: str = "",
    ) -> None:
        super().__init__()
        self._prompt, self._on_chosen = prompt, on_chosen
        self.props["aria-label"] = label
        self.offer(choices, value)
        self.on("chosen", _text(self._take))

    def offer(self, choices: Iterable[Choice], value: Plain) -> None:
        """Show other entries, of which one is chosen."""
        self.choices = list(choices)
        if not is_empty(value) and value not in [choice.value for choice in self.choices]:
            self.choices.append(Choice(value, str(value)))
        at = next((place for place, one in enumerate(self.choices) if one.value == value), None)
        said = [choice.says for choice in self.choices]
        self.props["options"] = [self._prompt, *said] if self._prompt else said
        self.props["value"] = "0" if at is None else str(at + self._before)

    @property
    def _before(self) -> int:
        """How many entries stand before the first choice."""
        return 1 if self._prompt else 0

    def _take(self, text: str) -> None:
        with self.props.suspend_updates():  # the page shows it already, and may be a choice ahead
            self.props["value"] = text
        self._on_chosen(self._value(text))

    def _value(self, text: str) -> Plain:
        """Return the value of an entry; what a browser sends that is none counts as nothing."""
        place = int(text) - self._before if text.isdecimal() and len(text) < 6 else -1
        return self.choices[place].value if 0 <= place < len(self.choices) else None


class Switch(Element):
    """A thing that is so or not."""

    def __init__(self, label: str, on: bool, on_changed: Callable[[bool], object]) -> None:
        super().__init__("button")
        self.classes("td-switch")
        self.props["type"], self.props["role"] = "button", "switch"
        self.props["aria-label"] = label
        with self:
            ui.element("span").classes("td-knob")
            self._words = Words("")
        self.on("click", lambda: self._turn(on_changed), [])
        self._show(on)

    def _turn(self, on_changed: Callable[[bool], object]) -> None:
        self._show(not self.turned_on)
        on_changed(self.turned_on)

    def _show(self, on: bool) -> None:
        self.turned_on = on
        self.props["aria-checked"] = "true" if on else "false"
        self._words.set_text("yes" if on else "no")


def labelled(label: str) -> Element:
    """Draw the frame of a field with its label; the field is drawn inside."""
    frame = ui.element("div").classes("td-field")
    with frame:
        Words(label).classes("td-field-label")
    return frame


def chips(values: Sequence[str], on_remove: Callable[[str], object]) -> None:
    """Draw what was chosen, each with a button that takes it away."""
    with ui.element("ul").classes("td-chips"):
        for value in values:
            with ui.element("li").classes("td-chip"):
                Words(value if value.strip() else "(empty)")
                button = Button(icon_name="close", tip=f"Take away {value}", on_click=partial(on_remove, value))
                button.classes("td-chip-gone")


def _text(then: Callable[[str], object]) -> Callable[[GenericEventArguments], None]:
    def handle(event: GenericEventArguments) -> None:
        if isinstance(event.args, str):
            then(event.args)

    return handle
