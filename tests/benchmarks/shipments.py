"""Does asking people about doubtful lines beat asking about random ones? Real shipments, ten seeds.

Needs the USAID delivery history in the folder that the variable TANDEM_DATA names. Run with
`python tests/benchmarks/shipments.py`. Each seed is a start set of 80 lines, 8 rounds of 40
questions, planners who read a sealed truth and are right in 95 of 100 answers, and its own split.
The halves of the held-out groups that only report are measured; a null result is printed as such.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, stdev

from readme_table import put

from flows.step import Plain

FLOW = Path(__file__).with_suffix(".yaml")
SOURCE = Path("scms") / "SCMS_Delivery_History_Dataset.csv.gz"
ROUNDS = 8
MEASURES = ("model_auc", "model_f1", "model_recall")
SPLITS: dict[str, Plain] = {
    "groups split at random": 0.4,
    "trained on the past": {"column": "Scheduled Delivery Date", "since": "2013-01-01"},
}
T_QUANTILE = {5: 2.776, 10: 2.262, 20: 2.093}

Run = tuple[str, str, int]
Curve = dict[str, list[float]]


def play(order: Run, data: Path) -> Curve:
    """Return each measure by round for one way of splitting, one way of picking and one seed."""
    from flows.catalog import Catalog
    from runtime.run import Order, Workspace, run
    from runtime.steps import BUILTIN
    from runtime.store import Store

    split, picker, seed = order
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(FLOW, folder / "flow.yaml")
        shutil.copy(data / SOURCE, folder / "shipments.csv.gz")
        space = Workspace(folder / "flow.yaml", Store.open(folder / ".tandem"), Catalog(BUILTIN))
        overrides: dict[str, Plain] = {
            "doubtful.by": picker,
            "risk.held_out": SPLITS[split],
            "risk.split": seed,
        }
        run(space, Order(rounds=ROUNDS, seed=seed, people="simulated", book="bench", overrides=overrides))
        return _curve(space.store)


def _curve(store: object) -> Curve:
    from sqlalchemy import select

    from runtime.schema import figures
    from runtime.store import Store

    assert isinstance(store, Store)
    query = select(figures).where(figures.c.measure.in_(MEASURES)).order_by(figures.c.round)
    curve: Curve = {measure: [] for measure in MEASURES}
    with store.reading() as connection:
        for row in connection.execute(query):
            curve[row.measure].append(float("nan") if row.value is None else row.value)
    return curve


def interval(values: list[float]) -> tuple[float, float, float]:
    """Return the mean of paired differences with its 95 % interval (Student's t)."""
    middle = mean(values)
    half = T_QUANTILE[len(values)] * stdev(values) / len(values) ** 0.5
    return middle, middle - half, middle + half


def tell(split: str, curves: dict[Run, Curve], seeds: range) -> str:
    """Return the tables of one way of splitting."""
    lines = [f"**{split[0].upper()}{split[1:]}**, means of {len(seeds)} seeds:", ""]
    lines.append("| round | " + " | ".join(f"{m[6:]}, margin | {m[6:]}, random" for m in MEASURES) + " |")
    lines.append("|---:|" + "---:|" * 2 * len(MEASURES))
    for number in range(ROUNDS):
        cells = [
            f"{mean(curves[split, picker, seed][measure][number] for seed in seeds):.3f}"
            for measure in MEASURES
            for picker in ("margin", "random")
        ]
        lines.append(f"| {number + 1} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "| margin less random, after the last round | difference | 95 % interval | shown |",
        "|---|---:|---|---|",
    ]
    for measure in MEASURES:
        pairs = [
            curves[split, "margin", seed][measure][-1] - curves[split, "random", seed][measure][-1] for seed in seeds
        ]
        middle, low, high = interval(pairs)
        shown = "better" if low > 0 else "worse" if high < 0 else "no difference shown"
        lines.append(f"| {measure[6:]} | {middle:+.3f} | {low:+.3f} to {high:+.3f} | {shown} |")
    return "\n".join(lines)


def main() -> int:
    """Play every run on two processes and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, choices=sorted(T_QUANTILE))
    parser.add_argument("--readme", action="store_true", help="write the tables into README.md")
    chosen = parser.parse_args()
    seeds = range(1, chosen.seeds + 1)
    data = os.environ.get("TANDEM_DATA")
    if data is None or not (Path(data) / SOURCE).exists():
        print("Left out: TANDEM_DATA names no folder with the shipment file.")
        return 0
    runs = [(split, picker, seed) for split in SPLITS for picker in ("margin", "random") for seed in seeds]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        curves = dict(zip(runs, pool.map(play, runs, [Path(data)] * len(runs)), strict=True))
    text = "\n\n".join(tell(split, curves, seeds) for split in SPLITS)
    print(text)
    if chosen.readme:
        put("shipments", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
