"""What `tandem user` does with the accounts, by the word that follows it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runtime.cli.parser import misused
from runtime.cli.password_asking import password_of
from runtime.cli.people_table import say_history, say_invitation, say_teams, say_users
from runtime.cli.printing import say

if TYPE_CHECKING:
    from datetime import date

    from runtime.accounts.accounts import Accounts
    from runtime.accounts.details import Details


@dataclass(frozen=True)
class Deed:
    """One word after `tandem user`: whether it takes a name, and which options."""

    name: str
    does: Callable[[Accounts, argparse.Namespace], None]
    person: Literal["needed", "may", "none"]
    takes: tuple[str, ...]
    says: str
    begins: bool = False
    """Whether it makes the accounts where there are none."""


def _add(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.invitations import invite
    from runtime.accounts.login import about, set_password
    from runtime.accounts.managing import add, free_name
    from runtime.accounts.users import user

    if options.invite and options.password_file:
        raise misused("--invite and --password-file cannot be used together: the link lets them set the password.")
    name = free_name(accounts, options.name)
    words = about(name, options.full_name or "", options.mail or "")
    password = None if options.invite else password_of(name, options.password_file, words)
    add(accounts, name, _details(options), options.team or ())
    if password is not None:
        set_password(accounts, name, password)
    if not (options.json and options.invite):
        say_users([user(accounts, name)], options.json, f"Added to {accounts.folder}:")
    if options.invite:
        say_invitation(invite(accounts, name, options.days or 7), options.json)


def _change(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.managing import change

    if all(getattr(options, option) is None for option in (*_DETAILS, "team")):
        raise misused(f"What shall change of '{options.name:.80}'? Name it, such as --role. See: tandem user --help")
    changed = change(accounts, options.name, _details(options), options.team or ())
    say_users([changed], options.json, "Changed:")


def _invite(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.invitations import invite, invite_somebody

    if options.name is not None and (options.role or options.team):
        raise misused("An invitation of somebody who has an account changes no roles or teams. Use tandem user change.")
    if options.name is not None:
        made = invite(accounts, options.name, options.days or 7)
    else:
        made = invite_somebody(accounts, options.role or ["reviewer"], options.team or (), options.days or 7)
    say_invitation(made, options.json)


def _set_password(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.login import about, set_password
    from runtime.accounts.users import user

    found = user(accounts, options.name)
    words = about(found.name, found.full_name, found.mail)
    set_password(accounts, found.name, password_of(found.name, options.password_file, words))
    say(f"'{found.name}' has a new password. Sessions and invitations of this account have ended.")


def _disable(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.managing import disable

    say_users([disable(accounts, options.name)], options.json, "Disabled, and nothing of it is lost:")


def _enable(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.managing import enable

    say_users([enable(accounts, options.name)], options.json, "Enabled:")


def _remove_from_team(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.teams import leave
    from runtime.accounts.users import user

    if not options.team:
        raise misused(f"Which team? Write tandem user remove-from-team {options.name} --team TEAM.")
    for team in options.team:
        leave(accounts, team, options.name)
    say_users([user(accounts, options.name)], options.json, "Removed:")


def _absent(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.absences import say_away
    from runtime.directory import Absence

    if options.since is None:
        raise misused(
            f"From which day on? Write tandem user absent {options.name} --from 2026-12-21 --until 2027-01-02."
        )
    since = _day(options.since)
    until = since if options.until is None else _day(options.until)
    away = say_away(accounts, options.name, Absence(since, until, options.stand_in or ""))
    say_users([away], options.json, "Kept:")


def _back(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.absences import say_back

    say_users([say_back(accounts, options.name)], options.json, "Here again from today on:")


def _erase(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.erasing import erase
    from runtime.accounts.users import user

    found = user(accounts, options.name)
    if not options.yes:
        raise misused(f"Erasing '{found.name}' cannot be undone. Add --yes to do it, or take tandem user disable.")
    say(f"'{found.name}' is erased and called {erase(accounts, found.name)} from now on; nobody else gets the name.")
    say("The stores of flows, delivered files and backups still hold the name beside answers: see to those too.")


def _list(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.users import all_users

    say_users(all_users(accounts), options.json)


def _teams(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.teams import all_teams

    say_teams(all_teams(accounts), options.json)


def _log(accounts: Accounts, options: argparse.Namespace) -> None:
    from runtime.accounts.history import history

    say_history(history(accounts), options.json)


def _details(options: argparse.Namespace) -> Details:
    from runtime.accounts.details import Details

    named = {option: getattr(options, option) for option in _DETAILS if option not in ("role", "skill")}
    return Details(roles=options.role, skills=options.skill, **named)


def _day(text: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise misused(f"'{text:.40}' is not a day. Write it as year, month and day, such as 2026-12-21.") from None


_DETAILS = ("role", "full_name", "mail", "skill", "per_hour", "quiet", "zone", "digest")

DEEDS: tuple[Deed, ...] = (
    Deed("add", _add, "needed", (*_DETAILS, "team", "invite", "days", "password_file"), "add somebody", begins=True),
    Deed("invite", _invite, "may", ("role", "team", "days"), "make a link to set a password", begins=True),
    Deed("list", _list, "none", (), "who has an account"),
    Deed("teams", _teams, "none", (), "teams and their members"),
    Deed("change", _change, "needed", (*_DETAILS, "team"), "roles, teams, hours and so on"),
    Deed("remove-from-team", _remove_from_team, "needed", ("team",), "take out of a team"),
    Deed("absent", _absent, "needed", ("since", "until", "stand_in"), "say when they are away"),
    Deed("back", _back, "needed", (), "end what they are away"),
    Deed("password", _set_password, "needed", ("password_file",), "set a new password"),
    Deed("disable", _disable, "needed", (), "keep the account, and let it do nothing"),
    Deed("enable", _enable, "needed", (), "let it work again"),
    Deed("erase", _erase, "needed", ("yes",), "put a pseudonym in its place, for good"),
    Deed("log", _log, "none", (), "who changed what"),
)
