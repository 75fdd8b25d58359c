"""Proof on real people's decisions: the figures that were published beside them come out to the digit."""

from __future__ import annotations

import csv
from pathlib import Path

import card_game
import pytest

from runtime.cli import main
from runtime.insight import insight_from, read_decisions

pytestmark = pytest.mark.skipif(not card_game.THERE, reason="TANDEM_DATA names no folder with card_game")


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cards") / "card_game.csv"
    card_game.write_table(path)
    return path


def test_the_team_is_better_than_people_and_worse_than_the_model(decisions: Path) -> None:
    met, notes = read_decisions(decisions, "Red")
    insight = insight_from(met, "card game", "a table", target=0.8)
    found, relied = insight.standing, insight.reliance[0]
    assert found is not None and notes == ()
    assert [f"{one.value:.3f}" for one in (found.people, found.team, found.model)] == ["0.653", "0.690", "0.731"]
    assert {one.cases for one in (found.people, found.team, found.model)} == {16_872}
    assert relied.differed == 4_230 and f"{relied.switched.value:.3f}" == "0.460"
    counts = (relied.relied_when_right, relied.own_when_wrong, relied.own_when_right, relied.relied_when_wrong)
    assert counts == (1342, 1428, 856, 604)
    assert found.verdict.standing == "worse than the model"
    assert (found.team_minus_people.low or 0) > 0


def test_the_command_shows_it_and_writes_it(
    decisions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables, page = tmp_path / "tables", tmp_path / "report.html"
    words = ["report", "--decisions", str(decisions), "--confidence-of", "Red", "--csv", str(tables)]
    assert main([*words, "--html", str(page)]) == 0
    told = capsys.readouterr().out
    assert "the team is worse than the model: team less model −4.1 points" in told
    assert "46.0 % (43.3 to 48.7, 4,230 disagreements)" in told
    lines = (tables / "standing.csv").read_text("utf-8-sig").splitlines()
    rows = {row[0]: row for row in csv.reader(lines)}
    values = [float(rows[who][1]) for who in ("people alone, unaided", "the team", "the model alone")]
    assert values == pytest.approx([0.653, 0.690, 0.731], abs=0.0005)
    shown = page.read_text("utf-8")
    assert all(figure in shown for figure in ("65.3\u00a0%", "69.0\u00a0%", "73.1\u00a0%", "46.0\u00a0%"))
