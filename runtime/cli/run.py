"""`tandem run`: play rounds of a flow."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from flows.problems import Refused, errors
from runtime.cli import arguments
from runtime.cli.failures import AGAIN
from runtime.cli.opening import RefusedFile, catalog_of, flow_of, state_of
from runtime.cli.overrides import override, overrides
from runtime.cli.printing import say_problems
from runtime.cli.stopping import Terminated, on_terminate
from runtime.trial import BOOK, trial_of

if TYPE_CHECKING:
    from flows.flow import Flow
    from runtime.cli.telling import Telling
    from runtime.run import Order, Ran, Workspace

SUMMARY = "Play rounds of a flow; the open round is finished first."
GROUP = "Run"

MOST_UNTIL_AIMS = 50
STATUS = {"done": 0, "stopped": 1, "waiting": 3}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    arguments.flow(parser)
    _declare_rounds(parser)
    _declare_people(parser)
    parser.add_argument(
        "--set",
        dest="overrides",
        metavar="STEP.SETTING=VALUE",
        type=override,
        action="append",
        default=[],
        help="Another value for a setting, in this run only. Can be given several times.",
    )
    parser.add_argument(
        "--seed", metavar="N", type=arguments.whole(0), default=1, help="What chance is drawn from. By default 1."
    )
    parser.add_argument("--waiting-ok", action="store_true", help="End with 0 where people are awaited, not with 3.")
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("--json", action="store_true", help="Write all that happens as JSON lines.")
    loudness.add_argument("--quiet", action="store_true", help="Write only how it ended.")
    parser.epilog = (
        "Examples:\n  tandem run flow.yaml --people simulated --rounds 8\n  tandem run flow.yaml\n"
        "  tandem run flow.yaml --people simulated --set unsure.at_most=10 --book small"
    )


def execute(options: argparse.Namespace) -> int:
    """Run a flow and tell how it went."""
    from runtime.cli.telling import telling_of
    from runtime.run import Workspace
    from runtime.store import Store

    order = _order(options)
    flow = _sound(options, order)
    workspace = Workspace(options.flow, Store.open(state_of(options)), catalog_of(options))
    try:
        with telling_of(options, workspace, order, flow) as telling:
            return _told(options, workspace, order, telling)
    finally:
        workspace.store.close()


def _told(options: argparse.Namespace, workspace: Workspace, order: Order, telling: Telling) -> int:
    try:
        ran = _run(workspace, order, telling)
    except Refused as refused:
        telling.ended("refused", str(refused))
        say_problems(refused.problems, stream=sys.stderr)
        return 1 if telling.began else 2
    except (KeyboardInterrupt, Terminated):
        telling.ended("interrupted", f"Stopped. {AGAIN}")
        raise
    telling.ended(ran.state, ran.sentence, len(ran.closed))
    return 0 if ran.state == "waiting" and options.waiting_ok else STATUS[ran.state]


def _run(workspace: Workspace, order: Order, telling: Telling) -> Ran:
    from runtime.notices import Notice
    from runtime.run import run

    with on_terminate() as stop:

        def listen(notice: Notice) -> None:
            telling.tell(notice)
            if notice.what != "progress":  # all other notices come where everything so far is kept
                stop.obey()

        return run(workspace, order, listen)


def _order(options: argparse.Namespace) -> Order:
    from runtime.run import Order

    people = options.people or ("simulated" if options.up_to else "store")
    return Order(
        rounds=options.rounds or (MOST_UNTIL_AIMS if options.until_aims_met else 1),
        until_aims_met=options.until_aims_met,
        seed=options.seed,
        people=people,
        book=options.book or (BOOK if options.up_to else "live" if people == "store" else "rehearsal"),
        overrides=overrides(options.overrides),
        up_to=options.up_to or "",
        learned_in=options.learned_in or "",
    )


def _sound(options: argparse.Namespace, order: Order) -> Flow:
    """Return the flow that is to be run; refuse one with errors before anything begins, line by line."""
    from flows.check import check
    from runtime.run import flow_from

    loaded = flow_of(options)
    if errors(loaded.problems):
        raise RefusedFile(errors(loaded.problems), str(options.flow))
    flow = flow_from(loaded.document.text.encode(), options.flow.stem, order.overrides)
    if order.up_to:
        flow = trial_of(flow, order.up_to, catalog_of(options))
    problems = errors(check(flow, catalog_of(options), loaded.document))
    if problems:
        raise RefusedFile(problems, str(options.flow))
    return flow


def _declare_rounds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rounds", metavar="N", type=arguments.whole(1), help="How many rounds to close. By default 1."
    )
    parser.add_argument(
        "--until-aims-met",
        action="store_true",
        help=f"Stop when every aim is met; --rounds is then the most, by default {MOST_UNTIL_AIMS}.",
    )


def _declare_people(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--people",
        choices=("store", "simulated", "none"),
        help="Who answers: people, through the store (default); simulated people; or nobody.",
    )
    parser.add_argument(
        "--up-to",
        metavar="STEP",
        help="Try one step: play only what it needs, with simulated people, and deliver nothing.",
    )
    parser.add_argument(
        "--learned-in",
        metavar="BOOK",
        help="With --up-to: try it with what this book has learned; by default the one that was played last. "
        "The book is only read.",
    )
    arguments.book(parser, f"By default live; {BOOK} with --up-to, else rehearsal where people are simulated or none.")
