"""Until when: no end, a span after asking, or a date of the case with a span around it - never a typed expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from nicegui import ui

from editor.fields import Choice, Field
from editor.pages.boxes import Picker, TextBox
from editor.pages.desk import Desk, named
from flows.step import Plain

_SPAN = re.compile(r"^(\d+(?:\.\d+)?) *([a-z]+)$")
_COLUMN = re.compile(r"^(.+?)(?: +([-+]) +(\d+(?:\.\d+)?) *([a-z]+))?$", re.DOTALL)
_UNITS = {"min": "minutes", "h": "hours", "days": "days", "weeks": "weeks"}
_SAME = {"minute": "min", "minutes": "min", "hour": "h", "hours": "h", "d": "days", "day": "days", "week": "weeks"}


@dataclass(frozen=True)
class Until:
    """A deadline in its parts: a date column, before or after it, and a span; without a column, after asking."""

    column: str = ""
    sign: str = ""
    number: str = ""
    unit: str = "h"

    @classmethod
    def read(cls, text: str) -> Until:
        """Return the parts of a deadline as a file has it."""
        text = text.strip()
        if span := _SPAN.match(text):
            return cls("", "+", span[1], _SAME.get(span[2], span[2]))
        if column := _COLUMN.match(text):
            unit = column[4] or "h"
            return cls(column[1], column[2] or "", column[3] or "", _SAME.get(unit, unit))
        return cls()

    def text(self) -> str:
        """Return it as a file has it."""
        span = f"{self.number} {self.unit}"
        if not self.column:
            return span if self.sign else ""
        return f"{self.column} {self.sign} {span}" if self.sign else self.column


def deadline_choice(field: Field, desk: Desk, give: Callable[[Plain], str]) -> None:
    """Draw a deadline by choices."""
    until = Until.read(str(field.value or ""))
    spans = not field.prompt.startswith("no end")

    def put(**parts: str) -> None:
        give(replace(until, **parts).text() or None)

    with ui.element("div").classes("td-several"):
        _where(field, desk, until, put, spans)
        if until.column:
            signs = [Choice("", "at that moment"), Choice("-", "before"), Choice("+", "after")]
            Picker(f"{named(field)}: before or after", signs, until.sign, lambda sign: put(**_signed(sign, until)))
        if until.sign:
            with ui.element("div").classes("td-pair"):
                TextBox(f"{named(field)}: how long", until.number, lambda text: put(number=text.strip()), numeric=True)
                units = [Choice(unit, says) for unit, says in _UNITS.items()]
                Picker(f"{named(field)}: unit", units, until.unit, lambda unit: put(unit=str(unit)))


def _where(field: Field, desk: Desk, until: Until, put: Callable[..., None], spans: bool) -> None:
    dates = [one for one in desk.columns(field.port) if "date" in one.type or one.name == until.column]
    choices = [Choice(f"column {one.name}", f"by the case's {one.name}") for one in dates]
    if until.column and until.column not in [one.name for one in dates]:
        choices.append(Choice(f"column {until.column}", f"by the case's {until.column}"))
    if spans:
        choices.insert(0, Choice("span", "some time after asking"))

    def chosen(value: Plain) -> None:
        if value == "span":
            put(column="", sign="+", number=until.number or "4")
        elif isinstance(value, str):
            put(column=value.removeprefix("column "), sign=until.sign if until.column else "")
        else:
            put(column="", sign="")

    now = f"column {until.column}" if until.column else "span" if until.sign else None
    Picker(named(field), choices, now, chosen, prompt=field.prompt or "no deadline")


def _signed(sign: Plain, until: Until) -> dict[str, str]:
    return {"sign": str(sign or ""), "number": until.number or "2"}
