"""Rows kept, columns kept, columns derived: choices in words that follow the type of a column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.catalog import Catalog
from flows.check import check
from flows.flow import Card, End, Flow, Link
from flows.problems import Refused
from runtime.artifacts import Artifacts
from runtime.round import Round
from runtime.steps import BUILTIN
from runtime.steps.demo import DemoData
from runtime.steps.derive import DeriveColumn
from runtime.steps.model import PredictLabel
from runtime.steps.prepare import KeepColumns, KeepRows
from runtime.values import KEY, Answers, Outcomes, Records, Table

TYPES = {
    "mode": "category",
    "kg": "number",
    "left": "datetime",
    "planned": "date",
    "arrived": "date",
    "note": "text",
}
ROWS = pl.DataFrame(
    {
        KEY: ["a", "b", "c", "d"],
        "mode": ["sea", "road", "air", None],
        "kg": [10.0, 200.0, None, 3000.0],
        "left": [datetime(2026, 3, day, 14, tzinfo=UTC) for day in (1, 2, 3, 4)],
        "planned": [date(2026, 3, 5), date(2026, 3, 5), date(2026, 3, 6), None],
        "arrived": [date(2026, 3, 6), date(2026, 3, 5), date(2026, 3, 4), date(2026, 3, 9)],
        "note": ["Storm (50%) ahead", "nothing", None, "STORM"],
    },
    schema_overrides={"left": pl.Datetime("us", "UTC")},
)


@pytest.fixture
def round(tmp_path: Path) -> Round:
    return Round(seed=1, artifacts=Artifacts(tmp_path))


def records(round: Round, types: Mapping[str, str] = TYPES, parts: int = 2) -> Records:
    size = -(-ROWS.height // parts)
    return Records(round.table(ROWS.iter_slices(size)), types=types)


def kept(round: Round, *conditions: Mapping[str, object], match: str = "all") -> str:
    step = KeepRows.model_validate({"where": list(conditions), "match": match})
    assert step.complaints() == ()
    return "".join(step.run(round, records=records(round)).table.frame()[KEY])


def derived(round: Round, **settings: object) -> list[object]:
    step = DeriveColumn.model_validate({"name": "new", **settings})
    assert step.complaints() == ()
    made = step.run(round, records=records(round))
    assert list(made.types) == [*TYPES, "new"]
    return made.table.frame()["new"].to_list()


def refusal(round: Round, step: KeepRows | KeepColumns | DeriveColumn) -> str:
    with pytest.raises(Refused) as caught:
        step.run(round, records=records(round))
    return str(caught.value)


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        ({"column": "mode", "test": "is", "value": "sea"}, "a"),
        ({"column": "mode", "test": "is", "value": "Sea"}, ""),
        ({"column": "mode", "test": "is not", "value": "sea"}, "bc"),
        ({"column": "mode", "test": "one of", "values": ["sea", "air"]}, "ac"),
        ({"column": "mode", "test": "is missing"}, "d"),
        ({"column": "mode", "test": "is known"}, "abc"),
        ({"column": "kg", "test": "more than", "value": 200}, "d"),
        ({"column": "kg", "test": "at least", "value": "200"}, "bd"),
        ({"column": "kg", "test": "less than", "value": 1e3}, "ab"),
        ({"column": "kg", "test": "at most", "value": 200}, "ab"),
        ({"column": "kg", "test": "between", "values": [10, 200]}, "ab"),
        ({"column": "kg", "test": "between", "values": [200, 10]}, ""),
        ({"column": "left", "test": "after", "value": "2026-03-02"}, "cd"),
        ({"column": "left", "test": "after", "value": "2026-03-02 13:59"}, "bcd"),
        ({"column": "left", "test": "after", "value": "2026-03-02T15:00+02:00"}, "bcd"),
        ({"column": "left", "test": "is", "value": "2026-03-02"}, "b"),
        ({"column": "arrived", "test": "before", "value": "2026-03-05"}, "c"),
        ({"column": "arrived", "test": "one of", "values": ["2026-03-04", "2026-03-09"]}, "cd"),
        ({"column": "note", "test": "contains", "value": "storm"}, "ad"),
        ({"column": "note", "test": "contains", "value": "(50%)"}, "a"),
    ],
)
def test_a_condition_keeps_the_rows_that_meet_it(round: Round, condition: Mapping[str, object], keys: str) -> None:
    """Numbers and dates count as such, days as whole days; a missing value passes no comparison."""
    assert kept(round, condition) == keys


def test_conditions_are_met_all_or_any(round: Round) -> None:
    heavy = {"column": "kg", "test": "more than", "value": 100}
    at_sea = {"column": "mode", "value": "sea"}
    assert kept(round, heavy, at_sea) == ""
    assert kept(round, heavy, at_sea, match="any") == "abd"


def test_what_goes_is_counted_and_what_was_missing_is_said(round: Round) -> None:
    kept(round, {"column": "kg", "test": "more than", "value": 100})
    assert round.left.notes[0] == "2 of 4 rows are kept."
    assert round.left.notes[1].startswith("'kg' is missing in 1 of the rows left out")


def test_the_parts_of_a_table_make_no_difference(round: Round) -> None:
    step = KeepRows.model_validate({"where": [{"column": "kg", "test": "is known"}]})
    whole, split = (step.run(round, records=records(round, parts=parts)) for parts in (1, 4))
    assert whole.table.frame().equals(split.table.frame())
    assert whole.types == split.types == TYPES


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"column": "kg", "value": "heavy"}, "'kg' holds numbers, and 'heavy' is none. Write it as 12.5."),
        ({"column": "kg", "value": "nan"}, "'kg' holds numbers, and 'nan' is none. Write it as 12.5."),
        ({"column": "left", "test": "after", "value": "soon"}, "'left' holds dates, and 'soon' is none."),
        ({"column": "left", "test": "after", "value": "2026-02-30"}, "'left' holds dates, and '2026-02-30'"),
        ({"column": "left", "value": "0001-01-01T00:00+14:00"}, "'left' holds dates, and '0001-01-01T00:00+14:00'"),
        ({"column": "mode", "test": "after", "value": "sea"}, "'mode' holds words, which cannot be tested"),
        ({"column": "kg", "test": "contains", "value": "1"}, "'kg' holds numbers, which cannot be tested"),
        ({"column": "kilo", "test": "is known"}, "There is no column called 'kilo'. The columns are: mode,"),
        ({"column": KEY, "test": "is known"}, f"There is no column called '{KEY}'."),
    ],
)
def test_a_condition_that_cannot_be_judged_is_refused(round: Round, condition: Mapping[str, object], says: str) -> None:
    assert says in refusal(round, KeepRows.model_validate({"where": [condition]}))


@pytest.mark.parametrize(
    ("kind", "settings", "says"),
    [
        (KeepRows, {"where": [{"column": "kg", "test": "more than"}]}, "needs one `value`"),
        (KeepRows, {"where": [{"column": "kg", "test": "between", "values": [1]}]}, "needs its two ends"),
        (KeepRows, {"where": [{"column": "kg", "test": "one of", "value": 1}]}, "needs a list"),
        (KeepRows, {"where": [{"column": "kg", "test": "is known", "value": 1}]}, "compares with nothing"),
        (KeepColumns, {}, "Name the columns to keep, or those to drop."),
        (KeepColumns, {"keep": "kg", "drop": "mode"}, "not both"),
        (DeriveColumn, {"how": "bins", "column": "kg"}, "`how: bins` needs `edges`."),
        (DeriveColumn, {"how": "copy", "column": "kg", "value": 1}, "takes no `value`; it takes column."),
        (DeriveColumn, {"how": "copy", "column": "new"}, "'new' cannot be made from itself."),
        (
            DeriveColumn,
            {"how": "bins", "column": "kg", "edges": [5, 5], "bins": ["a", "b", "c"]},
            "must rise",
        ),
        (DeriveColumn, {"how": "bins", "column": "kg", "edges": [5], "bins": ["a"]}, "1 edges make 2 bins"),
        (DeriveColumn, {"how": "compare", "column": "kg", "test": "is"}, "needs a second column as `other`"),
    ],
)
def test_settings_that_do_not_go_together_are_said_before_anything_runs(
    kind: type[KeepRows | KeepColumns | DeriveColumn], settings: dict[str, object], says: str
) -> None:
    named = {"name": "new"} if kind is DeriveColumn else {}
    assert any(says in sentence for _, sentence in kind.model_validate({**named, **settings}).complaints())


def test_columns_are_kept_in_the_order_named_or_dropped(round: Round) -> None:
    """The key stays in any case, and the types go with the columns."""
    one = KeepColumns.model_validate({"keep": ["note", "kg"]}).run(round, records=records(round))
    assert one.table.frame().columns == [KEY, "note", "kg"]
    assert one.types == {"note": "text", "kg": "number"}
    two = KeepColumns.model_validate({"drop": ["note", "kg", "left"]}).run(round, records=records(round))
    assert two.table.frame().columns == [KEY, "mode", "planned", "arrived"]
    assert "'kilo'" in refusal(round, KeepColumns.model_validate({"drop": "kilo"}))


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        (
            {"how": "compare", "column": "arrived", "test": "after", "other": "planned"},
            ["yes", "no", "no", None],
        ),
        ({"how": "compare", "column": "kg", "test": "at least", "value": 200}, ["no", "yes", None, "yes"]),
        ({"how": "compare", "column": "mode", "test": "is not", "value": "sea"}, ["no", "yes", "yes", None]),
        ({"how": "days-between", "column": "planned", "other": "arrived"}, [1.0, 0.0, -2.0, None]),
        ({"how": "hours-between", "column": "left", "other": "arrived"}, [106.0, 58.0, 10.0, 106.0]),
        (
            {"how": "bins", "column": "kg", "edges": [200, 1000], "bins": ["light", "middle", "heavy"]},
            ["light", "middle", None, "heavy"],
        ),
        ({"how": "join-words", "joined": ["mode", "kg"], "between": "/"}, ["sea/10", "road/200", None, None]),
        (
            {"how": "part-of-date", "column": "left", "part": "weekday"},
            ["Sunday", "Monday", "Tuesday", "Wednesday"],
        ),
        ({"how": "part-of-date", "column": "planned", "part": "month"}, ["March", "March", "March", None]),
        ({"how": "part-of-date", "column": "left", "part": "hour"}, [14.0] * 4),
        ({"how": "calculate", "column": "kg", "sign": "divided by", "value": 10}, [1.0, 20.0, None, 300.0]),
        ({"how": "calculate", "column": "kg", "sign": "divided by", "value": 0}, [None] * 4),
        ({"how": "copy", "column": "mode"}, ["sea", "road", "air", None]),
    ],
)
def test_a_column_is_made_from_others(round: Round, settings: dict[str, object], values: list[object]) -> None:
    """Where one of them is missing, the new one is missing."""
    assert derived(round, **settings) == values


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"how": "days-between", "column": "kg", "other": "left"}, "'kg' holds no dates."),
        ({"how": "calculate", "column": "mode", "sign": "plus", "value": 1}, "'mode' holds no numbers."),
        ({"how": "compare", "column": "kg", "test": "is", "other": "mode"}, "holds numbers and 'mode' words"),
        ({"how": "copy", "column": "gone"}, "There is no column called 'gone'."),
        ({"how": "copy", "column": "kg", "name": "mode"}, "There is a column called 'mode' already."),
    ],
)
def test_a_column_that_cannot_be_made_is_refused(round: Round, settings: dict[str, object], says: str) -> None:
    assert says in refusal(round, DeriveColumn.model_validate({"name": "new", **settings}))


@pytest.mark.parametrize("name", ["*", "^k.*$", "kg "])
def test_a_column_may_be_called_anything(round: Round, name: str) -> None:
    """A star or a pattern is a name like any other, never all columns."""
    table = round.table([ROWS.select(KEY, "kg", pl.lit("x").alias(name))])
    given = Records(table, types={"kg": "number", name: "category"})
    rows = KeepRows.model_validate({"where": [{"column": name, "value": "x"}]}).run(round, records=given)
    columns = KeepColumns.model_validate({"keep": name}).run(round, records=rows)
    made = DeriveColumn.model_validate({"name": "n", "how": "copy", "column": name}).run(round, records=columns)
    assert made.table.frame().columns == [KEY, name, "n"]
    assert made.table.frame()["n"].to_list() == ["x"] * 4


def test_what_leaves_is_known_before_it_runs(round: Round) -> None:
    """The columns that a kind tells are the columns that come, in their order."""
    for step in (
        KeepRows.model_validate({"where": [{"column": "kg", "test": "is known"}]}),
        KeepColumns.model_validate({"keep": ["left", "mode"]}),
        DeriveColumn.model_validate({"name": "n", "how": "copy", "column": "left"}),
        DeriveColumn.model_validate({"name": "n", "how": "part-of-date", "column": "left", "part": "day"}),
        DeriveColumn.model_validate({"name": "n", "how": "join-words", "joined": ["mode", "note"]}),
    ):
        found = step.run(round, records=records(round))
        assert list(step.columns({"records": TYPES})["records"].items()) == list(found.types.items())
        assert found.table.frame().columns == [KEY, *found.types]


def test_a_column_that_does_not_arrive_is_found_by_checking() -> None:
    cards = {
        "data": Card("data", "demo-data", {}),
        "near": Card("near", "keep-rows", {"where": [{"column": "distanc_km", "test": "is known"}]}),
    }
    flow = Flow("f", steps=cards, links=(Link(End("data", "records"), End("near", "records")),))
    found = [problem for problem in check(flow, Catalog(BUILTIN)) if problem.code == "column-unknown"]
    assert len(found) == 1
    assert "'distanc_km'" in found[0].message and "'distance_km'" in found[0].message


def test_a_model_learns_nothing_from_what_its_target_was_made_of(round: Round) -> None:
    """`late` is whether it arrived after the day planned: neither of the two may tell it."""
    made = DeriveColumn.model_validate(
        {"name": "late", "how": "compare", "column": "arrived", "test": "after", "other": "planned"}
    ).run(round, records=records(round))
    days = DeriveColumn.model_validate(
        {"name": "days", "how": "days-between", "column": "planned", "other": "arrived"}
    ).run(round, records=made)
    fewer = KeepColumns.model_validate({"drop": "planned"}).run(round, records=days)
    nothing = Table({}, (), round.artifacts)
    PredictLabel.model_validate({"target": "late", "labels": ["yes", "no"], "held_out": 0.0}).run(
        round, records=fewer, answers=Answers(nothing), outcomes=Outcomes(nothing)
    )
    assert "arrived, days tell the target 'late' and are left out." in round.left.notes


def test_late_made_of_two_dates_is_the_truth(tmp_path: Path) -> None:
    """Whoever has only the planned and the true day gets the same label as the demo set tells."""
    from runtime.demo.shipments import Shipments

    frame = next(Shipments(rows=300, late_share=0.3, begins=date(2026, 3, 2), seed=4).frames())
    round = Round(seed=1, artifacts=Artifacts(tmp_path))
    dates = {"planned_arrival": "date", "arrived_on": "date"}
    table = round.table([frame.select(KEY, *dates)])
    made = DeriveColumn.model_validate(
        {
            "name": "late",
            "how": "compare",
            "column": "arrived_on",
            "test": "after",
            "other": "planned_arrival",
        }
    ).run(round, records=Records(table, types=dates))
    assert made.table.frame()["late"].to_list() == frame["label"].to_list()
    assert DemoData().columns({})["records"]["planned_arrival"] == "date"
