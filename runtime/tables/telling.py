"""The sentences about what was odd in a column and what was done."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.tables.deciding import Decision
from runtime.tables.oddities import Oddity, counted, quoted
from runtime.tables.survey import Evidence

Sentence = tuple[str, str, str]  # code, mark, and what is said about the values that carry it

CODE_LIKE: tuple[Sentence, ...] = (
    ("codes", "leading_zero", "{values} with a leading zero, like codes; the column is kept as words."),
    ("codes", "long_digits", "{values} too long for a number; the column is kept as words."),
)
NUMBERS: tuple[Sentence, ...] = (
    ("not-finite", "not_finite", "{values} without a finite size; missing now."),
    ("money", "money", "{values} with a currency; only the number is kept, nothing is converted."),
    ("percent", "percent", "{values} with a percent sign; 12 % is kept as 12."),
    ("brackets", "bracketed", "{values} in brackets; (300) is read as -300."),
)
DATES: tuple[Sentence, ...] = (
    ("short-year", "short_year", "{values} with a year of two digits; 00 to 68 are 20xx, 69 to 99 are 19xx."),
)
NO_ZONE: Sentence = ("no-zone", "naive", "{values} without a time zone; read as UTC.")
SPACES: Sentence = ("spaces", "spaced", "{values} with spaces around; they were taken off.")


def told(decision: Decision, evidence: Evidence, note: str) -> tuple[Oddity, ...]:
    """Return what was odd in one column; `note` is the name of the column that keeps its notes."""
    said = [_said(decision.column, sentence, evidence) for sentence in _sentences(decision, note)]
    return (*(oddity for oddity in said if oddity), *_special(decision, evidence))


def _sentences(decision: Decision, note: str) -> Iterator[Sentence]:
    if decision.codes:
        yield from CODE_LIKE
    if decision.type == "number":
        yield from NUMBERS
        yield from _noted(decision, f"not_{decision.decimal}", "number", note)
    if decision.type in ("date", "datetime"):
        yield from DATES
        yield from (NO_ZONE,) if decision.type == "datetime" else ()
        yield from _noted(decision, f"not_{decision.order.replace('-', '_')}", "date", note)
    if decision.decimal_guessed:
        how = "point" if decision.decimal == "point" else "comma"
        says = f"{{values}} with an open decimal mark; it was taken to be the {how}. Set `decimal` if not."
        yield "decimal-open", "point_or_comma", says
    if decision.type == "category":
        yield SPACES


def _noted(decision: Decision, mark: str, what: str, note: str) -> Iterator[Sentence]:
    if decision.noted:
        yield (
            "notes",
            mark,
            f"{{values}} of words among the {what}s; missing there now, and kept in {note}, with # for digits.",
        )


def _said(column: str, sentence: Sentence, evidence: Evidence) -> Oddity | None:
    code, mark, says = sentence
    count, examples = evidence.counts[mark], evidence.examples[mark]
    if not count:
        return None
    values = counted(count, "value") + (f" ({quoted(examples)})" if examples else "")
    return Oddity(column, code, count, examples, f"{column}: {says.replace('{values}', values)}")


def _special(decision: Decision, evidence: Evidence) -> Iterator[Oddity]:
    column = decision.column
    if evidence.filled == 0:
        yield Oddity(column, "empty-column", 0, (), f"{column}: the column holds no value at all.")
    if decision.lower:
        words = tuple(evidence.words)[:3]
        says = f"{column}: yes and no are spelled in several ways ({quoted(words)}); they are in lower case now."
        yield Oddity(column, "yes-no-case", len(evidence.words), words, says)
