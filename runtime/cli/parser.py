"""Reading the words of one command; what cannot be read is said in a sentence."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import NoReturn

from flows.problems import Refused, refuse
from flows.spelling import instead


class Parser(argparse.ArgumentParser):
    """An argument parser whose help and refusals are plain sentences."""

    def __init__(self, prog: str, description: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            formatter_class=_Help,
            allow_abbrev=False,
            add_help=False,
        )
        self._positionals.title = "What"
        self._optionals.title = "Options"
        self.add_argument("-h", "--help", action="help", help="Show this help.")

    def error(self, message: str) -> NoReturn:
        """Refuse with a sentence that says what was found and what is possible."""
        raise misused(f"{self._sentence(message)} See: {self.prog} --help")

    def _sentence(self, message: str) -> str:
        for pattern, sentence in _REWORDED:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found:
                return sentence.format(*found.groups())
        found = re.fullmatch(r"unrecognized arguments: (.*)", message, re.DOTALL)
        return self._unknown(found[1].split(" ")[0]) if found else f"{message.capitalize()}."

    def _unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f"'{word:.80}' is one word too many for {self.prog}."
        options = [name for action in self._actions for name in action.option_strings if name[:2] == "--"]
        name = word.split("=")[0]
        return f"{self.prog} has no option {name:.80}. {instead(name, options, 'Its options are')}"


def misused(sentence: str) -> Refused:
    """Return the refusal of a command line, to be raised."""
    return refuse("command-wrong", sentence)


class _Help(argparse.RawDescriptionHelpFormatter):
    """80 columns whatever the terminal, so that examples stay as they were laid out."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=80)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "Usage: ")


# argparse says these in half sentences; the rest of its words never reach a user.
_REWORDED = (
    (r"the following arguments are required: (.*)", "This is missing: {0}."),
    (r"argument (?:\S+/)?(\S+): expected one argument", "{0} needs a value."),
    (r"argument (?:\S+/)?(\S+): expected at least one argument", "{0} needs a value."),
    (r"argument (?:\S+/)?(\S+): ignored explicit argument (.*)", "{0} takes no value, and {1} was given."),
    (
        r"argument (?:\S+/)?(\S+): invalid choice: (.*) \(choose from (.*)\)",
        "{0} cannot be {1}. Possible are: {2}.",
    ),
    (r"argument (?:\S+/)?(\S+): not allowed with argument (\S+)", "{0} and {1} cannot be used together."),
    (r"argument (?:\S+/)?(\S+): (.*)", "{0}: {1}"),
    (r"one of the arguments (.*) is required", "One of these is needed: {0}."),
)

CODES: tuple[tuple[str, str], ...] = (
    ("command-wrong", "The command line is wrong. The sentence says what was found and what is possible."),
)
