"""`tandem answer`: answer what people are asked, one case at a time or by a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.cli import arguments
from runtime.cli.opening import book_of, catalog_of, flow_of, memory_of
from runtime.cli.printing import say
from runtime.cli.writing import write_new

if TYPE_CHECKING:
    from runtime.inbox import Inbox

SUMMARY = "Answer what people are asked, one case at a time or by a file."
GROUP = "People"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    arguments.flow(parser)
    arguments.book(parser, "By default live, or the only one there is.")
    parser.add_argument("--person", metavar="NAME", type=_person, help="Who answers. By default your name here.")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--out", metavar="FILE.csv", type=Path, help="Write the open questions into a new file.")
    ways.add_argument("--in", dest="file", metavar="FILE.csv", type=Path, help="Read answers from such a file.")
    parser.epilog = (
        "Examples:\n  tandem answer flow.yaml\n  tandem answer flow.yaml --out questions.csv\n"
        "  tandem answer flow.yaml --in questions.csv --person anna\n\n"
        "A file is read whole or not at all; reading it twice counts once. In the column\n"
        "`answer` stands one of the choices, ? for cannot tell, or skip; empty stays open.\n"
        "Who stands in the column `person` answers that line, else --person, else you."
    )


def execute(options: argparse.Namespace) -> int:
    """Take answers, or hand out questions."""
    from runtime.inbox import Inbox, myself

    flow, store = flow_of(options).flow, memory_of(options)
    inbox = Inbox(store, book_of(store, flow.id, options.book), catalog_of(options))
    if options.out is not None:
        return _write(inbox, options)
    if options.file is not None:
        return _read(inbox, options.file, options.person or myself())
    from runtime.cli.asking import Session

    return Session(inbox, options.person or myself(), str(options.flow)).play()


def _write(inbox: Inbox, options: argparse.Namespace) -> int:
    from runtime.cli.answer_files import written

    asks = inbox.waiting(options.person) if options.person else inbox.open()
    write_new(options.out, written(asks), mode=0o600)
    say(f"Wrote {len(asks)} open questions to {options.out}. Fill in the column 'answer', then:")
    say(f"  tandem answer {options.flow} --in {options.out}")
    return 0


def _read(inbox: Inbox, path: Path, person: str) -> int:
    from flows.show.wording import visible
    from runtime.cli.answer_files import answers_in

    given = answers_in(inbox, path, person)
    new = inbox.give(given)
    told = f"{new} answers are kept." if new != 1 else "1 answer is kept."
    same = len(given) - new
    told += f" {same} were there already." if same else ""
    who = [visible(name) for name in dict.fromkeys(entry.person for entry in given)]
    say(told + (f" Answered by: {', '.join(who)}." if who else ""))
    return 0


def _person(text: str) -> str:
    name = text.strip()
    if not name or len(name) > 200 or not name.isprintable():
        raise argparse.ArgumentTypeError("a name has 1 to 200 letters that can be seen.")
    return name
