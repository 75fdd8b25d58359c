"""Broken, hostile and huge files end with one plain sentence, early and small."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.problems import Refused
from runtime.steps.source import ReadTable
from runtime.tables.reading import open_table
from runtime.tables.settings import CODES, TableSettings


def refusal(path: Path, how: TableSettings | None = None) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        open_table(path, how or TableSettings())
    (problem,) = refused.value.problems
    assert problem.code in dict(CODES) and problem.message.endswith((".", "?"))
    return problem.code, problem.message


def holding(tmp_path: Path, content: bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("t.csv", b"", "table-empty", "0 bytes"),
        ("t.csv", b"\xef\xbb\xbf \r\n\r\n", "table-empty", "empty"),
        ("t.csv", b"a,b\n1,\x002\n", "table-nul", "line 2"),
        ("t.csv", b"a,b\n1,2\n\n1,2,3\n1,2,3,4\n", "table-ragged", "line 4 has 3, line 5 has 4"),
        ("t.csv", b'a,b\n1,2\n3,"x\n4,5\n', "table-quote", "line 3"),
        ("t.csv", b'a,b\n1,x"y\n3,"x\n4,5\n', "table-quote", "line 3"),
        ("t.csv", b"__key__,b\n1,2\n", "table-reserved", "__key__"),
        ("t.csv", b"a,b\n\x81,2\n", "table-encoding", "0x81"),
        ("t.csv", b"%PDF-1.7 ...", "table-format", "PDF"),
        ("t.csv.gz", b"\x1f\x8b\x08 broken", "table-packed", "gzip"),
        ("t.csv.gz", gzip.compress(b"a,b\n" * 99, mtime=0)[:-9], "table-packed", "cut off"),
        ("t.zip", b"PK\x03\x04 broken", "table-packed", "zip"),
        ("t.parquet", b"PAR1 broken PAR1", "table-format", "Parquet"),
        ("t.parquet", b"a,b\n1,2\n", "table-format", ".parquet"),
        ("t.xls", b"\xd0\xcf\x11\xe0 broken", "table-format", "Excel"),
        ("t.jsonl", b'{"a": 1}\n{"a": \n', "table-line", "Line 2"),
        ("t.jsonl", b'{"a": 1}\n[1]\n', "table-line", "no JSON object"),
        ("t.jsonl", b'{"a": 1}\n' + b"[" * 100_000, "table-line", "Line 2"),
    ],
)
def test_a_broken_file_says_what_and_where(tmp_path: Path, name: str, content: bytes, code: str, says: str) -> None:
    found, message = refusal(holding(tmp_path, content, name))
    assert found == code
    assert says in message


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv")[0] == "table-file"
    assert refusal(tmp_path)[0] == "table-file"


def test_a_bomb_ends_at_the_bound(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 5_000_000)
    bound = TableSettings(at_most_bytes=1_000_000)
    assert refusal(holding(tmp_path, bomb, "t.csv.gz"), bound)[0] == "table-too-large"
    with zipfile.ZipFile(tmp_path / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", b"1,2\n" * 5_000_000)
    assert refusal(tmp_path / "t.zip", bound)[0] == "table-too-large"


def test_packing_within_packing_ends(tmp_path: Path) -> None:
    content = b"a\n1\n"
    for _ in range(5):
        content = gzip.compress(content)
    assert refusal(holding(tmp_path, content, "t.csv.gz"))[0] == "table-packed"


def test_a_zip_of_several_tables_lists_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for name in ("a.csv", "b.csv", "__MACOSX/a.csv"):
            archive.writestr(name, "a\n1\n")
    code, message = refusal(tmp_path / "t.zip")
    assert code == "table-packed" and '2 files: "a.csv", "b.csv"' in message


def test_a_million_columns_are_refused_before_a_parser_sees_them(tmp_path: Path) -> None:
    path = holding(tmp_path, b",".join(b"c" for _ in range(1_000_000)) + b"\n")
    tracemalloc.start()
    assert refusal(path)[0] == "table-too-wide"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300_000_000


def test_every_setting_that_a_refusal_may_advise_can_be_set_on_the_step() -> None:
    step = ReadTable(path="t.csv", at_most_columns=7, at_most_bytes=9, decimal="comma")
    given = step.table_settings()
    assert {field.name for field in fields(TableSettings)} <= ReadTable.model_fields.keys()
    assert all(getattr(given, field.name) == getattr(step, field.name) for field in fields(TableSettings))


def test_a_stray_cell_at_the_far_end_of_a_sheet_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
    code, message = refusal(tmp_path / "t.xlsx")
    assert code == "table-too-large" and "16,384 columns" in message


def test_a_field_larger_than_the_parsers_block_is_read_or_named(tmp_path: Path) -> None:
    path = holding(tmp_path, b'a,b\n1,"' + b"x" * 100_000 + b'"\n2,y\n')
    assert open_table(path).rows == 2


def test_a_wrong_format_is_named(tmp_path: Path) -> None:
    path = holding(tmp_path, b"a,b\n1,2\n")
    assert refusal(path, TableSettings(format="parquet"))[0] == "table-format"
    assert refusal(path, TableSettings(format="excel"))[0] == "table-format"


def test_settings_load_without_any_heavy_library() -> None:
    heavy = "('polars', 'numpy', 'pyarrow')"
    code = f"import runtime.tables.settings, sys; sys.exit(any(m in sys.modules for m in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


def test_codes_are_told_once_in_plain_sentences() -> None:
    names = [code for code, _ in CODES]
    assert len(set(names)) == len(names)
    assert all(code.startswith("table-") and says.endswith(".") for code, says in CODES)


words = st.text(st.sampled_from('ab19 .,;|"-/:()\n\r\té€%\u2028'), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(words, min_size=2, max_size=2), max_size=6))
def test_any_words_are_read_or_refused_and_quoted_cells_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    quoted = [",".join('"' + word.replace('"', '""') + '"' for word in row) for row in rows]
    path = holding(tmp_path_factory.mktemp("any"), ("a,b\n" + "".join(line + "\n" for line in quoted)).encode())
    how = TableSettings(separator="comma", missing=(), text_columns=("a", "b"))
    reading = open_table(path, how)
    assert reading.rows == len(rows)
    cells = [tuple(row)[1:] for frame in reading.frames() for row in frame.iter_rows()]
    assert [[word.strip() for word in row] for row in cells] == [[word.strip() for word in row] for row in rows]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["t.csv", "t.jsonl", "t", "t.tsv", "t.xlsx"]))
def test_any_bytes_are_read_or_refused_with_a_code(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = holding(tmp_path_factory.mktemp("any"), content, name)
    try:
        reading = open_table(path)
    except Refused as refused:
        said = {problem.code for problem in refused.problems}
        if said - set(dict(CODES)):
            pytest.fail(f"These codes have no meaning: {said}")
    else:
        assert sum(frame.height for frame in reading.frames()) == reading.rows
