"""A look at a link shows what really flowed there, bounded, and never what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from editing import KINDS

from editor import peek as peeking
from editor.columns import Workbench
from editor.kept import kept_at, store_in
from editor.peek import peek
from editor.profile import profile
from flows.flow import End, Flow, Link
from flows.reading import load
from runtime.run import Order, Workspace, run
from runtime.store import Store

FLOW = """\
tandem: 1
id: late
steps:
  rows: {kind: read-table, path: rows.csv, key: id, truth: {name: late, column: late, hide: secret, start: 40}}
  days: {kind: derive-column, name: heavy, how: compare, column: weight, test: more than, value: 30}
  risk: {kind: predict-label, target: late, labels: [yes, no]}
  unsure: {kind: pick-cases, at_most: 3, audit: 2}
  alone: {kind: decide}
  ask: {kind: ask-people, who: team, question: Late?}
people:
  team: {simulated: {people: 2}}
links:
  - rows.records -> days.records
  - days.records -> risk.records
  - risk.predictions -> unsure.predictions
  - unsure.cases -> ask.cases
  - unsure.rest -> alone.predictions
  - ask.answers ~> risk.answers
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Flow, Store]]:
    folder = tmp_path_factory.mktemp("played")
    rows = [f"{n},{'sea' if n % 3 else 'air'},{n / 2},{'yes' if n % 4 == 0 else 'no'},hush-{n}" for n in range(1, 121)]
    (folder / "rows.csv").write_text("id,mode,weight,late,secret\n" + "\n".join(rows) + "\n")
    (folder / "flow.yaml").write_text(FLOW)
    store = Store.open(folder / ".tandem")
    run(Workspace(folder / "flow.yaml", store, KINDS), Order(people="simulated", book="trial"))
    yield folder, load(folder / "flow.yaml").flow, store
    store.close()


def look(played: tuple[Path, Flow, Store], link: str) -> peeking.Peek:
    _, flow, store = played
    source, target = link.split(" -> ") if " -> " in link else link.split(" ~> ")
    found = peek(store, flow, KINDS, Link.between(source, target, " ~> " in link))
    assert found is not None
    return found


def test_rows_columns_and_the_first_rows_are_told(played: tuple[Path, Flow, Store]) -> None:
    found = look(played, "rows.records -> days.records")
    assert (found.rows, found.looked, found.round, found.book) == (120, 120, 1, "trial")
    assert found.names == ("case", "id", "mode", "weight", "late") and len(found.first) == 20
    assert found.says == "From round 1 of the rehearsal 'trial'."
    weight = next(column for column in found.columns if column.name == "weight")
    assert (weight.shape, weight.low, weight.middle, weight.high) == ("number", "0.5", "30.5", "60")
    assert weight.bars == (10,) * 12 and weight.distinct == 120
    mode = next(column for column in found.columns if column.name == "mode")
    assert mode.common == (("sea", 80), ("air", 40))


def test_what_was_picked_is_shown_with_its_case_and_reason(played: tuple[Path, Flow, Store]) -> None:
    found = look(played, "unsure.cases -> ask.cases")
    assert found.rows == 5 and {"case", "reason", "probability of yes", "mode", "heavy"} <= set(found.names)
    assert all(len(row) == len(found.names) and row[0] for row in found.first)
    assert look(played, "risk.predictions -> unsure.predictions").rows == 120
    assert look(played, "ask.answers ~> risk.answers").type == "Answers"


def test_a_peek_at_answers_begins_with_what_a_person_reads(played: tuple[Path, Flow, Store]) -> None:
    """Which case, who, what and when come first; what only machines compare comes last."""
    found = look(played, "ask.answers ~> risk.answers")
    assert found.names[:4] == ("case", "who", "answer", "when")
    assert found.first[0][1] in ("team-1", "team-2") and found.first[0][3].count(":") == 1
    assert {"model version", "id of the answer", "id of the question", "digest of the case"} == set(found.names[-4:])
    assert all(len(cell) < 16 or " " in cell for row in found.first for cell in row[:-4])


def test_the_hidden_truth_is_on_no_link(played: tuple[Path, Flow, Store]) -> None:
    """Of 120 truths only the 40 of the start set are on a link; the other hidden column is on none."""
    flow = played[1]
    for link in flow.links:
        found = look(played, str(link))
        assert "secret" not in found.names and not any("hush" in cell for row in found.first for cell in row)
    late = next(column for column in look(played, "rows.records -> days.records").columns if column.name == "late")
    assert late.missing == pytest.approx(80 / 120)


def test_only_the_beginning_is_looked_at(played: tuple[Path, Flow, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peeking, "MOST_LOOKED", 30)
    found = look(played, "rows.records -> days.records")
    assert (found.rows, found.looked) == (120, 30)
    assert found.says.endswith("The columns tell of the first 30 rows.")


def test_what_has_not_run_has_nothing_to_show(played: tuple[Path, Flow, Store], tmp_path: Path) -> None:
    _, flow, store = played
    assert peek(store, Flow("other", steps=flow.steps), KINDS, flow.links[0]) is None
    assert peek(store, flow, KINDS, flow.links[0], book="live") is None
    assert kept_at(store, flow, KINDS, End("nobody", "records")) is None
    assert store_in(tmp_path) is None and not (tmp_path / ".tandem").exists()


def test_columns_of_a_run_are_offered_where_the_drawing_cannot_tell(played: tuple[Path, Flow, Store]) -> None:
    folder, flow, store = played
    (folder / "rows.csv").rename(folder / "away.csv")
    try:
        without = Workbench(flow, KINDS, folder).offered("risk")
        kept = Workbench(flow, KINDS, folder, store).offered("risk")
    finally:
        (folder / "away.csv").rename(folder / "rows.csv")
    assert without == ()
    assert [column.name for column in kept] == ["id", "mode", "weight", "late", "heavy"]


@pytest.mark.parametrize(
    "values",
    [
        [], [None, None], [1.0, float("nan"), float("inf"), None], [5, 5, 5], [True, False, None], ["", "x" * 999],
        [b"\x00"], ["\u202e", "<b>"],
    ],
)  # fmt: skip
def test_any_column_has_a_look(values: list[object]) -> None:
    found = profile(pl.Series("c", values))
    assert 0 <= found.missing <= 1 and sum(found.bars) <= len(values)
    assert all(len(word) <= 80 for word, _ in found.common)
