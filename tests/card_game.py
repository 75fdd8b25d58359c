"""The decisions of 703 people in a card game, as a table that `tandem report --decisions` reads.

The data (Benz and Gomez-Rodriguez, human alignment study) are not part of the project; the folder that
holds them is named by TANDEM_DATA.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

FOLDER = Path(os.environ.get("TANDEM_DATA", "")) / "card_game"
THERE = bool(os.environ.get("TANDEM_DATA")) and FOLDER.is_dir()


def write_table(path: Path) -> None:
    """Write a row for each person and game, without the attention checks; confidences say how likely Red is."""
    every = [pl.read_csv(file, infer_schema_length=None) for file in sorted(FOLDER.glob("group_*.csv.gz"))]
    games = pl.concat(every, how="diagonal_relaxed").filter(pl.col("game_id") >= 0)
    model = pl.col("AI_conf")
    games.select(
        person="participant_id",
        case="game_id",
        first="initial_decision",
        first_confidence="human_conf",
        advice=pl.when(model > 50).then(pl.lit("Red")).when(model < 50).then(pl.lit("Black")),
        advice_confidence="AI_conf",
        final="final_decision",
        truth="outcome",
        condition="level_name",
    ).write_csv(path)
