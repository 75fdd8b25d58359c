"""The tables in which runs, rounds, results, questions, answers and events live."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 2
"""The version of these tables; counts up with every change that an older program cannot read."""

schema = MetaData()

# Moments are text in UTC with microseconds (2026-01-05T06:00:00.000000Z): they sort as they pass,
# and read the same in every database.
MOMENT = String(27)
HASH = String(64)

settings = Table("settings", schema, Column("name", String(64), primary_key=True), Column("value", Text))

books = Table(
    "books",
    schema,
    Column("id", Integer, primary_key=True),
    Column("flow", String(200), nullable=False),
    Column("name", String(100), nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    Column("created", MOMENT, nullable=False),
    UniqueConstraint("flow", "name"),
)

runs = Table(
    "runs",
    schema,
    Column("id", Integer, primary_key=True),
    Column("book", ForeignKey("books.id"), nullable=False),
    Column("ordered", MOMENT, nullable=False),
    Column("wanted", JSON, nullable=False),
    Column("left", Integer, nullable=False),  # rounds still to close; zero when the order is done
)

rounds = Table(
    "rounds",
    schema,
    Column("book", ForeignKey("books.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("state", String(10), nullable=False),  # open, closed, stopped
    Column("now", MOMENT, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("people", String(10), nullable=False),
    Column("flow", HASH, nullable=False),  # the snapshot of the flow file, an artifact
    Column("overrides", JSON, nullable=False),
    Column("asked_before", HASH, nullable=False),  # keys of cases asked about when it opened, an artifact
    Column("opened", MOMENT, nullable=False),
    Column("closed", MOMENT),
    Column("sentence", Text, nullable=False, default=""),
)

results = Table(
    "results",
    schema,
    Column("book", ForeignKey("books.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("step", String(200), primary_key=True),
    Column("key", HASH, nullable=False),
    Column("made_from", JSON, nullable=False),  # the parts of the key by name, to say what changed
    Column("outputs", JSON, nullable=False),
    Column("reused_from", Integer),  # the round that really ran it
    Column("reason", Text, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("seconds", Float, nullable=False),
    sqlite_with_rowid=False,  # one tree instead of two to write in every commit
)

figures = Table(
    "figures",
    schema,
    Column("book", ForeignKey("books.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("step", String(200), primary_key=True),
    Column("measure", String(100), primary_key=True),
    Column("value", Float),
    Column("low", Float),
    Column("high", Float),
    Column("says", Text, nullable=False),
)

questions = Table(
    "questions",
    schema,
    Column("id", HASH, primary_key=True),
    Column("book", ForeignKey("books.id"), nullable=False),
    Column("step", String(200), nullable=False),
    Column("key", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("group", String(100), nullable=False),
    Column("wording", JSON, nullable=False),
    Column("shown", JSON, nullable=False),
    Column("context", JSON, nullable=False),  # why picked, what the model thought: never shown before an answer
    Column("wanted", Integer, nullable=False),  # how many people are asked
    Column("deadline", MOMENT),
    Column("asked", MOMENT, nullable=False),
    Column("closed", String(200), nullable=False, default=""),  # why it is no longer asked
    Column("escalates", MOMENT),  # from when on others may answer as well
    Column("escalate_to", String(100), nullable=False, server_default=""),
    Column("together", String(200), nullable=False, server_default=""),  # what it shares one fate with
    Index("questions_open", "book", "step", "closed"),
    # Holds all that says whether a question waits for somebody, so that no wide row is read to find out.
    Index(
        "questions_waiting",
        "book",
        "closed",
        "id",
        "group",
        "wanted",
        "deadline",
        "escalates",
        "escalate_to",
        "step",
        "together",
        "asked",
    ),
)

answers = Table(
    "answers",
    schema,
    Column("id", String(64), primary_key=True),  # the idempotency key that came with the answer
    Column("question", ForeignKey("questions.id"), nullable=False),
    Column("book", ForeignKey("books.id"), nullable=False),
    Column("person", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("outcome", String(20), nullable=False),  # answered, cannot-tell, skipped
    Column("seconds", Float, nullable=False),
    Column("cost", Float, nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("at", MOMENT, nullable=False),
    Column("undo_until", MOMENT, nullable=False),
    Column("supersedes", String(64)),
    Column("in_force", Boolean, nullable=False),
    Column("settled", Integer),  # the round whose `decided` it is part of
    Column("sealed", Integer),  # the round at whose opening it entered the log
    Column("stage", String(10), nullable=False, server_default="only"),  # only, first, final
    Column("confidence", Float),  # 0 to 1, as the person says
    Column("value", JSON(none_as_null=True)),  # what the kind of question keeps beside the label
    Column("reason", Text, nullable=False, server_default=""),  # the person's own
    Column("seen", JSON(none_as_null=True)),  # columns, the model's advice, and why it is not blind
    Column("shown_at", MOMENT),
    Column("withdrawn", MOMENT),  # when it was undone, inside its window
    Index("answers_by_question", "question", "in_force"),
    Index("answers_to_seal", "book", "sealed"),
    Index("answers_by_person", "person", "at"),
    Index("answers_lately", "book", "at"),
)
one_answer_in_force = Index(
    "one_answer_in_force",
    answers.c.question,
    answers.c.person,
    unique=True,
    sqlite_where=answers.c.in_force,
    postgresql_where=answers.c.in_force,
)

leases = Table(
    "leases",
    schema,
    Column("question", ForeignKey("questions.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("taken", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Index("leases_by_person", "person", "until"),
    Index("leases_by_end", "taken"),
)

looks = Table(
    "looks",
    schema,
    Column("question", ForeignKey("questions.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("at", MOMENT, nullable=False),  # when the model's advice was first shown to this person
    Column("version", String(64), nullable=False),
    Column("label", Text, nullable=False),
    Column("probability", Float),
    Column("why", String(40), nullable=False),  # disagreement, share, asked, with-the-question
)

handovers = Table(
    "handovers",
    schema,
    Column("id", Integer, primary_key=True),
    Column("question", ForeignKey("questions.id"), nullable=False),
    Column("giver", Text, nullable=False),
    Column("taker", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Index("handovers_by_question", "question"),
    Index("handovers_by_taker", "taker"),
)

logs = Table(
    "logs",
    schema,
    Column("book", ForeignKey("books.id"), primary_key=True),
    Column("step", String(200), primary_key=True),
    Column("port", String(100), primary_key=True),
    Column("round", Integer, primary_key=True),  # the round at whose opening these entries were sealed
    Column("value", JSON, nullable=False),
)

models = Table(
    "models",
    schema,
    Column("book", ForeignKey("books.id"), primary_key=True),
    Column("step", String(200), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", String(64), nullable=False),
    Column("artifact", HASH, nullable=False),
    Column("round", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    UniqueConstraint("book", "step", "version"),
)

truths = Table(
    "truths",
    schema,
    Column("book", ForeignKey("books.id"), primary_key=True),
    Column("step", String(200), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("table", JSON, nullable=False),
)

outbox = Table(
    "outbox",
    schema,
    Column("id", HASH, primary_key=True),
    Column("book", ForeignKey("books.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("step", String(200), nullable=False),
    Column("artifact", HASH, nullable=False),
    Column("target", Text, nullable=False),
    Column("delivered", JSON, nullable=False),  # the table of delivered decisions, to compare with later
    Column("published", MOMENT),
)

events = Table(
    "events",
    schema,
    Column("book", ForeignKey("books.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("what", String(40), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON of ids and digests
    Column("digest", HASH, nullable=False),
    sqlite_with_rowid=False,
)
