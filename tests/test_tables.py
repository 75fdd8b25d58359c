"""What a table says is what its frames hold, whatever its format and its dirt."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from flows.problems import Refused
from runtime.tables.months import MONTH_NUMBERS, NAMES
from runtime.tables.reading import Reading, open_table
from runtime.tables.settings import TableSettings

DATA = os.environ.get("TANDEM_DATA", "")
needs_data = pytest.mark.skipif(
    not Path(DATA, "scms").is_dir(), reason="TANDEM_DATA names no folder of real data"
)


def read(
    tmp_path: Path, text: str, settings: TableSettings | None = None, **more: tuple[str, ...]
) -> Reading:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return open_table(path, settings or TableSettings(), **more)


def whole(reading: Reading) -> pl.DataFrame:
    return pl.concat(reading.frames())


def column(
    tmp_path: Path, *words: str, settings: TableSettings | None = None
) -> tuple[str, list[object], set[str]]:
    """Return type, values and codes of oddities of a column `v` with these words."""
    lines = "".join(f'{row},"{word}"\n' for row, word in enumerate(words))
    reading = read(tmp_path, "row,v\n" + lines, settings)
    return reading.columns["v"], whole(reading)["v"].to_list(), {odd.code for odd in reading.report}


@pytest.mark.parametrize(
    ("words", "values", "codes"),
    [
        (("1", "2.5", "-3e2"), [1.0, 2.5, -300.0], set()),
        (("1,234.50", "12"), [1234.5, 12.0], set()),
        (("1.234,50", "12", "1.234"), [1234.5, 12.0, 1234.0], set()),
        (("1 234", "1'234"), [1234.0, 1234.0], set()),
        (("$5.20", "3 €", "EUR 7"), [5.2, 3.0, 7.0], {"money"}),
        (("12 %", "7"), [12.0, 7.0], {"percent"}),
        (("(300)", "5"), [-300.0, 5.0], {"brackets"}),
        (("1.5", "inf", "nan", "NA", ""), [1.5, None, None, None, None], {"not-finite"}),
        (("1,234", "5,678"), [1234.0, 5678.0], {"decimal-open"}),
    ],
)
def test_numbers_are_read_as_people_write_them(
    tmp_path: Path, words: tuple[str, ...], values: list[object], codes: set[str]
) -> None:
    assert column(tmp_path, *words) == ("number", values, codes)


def test_an_open_decimal_mark_is_settled_by_the_other_columns(tmp_path: Path) -> None:
    reading = read(tmp_path, "a;b\n1.234;0,5\n5.678;1,25\n")
    assert whole(reading)["a"].to_list() == [1234.0, 5678.0]


@pytest.mark.parametrize("words", [("00123", "123"), ("1234567890123456", "1")])
def test_codes_stay_words(tmp_path: Path, words: tuple[str, ...]) -> None:
    kind, values, codes = column(tmp_path, *words)
    assert (kind, values, codes) == ("category", list(words), {"codes"})


def test_words_among_numbers_move_to_a_note_with_their_digits_generalised(tmp_path: Path) -> None:
    text = "cost\n780.34\n12\n5\nSee ASN-93 (ID#:1281)\nSee ASN-7 (ID#:4)\n"
    reading = read(tmp_path, text)
    assert dict(reading.columns) == {"cost": "number", "cost: note": "category"}
    frame = whole(reading)
    assert frame["cost"].to_list() == [780.34, 12.0, 5.0, None, None]
    assert frame["cost: note"].to_list() == [None, None, None, *["See ASN-# (ID#:#)"] * 2]
    (odd,) = reading.report
    assert (odd.column, odd.code, odd.count) == ("cost", "notes", 2)
    assert odd.examples == ("See ASN-93 (ID#:1281)", "See ASN-7 (ID#:4)")
    assert odd.says.endswith("kept in cost: note, with # for digits.")


def test_what_a_column_holds_does_not_depend_on_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (("1,5", "x 7", "2,25", ""), ("3 May 20", "later 5", "4 May 20", "NA"), (" 1.5", "-", "12", "3"))
    cells = {f"c{at}": words[at % 3] for at in range(12)}
    text = "\n".join([";".join(cells), *(";".join(row) for row in zip(*cells.values(), strict=True))])
    together = read(tmp_path, text)
    monkeypatch.setattr("runtime.tables.stacks.CELLS", 1)
    alone = read(tmp_path, text)
    assert whole(together).equals(whole(alone)) and together.report == alone.report
    frame = whole(together)
    for name in ("c9", "c10", "c11"):
        assert frame[name].to_list() == frame[f"c{int(name[1:]) - 9}"].to_list()
    assert frame["c9"].to_list() == [1.5, None, 2.25, None]
    assert frame["c9: note"].to_list() == [None, "x #", None, None]
    assert frame["c10: note"].to_list() == [None, "later #", None, None]


def test_mostly_words_stay_words(tmp_path: Path) -> None:
    assert column(tmp_path, "1", "A", "B")[:2] == ("category", ["1", "A", "B"])


def test_dates_of_many_forms_stand_in_one_column(tmp_path: Path) -> None:
    words = ("02-Jun-06", "01-Sept-06", "2006/06/02", "2006-06-02", "June 2, 2006", "3 May 69", "3 May 68")
    days = [date(2006, 6, 2), date(2006, 9, 1), *[date(2006, 6, 2)] * 3, date(1969, 5, 3), date(2068, 5, 3)]
    assert column(tmp_path, *words) == ("date", days, {"short-year"})


@pytest.mark.parametrize(
    "words",
    [
        ("3. März 2020", "14. Mrz 20", "1 Dez. 2021", "24. OKTOBER 2021", "1. Jän. 2022"),
        ("3 mars 2020", "14 mars 20", "1er déc. 2021", "24 oct. 2021", "1 janv. 2022"),
        ("3 de marzo de 2020", "14-mar-20", "1 dic 2021", "24 de octubre del 2021", "1 ene. 2022"),
        ("3 ma\u0308rz 2020", "14 mar 20", "1 de\u0301cembre 2021", "24 octubre 2021", "1º de enero de 2022"),
    ],
)
def test_months_are_read_in_german_french_and_spanish(tmp_path: Path, words: tuple[str, ...]) -> None:
    days = [date(2020, 3, 3), date(2020, 3, 14), date(2021, 12, 1), date(2021, 10, 24), date(2022, 1, 1)]
    assert column(tmp_path, *words)[:2] == ("date", days)


def test_a_name_that_could_be_two_months_or_none_is_no_date(tmp_path: Path) -> None:
    names = [name for names in NAMES for name in names.split()]
    assert len(names) == len(set(names)) == len(MONTH_NUMBERS)
    assert column(tmp_path, "5 jui 2020", "5 set 10", "5 de 2020")[0] == "category"


def test_the_file_decides_whether_the_day_comes_first(tmp_path: Path) -> None:
    assert column(tmp_path, "02.06.2006", "13.06.2006")[1] == [date(2006, 6, 2), date(2006, 6, 13)]
    assert column(tmp_path, "02/06/2006", "06/13/2006")[1] == [date(2006, 2, 6), date(2006, 6, 13)]


@pytest.mark.parametrize("words", [("02.06.2006", "03.04.2006"), ("13/06/2006", "06/13/2006")])
def test_an_open_order_of_day_and_month_is_asked_and_never_guessed(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    with pytest.raises(Refused, match=r"dates: day-first") as refused:
        column(tmp_path, *words)
    assert refused.value.problems[0].code == "table-date-order"
    assert refused.value.problems[0].place == "v"
    kind, values, _ = column(tmp_path, *words, settings=TableSettings(dates="month-first"))
    assert kind == "date" and values[-1] in (date(2006, 3, 4), date(2006, 6, 13))


def test_datetimes_end_in_utc(tmp_path: Path) -> None:
    kind, values, codes = column(
        tmp_path, "2006-06-02T10:00:00+02:00", "2006-06-02 08:00", "6 Jun 2006 1:30 PM"
    )
    eight = datetime(2006, 6, 2, 8, tzinfo=UTC)
    assert (kind, codes) == ("datetime", {"no-zone"})
    assert values == [eight, eight, datetime(2006, 6, 6, 13, 30, tzinfo=UTC)]


def test_a_handful_of_notes_may_outnumber_the_dates(tmp_path: Path) -> None:
    kind, values, codes = column(tmp_path, "2006-06-02", *["N/A - From RDC"] * 3)
    assert (kind, codes) == ("date", {"notes"})
    assert values == [date(2006, 6, 2), None, None, None]


def test_yes_and_no_keep_their_spelling_unless_it_varies(tmp_path: Path) -> None:
    assert column(tmp_path, "Yes", "No", "Yes") == ("yes-no", ["Yes", "No", "Yes"], set())
    assert column(tmp_path, "Yes", "no", "NO") == ("yes-no", ["yes", "no", "no"], {"yes-no-case"})
    assert column(tmp_path, "T", "T")[0] == "category"


def test_few_short_words_are_a_category_and_many_are_text(tmp_path: Path) -> None:
    assert column(tmp_path, *["air", " sea "] * 20)[0] == "category"
    assert column(tmp_path, *[f"message {row} for you" for row in range(40)])[0] == "text"
    assert column(tmp_path, "7", "8", settings=TableSettings(text_columns=("v",)))[0] == "category"


def test_missing_words_are_missing_in_every_type(tmp_path: Path) -> None:
    settings = TableSettings(missing=("", "?"))
    assert column(tmp_path, "air", "?", "NA", settings=settings)[1] == ["air", None, "NA"]


def test_short_lines_are_filled_and_empty_surplus_is_left_out(tmp_path: Path) -> None:
    reading = read(tmp_path, 'a,b,c\n1,x,3\n4,y\n6,"z\nz",8,\n')
    assert whole(reading).drop("__key__").rows() == [(1.0, "x", 3.0), (4.0, "y", None), (6.0, "z\nz", 8.0)]
    assert {(odd.code, odd.count, odd.examples) for odd in reading.report} == {
        ("short-lines", 1, ("line 3",)),
        ("surplus-fields", 1, ("line 4",)),
    }


def test_names_are_made_unique_and_never_empty(tmp_path: Path) -> None:
    reading = read(tmp_path, "price,,price\n1,2,3\n")
    assert list(reading.columns) == ["price", "column 2", "price (2)"]
    assert {odd.code for odd in reading.report} == {"name-empty", "name-twice"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_spite_of_quoted_and_decimal_ones(tmp_path: Path, separator: str) -> None:
    row = separator.join(['"x, y; z | w"', "2006-06-02", "7"])
    reading = read(tmp_path, separator.join("abc") + "\n" + (row + "\n") * 3)
    assert whole(reading).drop("__key__").row(0) == ("x, y; z | w", date(2006, 6, 2), 7.0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("land,n\nCôte d'Ivoire,1\n".encode(encoding))
    reading = open_table(path)
    assert dict(reading.columns) == {"land": "category", "n": "number"}
    assert whole(reading)["land"].to_list() == ["Côte d'Ivoire"]
    assert [odd.code for odd in reading.report] == (["encoding"] if encoding == "cp1252" else [])


ROWS = [{"id": "a", "n": 1.5, "day": "2006-06-02"}, {"id": "b", "n": 2.0, "day": "2006-06-03"}]


def written(tmp_path: Path, ending: str) -> Path:
    path, frame = tmp_path / f"t{ending}", pl.DataFrame(ROWS)
    if ending == ".parquet":
        frame.with_columns(pl.col("day").str.to_date(), pl.col("id").cast(pl.Categorical)).write_parquet(path)
    elif ending == ".xlsx":
        frame.with_columns(pl.col("day").str.to_date()).write_excel(path)
    elif ending == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    else:
        frame.write_csv(path, separator="\t" if ending == ".tsv" else ",")
    return path


@pytest.mark.parametrize("packing", ["plain", "gzip", "zip", "no ending"])
@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet", ".jsonl", ".xlsx"])
def test_every_format_and_packing_gives_the_same_table(tmp_path: Path, ending: str, packing: str) -> None:
    path = written(tmp_path, ending)
    if packing == "gzip":
        path = tmp_path / f"t{ending}.gz"
        path.write_bytes(gzip.compress((tmp_path / f"t{ending}").read_bytes()))
    elif packing == "zip":
        path = tmp_path / "t.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / f"t{ending}", f"t{ending}")
    elif packing == "no ending":
        path = path.rename(tmp_path / "t")
    reading = open_table(path, key=("id",))
    assert dict(reading.columns) == {"id": "category", "n": "number", "day": "date"}
    assert whole(reading).rows() == [("a", "a", 1.5, date(2006, 6, 2)), ("b", "b", 2.0, date(2006, 6, 3))]


def test_nested_json_becomes_text_and_keys_are_united(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1}\n{"b": {"c": [1, 2]}, "a": "00123"}\n')
    reading = open_table(path)
    assert whole(reading).drop("__key__").rows() == [("1", None), ("00123", '{"c": [1, 2]}')]
    assert ("b", "nested") in {(odd.column, odd.code) for odd in reading.report}


def test_parquet_keeps_its_types_and_long_integers_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    frame = pl.DataFrame(
        {"big": [2**60 + 1, 2], "part": ["1.5", "2"], "inf": [1.0, float("inf")], "l": [[1], [2]]}
    )
    frame.with_columns(pl.col("part").cast(pl.Decimal(10, 2))).write_parquet(path)
    reading = open_table(path)
    assert dict(reading.columns) == {"big": "text", "part": "number", "inf": "number", "l": "category"}
    assert whole(reading).drop("__key__").row(0) == (str(2**60 + 1), 1.5, 1.0, "[1]")
    assert whole(reading)["inf"].to_list() == [1.0, None]
    assert {odd.code for odd in reading.report} == {"nested", "not-finite", "codes"}


def test_a_sheet_is_chosen_by_name_and_the_first_one_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, value in (("first", 1), ("second", "00123")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["a"])
            sheet.write_row(1, 0, [value])
    assert [odd.code for odd in open_table(path).report] == ["sheets"]
    assert whole(open_table(path, TableSettings(sheet="second")))["a"].to_list() == ["00123"]
    with pytest.raises(Refused, match='"first", "second"'):
        open_table(path, TableSettings(sheet="third"))


def test_numbers_in_cells_are_keys_as_a_person_would_type_them(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1, 2], "at": [1.5, 2.0]}).write_excel(tmp_path / "t.xlsx")
    assert whole(open_table(tmp_path / "t.xlsx", key=("id",)))["__key__"].to_list() == ["1", "2"]
    words = open_table(tmp_path / "t.xlsx", TableSettings(text_columns=("at",)), key=("at",))
    assert whole(words)["at"].to_list() == whole(words)["__key__"].to_list() == ["1.5", "2"]


def test_a_header_without_rows_is_a_table_with_none(tmp_path: Path) -> None:
    reading = read(tmp_path, "a,b\n")
    assert (reading.rows, dict(reading.columns)) == (0, {"a": "text", "b": "text"})
    assert [frame.columns for frame in reading.frames()] == [["__key__", "a", "b"]]


def test_a_key_of_several_columns_is_joined_without_confusion(tmp_path: Path) -> None:
    reading = read(tmp_path, "a,b\nx|,y\nx,|y\n", key=("a", "b"))
    assert whole(reading)["__key__"].to_list() == ["x\\||y", "x|\\|y"]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("k,v\n1,a\n,b\n", "table-key-missing", "1 row of table.csv, first in row 2"),
        ("k,v\n1,a\n2,b\n1,c\n", "table-key-twice", 'in table.csv 1 key stands on several rows: "1" in rows 1, 3'),
        ("k\n1\n2\n1\n2\n", "table-key-twice", "2 keys stand on several rows"),
        ("v\n1\n", "table-column", 'Its columns are "v"'),
    ],
)
def test_a_key_that_is_none_is_refused_with_its_rows(tmp_path: Path, text: str, code: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path, text, key=("k",))
    assert refused.value.problems[0].code == code
    assert says in refused.value.problems[0].message


def test_without_a_key_a_row_is_known_by_its_words_whatever_the_settings(tmp_path: Path) -> None:
    text = "a,b\n1,x\n2,x\n1,x\n"
    keys = whole(read(tmp_path, text))["__key__"].to_list()
    assert keys[2] == f"{keys[0]}-2" and len(keys[0]) == 16
    other = TableSettings(text_columns=("a",), missing=("1",))
    assert whole(read(tmp_path, text, other))["__key__"].to_list() == keys
    moved = whole(read(tmp_path, "new,b,a\n,x,2\n,x,1\n"))["__key__"].to_list()
    assert moved == [keys[1], keys[0]]


def test_dropped_columns_change_no_bit_of_the_frames(tmp_path: Path) -> None:
    def table(truth: str) -> Reading:
        return read(tmp_path, f"id,n,late\n1,1.234,{truth}\n2,2.345,no\n2,2.345,no\n", drop=("late",))

    first, second = table("yes"), table('"0,5 & 13/13/2006"')
    assert whole(first).equals(whole(second)) and first.report == second.report
    assert dict(first.columns) == {"id": "number", "n": "number"}
    assert first.dropped()["late"].to_list() == ["yes", "no", "no"]
    assert first.dropped()["__key__"].equals(whole(first)["__key__"])


def test_a_dropped_column_is_not_reported(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1, "late": ["yes"]}\n')
    assert open_table(path, drop=("late",)).report == ()


def test_frames_have_the_size_asked_for_and_come_out_equal_each_time(tmp_path: Path) -> None:
    reading = read(tmp_path, "a\n" + "".join(f"{row % 7}\n" for row in range(100)))
    sizes = [frame.height for frame in reading.frames(30)]
    assert sizes == [30, 30, 30, 10]
    assert pl.concat(reading.frames(30)).equals(whole(reading))
    assert whole(reading)["__key__"].n_unique() == 100


def test_the_temporary_copy_goes_when_the_reading_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    with read(tmp_path, "a\n1\n") as reading:
        assert reading.rows == 1 and list((tmp_path / "scratch").iterdir())
    assert not list((tmp_path / "scratch").iterdir())
    with pytest.raises(Refused):
        read(tmp_path, "a,b\n1,2,3\n")
    assert not list((tmp_path / "scratch").iterdir())


@needs_data
def test_real_shipments_are_read_in_full() -> None:
    reading = open_table(Path(DATA, "scms", "SCMS_Delivery_History_Dataset.csv.gz"), key=("ID",))
    frame = whole(reading)
    assert frame.height == 10_324
    assert frame["Freight Cost (USD)"].count() == 6_198
    delivered, scheduled = frame["Delivered to Client Date"], frame["Scheduled Delivery Date"]
    assert (scheduled.null_count(), delivered.null_count()) == (0, 0)
    assert (delivered > scheduled).sum() == 1_186
    assert reading.columns["PO Sent to Vendor Date: note"] == "category"


@needs_data
def test_real_messages_without_header_and_quotes_are_read_in_full() -> None:
    settings = TableSettings(header=False, quoting="none")
    frame = whole(open_table(Path(DATA, "sms_spam", "sms.tsv"), settings))
    assert frame["column 1"].value_counts().sort("count")["count"].to_list() == [747, 4827]
