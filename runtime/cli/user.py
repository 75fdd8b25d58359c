"""`tandem user`: who has an account, in which roles and teams, and who is away."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.problems import refuse
from flows.spelling import listed
from runtime.accounts.permissions import ROLE_SAYS, ROLES
from runtime.cli import arguments
from runtime.cli.parser import misused
from runtime.cli.user_deeds import DEEDS, Deed

SUMMARY = "Say who has an account: people, roles, teams, absences."
GROUP = "People"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "what", metavar="WHAT", choices=[deed.name for deed in DEEDS], help="What to do, of what stands below."
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="Whose account; not needed with list, teams and log.")
    _declare_details(parser)
    parser.add_argument("--team", metavar="TEAM", action="append", help="A team; several times for several.")
    parser.add_argument(
        "--invite", action="store_true", default=None, help="Make a link with which they set a password."
    )
    parser.add_argument(
        "--days", metavar="N", type=arguments.whole(1), help="How long the link of an invitation is good. By default 7."
    )
    parser.add_argument(
        "--password-file", metavar="FILE", type=Path, help="The password is its first line; else it is asked, unseen."
    )
    parser.add_argument("--from", dest="since", metavar="DAY", help="The first day away, such as 2026-12-21.")
    parser.add_argument("--until", metavar="DAY", help="The last day away. By default the first.")
    parser.add_argument("--stand-in", metavar="NAME", help="Who stands in meanwhile.")
    parser.add_argument("--yes", action="store_true", default=None, help="Erase indeed: it cannot be undone.")
    parser.add_argument("--json", action="store_true", help="Write JSON, one line for each.")
    parser.add_argument("--state", metavar="DIR", type=Path, help="Where accounts are kept. By default .tandem here.")
    deeds = "\n".join(f"  {deed.name:16} {deed.says}" for deed in DEEDS)
    roles = "\n".join(f"  {role:9} {says}" for role, says in ROLE_SAYS.items())
    parser.epilog = (
        f"What to do:\n{deeds}\n\nRoles, of which one person may have several:\n{roles}\n\n"
        "Examples:\n  tandem user add anna --role operator --role designer\n"
        "  tandem user add ben --role reviewer --team planners --mail ben@example.org --invite\n"
        "  tandem user absent ben --from 2026-12-21 --until 2027-01-02 --stand-in anna\n"
        "  tandem user remove-from-team ben --team planners\n"
        "  tandem user invite --role reviewer --team planners\n\n"
        "Without a name, invite lets whoever gets the link choose one."
    )


def _declare_details(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role", action="append", choices=list(ROLES), help="A role; several times for several. By default reviewer."
    )
    parser.add_argument("--full-name", metavar="WORDS", help="The name that others read.")
    parser.add_argument("--mail", metavar="ADDRESS", help="Where new work is told.")
    parser.add_argument("--skill", metavar="WORD", action="append", help="A skill; several times for several.")
    parser.add_argument(
        "--per-hour", metavar="N", type=arguments.whole(0), help="The most questions in an hour; 0 for any number."
    )
    parser.add_argument("--quiet", metavar="HOURS", help="Hours without questions, such as 20:00-07:00.")
    parser.add_argument("--zone", metavar="ZONE", help="Where their clock is, such as Europe/Berlin. By default UTC.")
    parser.add_argument("--digest", metavar="WHEN", help="When new work is told: daily, deadlines or never.")


def execute(options: argparse.Namespace) -> int:
    """Do what is asked with the accounts."""
    deed = next(deed for deed in DEEDS if deed.name == options.what)
    _refuse_misfits(deed, options)
    from runtime.accounts.accounts import Accounts

    folder = Path(options.state or ".tandem")
    if not deed.begins and not Accounts.are_in(folder):
        raise refuse(
            "accounts-missing",
            f"There are no accounts in {folder} yet. Add the first one with tandem user add NAME --role operator, "
            "or name another folder with --state DIR.",
        )
    accounts = Accounts.open(folder)
    try:
        deed.does(accounts, options)
    finally:
        accounts.close()
    return 0


def _refuse_misfits(deed: Deed, options: argparse.Namespace) -> None:
    """Refuse options that the deed does not take, and a name that it needs or does not."""
    if deed.person == "needed" and options.name is None:
        raise misused(f"Whose account? Write tandem user {options.what} NAME.")
    if deed.person == "none" and options.name is not None:
        raise misused(f"tandem user {options.what} takes no name, and '{options.name:.80}' was given.")
    given = {option for option in _OPTIONS if getattr(options, option) is not None}
    wrong = sorted(given - set(deed.takes))
    if wrong:
        takes = f"It takes {listed([_spelled(option) for option in deed.takes])}." if deed.takes else "It takes none."
        raise misused(f"{_spelled(wrong[0])} does not belong to tandem user {options.what}. {takes}")


def _spelled(option: str) -> str:
    return "--from" if option == "since" else f"--{option.replace('_', '-')}"


_OPTIONS = frozenset(option for deed in DEEDS for option in deed.takes)

CODES: tuple[tuple[str, str], ...] = (
    ("accounts-missing", "There are no accounts in this folder. Add the first one, or name the folder with --state."),
)
