"""A password from the terminal, where nobody sees it, or from a file."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable
from pathlib import Path

from runtime.cli.parser import misused

_MOST_BYTES = 10_000


def password_of(name: str, file: Path | None, about: Iterable[str]) -> str:
    """Return a new password: the first line of a file, else what is typed twice without being shown.

    Raises `Refused` (`command-wrong`, `password-weak`); `about` are words that it should not be made of.
    """
    from runtime.accounts.passwords import check

    password = _first_line(file) if file is not None else _typed(name, "Password")
    check(password, about)
    if file is None and _typed(name, "The same again") != password:
        raise misused("The two passwords are not the same. Nothing was changed; run the command again.")
    return password


def _typed(name: str, what: str) -> str:
    if not _here():
        raise misused(
            "Nobody is here to type a password. Name a file that holds it with --password-file FILE, "
            "or let them set it themselves: tandem user add NAME --invite."
        )
    try:
        return getpass.getpass(f"{what} for {name}: ")
    except EOFError:
        raise misused("No password was typed. Nothing was changed.") from None


def _here() -> bool:
    return sys.stdin.isatty()


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise misused(f"The password file '{file}' cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise misused(f"The password file '{file}' is no text in UTF-8. Save it as such.") from None
    line = text.split("\n", 1)[0].removesuffix("\r")
    if not line:
        raise misused(f"The first line of the password file '{file}' is empty. Write the password there.")
    return line
