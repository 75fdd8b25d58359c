"""Accounts, teams and their log, shown in the terminal or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flows.show.wording import cells, span, visible
from runtime.cli.printing import say, say_json

if TYPE_CHECKING:
    from runtime.accounts.history import Change
    from runtime.accounts.invitations import Invitation
    from runtime.accounts.teams import Team
    from runtime.accounts.users import User


def say_users(users: Iterable[User], json: bool, title: str = "") -> None:
    """Write accounts, one a line."""
    found = list(users)
    if json:
        for user in found:
            say_json(user.as_dict())
        return
    if title:
        say(title)
    _say_columns(
        [(user.name, ", ".join(user.roles), ", ".join(user.teams), _state(user)) for user in found],
        ("name", "roles", "teams", "state"),
        "There is nobody. Add somebody with tandem user add NAME.",
    )


def say_teams(teams: Iterable[Team], json: bool) -> None:
    """Write teams and their members, one a line."""
    found = list(teams)
    if json:
        for team in found:
            say_json({"name": team.name, "members": team.members})
        return
    _say_columns(
        [(team.name, ", ".join(team.members) or "nobody") for team in found],
        ("team", "members"),
        "There are no teams. Bring somebody into one with tandem user change NAME --team TEAM.",
    )


def say_invitation(made: Invitation, json: bool) -> None:
    """Write the link of an invitation: it is shown this once."""
    if json:
        say_json({"name": made.name or None, "path": made.path, "expires": made.expires})
        return
    whom = f"'{made.name}'" if made.name else "whoever gets this link"
    say(f"Invited {whom}. The link works once, until {made.expires[:16].replace('T', ' ')} UTC, and is shown only now:")
    say(f"  {made.path}")
    say("Put the address of the program before it, and send it to nobody else.")


def say_history(lines: Iterable[Change], json: bool) -> None:
    """Write who changed what, the oldest first."""
    found = list(lines)
    if json:
        for line in found:
            said = {"number": line.number, "at": line.at, "by": line.by or None, "what": line.what}
            say_json({**said, "user": line.user or None, **line.body})
        return
    _say_columns(
        [(line.at[:19].replace("T", " "), line.by or "terminal", line.what, line.user, _body(line)) for line in found],
        ("when (UTC)", "by", "what", "who", "more"),
        "Nothing has changed yet.",
    )


def _state(user: User) -> str:
    if user.disabled:
        return "disabled"
    away = "; ".join(
        f"away {one.since} to {one.until}" + (f", {one.stand_in} stands in" if one.stand_in else "")
        for one in user.away
    )
    able = "can sign in" if user.can_sign_in else "no password yet"
    return f"{able}; {away}" if away else able


def _body(line: Change) -> str:
    return ", ".join(
        f"{name}: {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in line.body.items()
        if value is not None
    )


def _say_columns(rows: Sequence[Sequence[str]], titles: Sequence[str], nothing: str) -> None:
    if not rows:
        say(nothing)
        return
    lines = [[visible(text) for text in row] for row in (titles, *rows)]
    widths = [int(max(span(text, cells) for text in column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text + " " * (width - int(span(text, cells))) for text, width in zip(line, widths, strict=True))
        say(f"  {'  '.join(padded)}".rstrip())
