"""Data to try a flow with: the truth is known, and told to nobody who must not know it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from flows.catalog import Catalog
from flows.check import check
from flows.document import read as read_document
from flows.problems import errors
from flows.reading import flow_of
from runtime.artifacts import Artifacts
from runtime.demo.columns import SHIPMENT_COLUMNS, DemoSet
from runtime.demo.files import LATE_SHIPMENTS, main
from runtime.demo.shipments import Shipments
from runtime.learning.features import learn_features
from runtime.learning.model import Training, fit
from runtime.round import Round
from runtime.run import Order, Workspace, run
from runtime.steps import BUILTIN
from runtime.steps.demo import DemoData, DemoRead
from runtime.store import Store
from runtime.values import KEY, Decisions, Predictions, Value

EXAMPLES = Path(__file__).parent.parent / "examples"
CATALOG = Catalog(BUILTIN)
BEGINS = date(2026, 3, 2)


@cache
def many() -> pl.DataFrame:
    return next(Shipments(rows=4_000, late_share=0.12, begins=BEGINS, seed=1).frames())


def a_round(folder: Path, day: int = 2, rehearsal: bool = True) -> Round:
    now = datetime(2026, 3, day, 6, tzinfo=UTC)
    return Round(seed=1, artifacts=Artifacts(folder), rehearsal=rehearsal, _now=now)


def demo(round: Round, **settings: object) -> DemoRead:
    step = DemoData.model_validate(settings)
    assert step.complaints() == ()
    return step.run(round)


def area(labels: npt.NDArray[np.int64]) -> float:
    """Learn from the first three thousand shipments, and return how well the others are told apart."""
    frame, learned, others = many(), slice(0, 3_000), slice(3_000, None)
    types = {name: kind for name, kind in SHIPMENT_COLUMNS.items() if name != "shipment_id"}
    x = learn_features(frame, types).encode(frame)  # type: ignore[arg-type]
    keys = np.array(frame[KEY].to_list()[learned])
    known = Training(x[learned], labels[learned], np.ones(3_000), keys, np.ones(3_000))
    model = fit(known, ("no", "yes"), "logistic-regression", seed=1)
    return float(roc_auc_score(labels[others], model.predict(x[others])[:, 1]))


def late() -> npt.NDArray[np.int64]:
    return (many()["label"] == "yes").to_numpy().astype(np.int64)


def test_a_model_finds_who_is_late_and_nothing_in_shuffled_labels() -> None:
    truth = late()
    assert 0.8 < area(truth) < 0.95
    assert abs(area(np.random.default_rng(3).permutation(truth)) - 0.5) < 0.08


@pytest.mark.parametrize("share", [0.05, 0.12, 0.4])
def test_the_share_of_late_shipments_is_what_was_ordered(share: float) -> None:
    frame = next(Shipments(rows=10_000, late_share=share, begins=BEGINS, seed=2).frames())
    assert abs((frame["label"] == "yes").mean() - share) < 0.015  # type: ignore[operator]


def test_the_same_settings_make_the_same_bytes(tmp_path: Path) -> None:
    """Neither the run's seed nor the round changes the shipments; another seed of their own does."""
    once, later, other = (
        demo(a_round(tmp_path, day), rows=200, seed=seed, start=20) for day, seed in ((2, 1), (9, 1), (2, 2))
    )
    assert once.records.hash == later.records.hash
    assert once.records.hash != other.records.hash


def test_shipments_look_like_those_of_people() -> None:
    """Planned after ordered, arrived after planned only when late, and some things nobody wrote down."""
    frame = many()
    assert (frame["order_date"] <= BEGINS).all()
    assert (frame["planned_departure"].dt.date() > BEGINS).all()
    assert (frame["planned_arrival"] > frame["planned_departure"].dt.date()).all()
    assert ((frame["arrived_on"] > frame["planned_arrival"]) == (frame["label"] == "yes")).all()
    assert (frame["arrived_on"] >= frame["planned_departure"].dt.date()).all()
    for name in ("carrier", "weight_kg", "value_eur", "supplier", "note"):
        assert 0 < frame[name].null_count() < frame.height / 2


@pytest.mark.parametrize(
    ("name", "count"),
    [("shipments", 800), ("breast-cancer", 569), ("iris", 150), ("wine", 178), ("digits", 1_797)],
)
@pytest.mark.parametrize("start", [0, 25])
def test_the_truth_is_sealed_and_shown_only_for_the_start_set(
    tmp_path: Path, name: DemoSet, count: int, start: int
) -> None:
    """The columns that come are those that were told beforehand, and no other holds the truth."""
    round = a_round(tmp_path)
    records = demo(round, set=name, start=start).records
    frame = records.table.frame()
    assert round.left.truth is not None
    truth = round.left.truth.frame()
    assert truth.columns == [KEY, "label"] and truth.height == frame.height == count
    told = DemoData.model_validate({"set": name, "start": start}).columns({})["records"]
    assert list(told) == list(records.types) == frame.columns[1:]
    if start:
        shown = frame.select(KEY, told=pl.col(frame.columns[-1])).drop_nulls().join(truth, on=KEY)
        assert shown.height == start and (shown["told"] == shown["label"]).all()
    secret = truth.sort(KEY)["label"]
    hiding = [column for column in frame.columns if frame.sort(KEY)[column].cast(pl.String).equals(secret)]
    assert hiding == []


def test_other_labels_leave_every_column_as_it_is(tmp_path: Path) -> None:
    """Shipments of which nearly all are late read as those of which few are: nothing gives it away."""
    few, most = (demo(a_round(tmp_path), rows=300, late_share=share) for share in (0.02, 0.9))
    assert few.records.hash == most.records.hash


def test_a_live_book_seals_nothing(tmp_path: Path) -> None:
    round = a_round(tmp_path, day=20, rehearsal=False)
    assert demo(round, rows=100).outcomes.count > 0
    assert round.left.truth is None


def test_outcomes_become_known_as_days_pass_and_corrections_come_later(tmp_path: Path) -> None:
    """On the last day what was told last is the truth of every shipment; some were told wrong before."""
    early, end = (demo(a_round(tmp_path, 9), rows=500), demo(a_round(tmp_path, 31), rows=500))
    assert 0 < early.outcomes.count < end.outcomes.count
    known = early.outcomes.table.frame()
    assert (known["known_at"] <= datetime(2026, 3, 9, 6, tzinfo=UTC)).all()
    round = Round(seed=1, artifacts=Artifacts(tmp_path), _now=datetime(2026, 7, 1, tzinfo=UTC))
    all_told = demo(round, rows=500).outcomes.table.frame()
    assert all_told.height > 500
    last = all_told.group_by(KEY, maintain_order=True).agg(pl.col("label").last()).sort(KEY)
    assert round.left.truth is not None
    assert last.equals(round.left.truth.frame().sort(KEY))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"set": "iris", "rows": 90}, "'rows' is for the shipments"),
        ({"rows": 20, "start": 21}, "Of 20 shipments, 21 cannot show their label."),
        ({"begins": "someday"}, "'someday' is no day. Write it as 2026-03-02."),
        ({"begins": "20260302"}, "'20260302' is no day."),
    ],
)
def test_settings_that_do_not_go_together_are_said(settings: Mapping[str, object], says: str) -> None:
    assert any(says in sentence for _, sentence in DemoData.model_validate(settings).complaints())


def test_the_files_of_the_example_are_what_the_maker_writes(tmp_path: Path) -> None:
    """Run `python -m runtime.demo.files examples/late-shipments` after a change of the maker."""
    assert main([str(tmp_path)]) == 0
    for name in ("shipments.csv", "arrivals.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / "late-shipments" / name).read_bytes()


def test_the_maker_says_what_it_needs() -> None:
    assert main([]) == 2


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_an_example_checks_clean(name: str) -> None:
    """No error and no warning; hints are advice."""
    folder = EXAMPLES / name
    document = read_document((folder / "flow.yaml").read_bytes())
    flow, problems = flow_of(document, "flow")
    assert problems == ()
    found = check(flow, CATALOG, document, folder)
    assert errors(found) == () and [problem for problem in found if problem.level == "warning"] == []


def played(name: str, rounds: int, folder: Path) -> list[dict[tuple[str, str], object]]:
    """Play an example in a rehearsal, and return what its steps gave by round."""
    from sqlalchemy import select

    from runtime.schema import results

    shutil.copytree(EXAMPLES / name, folder / name, ignore=shutil.ignore_patterns(".tandem"))
    store = Store.open(folder / name / ".tandem")
    workspace = Workspace(folder / name / "flow.yaml", store, CATALOG)
    order = Order(rounds=rounds, people="simulated", book="rehearsal")
    assert run(workspace, order).state == "done"
    types: dict[str, type[Value]] = {"predictions": Predictions, "decisions": Decisions, "decided": Decisions}
    found: list[dict[tuple[str, str], object]] = [{} for _ in range(rounds)]
    with store.reading() as connection:
        for row in connection.execute(select(results).order_by(results.c.round)):
            for port, value in row.outputs.items():
                if port in types:
                    found[row.round - 1][row.step, port] = types[port].read(value, store.artifacts)
    return found


def test_in_eight_rounds_the_model_learns_and_the_team_beats_it(tmp_path: Path) -> None:
    """Against the whole truth, in money: what the model would cost alone, and what the two cost together."""
    truth = dict(pl.concat(list(LATE_SHIPMENTS.frames())).select(KEY, "label").iter_rows())
    areas, alone, together = [], [], []
    for given in played("late-shipments", 8, tmp_path):
        predictions = given["risk", "predictions"]
        assert isinstance(predictions, Predictions)
        frame = predictions.table.frame()
        risk = frame["probability"].to_numpy()[:, predictions.classes.index("yes")]
        is_late = np.array([truth[key] == "yes" for key in frame[KEY]])
        areas.append(float(roc_auc_score(is_late, risk)))
        alone.append(cost(risk >= 30 / 430, is_late))
        said: dict[str, str] = {}
        for port in (("alone", "decisions"), ("planners", "decided")):
            decisions = given[port]
            assert isinstance(decisions, Decisions)
            said |= dict(decisions.table.frame().select(KEY, "decision").iter_rows())
        together.append(cost(np.array([said[key] == "yes" for key in frame[KEY]]), is_late))
    assert areas[0] == 0.5 and areas[-1] > 0.75 and areas[-1] > areas[1] + 0.1
    assert all(team < model for team, model in zip(together[1:], alone[1:], strict=True))
    assert together[-1] < 0.75 * together[1]


def cost(said_late: npt.NDArray[np.bool_], is_late: npt.NDArray[np.bool_]) -> int:
    return int(400 * (is_late & ~said_late).sum() + 30 * (said_late & ~is_late).sum())


def test_the_first_flow_decides_every_request(tmp_path: Path) -> None:
    played("first-flow", 3, tmp_path)
    (written,) = tmp_path.rglob("*urgent.csv")
    table = pl.read_csv(written)
    assert table.height == 60 and table["decision"].is_in(["yes", "no"]).all()
    assert {"person", "model", "data"} <= set(table["decided_by"])
    assert "really" not in table.columns
