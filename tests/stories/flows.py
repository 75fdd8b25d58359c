"""Flows and tables that the stories begin with."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "late-shipments"


def parcels(path: Path) -> Path:
    """Write a stranger's table: 240 parcels, of which the fragile ones on long ways are often damaged."""
    chance = random.Random(3)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["parcel", "weight", "fragile", "distance", "damaged"])
        for number in range(240):
            fragile, distance = chance.choice(["yes", "no"]), chance.randint(5, 900)
            risk = 0.7 if fragile == "yes" and distance > 400 else 0.05
            damaged = "yes" if chance.random() < risk else "no"
            rows.writerow([f"P{number:03}", round(chance.uniform(0.2, 30), 1), fragile, distance, damaged])
    return path


def example(folder: Path) -> Path:
    """Copy the living example into a folder, and return its flow file."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".tandem"))
    return folder / "flow.yaml"


def small(folder: Path) -> Path:
    """Write a flow of three steps without a link: data, a model and people."""
    parcels(folder / "parcels.csv")
    flow = folder / "flow.yaml"
    flow.write_text(
        "tandem: 1\nid: small\nsteps:\n"
        "  data: {kind: read-table, path: parcels.csv}\n"
        "  model: {kind: predict-label, target: damaged}\n"
        '  people: {kind: ask-people, who: reviewers, question: "Is it damaged?"}\n'
        "layout:\n  data: [0, 0]\n  model: [13, 0]\n  people: [26, 0]\n",
        encoding="utf-8",
    )
    return flow
