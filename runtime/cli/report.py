"""`tandem report`: how well people and model do, as a page and as tables."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import refuse
from runtime.cli import arguments
from runtime.cli.opening import book_of, catalog_of, flow_of, memory_of
from runtime.cli.printing import say, shortest

if TYPE_CHECKING:
    from runtime.insight import Insight, Prices

SUMMARY = "Report how well people and model do, alone and together."
GROUP = "Run"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("flow", metavar="FLOW", type=Path, nargs="?", help="The flow file, such as flow.yaml.")
    arguments.state(parser)
    arguments.book(parser, "By default live, or the only one there is.")
    parser.add_argument(
        "--decisions", metavar="FILE", type=Path,
        help="A table of decisions from elsewhere (CSV, Excel, Parquet), in place of a flow.",
    )  # fmt: skip
    parser.add_argument(
        "--confidence-of", metavar="LABEL", default="",
        help="With --decisions: the confidences say how likely LABEL is. By default: how sure of the named label.",
    )  # fmt: skip
    parser.add_argument(
        "--positive", metavar="LABEL", default="",
        help="With --decisions: the label that matters, for costs. By default that of --confidence-of.",
    )  # fmt: skip
    parser.add_argument("--html", metavar="FILE", type=Path, help="Write the report as one HTML file.")
    parser.add_argument("--csv", metavar="FOLDER", type=Path, help="Write each table as a CSV file into this folder.")
    parser.add_argument(
        "--target", metavar="SHARE", type=_share, default=0.95,
        help="How often the model must be right where it decides alone. By default 0.95.",
    )  # fmt: skip
    for name, says in _PRICES.items():
        parser.add_argument(f"--{name}", metavar="MONEY", type=_money, help=f"What {says} costs.")
    parser.epilog = (
        "Examples:\n  tandem report flow.yaml --html report.html\n"
        "  tandem report --decisions trials.csv --csv tables --target 0.8\n\n"
        "A table of decisions has a row for each person and case, with the columns\n"
        "person, case, first (their own label), advice (the model's), final (their last\n"
        "word) and truth, and, where there are any, first_confidence and\n"
        "advice_confidence (0 to 1, or 0 to 100), group (what shares one fate) and further\n"
        "columns, by which the report tells where people and model differ."
    )


_PRICES = {
    "missed": "missing a case of the label that matters",
    "false-alarm": "saying that label where it is wrong",
    "asking": "asking a person about one case",
}


def execute(options: argparse.Namespace) -> int:
    """Report on a flow, or on a table of decisions."""
    insight = _of_table(options) if options.decisions is not None else _of_flow(options)
    say(f"{insight.title}, {insight.source}{' (simulated people)' if insight.simulated else ''}")
    for sentence in (insight.verdict, *_also(insight)):
        say(sentence)
    if options.html is not None:
        from runtime.insight.report import page

        _write(options.html, page(insight, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"))
    if options.csv is not None:
        from runtime.insight.spreadsheet import write_csv

        _refuse_file(options.csv)
        say(f"Wrote {len(write_csv(insight, options.csv))} tables into {shortest(str(options.csv))}.")
    if options.html is None and options.csv is None:
        say("Write all of it with --html FILE, or --csv FOLDER.")
    return 0


def _of_table(options: argparse.Namespace) -> Insight:
    from runtime.insight import insight_from, read_decisions

    if options.flow is not None:
        raise refuse("report-of-both", "Name a flow, or --decisions FILE, not both: they are different reports.")
    met, notes = read_decisions(options.decisions, options.confidence_of, options.positive)
    name = options.decisions.name
    return insight_from(met, options.decisions.stem, f"table “{name}”", options.target, _prices(options), notes)


def _of_flow(options: argparse.Namespace) -> Insight:
    from runtime.insight import insight_of

    if options.flow is None:
        raise refuse("report-of-nothing", "Name the flow file, such as flow.yaml, or --decisions FILE.")
    if options.confidence_of or options.positive:
        raise refuse(
            "report-of-both", "--confidence-of and --positive belong to --decisions FILE; a flow knows them by itself."
        )
    flow, catalog, store = flow_of(options).flow, catalog_of(options), memory_of(options)
    book = book_of(store, flow.id, options.book)
    return insight_of(store, book, flow, catalog, options.target, _prices(options))


def _prices(options: argparse.Namespace) -> Prices | None:
    from runtime.insight import Prices

    told = (options.missed, options.false_alarm, options.asking)
    if all(one is None for one in told):
        return None
    missing = [f"--{name}" for name, one in zip(_PRICES, told, strict=True) if one is None]
    if missing:
        raise refuse("report-prices", f"To tell who should decide by cost, name {' and '.join(missing)} as well.")
    if not options.missed + options.false_alarm:
        raise refuse("report-prices", "--missed and --false-alarm are both 0: then no decision costs anything.")
    return Prices(*told)


def _also(insight: Insight) -> tuple[str, ...]:
    """Return what else is worth a line on a terminal."""
    relied = next((each.says for each in insight.reliance if each.looked), "")
    decided = insight.deferral.says if insight.deferral.policies else ""
    return tuple(sentence for sentence in (relied, insight.load.says, decided, *insight.notes) if sentence)


def _write(path: Path, text: str) -> None:
    if path.is_dir():
        raise refuse("report-place", f"{path} is a folder. Name a file, such as {path / 'report.html'}.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except (FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        raise refuse("report-place", f"{path} cannot be written: {error.strerror}. Name another place.") from None
    say(f"Wrote {shortest(str(path))}.")


def _refuse_file(folder: Path) -> None:
    blocked = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if blocked.exists() and not blocked.is_dir():
        raise refuse("report-place", f"{blocked} is a file. Name a folder for the tables.")


def _share(text: str) -> float:
    number = _number(text)
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError(f"'{text:.40}' is not a share between 0 and 1, such as 0.95.")
    return number


def _money(text: str) -> float:
    number = _number(text)
    if not 0 <= number < 1e12:
        raise argparse.ArgumentTypeError(f"'{text:.40}' is not an amount of money, such as 400 or 2.50.")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


CODES: tuple[tuple[str, str], ...] = (
    ("report-of-both", "Options for a flow and for a table of decisions were mixed; name one of the two."),
    ("report-of-nothing", "Nothing was named to report on; name a flow file, or a table with --decisions."),
    ("report-prices", "To tell who should decide by cost, all three prices are needed."),
    ("report-place", "The report cannot be written there; name a file for --html and a folder for --csv."),
)
