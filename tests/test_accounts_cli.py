"""`tandem user`: people, teams and invitations from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Tandem, at_work
from small_accounts import GOOD

from runtime.accounts.accounts import Accounts
from runtime.accounts.invitations import accept
from runtime.accounts.login import log_in


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    work = at_work(tmp_path, monkeypatch, capsys)
    Path("secret.txt").write_text(f"{GOOD}\nsecond line\n", encoding="utf-8-sig")
    return work


def accounts() -> Accounts:
    return Accounts.open(Path(".tandem"))


def test_somebody_is_added_with_a_password_from_a_file_and_can_sign_in(tandem: Tandem) -> None:
    added = tandem("user add anna --role operator --role designer --team planners --password-file secret.txt")
    assert added.status == 0
    assert "anna  designer, operator  planners  can sign in" in added.out
    assert log_in(accounts(), "anna", GOOD).user.roles == ("designer", "operator")
    assert GOOD not in added.out + tandem("user list --json").out + tandem("user log --json").out


def test_an_invitation_is_shown_once_and_lets_in(tandem: Tandem) -> None:
    said = json.loads(tandem("user add ben --mail ben@example.org --invite --json").out)
    assert accept(accounts(), said["path"].removeprefix("/invite/"), GOOD).can_sign_in
    assert said["path"] not in tandem("user log").out
    somebody = json.loads(tandem("user invite --role auditor --team planners --days 2 --json").out)
    assert somebody["name"] is None
    made = accept(accounts(), somebody["path"].removeprefix("/invite/"), GOOD, "cem")
    assert (made.roles, made.teams) == (("auditor",), ("planners",))


def test_a_password_is_asked_twice_without_being_shown(tandem: Tandem, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = [GOOD, GOOD, GOOD, "something else"]
    monkeypatch.setattr("runtime.cli.password_asking._here", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: typed.pop(0))
    assert tandem("user add anna").status == 0
    differs = tandem("user password anna")
    assert differs.status == 2 and "The two passwords are not the same." in differs.err
    assert log_in(accounts(), "anna", GOOD)


def test_people_are_changed_disabled_away_and_erased(tandem: Tandem) -> None:
    for name in ("anna", "ben"):
        tandem(f"user add {name} --team planners --invite")
    assert "auditor" in tandem("user change ben --role auditor --per-hour 9 --quiet 20:00-07:00 --team night").out
    plain = json.loads(tandem("user list --json").out.splitlines()[1])
    assert (plain["quiet"], plain["per_hour"], plain["teams"]) == ("20:00-07:00", 9, ["night", "planners"])
    assert "planners  anna" in tandem("user teams").out.replace("anna, ben", "anna")
    assert "night" not in tandem("user remove-from-team ben --team night").out
    away = tandem("user absent ben --from 2099-12-21 --until 2100-01-02 --stand-in anna")
    assert "away 2099-12-21 to 2100-01-02, anna stands in" in away.out
    assert "away" not in tandem("user back ben").out
    assert "disabled" in tandem("user disable ben").out
    assert "disabled" not in tandem("user enable ben").out.splitlines()[2]
    assert "Add --yes" in tandem("user erase ben").err
    assert "is erased and called person-" in tandem("user erase ben --yes").out
    assert [json.loads(line)["members"] for line in tandem("user teams --json").out.splitlines()] == [[], ["anna"]]
    assert "ben" not in tandem("user log").out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("user", "This is missing: WHAT."),
        ("user fly anna", "WHAT cannot be 'fly'."),
        ("user list", "There are no accounts in .tandem yet."),
        ("user add", "Whose account? Write tandem user add NAME."),
        ("user list anna", "takes no name"),
        ("user list --role reviewer", "--role does not belong to tandem user list."),
        ("user add anna --role boss --invite", "--role cannot be 'boss'."),
        ("user add anna", "Nobody is here to type a password."),
        ("user add anna --password-file none.txt", "The password file 'none.txt' cannot be read"),
        ("user add anna --password-file .", "cannot be read"),
        ("user add anna --password-file rows.csv", "12 are needed"),
        ("user add anna --password-file binary", "is no text in UTF-8"),
        ("user add anna --password-file empty", "is empty"),
        ("user add anna --invite --password-file secret.txt", "cannot be used together"),
        ("user add anna --invite --per-hour -1", "--per-hour"),
        ("user add anna --invite --zone Mars", "'Mars' is not a time zone."),
        ("user add \u202eanna --invite", "cannot be a name"),
        ("user add anna --invite --team \x1b[31m", "cannot be a name of a team"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_adds_nobody(tandem: Tandem, line: str, says: str) -> None:
    Path("binary").write_bytes(b"\xff\xfe\xfa")
    Path("empty").write_bytes(b"\n")
    Path("rows.csv").write_text("short\n")
    said = tandem(line)
    assert (said.status, said.out) == (2, "")
    assert says in said.err and said.err.replace("\n", "").isprintable()
    assert tandem("user list --json").out == ""


def test_an_absence_needs_days_that_are_days(tandem: Tandem) -> None:
    tandem("user add ben --invite")
    for options, says in (
        ("", "From which day on?"),
        ("--from tomorrow", "'tomorrow' is not a day."),
        ("--from 2026-12-21 --until 2026-12-20", "lies before the first day"),
        ("--from 2026-12-21 --stand-in bert", "There is no account 'bert'."),
    ):
        assert says in tandem(f"user absent ben {options}").err
    assert "What shall change" in tandem("user change ben").err
    assert "There is no account 'bne'. Did you mean 'ben'?" in tandem("user disable bne").err
