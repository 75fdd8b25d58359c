"""Signing in: passwords, waits, sessions and invitations."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from small_accounts import GOOD, Clock, CountingHasher, small_accounts, with_password

from flows.problems import Refused
from runtime.accounts import sessions
from runtime.accounts.accounts import Accounts
from runtime.accounts.attempts import FREE
from runtime.accounts.details import Details
from runtime.accounts.invitations import accept, invite, invite_somebody, invited
from runtime.accounts.login import change_password, log_in, set_password
from runtime.accounts.managing import add, change, disable, enable
from runtime.accounts.passwords import Passwords, check
from runtime.accounts.users import user

BETTER = "marble ladder quiet frog"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return small_accounts(tmp_path, clock)


def refused(deed: object) -> tuple[str, str]:
    """Return the code and the sentence of a refusal that has to come."""
    with pytest.raises(Refused) as refusal:
        deed()  # type: ignore[operator]
    return refusal.value.problems[0].code, str(refusal.value)


# -- passwords --


@pytest.mark.parametrize(
    "password",
    [
        "", "short", "elevenchars", "a" * 1_001, "aaaaaaaaaaaa", "abababababab", "123456789012", "abcdefghijkl",
        "qwertyuiop12", "password1234", "P@ssw0rd2026!", "Welcome-2026!", "correct horse battery staple",
        "1q2w3e4r5t6y", "katharina1234", "katharina@example.org",
    ],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused_in_a_sentence(password: str) -> None:
    code, says = refused(lambda: check(password, ["katharina", "katharina@example.org"]))
    assert code == "password-weak"
    assert not password or password not in says


@pytest.mark.parametrize(
    "password", [GOOD, BETTER, "Tr0ub4dor&3-xyzw", "冬の運河と川獺の真鍮の夜明け前", "a" * 3 + "bcdxq9!u4 2"]
)
def test_a_password_that_only_its_owner_would_make_is_taken(password: str) -> None:
    check(password, ["katharina"])


def test_a_password_is_the_same_on_every_keyboard(accounts: Accounts) -> None:
    with_password(accounts, "anna", "gru\u0308ne Wiesen im Mai")
    assert log_in(accounts, "anna", "gr\u00fcne Wiesen im Mai").user.name == "anna"
    assert log_in(accounts, "ANNA", "ｇr\u00fcne Wiesen im Mai").user.name == "anna"
    assert refused(lambda: log_in(accounts, "anna", "Gr\u00fcne Wiesen im Mai"))[0] == "login-wrong"


@pytest.mark.parametrize("password", ["\ud800" * 12, "\x00" * 20, GOOD + "x" * 1_000_000, "' OR 1=1 --"])
def test_a_hostile_password_is_a_wrong_one(accounts: Accounts, password: str) -> None:
    with_password(accounts, "anna")
    assert refused(lambda: log_in(accounts, "anna", password))[0] == "login-wrong"


def test_a_hash_of_older_parameters_is_made_anew_when_its_owner_signs_in(accounts: Accounts, tmp_path: Path) -> None:
    with_password(accounts, "anna")
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    again = Accounts.open(accounts.folder, stronger, clock=accounts.clock)
    token = log_in(again, "anna", GOOD).token
    log_in(again, "anna", GOOD)
    assert b"m=16,t=2" in b"".join(path.read_bytes() for path in accounts.folder.glob("people.db*"))
    assert sessions.who(again, token) is not None, "a hash that is made anew ends no session"


# -- nobody learns which names there are --


def test_a_wrong_name_and_a_wrong_password_cannot_be_told_apart(accounts: Accounts) -> None:
    with_password(accounts, "anna")
    with_password(accounts, "gone")
    disable(accounts, "gone")
    add(accounts, "new")  # has no password yet
    hasher = accounts.passwords._hasher
    assert isinstance(hasher, CountingHasher)
    said = set()
    for name, password in (("anna", BETTER), ("gone", GOOD), ("new", GOOD), ("nobody", GOOD), ("anna", "x" * 2_000)):
        before = len(hasher.compared)
        said.add(refused(lambda name=name, password=password: log_in(accounts, name, password)))
        assert len(hasher.compared) == before + 1, f"another work for {name}"
    assert said == {("login-wrong", next(iter(said))[1])}


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_after_five_failures_waits_grow_whether_the_name_exists_or_not(
    accounts: Accounts, clock: Clock, name: str
) -> None:
    with_password(accounts, "anna")
    for _ in range(FREE):
        assert refused(lambda: log_in(accounts, name, "wrong", "10.0.0.1"))[0] == "login-wrong"
    told = []
    for seconds in (30, 60, 120, 240, 480, 900, 900):
        told.append(refused(lambda: log_in(accounts, name, GOOD, "10.0.0.2")))
        clock.pass_by(seconds=seconds - 1)
        assert refused(lambda: log_in(accounts, name, GOOD, "10.0.0.2"))[0] == "login-wait"
        clock.pass_by(seconds=1)
        assert refused(lambda: log_in(accounts, name, "wrong", "10.0.0.3"))[0] == "login-wrong"
    assert told[0] == ("login-wait", "Too many attempts failed. Wait 30 seconds, then try again.")
    assert told[-1][1] == "Too many attempts failed. Wait 15 minutes, then try again."


def test_whoever_waited_and_knows_the_password_comes_in_and_begins_anew(accounts: Accounts, clock: Clock) -> None:
    with_password(accounts, "anna")
    for _ in range(FREE):
        refused(lambda: log_in(accounts, "anna", "wrong"))
    clock.pass_by(seconds=30)
    log_in(accounts, "anna", GOOD, "10.0.0.9")
    for _ in range(FREE - 1):
        assert refused(lambda: log_in(accounts, "anna", "wrong", "10.0.0.9"))[0] == "login-wrong"
    log_in(accounts, "anna", GOOD, "10.0.0.9")


def test_an_address_that_tries_many_names_waits_as_well(accounts: Accounts, clock: Clock) -> None:
    with_password(accounts, "anna")
    for number in range(FREE):
        refused(lambda number=number: log_in(accounts, f"name{number}", "wrong", f"2001:db8::{number:x}"))
    assert refused(lambda: log_in(accounts, "anna", GOOD, "2001:db8::ffff"))[0] == "login-wait"
    log_in(accounts, "anna", GOOD, "2001:db8:0:1::1")
    clock.pass_by(hours=2)
    log_in(accounts, "anna", GOOD, "2001:db8::1")


def test_many_attempts_at_once_are_no_more_than_one_after_the_other(accounts: Accounts) -> None:
    with_password(accounts, "anna")
    accounts.passwords.fits("x", None)  # what stands for nobody's hash is made once
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: refused(lambda: log_in(accounts, "anna", f"wrong {n}"))[0], range(24)))
    assert Counter(codes) == {"login-wrong": FREE, "login-wait": 24 - FREE}


# -- sessions --


def test_a_session_ends_when_it_was_idle_and_when_it_is_old(accounts: Accounts, clock: Clock) -> None:
    token = with_password(accounts, "anna").token
    clock.pass_by(hours=11, minutes=59)
    assert sessions.who(accounts, token) is not None
    clock.pass_by(hours=12)
    assert sessions.who(accounts, token) is None
    token = log_in(accounts, "anna", GOOD).token
    for _ in range(16):
        clock.pass_by(hours=10)
        assert sessions.who(accounts, token) is not None
    clock.pass_by(hours=8)
    assert sessions.who(accounts, token) is None, "seven days have passed"


def test_a_page_that_only_waits_does_not_make_a_session_last(accounts: Accounts, clock: Clock) -> None:
    token = with_password(accounts, "anna").token
    for _ in range(2):
        clock.pass_by(hours=7)
        still = sessions.who(accounts, token, used=False)
    assert still is None


def test_disabling_a_new_role_and_a_new_password_end_sessions_at_once(accounts: Accounts) -> None:
    deeds = (
        lambda: disable(accounts, "anna"),
        lambda: change(accounts, "anna", Details(roles=["auditor"])),
        lambda: set_password(accounts, "anna", GOOD),
        lambda: change_password(accounts, "anna", GOOD, GOOD),
        lambda: sessions.end(accounts, token),
    )
    with_password(accounts, "anna")
    other = with_password(accounts, "ben").token
    for deed in deeds:
        enable(accounts, "anna")
        token = log_in(accounts, "anna", GOOD).token
        change(accounts, "anna", Details(full_name="Anna"))
        assert sessions.who(accounts, token) is not None
        deed()
        assert sessions.who(accounts, token) is None
    assert sessions.who(accounts, other) is not None


def test_one_changes_the_own_password_knowing_the_old_one(accounts: Accounts) -> None:
    with_password(accounts, "anna")
    assert refused(lambda: change_password(accounts, "anna", BETTER, BETTER))[0] == "login-wrong"
    assert refused(lambda: change_password(accounts, "anna", GOOD, "short"))[0] == "password-weak"
    token = change_password(accounts, "anna", GOOD, BETTER).token
    found = sessions.who(accounts, token)
    assert found is not None and found.name == "anna"
    assert refused(lambda: log_in(accounts, "anna", GOOD))[0] == "login-wrong"


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 1_000_000, "' OR 1=1 --"])
def test_a_token_that_was_never_drawn_is_nobody(accounts: Accounts, token: str) -> None:
    with_password(accounts, "anna")
    assert sessions.who(accounts, token) is None
    assert refused(lambda: invited(accounts, token))[0] == "invitation-over"


# -- invitations --


def token_of(path: str) -> str:
    return path.removeprefix("/invite/")


def test_an_invitation_works_once(accounts: Accounts) -> None:
    add(accounts, "ben")
    token = token_of(invite(accounts, "ben").path)
    assert invited(accounts, token).name == "ben"
    assert refused(lambda: accept(accounts, token, "short"))[0] == "password-weak"
    assert accept(accounts, token, GOOD, name="somebody else").name == "ben"
    assert log_in(accounts, "ben", GOOD).user.can_sign_in
    assert refused(lambda: accept(accounts, token, BETTER))[0] == "invitation-over"
    assert log_in(accounts, "ben", GOOD)


def test_who_opens_an_invitation_without_a_name_chooses_one_and_gets_its_roles_and_teams(accounts: Accounts) -> None:
    add(accounts, "anna")
    token = token_of(invite_somebody(accounts, ["reviewer", "auditor"], ["planners"]).path)
    assert invited(accounts, token).roles == ("reviewer", "auditor")
    assert refused(lambda: accept(accounts, token, GOOD, "ANNA"))[0] == "user-taken"
    assert refused(lambda: accept(accounts, token, GOOD, "a\x00"))[0] == "name-wrong"
    made = accept(accounts, token, GOOD, "Cem", "Cem Kaya")
    assert (made.name, made.full_name, made.roles, made.teams) == (
        "Cem",
        "Cem Kaya",
        ("reviewer", "auditor"),
        ("planners",),
    )
    assert refused(lambda: accept(accounts, token, GOOD, "Dee"))[0] == "invitation-over"


def test_an_invitation_ends_by_time_by_a_newer_one_by_a_password_and_by_disabling(
    accounts: Accounts, clock: Clock
) -> None:
    add(accounts, "ben")
    deeds = (
        lambda: clock.pass_by(days=7),
        lambda: invite(accounts, "ben"),
        lambda: set_password(accounts, "ben", GOOD),
        lambda: disable(accounts, "ben"),
    )
    for deed in deeds:
        token = token_of(invite(accounts, "ben").path)
        invited(accounts, token)
        deed()
        assert refused(lambda token=token: accept(accounts, token, GOOD))[0] == "invitation-over"
    assert refused(lambda: invite(accounts, "ben"))[0] == "invitation-wrong"
    assert refused(lambda: invite(accounts, "ben", days=91))[0] == "invitation-wrong"


def test_a_session_can_last_as_long_as_is_set(tmp_path: Path, clock: Clock) -> None:
    from runtime.accounts.accounts import Lasting

    accounts = Accounts.open(tmp_path, Passwords(CountingHasher()), Lasting(idle=timedelta(minutes=5)), clock)
    token = with_password(accounts, "anna").token
    clock.pass_by(minutes=5)
    assert sessions.who(accounts, token) is None
    assert user(accounts, "anna").can_sign_in
