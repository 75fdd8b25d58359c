"""A first look at a file tells its columns without reading all of it, and never shows what is hidden."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from flows.catalog import Catalog
from flows.columns import arriving
from flows.drawn import drawn
from flows.flow import Card, End, Flow, Link
from flows.problems import Refused
from runtime.steps import BUILTIN
from runtime.tables.glimpse import LOOKED_AT, glimpse
from runtime.tables.settings import TableSettings

CSV = "id,mode,weight,late\n1,sea,4.5,yes\n2,air,7,no\n3,sea,,no\n"


def test_columns_types_and_examples_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    found = glimpse(path, TableSettings())
    assert found is not None
    assert dict(found.columns) == {"id": "number", "mode": "category", "weight": "number", "late": "yes-no"}
    assert found.examples["mode"] == ("sea", "air") and found.examples["weight"] == ("4.5", "7")


@pytest.mark.parametrize("packed", [False, True])
def test_only_the_beginning_of_a_large_file_is_looked_at(tmp_path: Path, packed: bool) -> None:
    text = (CSV + "4,road,1,no\n" * (LOOKED_AT // 8) + '5,"never closed\n').encode()
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(text) if packed else text)
    found = glimpse(path, TableSettings())
    assert found is not None and list(found.columns) == ["id", "mode", "weight", "late"]


def test_a_file_that_changed_is_looked_at_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    glimpse(path, TableSettings())
    path.write_text("x,y\n1,2\n")
    found = glimpse(path, TableSettings())
    assert found is not None and list(found.columns) == ["x", "y"]


def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(b"\x1f\x8bbroken")
    (tmp_path / "b.csv").write_bytes(b"")
    for name in ("a.csv.gz", "b.csv"):
        with pytest.raises(Refused):
            glimpse(tmp_path / name, TableSettings())


def test_columns_reach_the_next_step_without_the_hidden_truth(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    truth = {"name": "late", "column": "late", "hide": ["weight"]}
    cards = {
        "rows": Card("rows", "read-table", {"path": "a.csv", "truth": truth}),
        "risk": Card("risk", "predict-label", {"target": "late"}),
    }
    flow = Flow("f", steps=cards, links=(Link.between("rows.records", "risk.records"),))
    known, problems = arriving(drawn(flow, Catalog(BUILTIN)), tmp_path, closely=True)
    assert problems == ()
    assert known[End("risk", "records")] == {"id": "number", "mode": "category"}
    names, _ = arriving(drawn(flow, Catalog(BUILTIN)), tmp_path)
    assert {"id", "mode"} <= set(names[End("risk", "records")])
    assert not {"late", "weight"} & set(names[End("risk", "records")])
