"""A flow never writes over what it reads, nor one step over the file of another."""

from __future__ import annotations

import pytest

from flows.catalog import Catalog
from flows.check import check
from flows.flow import Card, Flow
from runtime.steps import BUILTIN


def codes(*cards: tuple[str, str, str]) -> set[str]:
    flow = Flow("f", steps={name: Card(name, kind, {"path": path}) for name, kind, path in cards})
    return {problem.code for problem in check(flow, Catalog(BUILTIN)) if problem.code.startswith("file-")}


@pytest.mark.parametrize("path", ["a.csv", "./a.csv", "sub/../a.csv"])
def test_a_source_is_not_written_over(path: str) -> None:
    assert codes(("rows", "read-table", "a.csv"), ("out", "write-table", path)) == {"file-read-and-written"}


def test_the_list_of_changes_is_a_file_too() -> None:
    found = codes(("rows", "read-table", "a.changes.csv"), ("out", "write-table", "a.csv"))
    assert found == {"file-read-and-written"}


def test_two_steps_do_not_write_one_file() -> None:
    assert codes(("one", "write-table", "a.csv"), ("two", "write-table", "a.csv")) == {"file-written-twice"}


def test_files_of_their_own_are_fine() -> None:
    assert codes(("rows", "read-table", "a.csv"), ("out", "write-table", "b.csv")) == set()
