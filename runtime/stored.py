"""What the store holds of a book, as facts by what they are about: the audit compares them with the events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, RowMapping, Text, cast, select

from runtime import fingerprints
from runtime.backup import partitions
from runtime.schema import (
    answers,
    figures,
    handovers,
    logs,
    looks,
    models,
    outbox,
    questions,
    results,
    rounds,
    runs,
    truths,
)
from runtime.told import Facts, Noun
from runtime.values import digest_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from runtime.store import Book

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One thing in the store: what it is called, and its facts."""

    name: str
    facts: Facts


@dataclass
class Stored:
    """All that a book holds: things by noun and key, and for each artifact where it is needed."""

    book: Book
    things: dict[tuple[Noun, object], Entry] = field(default_factory=dict)
    settled: dict[tuple[int | None, str], str] = field(default_factory=dict)
    """The answers that a step was settled with in a round, as one digest."""
    artifacts: dict[str, str] = field(default_factory=dict)
    formerly: dict[object, object] = field(default_factory=dict)
    """What older programs called a delivery, and its id."""

    @classmethod
    def read(cls, connection: Connection, book: Book) -> Stored:
        """Read a book as it stands."""
        stored = cls(book)
        for read in (
            stored._runs, stored._rounds, stored._questions, stored._answers, stored._results,
            stored._looks, stored._handovers, stored._logs, stored._deliveries,
        ):  # fmt: skip
            read(connection)
        return stored

    def _runs(self, connection: Connection) -> None:
        for row in _rows(connection, runs, self.book):
            self.things["run", row["id"]] = Entry(str(row["id"]), {"what was ordered": digest_of(row["wanted"])})

    def _rounds(self, connection: Connection) -> None:
        for row in _rows(connection, rounds, self.book):
            facts = {name: row[name] for name in ("state", "opened", "closed", "now", "seed", "people", "flow")}
            facts["overrides"] = digest_of(row["overrides"])
            facts["questions before it"] = row["asked_before"]
            facts["sentence"] = digest_of(row["sentence"])
            self.things["round", row["number"]] = Entry(str(row["number"]), facts)
            self.artifacts[row["flow"]] = f"the flow of round {row['number']}"
            self.artifacts[row["asked_before"]] = f"the questions open before round {row['number']}"

    def _questions(self, connection: Connection) -> None:
        for row in _rows(connection, questions, self.book):
            named = [self.book.flow, self.book.name, row["step"], row["key"], row["wording"]]
            facts = {
                "wording": digest_of(named),
                "content": fingerprints.of_question(row),
                "whether it is closed": row["closed"] != "",
            }
            self.things["question", row["id"]] = Entry(f"'{row['step']}' on {row['key']}", facts)

    def _answers(self, connection: Connection) -> None:
        asked = {
            row.id: row
            for row in connection.execute(
                select(questions.c.id, questions.c.step, questions.c.key).where(questions.c.book == self.book.id)
            )
        }
        sealed: dict[tuple[str, int | None], list[str]] = {}
        settled: dict[tuple[int | None, str], list[str]] = {}
        for row in _rows(connection, answers, self.book):
            question = asked.get(row["question"])
            step, key = (question.step, question.key) if question else ("", "a question that is gone")
            facts: Facts = {"content": fingerprints.of_answer(row), "whether it counts": bool(row["in_force"])}
            self.things["answer", row["id"]] = Entry(f"{row['person']} on {key}", facts)
            sealed.setdefault((step, row["sealed"]), []).append(row["id"])
            settled.setdefault((row["settled"], step), []).append(row["id"])
        for (step, number), names in sealed.items():
            if number is not None and step:
                facts = {"the answers in it": fingerprints.of_names(names)}
                self.things["sealing", (step, number)] = Entry(f"'{step}' before round {number}", facts)
        self.settled = {place: fingerprints.of_names(names) for place, names in settled.items() if place[0] is not None}

    def _looks(self, connection: Connection) -> None:
        mine = select(looks).join(questions, questions.c.id == looks.c.question).where(questions.c.book == self.book.id)
        for row in connection.execute(mine).mappings():
            facts: Facts = {"content": fingerprints.of_look(_named(row))}
            self.things["look", (row["question"], fingerprints.of_person(row["person"]))] = Entry(
                f"what {row['person']} saw of {row['question'][:12]}", facts
            )

    def _handovers(self, connection: Connection) -> None:
        mine = select(handovers).join(questions, questions.c.id == handovers.c.question)
        for row in connection.execute(mine.where(questions.c.book == self.book.id)).mappings():
            facts: Facts = {"content": fingerprints.of_handover(_named(row))}
            self.things["handover", row["id"]] = Entry(f"{row['giver']} to {row['taker']}", facts)

    def _results(self, connection: Connection) -> None:
        left = self._left(connection)
        for row in _rows(connection, results, self.book, texts=("outputs", "notes")):
            place = (row["round"], row["step"])
            name = f"'{row['step']}' in round {row['round']}"
            facts: Facts = {
                "what made it": row["key"] if digest_of(row["made_from"]) == row["key"] else "",
                "outputs": fingerprints.of_result(row["outputs"], row["notes"], row["reason"], row["reused_from"]),
                "answers it was settled with": self.settled.get(place, ""),
            }
            self.things["result", place] = Entry(name, facts | _NOTHING_LEFT | left.pop(place, {}))
            self._need(_parsed(row["outputs"]), f"the result of {name}")
        for (number, step), facts in left.items():
            self.things["result", (number, step)] = Entry(f"'{step}' in round {number}", facts)

    def _left(self, connection: Connection) -> dict[tuple[int, str], Facts]:
        """Return what steps left behind beside their results."""
        told: dict[tuple[int, str], list[Row]] = {}
        for row in _rows(connection, figures, self.book):
            told.setdefault((row["round"], row["step"]), []).append(row)
        left: dict[tuple[int, str], Facts] = {
            place: {"figures": fingerprints.of_figures(rows)} for place, rows in told.items()
        }
        versions: dict[tuple[int, str], list[str]] = {}
        for row in _rows(connection, models, self.book):
            digest = fingerprints.of_model(row["number"], row["version"], row["artifact"], row["facts"])
            versions.setdefault((row["round"], row["step"]), []).append(digest)
            self.artifacts[row["artifact"]] = f"version {row['number']} of the model of '{row['step']}'"
        for place, digests in versions.items():
            left.setdefault(place, {})["models"] = fingerprints.of_names(digests)
        for row in _rows(connection, truths, self.book):
            left.setdefault((row["round"], row["step"]), {})["sealed truth"] = digest_of(row["table"])
            self._need(row["table"], f"the sealed truth of '{row['step']}'")
        return left

    def _logs(self, connection: Connection) -> None:
        for row in _rows(connection, logs, self.book):
            name = f"'{row['step']}.{row['port']}' before round {row['round']}"
            facts: Facts = {"entries": _entries(row["value"]), "content": digest_of(row["value"])}
            self.things["log", (row["step"], row["port"], row["round"])] = Entry(name, facts)
            self._need(row["value"], f"what was learned from {name}")

    def _deliveries(self, connection: Connection) -> None:
        for row in _rows(connection, outbox, self.book):
            named = [self.book.flow, self.book.name, row["round"], row["step"], row["target"], row["artifact"]]
            name = f"'{row['target']}' of '{row['step']}' in round {row['round']}"
            facts: Facts = {
                "its file": row["artifact"],
                "its decisions": digest_of(row["delivered"]),
                "when it was published": row["published"],
                "its place": digest_of(named),
            }
            self.things["delivery", row["id"]] = Entry(name, facts)
            self.formerly[row["round"], row["step"], row["artifact"]] = row["id"]
            self.artifacts[row["artifact"]] = f"the file {name}"
            self._need(row["delivered"], f"the decisions in {name}")

    def _need(self, plain: object, where: str) -> None:
        try:
            for digest in partitions(plain):
                self.artifacts.setdefault(str(digest), where)
        except (TypeError, ValueError):
            return  # no longer what was stored, as its digest says already


_NOTHING_LEFT: Facts = {"figures": "", "models": "", "sealed truth": ""}


def _rows(connection: Connection, table: Table, book: Book, texts: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield a book's rows; JSON is read here, since a text that was changed may be none any more."""
    plain = {column.name for column in table.columns if isinstance(column.type, JSON)}
    columns = [cast(part, Text).label(part.name) if part.name in plain else part for part in table.columns]
    query = select(*columns).where(table.c.book == book.id).order_by(*table.primary_key.columns)
    for row in connection.execute(query).mappings():
        yield {
            str(name): _parsed(part) if name in plain and name not in texts else _readable(part)
            for name, part in row.items()
        }


def _named(row: RowMapping) -> Row:
    return {str(name): _readable(part) for name, part in row.items()}


def _parsed(text: object) -> object:
    try:
        return json.loads(str(text))
    except ValueError:
        return None


def _readable(part: object) -> object:
    return repr(part) if isinstance(part, bytes) else part


def _entries(plain: object) -> object:
    """Return how many entries a sealed piece of a log has, by the partitions of its table."""
    try:
        return sum(rows for _, rows in plain["table"]["parts"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return None
