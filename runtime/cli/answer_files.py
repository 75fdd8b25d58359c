"""Questions as a table to fill in, and answers read back from it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from flows.problems import Problem, Refused, refuse
from runtime.inbox import Ask, Given, Inbox
from runtime.question_kinds import Control, Said, question_kind
from runtime.question_kinds.filling import confidence_of

FIRST = ("question", "case")
LAST = ("choices", "answer", "confidence", "reason", "person", "comment")
FILLED = frozenset({"answer", "words", "action", "scope", "expires", "sure"})
"""What the kinds of question have to fill in; a test holds it against their controls."""
MOST_BYTES = 50_000_000
_OUTCOMES: Mapping[str, Literal["cannot-tell", "skipped"]] = {
    "?": "cannot-tell", "cannot tell": "cannot-tell", "cannot-tell": "cannot-tell",
    "skip": "skipped", "skipped": "skipped",
}  # fmt: skip


def written(asks: Sequence[Ask]) -> bytes:
    """Return questions as CSV in UTF-8: what is shown of each case, and empty columns to fill in.

    Words that a spreadsheet would take for a formula get an apostrophe in front.
    """
    fields = list(dict.fromkeys(name for ask in asks for name in ask.shown))
    more = [name for name in dict.fromkeys(one.name for ask in asks for one in controls(ask)) if name not in LAST]
    last = [*LAST[:2], *more, *LAST[2:]]
    # A column of the data that is called like one of ours keeps its words under another name.
    names = [f"{name} (shown)" if name.lower() in (*FIRST, *LAST, *FILLED) else name for name in fields]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([*FIRST, *map(_safe, names), *last])
    for ask in asks:
        shown = [_safe(ask.shown.get(name)) for name in fields]
        table.writerow([ask.id, _safe(ask.key), *shown, _safe(_possible(ask)), *([""] * (len(last) - 1))])
    return ("\ufeff" + out.getvalue()).encode()


def controls(ask: Ask) -> tuple[Control, ...]:
    """Return what there is to fill in of a question."""
    return question_kind(ask.kind).controls(ask.wording, ask.shown)


def read(ask: Ask, filled: Mapping[str, object]) -> Said:
    """Return what was filled in; raises `Refused` with a sentence for what does not fit."""
    return question_kind(ask.kind).read(ask.wording, ask.shown, filled)


def answers_in(inbox: Inbox, path: Path, person: str) -> list[Given]:
    """Return the answers in a file; raises `Refused` with every line that is wrong, and then keeps none.

    Separators `,` `;` and tab are understood, as are other orders of the columns and further ones.
    `person` answers where the column of that name is empty.
    """
    rows = list(_rows(path))
    asks = inbox.find({row["question"] for _, row in rows})
    problems: list[Problem] = []
    given: dict[tuple[str, str], Given] = {}
    for line, row in rows:
        ask = asks.get(row["question"])
        if ask is not None and not any(row.get(control.name) for control in controls(ask)):
            continue  # nothing that this question asks for
        try:
            answer = _given(inbox, ask, row, row["person"] or person)
            twice = given.setdefault((answer.question, answer.person), answer)
            if (twice.outcome, twice.label, twice.value) != (answer.outcome, answer.label, answer.value):
                raise _wrong(f"{answer.person} answers the same question differently further up.")
        except Refused as refused:
            problems += [problem.at(line) for problem in refused.problems]
    if problems:
        raise RefusedRows(problems, str(path))
    return _named(inbox, list(given.values()))


class RefusedRows(Refused):
    """A file of answers that is wrong: the lines, and the name of the file."""

    def __init__(self, problems: Iterable[Problem], name: str) -> None:
        super().__init__(problems)
        self.name = name


def _named(inbox: Inbox, given: list[Given]) -> list[Given]:
    """Give each answer its key: the same file counts once, and going back to a former answer counts again."""
    before = inbox.standing({entry.question for entry in given}, {entry.person for entry in given})
    named = []
    for entry in given:
        last = before.get((entry.question, entry.person))
        parts = [
            inbox.book.flow, inbox.book.name, entry.question, entry.person, entry.outcome, entry.label,
            entry.comment, last.id if last else "", "csv",
        ]  # fmt: skip
        more = (entry.value, entry.confidence, entry.reason)
        parts += [json.dumps(more, sort_keys=True)] if more != (None, None, "") else []
        named.append(replace(entry, id=hashlib.sha256("\n".join(parts).encode()).hexdigest()))
    return named


def _given(inbox: Inbox, ask: Ask | None, row: Mapping[str, str], person: str) -> Given:
    if ask is None:
        raise _wrong(
            f"There is no question '{row['question']:.12}' in the book '{inbox.book.name}'. "
            "Fetch the questions anew with --out, and fill in those."
        )
    if not inbox.is_for(person, ask, inbox.store.moment()):
        there = ", ".join(inbox.accounts[ask.group])
        raise _wrong(
            f"'{person:.80}' does not belong to {ask.group}. These do: {there}. "
            "Name one of them in the column 'person', or with --person NAME."
        )
    said, outcome = _said(ask, row)
    return Given(
        "", ask.id, person, said.label, outcome, comment=row["comment"], confidence=confidence_of(row["confidence"]),
        value=said.value, reason=said.reason,
    )  # fmt: skip


def _said(ask: Ask, row: Mapping[str, str]) -> tuple[Said, Literal["answered", "cannot-tell", "skipped"]]:
    """Return what was said; an apostrophe that keeps a spreadsheet from computing is no part of it."""
    unknown = _OUTCOMES.get(row["answer"].casefold())
    if unknown is not None and not _is_choice(ask, row["answer"]):
        return Said("", reason=row["reason"]), unknown
    try:
        return read(ask, row), "answered"
    except Refused as refused:
        bare = {name: cell.removeprefix("'") for name, cell in row.items()}
        if bare != row:
            return _said(ask, bare)
        raise _wrong(f"The case {ask.key}: {refused}") from None


def _is_choice(ask: Ask, said: str) -> bool:
    return any(said.casefold() in (value.casefold(), words.casefold()) for value, words in controls(ask)[0].choices)


def _possible(ask: Ask) -> str:
    """Return what the first control takes, in words."""
    first = controls(ask)[0]
    if first.choices:
        return "; ".join(value if value == words else f"{value}: {words}" for value, words in first.choices)
    return "" if ask.kind == "label" else f"{first.label}. {first.help}".strip()


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines of a file in which something is filled in, with the columns that matter, stripped of blanks."""
    table = csv.reader(io.StringIO(_text(path), newline=""), delimiter=_separator(path), strict=True)
    try:
        heads = [name.strip().casefold() for name in next(table, [])]
        absent = [name for name in ("question", "answer") if name not in heads]
        if absent:
            found = ", ".join(filter(None, heads)) or "nothing"
            raise refuse(
                "answers-columns",
                f"{path} has no column '{absent[0]}'. Its first line holds: {found:.200}. "
                "Write the file with tandem answer FLOW --out FILE.csv and fill it in.",
            )
        for row in table:
            cells = dict(zip(heads, (cell.strip() for cell in row), strict=False))
            if any(cells.get(name) for name in FILLED):
                yield table.line_num, {name: cells.get(name, "") for name in ("question", *LAST, *FILLED)}
    except csv.Error as error:
        raise refuse("answers-unreadable", f"Line {table.line_num} of {path} cannot be read: {error}.") from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b"\0"
    except (FileNotFoundError, IsADirectoryError):
        raise refuse("file-missing", f"There is no file '{path}'. Name the file of answers.") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise refuse("answers-unreadable", f"{path} is not a CSV file of answers. Save it as CSV (UTF-8).")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # what spreadsheets save as CSV on Windows
        return data.decode("cp1252", errors="replace")


def _separator(path: Path) -> str:
    first = _text(path).split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _safe(value: object) -> object:
    """Return words that a spreadsheet shows and never computes; numbers stay numbers."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value


def _wrong(sentence: str) -> Refused:
    return refuse("answers-wrong", sentence)


CODES: tuple[tuple[str, str], ...] = (
    ("answers-columns", "The file of answers lacks a column. Write one with --out and fill it in."),
    ("answers-unreadable", "The file of answers is no CSV. Save it as CSV in UTF-8."),
    ("answers-wrong", "A line of the file of answers is wrong, and none was kept. The sentence says what fits."),
)
