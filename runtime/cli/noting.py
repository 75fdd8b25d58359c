"""What steps noted about their results, such as what was odd in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from flows.show.wording import visible

MOST_LINES = 8


def noted(notes: Mapping[str, Sequence[str]], width: int, more: str = "") -> Iterator[str]:
    """Yield each note once, after its step and wrapped; with `more` only the first few, and then that."""
    told = [_note(step, note, width) for step, several in notes.items() for note in dict.fromkeys(several)]
    count = 0
    if told:
        yield "Noted:"
    for lines in told:
        if more and count and count + len(lines) > MOST_LINES:
            yield f"  {more}"
            return
        yield from lines
        count += len(lines)


def _note(step: str, note: str, width: int) -> list[str]:
    return wrap(visible(f"{step}: {note}"), width, initial_indent="  ", subsequent_indent="    ")
