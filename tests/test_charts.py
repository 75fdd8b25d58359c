"""Charts say what is known and never more: gaps, intervals, names and numbers for everybody."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from light_kinds import CATALOG
from playing import Playground

from editor.axis import axis, nice_step, some
from editor.charts import LOOKS, Aimed, line_chart
from editor.results import MeasureTable, Series, Who, results_of
from editor.small_charts import gauge, histogram
from flows.reading import load
from runtime.values import Figure

SVG = "{http://www.w3.org/2000/svg}"


def series(who: Who, *values: float | None, says: str = "") -> Series:
    figures = tuple(
        Figure("x", value, None if value is None else value - 0.1, None if value is None else value + 0.1, says)
        for value in values
    )
    return Series(f"{who}_recall", "recall", who, "", "share", "", figures)


def table(*lines: Series) -> MeasureTable:
    return MeasureTable("quality", "Quality", tuple(range(1, len(lines[0].figures) + 1)), lines)


def drawn(svg: str, what: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(SVG + what))


def test_a_line_has_a_gap_where_too_little_is_known() -> None:
    chart = line_chart(table(series("team", 0.5, 0.6, None, 0.7, 0.8, None)), "recall")
    lines = drawn(chart.svg, "polyline")
    assert [len((line.get("points") or "").split()) for line in lines] == [2, 2]
    assert [row[1] for row in chart.rows][2] == "too few yet"
    assert "too few yet" in "".join(text.text or "" for text in drawn(chart.svg, "text"))


def test_what_is_never_known_is_never_drawn_as_known() -> None:
    chart = line_chart(table(series("people", None, None)), "recall")
    assert not drawn(chart.svg, "polyline")
    assert all(point.get("fill") == "none" for point in drawn(chart.svg, "polygon"))
    assert "people: too few yet." in chart.svg


def test_a_lone_round_between_gaps_shows_its_interval() -> None:
    chart = line_chart(table(series("team", None, 0.5, None)), "recall")
    upright = [line for line in drawn(chart.svg, "line") if line.get("x1") == line.get("x2")]
    assert len(upright) == 1


def test_lone_intervals_of_several_stand_beside_each_other() -> None:
    three = table(series("team", None, 0.5), series("model", None, 0.6), series("people", None, 0.4))
    svg = line_chart(three, "recall").svg
    upright = [float(line.get("x1") or 0) for line in drawn(svg, "line") if line.get("x1") == line.get("x2")]
    assert len(set(upright)) == 3
    assert all(after - before >= 9.9 for before, after in pairwise(sorted(upright)))


def test_bands_that_lie_on_each_other_have_edges_like_their_lines() -> None:
    svg = line_chart(table(series("team", 0.5, 0.6), series("model", 0.5, 0.6)), "recall").svg
    assert {edge.get("stroke-dasharray") for edge in drawn(svg, "path")} == {None, LOOKS["model"].dash}


def test_what_is_not_known_is_said_with_its_reason_and_an_empty_chart_says_so() -> None:
    few = series("people", 0.5, None, says="too few yet: 4 cases, 10 are needed (answers of 3 people)")
    chart = line_chart(table(few, series("team", 0.5, 0.6)), "recall")
    assert chart.unknown == ("People: too few yet, 4 cases, 10 are needed.",)
    assert "Nothing can be said yet." not in chart.svg
    assert "Nothing can be said yet." in line_chart(table(series("team", None)), "recall").svg


def test_who_is_told_apart_without_colour() -> None:
    assert len({(look.dash, look.shape) for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.shape for look in LOOKS.values()}) == len(LOOKS)


def test_a_chart_has_a_name_a_summary_and_a_table() -> None:
    chart = line_chart(table(series("team", 0.5, 0.9), series("model", 0.4, None)), "recall", [Aimed(0.95, ">=")])
    root = ElementTree.fromstring(chart.svg)
    ids = {child.get("id") for child in root}
    assert root.get("role") == "img"
    assert set((root.get("aria-labelledby") or "").split()) <= ids
    assert root.findtext(SVG + "title") == "Recall by round"
    told = "team: 90 % (80 % to 100 %) in round 2. model: 40 % (30 % to 50 %) in round 1."
    assert root.findtext(SVG + "desc") == told
    assert chart.headings == ("Round", "team", "model")
    assert chart.table().count("<tr>") == 3


def test_names_and_sentences_from_data_stay_words() -> None:
    hostile = '<script>alert(1)</script>"\x00\u202e'
    chart = line_chart(table(series("team", 0.5, says=hostile)), "recall")
    for svg in (chart.svg, histogram([(hostile, 3)], hostile), gauge(0.5, hostile)):
        ElementTree.fromstring(svg)
        assert "<script" not in svg
    bad = MeasureTable(hostile, hostile, (1,), (Series("a", "recall", "", "", hostile, "", (None,)),))
    ElementTree.fromstring(line_chart(bad, "recall").svg)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, -1e300, 0.0])
def test_no_number_breaks_a_chart(value: float) -> None:
    odd = Series("a", "recall", "", "", "money", "", (Figure("x", value, value, value, ""), None))
    svg = line_chart(table(odd), "recall").svg
    assert "nan" not in re.sub(r"<(title|desc).*?</\1>", "", svg)
    assert "inf" not in re.sub(r"<(title|desc).*?</\1>", "", svg)


def test_names_at_the_end_of_lines_do_not_lie_on_each_other() -> None:
    alike = table(series("team", 0.5, 0.9), series("model", 0.5, 0.9), series("people", 0.5, 0.9))
    svg = line_chart(alike, "recall").svg
    places = sorted(float((group.get("transform") or "").split(" ")[1].rstrip(")")) for group in drawn(svg, "g"))
    assert len(places) == 3
    assert all(after - before >= 30.9 for before, after in pairwise(places))


def test_an_axis_has_round_ticks_and_holds_all_values() -> None:
    found = axis([0.31, 0.934], "share")
    assert found.ticks[0] <= 0.31 <= 0.934 <= found.ticks[-1]
    assert found.ticks == (0.2, 0.4, 0.6, 0.8, 1.0)
    assert axis([0.5, 0.5], "share").ticks == (0.4, 0.45, 0.5, 0.55, 0.6)
    assert nice_step(0.62, 5) == 0.2
    assert some(range(1, 121), 10)[-1] == 120
    assert len(some(range(1, 121), 10)) <= 10


def test_a_gauge_shows_near_broken_and_unknown_apart_in_words_too() -> None:
    assert "no value yet" in gauge(None, "Questions")
    assert "10 % of the limit" in gauge(0.1, "Questions")
    assert "far beyond the limit" in gauge(float("inf"), "Questions")
    kinds = {re.search(r"--td-(good|warning|error)", gauge(share, ""))[1] for share in (0.5, 0.9, 1.2)}  # type: ignore[index]
    assert kinds == {"good", "warning", "error"}


def test_results_tell_figures_by_round_aims_limits_files_and_versions(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run(4)
    store = ground.store()
    flow = load(tmp_path / "flow.yaml").flow
    found = results_of(store, store.book("parcels", "rehearsal"), flow, CATALOG, tmp_path)
    known = found.tables[0].series[0]
    assert (known.name, found.tables[0].rounds) == ("known", (1, 2, 3, 4))
    values = [figure.value for figure in known.figures if figure is not None]
    assert values == [row["value"] for row in ground.rows("figures") if row["measure"] == "known"]
    assert values[0] == 0
    assert values[-1] is not None
    assert values[-1] >= 8
    assert [(aim.text, aim.met) for aim in found.aims] == [("count.known >= 8", "kept")]
    asked = [row["value"] for row in ground.rows("figures") if row["measure"] == "questions"][-1]
    assert [(limit.value, limit.limit, limit.share) for limit in found.limits] == [(asked, 5.0, asked / 5)]
    assert found.decided is not None
    assert sum(found.decided["decided.csv"].values()) == 20
    assert found.decided["decided.csv"]["person"] > 0
    assert next(file.path.name for file in found.files if file.there).startswith("simulated-decided")
    assert [version.number for version in found.models] == [1, 2, 3, 4]
