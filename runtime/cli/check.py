"""`tandem check`: everything that can be said about a flow without running it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.problems import Refused
from runtime.cli import arguments
from runtime.cli.opening import catalog_of, flow_of
from runtime.cli.printing import say, say_json, say_problems

if TYPE_CHECKING:
    from flows.problems import Problem

SUMMARY = "Say what is wrong with a flow, line by line, without running it."
GROUP = "Make and look"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    arguments.only_flow(parser)
    parser.add_argument("--json", action="store_true", help="Write the problems as one line of JSON.")
    parser.epilog = "Example:\n  tandem check flow.yaml\n\nErrors keep a flow from running: exit status 2."


def execute(options: argparse.Namespace) -> int:
    """Check a flow."""
    from flows.problems import errors

    problems = _problems(options)
    summary = counted(problems)
    if options.json:
        plain = [problem.as_dict() for problem in problems]
        say_json({"flow": str(options.flow), "problems": plain, "says": summary})
    else:
        say_problems(problems, str(options.flow))
        say(summary)
    return 2 if errors(problems) else 0


def _problems(options: argparse.Namespace) -> tuple[Problem, ...]:
    from flows.check import check

    try:
        loaded = flow_of(options)
    except Refused as refused:
        return refused.problems
    found = check(loaded.flow, catalog_of(options), loaded.document, options.flow.resolve().parent)
    return tuple(sorted((*loaded.problems, *found), key=lambda problem: problem.line or 0))


def counted(problems: Sequence[Problem]) -> str:
    """Return one sentence that says how many problems of which level there are."""
    counts = Counter(problem.level for problem in problems)
    told = [
        f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}"
        for level in ("error", "warning", "hint")
        if counts[level]
    ]
    return f"{', '.join(told)}." if told else "No problems."
