"""The tables in which people, teams, invitations and sessions live."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
)

from runtime.schema import HASH, MOMENT

VERSION = 1
"""The version of these tables; counts up with every change that an older program cannot read."""

schema = MetaData()
DAY = String(10)
NAME = String(64)

settings = Table("settings", schema, Column("name", String(64), primary_key=True), Column("value", Text))

users = Table(
    "users",
    schema,
    Column("id", Integer, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("key", String(200), nullable=False, unique=True),  # the name without the difference of big and small
    Column("full_name", String(200), nullable=False, default=""),
    Column("mail", String(254), nullable=False, default=""),
    Column("roles", JSON, nullable=False),
    Column("password", Text, nullable=False, default=""),  # an Argon2 hash; empty: cannot sign in yet
    Column("skills", JSON, nullable=False, default=list),
    Column("per_hour", Integer),
    Column("quiet", String(11), nullable=False, default=""),  # 20:00-07:00
    Column("zone", String(64), nullable=False, default="UTC"),
    Column("digest", String(10), nullable=False, default="daily"),
    Column("created", MOMENT, nullable=False),
    Column("disabled", MOMENT),
    Column("erased", MOMENT),
)

teams = Table(
    "teams",
    schema,
    Column("id", Integer, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("key", String(200), nullable=False, unique=True),
)

memberships = Table(
    "memberships",
    schema,
    Column("team", ForeignKey("teams.id"), primary_key=True),
    Column("user", ForeignKey("users.id"), primary_key=True, index=True),
)

absences = Table(
    "absences",
    schema,
    Column("id", Integer, primary_key=True),
    Column("user", ForeignKey("users.id"), nullable=False, index=True),
    Column("since", DAY, nullable=False),
    Column("until", DAY, nullable=False),
    Column("stand_in", ForeignKey("users.id")),
)

invitations = Table(
    "invitations",
    schema,
    Column("token", HASH, primary_key=True),  # the digest of what stands in the link
    Column("user", ForeignKey("users.id")),  # who is invited; empty: whoever opens it chooses a name
    Column("roles", JSON, nullable=False),
    Column("teams", JSON, nullable=False),
    Column("expires", MOMENT, nullable=False),
    Column("used", MOMENT),
)

sessions = Table(
    "sessions",
    schema,
    Column("token", HASH, primary_key=True),  # the digest of what the browser holds
    Column("user", ForeignKey("users.id"), nullable=False, index=True),
    Column("begun", MOMENT, nullable=False),
    Column("seen", MOMENT, nullable=False),
)

attempts = Table(
    "attempts",
    schema,
    Column("key", HASH, primary_key=True),  # a keyed digest: somebody may have typed a password as the name
    Column("failures", Integer, nullable=False),
    Column("last", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Index("attempts_by_last", "last"),
)

# Names of people who were erased, as keyed digests: answers kept under such a name must not become somebody else's.
retired = Table("retired", schema, Column("name", HASH, primary_key=True))

changes = Table(
    "changes",
    schema,
    Column("number", Integer, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("by", ForeignKey("users.id")),  # empty: at the terminal
    Column("what", String(40), nullable=False),
    Column("user", ForeignKey("users.id"), index=True),
    Column("body", JSON, nullable=False),
)

for _deed in ("UPDATE", "DELETE"):
    _guard = f"""CREATE TRIGGER changes_never_{_deed.lower()} BEFORE {_deed} ON changes
                 BEGIN SELECT RAISE(ABORT, 'what was logged stays as it is'); END"""
    event.listen(changes, "after_create", DDL(_guard))  # type: ignore[no-untyped-call]  # as SQLAlchemy declares it
