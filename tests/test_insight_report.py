"""The report stands alone and obeys nothing that came from data; its tables open in a spreadsheet as they are."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from runtime.cli import main
from runtime.insight import Insight, Prices, insight_from, read_decisions
from runtime.insight.corrections import Correction, Corrections
from runtime.insight.report import page
from runtime.insight.sheets import sheets
from runtime.insight.spreadsheet import write_csv

EVIL = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil")'
VOID = {"meta", "br", "rect", "line", "path"}


def hostile(tmp_path: Path) -> Insight:
    """Return the insight of a table whose labels, columns and cells are markup and formulas."""
    labels = (EVIL, "\"onload='x'")
    rows = [
        [f"P{at}", f"C{at}", labels[at % 2], labels[at % 3 == 0], labels[0], labels[at % 2], 0.7, 0.8,
         EVIL if at % 2 else FORMULA]
        for at in range(120)
    ]  # fmt: skip
    path = tmp_path / "decisions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        head = ["person", "case", "first", "advice", "final", "truth", "first_confidence", "advice_confidence"]
        table.writerows([[*head, f"</style>{EVIL}"], *rows])
    met, notes = read_decisions(path, "", EVIL)
    title = f"</title>{EVIL}"
    insight = insight_from(met, title, EVIL, target=0.5, prices=Prices(10, 5, 1), notes=(*notes, EVIL))
    one = Correction("the model", FORMULA, "ann", EVIL, "-1", "2026-01-01T00:00:00Z", 2, (), EVIL)
    return replace(insight, corrections=Corrections((one,), EVIL))


class Tags(HTMLParser):
    """Collects the elements of a page, and holds that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag


def test_nothing_from_data_becomes_a_part_of_the_page(tmp_path: Path) -> None:
    tags = Tags()
    told = page(hostile(tmp_path))
    tags.feed(told)
    assert tags.open == []
    assert not {"script", "iframe", "object", "link", "img"} & {tag for tag, _ in tags.seen}
    assert not any(name.startswith("on") for _, attributes in tags.seen for name in attributes)
    assert told.count("<style>") == told.count("</style>") == told.count("</title>") - tags_in_svg(told) == 1
    assert "&lt;script&gt;alert(1)" in told


def tags_in_svg(told: str) -> int:
    return told.count("<title>") - 1


def test_the_page_asks_for_nothing_from_anywhere(tmp_path: Path) -> None:
    told = page(hostile(tmp_path))
    found = re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?([^"')\s>]+)""", told)
    assert found and all(place.startswith("#") for place in found)
    assert "default-src 'none'" in told and "prefers-color-scheme:dark" in told


def test_each_picture_has_its_table_and_says_itself(tmp_path: Path) -> None:
    tags = Tags()
    tags.feed(page(hostile(tmp_path)))
    assert all(attributes.get("aria-label") for tag, attributes in tags.seen if attributes.get("role") == "img")
    assert sum(tag == "figure" for tag, _ in tags.seen) > 3
    assert sum(tag == "table" for tag, _ in tags.seen) == len(sheets(hostile(tmp_path)))


def test_a_spreadsheet_computes_nothing_and_reads_numbers_as_numbers(tmp_path: Path) -> None:
    made = write_csv(hostile(tmp_path), tmp_path / "tables")
    cells = [cell for path in made for row in csv.reader(path.read_text("utf-8-sig").splitlines()) for cell in row]
    words = [cell for cell in cells if not _number(cell)]
    assert any(FORMULA in cell for cell in words), "what is dangerous is there, as text"
    assert not [cell for cell in words if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    standing = list(csv.DictReader((tmp_path / "tables" / "standing.csv").read_text("utf-8-sig").splitlines()))
    assert float(standing[0]["accuracy: low"]) <= float(standing[0]["accuracy"]) <= float(standing[0]["accuracy: high"])


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


WRONG = {
    "Name the flow file": [],
    "not both": ["flow.yaml", "--decisions", "x.csv"],
    "belong to --decisions": ["flow.yaml", "--confidence-of", "yes"],
    "--asking as well": ["--decisions", "{table}", "--missed", "4", "--false-alarm", "2"],
    "is a folder": ["--decisions", "{table}", "--html", "{folder}"],
    "is a file": ["--decisions", "{table}", "--csv", "{table}"],
    "is not a share": ["--decisions", "{table}", "--target", "95"],
    "is none of its labels": ["--decisions", "{table}", "--positive", "maybe"],
    "gone.csv cannot be read": ["--decisions", "gone.csv"],
}


@pytest.mark.parametrize("says", WRONG)
def test_what_cannot_be_reported_is_said_in_a_sentence(
    tmp_path: Path, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("person,case,first,advice,final,truth\na,1,yes,no,no,no\n")
    words = [word.format(table=path, folder=tmp_path) for word in WRONG[says]]
    assert main(["report", *words]) == 2
    told = capsys.readouterr().err
    assert says.lower() in told.lower() and "Traceback" not in told
