"""Accounts: who is who, and nothing of it is lost, doubled or kept where it can be read."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from small_accounts import BEGIN, GOOD, Clock, small_accounts, with_password
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from flows.problems import Refused
from runtime.accounts.absences import say_away, say_back
from runtime.accounts.accounts import Accounts
from runtime.accounts.colleagues import Colleagues
from runtime.accounts.details import Details
from runtime.accounts.erasing import erase
from runtime.accounts.history import history
from runtime.accounts.invitations import invite
from runtime.accounts.login import log_in
from runtime.accounts.managing import add, change, disable, enable
from runtime.accounts.tables import changes, settings
from runtime.accounts.teams import all_teams, join, leave
from runtime.accounts.users import all_users, user
from runtime.directory import Absence, Directory, Quiet


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return small_accounts(tmp_path, clock)


def refusal(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problems[0].code


# -- names --


@pytest.mark.parametrize("again", ["anna", "ANNA", " Anna ", "Ａnna"])
def test_a_name_is_there_once_however_it_is_written(accounts: Accounts, again: str) -> None:
    add(accounts, "Anna")
    with pytest.raises(Refused) as refused:
        add(accounts, again)
    assert refusal(refused) == "user-taken"
    assert user(accounts, again).name == "Anna"


@pytest.mark.parametrize(
    "name",
    [
        "", "   ", "anna\x00", "an\nna", "an\x1b[31mna", "anna\u202egpj", "an\u200bna", "an\u2066na", "\ud800",
        "anna\U0001f600", "a" * 65, "<b>anna", "../anna", "anna  b", "-anna", ".", "\u0430nna", "a/b", "\u0301a",
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_seen_or_told_apart_is_refused_in_a_sentence(accounts: Accounts, name: str) -> None:
    with pytest.raises(Refused) as refused:
        add(accounts, name)
    assert refusal(refused) == "name-wrong"
    assert str(refused.value).isprintable()
    assert all_users(accounts) == ()


@pytest.mark.parametrize("name", ["Анна", "安娜", "आन्या", "O'Neil", "anna.b@example.org", "'; DROP TABLE users; --"])
def test_a_name_is_a_name_in_every_script_and_never_sql(accounts: Accounts, name: str) -> None:
    if ";" in name:
        with pytest.raises(Refused):
            add(accounts, name)
        return
    assert add(accounts, name).name == name
    assert [one.name for one in all_users(accounts)] == [name]


def test_two_processes_that_add_the_same_name_at_once_make_one_account(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom runtime.accounts.accounts import Accounts\n"
        "from runtime.accounts.managing import add\nfrom flows.problems import Refused\n"
        "print('ready', flush=True)\nsys.stdin.readline()\n"
        "try:\n    add(Accounts.open(Path(sys.argv[1])), sys.argv[2])\n    print('added')\n"
        "except Refused as refused:\n    print(refused.problems[0].code)\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("anna", "ANNA")
    ]
    for one in both:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    assert sorted(one.communicate(timeout=60)[0] for one in both) == ["added\n", "user-taken\n"]
    assert len(all_users(Accounts.open(tmp_path))) == 1


# -- what is said of them --


def test_what_is_said_of_somebody_is_kept_and_what_is_not_said_stays(accounts: Accounts) -> None:
    said = Details(
        "Anna Ek", "anna@example.org", ["operator", "designer"], ["customs"], 12, "20:00-07:00", "Europe/Berlin"
    )
    add(accounts, "anna", said, ["planners"])
    found = change(accounts, "anna", Details(per_hour=0), ["Night shift"])
    assert (found.full_name, found.mail, found.skills, found.per_hour) == (
        "Anna Ek",
        "anna@example.org",
        ("customs",),
        None,
    )
    assert (found.roles, found.teams) == (("designer", "operator"), ("Night shift", "planners"))
    assert found.quiet == Quiet(time(20), time(7))
    assert found.is_quiet(BEGIN) is False, "six in UTC is seven in Berlin"
    assert found.is_quiet(BEGIN - timedelta(minutes=1))


@pytest.mark.parametrize(
    "said",
    [
        Details(mail="anna"), Details(mail="a@b\r\nBcc: all@example.org"), Details(mail="a b@example.org"),
        Details(roles=["boss"]), Details(roles=[]), Details(per_hour=-1), Details(quiet="late"),
        Details(quiet="25:00-07:00"), Details(quiet="07:00-07:00"), Details(zone="../../etc/passwd"),
        Details(zone="Mars/Base"), Details(zone=""), Details(digest="hourly"), Details(full_name="x" * 201),
        Details(full_name="Anna\u202e"), Details(skills=["a\x00"]), Details(skills=[str(n) for n in range(99)]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(accounts: Accounts, said: Details) -> None:
    before = add(accounts, "anna")
    with pytest.raises(Refused) as refused:
        change(accounts, "anna", said)
    assert str(refused.value).isprintable() and str(refused.value).endswith(".")
    assert user(accounts, "anna") == before


def test_an_operator_gives_no_role_to_himself_and_does_not_disable_himself(accounts: Accounts) -> None:
    add(accounts, "olga", Details(roles=["operator"]))
    for deed in (
        lambda: change(accounts, "olga", Details(roles=["auditor"]), by="Olga"),
        lambda: disable(accounts, "olga", "OLGA"),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refusal(refused) == "account-own"
    assert user(accounts, "olga").roles == ("operator",)


# -- teams and absences --


def test_a_team_is_joined_once_and_left(accounts: Accounts) -> None:
    for name in ("ben", "anna"):
        add(accounts, name)
        join(accounts, "planners", name)
    join(accounts, "Planners", "anna")
    assert [(team.name, team.members) for team in all_teams(accounts)] == [("planners", ("anna", "ben"))]
    leave(accounts, "PLANNERS", "anna")
    assert all_teams(accounts)[0].members == ("ben",)
    with pytest.raises(Refused) as refused:
        leave(accounts, "planners", "anna")
    assert refusal(refused) == "team-unknown"


def test_who_is_away_is_away_on_the_days_of_their_own_clock(accounts: Accounts, clock: Clock) -> None:
    add(accounts, "ben", Details(zone="Pacific/Auckland"))
    add(accounts, "anna")
    away = say_away(accounts, "ben", Absence(date(2026, 3, 3), date(2026, 3, 4), "anna"))
    assert away.absence(BEGIN) is None
    there = BEGIN + timedelta(hours=6)  # noon in UTC is one in the morning of the next day over there
    found = away.absence(there)
    assert found is not None and found.stand_in == "anna"
    clock.at = there
    assert say_back(accounts, "ben").absence(there) is None


@pytest.mark.parametrize(
    "absence",
    [
        Absence(date(2026, 3, 4), date(2026, 3, 3)),
        Absence(date(2026, 1, 1), date(2036, 1, 1)),
        Absence(date(2026, 3, 3), date(2026, 3, 4), "ben"),
        Absence(date(2026, 3, 3), date(2026, 3, 4), "gone"),
        Absence(date(2026, 3, 3), date(2026, 3, 4), "nobody"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(accounts: Accounts, absence: Absence) -> None:
    for name in ("ben", "gone"):
        add(accounts, name)
    disable(accounts, "gone")
    with pytest.raises(Refused):
        say_away(accounts, "ben", absence)
    assert user(accounts, "ben").away == ()


def test_the_desk_looks_people_up_in_the_accounts(accounts: Accounts) -> None:
    directory: Directory = Colleagues(accounts)
    add(accounts, "anna", Details(skills=["customs"], per_hour=6), ["planners"])
    add(accounts, "gone", teams=["planners"])
    disable(accounts, "gone")
    anna = directory.person("ANNA")
    assert (anna.name, anna.skills, anna.per_hour, anna.teams) == ("anna", ("customs",), 6, ("planners",))
    assert directory.members("planners") == ("anna",)
    assert directory.person("gone").roles == directory.person("nobody").roles == ()
    assert enable(accounts, "gone").roles == ("reviewer",)


# -- what is kept --


def test_the_log_is_only_ever_added_to_and_holds_no_names(accounts: Accounts) -> None:
    add(accounts, "olga", Details(roles=["operator"]))
    add(accounts, "ben", Details(mail="ben@example.org"), by="olga")
    change(accounts, "ben", Details(roles=["auditor"], full_name="Ben Ode"), by="olga")
    lines = history(accounts)
    assert [(line.by, line.what, line.user) for line in lines[1:]] == [
        ("olga", "added", "ben"),
        ("olga", "changed", "ben"),
    ]
    assert lines[2].body == {"fields": ["full_name", "roles"], "was": ["reviewer"], "roles": ["auditor"]}
    for deed in (update(changes).values(what="nothing"), delete(changes)):
        with pytest.raises(IntegrityError, match="stays as it is"), accounts.transaction() as tx:
            tx.execute(deed)
    assert history(accounts) == lines


def test_no_password_and_no_token_can_be_read_from_the_files(accounts: Accounts) -> None:
    token = with_password(accounts, "anna").token
    link = invite(accounts, "anna").path
    with pytest.raises(Refused):
        log_in(accounts, "typed-a-secret-as-name", "wrong")
    secrets = [GOOD, token, link.rsplit("/", 1)[1], "typed-a-secret"]
    assert [secret for secret in secrets if secret.encode() in everything(accounts)] == []
    assert b"$argon2id$" in everything(accounts)
    assert accounts.folder.joinpath("people.db").stat().st_mode & 0o077 == 0
    assert token not in repr(log_in(accounts, "anna", GOOD)) and link not in repr(invite(accounts, "anna"))


def test_who_is_erased_is_gone_from_the_files_and_the_log_stays(accounts: Accounts) -> None:
    with_password(accounts, "benedikt")
    change(accounts, "benedikt", Details("Benedikt Ode", "b.ode@example.org", skills=["falconry"]), ["planners"])
    add(accounts, "anna")
    say_away(accounts, "anna", Absence(date(2026, 3, 3), date(2026, 3, 4), "benedikt"))
    before = history(accounts)
    pseudonym = erase(accounts, "Benedikt", by="anna")
    for word in (b"enedikt", b"Ode", b"example.org", b"falconry"):
        assert word not in everything(accounts)
    assert [(line.number, line.what) for line in history(accounts)[:-1]] == [
        (line.number, line.what) for line in before
    ]
    assert {line.user for line in history(accounts)} == {pseudonym, "anna"}
    assert user(accounts, "anna").away[0].stand_in == ""
    assert [one.name for one in all_users(accounts)] == ["anna"]
    for deed in (
        lambda: add(accounts, "BENEDIKT"),
        lambda: enable(accounts, pseudonym),
        lambda: log_in(accounts, "benedikt", GOOD),
    ):
        with pytest.raises(Refused):
            deed()


def test_accounts_of_a_newer_program_are_left_as_they_are(accounts: Accounts) -> None:
    with accounts.transaction() as tx:
        tx.execute(update(settings).where(settings.c.name == "version").values(value="99"))
    before = everything(accounts)
    with pytest.raises(Refused) as refused:
        Accounts.open(accounts.folder)
    assert refusal(refused) == "accounts-too-new"
    assert everything(accounts) == before


def everything(accounts: Accounts) -> bytes:
    names = ("people.db", "people.db-wal", "people.db-journal")
    found = (accounts.folder / name for name in names)
    return b"".join(path.read_bytes() for path in found if path.exists())
