"""Laws of the model that learns labels: honest with few answers, rare labels and picked cases."""

from __future__ import annotations

import io
import pickle
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import get_args

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from flows.problems import Refused
from runtime.learning.features import ColumnType, column_missing, learn_features
from runtime.learning.leaks import near_perfect_columns
from runtime.learning.model import Method, Training, dump, fit, load

METHODS: tuple[Method, ...] = get_args(Method)
YES_NO = ("no", "yes")


def shipments(n: int = 200) -> tuple[pl.DataFrame, dict[str, ColumnType]]:
    """A table with a column of every type, with holes."""
    rng = np.random.default_rng(7)
    start = date(2024, 1, 1)
    ordered = [start + timedelta(days=int(day)) for day in rng.integers(0, 300, n)]
    frame = pl.DataFrame(
        {
            "Country": [("Nigeria", "Ghana", "Peru", None)[i] for i in rng.integers(0, 4, n)],
            "Weight": [None if i % 9 == 0 else float(w) for i, w in enumerate(rng.lognormal(3, 2, n))],
            "Ordered": ordered,
            "Due": [
                day + timedelta(days=int(gap))
                for day, gap in zip(ordered, rng.integers(1, 90, n), strict=True)
            ],
            "Seen": [datetime(2024, 5, 1, 12)] * n,
            "Urgent": rng.random(n) < 0.3,
            "Description": [
                ("test kit reagent", "tablets of 300 mg", "reagent 30 tests")[i]
                for i in rng.integers(0, 3, n)
            ],
            "Nothing": pl.Series([None] * n, dtype=pl.String),
            "Constant": [5] * n,
        }
    )
    types: dict[str, ColumnType] = {
        "Country": "category", "Weight": "number", "Ordered": "date", "Due": "date", "Seen": "datetime",
        "Urgent": "yes-no", "Description": "text", "Nothing": "number", "Constant": "number",
    }  # fmt: skip
    return frame, types


def answers(n: int, classes: int = 2, seed: int = 1) -> Training:
    """Rows whose label depends on the first of six features."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 6))
    cut = np.quantile(x[:, 0], np.arange(1, classes) / classes) if n else np.empty(0)
    labels = np.searchsorted(cut, x[:, 0] + rng.normal(0, 0.3, n)).astype(np.int64)
    return Training(csr_matrix(x), labels, np.ones(n), np.arange(n).astype(str), np.full(n, 0.1))


def only(training: Training, rows: np.ndarray) -> Training:
    return Training(*(part[rows] for part in vars(training).values()))


def test_every_feature_has_a_name_that_a_person_can_read() -> None:
    frame, types = shipments()
    features = learn_features(frame, types)
    assert features.encode(frame).shape == (200, len(features.names))
    assert len(set(features.names)) == len(features.names)
    assert {"Country = Nigeria", "Country is missing", "Weight", "Urgent = yes", "Description: reagent"} <= {
        *features.names
    }
    assert "Days from Ordered to Due" in features.names


def test_a_row_is_encoded_the_same_whatever_stands_around_it() -> None:
    frame, types = shipments()
    features = learn_features(frame, types)
    whole, alone = features.encode(frame), features.encode(frame[17:18])
    assert (whole[17] != alone).nnz == 0
    assert features == learn_features(frame, types)
    assert features.digest == learn_features(frame, types).digest
    assert features.encode(frame.clear()).shape == (0, len(features.names))


def test_hostile_values_stay_finite_and_new_categories_count_as_other() -> None:
    frame, types = shipments()
    features = learn_features(frame, types)
    hostile = pl.DataFrame(
        {
            "Country": ["Atlantis", "", None, "  Nigeria "],
            "Weight": [float("inf"), float("nan"), -1e308, 1e308],
            "Ordered": [date(1, 1, 1), date(9999, 12, 31), None, date(2024, 2, 29)],
            "Due": ["2024-01-01", "soon", None, ""],
            "Seen": [None, None, None, None],
            "Urgent": [True, None, False, True],
            "Description": ["\x00 \U0001f4a5", "", None, "reagent " * 5000],
            "Nothing": ["a", "1", None, ""],
            "Constant": ["five", None, "5", "6"],
        }
    )
    told = pl.DataFrame(features.encode(hostile).toarray(), schema=features.names)
    assert np.isfinite(told.to_numpy()).all()
    assert told["Country = other"].to_list() == [1, 0, 0, 0]
    assert told["Country is missing"].to_list() == [0, 1, 1, 0]
    assert told["Country = Nigeria"].to_list() == [0, 0, 0, 1]
    assert told["Weight is missing"].to_list() == [1, 1, 0, 0]


def test_a_vanished_column_is_refused_by_name() -> None:
    frame, types = shipments()
    features = learn_features(frame, types, leave_out=["Seen"])
    later = frame.drop("Country", "Seen")
    assert column_missing(features, later) == ["Country"]
    with pytest.raises(Refused, match="not in the table: “Country”") as refused:
        features.encode(later)
    assert "Columns that are there: “Weight”, “Ordered”" in str(refused.value)
    assert refused.value.problems[0].code == "model-column-vanished"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "classes"), [(0, 2), (1, 2), (2, 2), (9, 3), (40, 12), (150, 2), (300, 3)])
def test_probabilities_sum_to_one_and_are_never_nan(method: Method, n: int, classes: int) -> None:
    names = tuple(f"label {i}" for i in range(classes))
    p = fit(answers(n, classes), names, method, seed=3).predict(answers(50).x)
    assert p.shape == (50, classes)
    assert p.dtype == np.float32
    assert np.abs(p.sum(axis=1) - 1).max() < 1e-6
    assert (p > 0).all()
    assert fit(answers(n, classes), names, method, seed=3).predict(csr_matrix((0, 6))).shape == (0, classes)


def test_without_answers_the_prior_is_predicted() -> None:
    nobody = answers(0)
    assert fit(nobody, YES_NO, "naive-bayes", 0).predict(answers(2).x).tolist() == [[0.5, 0.5]] * 2
    given = fit(nobody, YES_NO, "naive-bayes", 0, prior=(0.9, 0.1))
    assert given.predict(answers(1).x)[0].tolist() == pytest.approx([0.9, 0.1])
    assert given.notes == ("No answers so far: every case gets the shares given.",)


def test_one_label_only_is_smoothed_and_said() -> None:
    same = replace(answers(8), labels=np.ones(8, dtype=np.int64))
    model = fit(same, YES_NO, "logistic-regression", 0)
    assert model.predict(answers(1).x)[0].tolist() == pytest.approx([0.1, 0.9])
    assert model.notes[0].startswith("All 8 answers say “yes”")


def test_a_label_nobody_gave_keeps_a_small_chance() -> None:
    model = fit(answers(100), ("no", "yes", "perhaps"), "logistic-regression", 0)
    assert np.allclose(model.predict(answers(20).x)[:, 2], 1 / 103)
    assert any("“perhaps”" in note for note in model.notes)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_rows_changes_no_bit(method: Method) -> None:
    given, cases = answers(120), answers(30, seed=2).x
    first = fit(given, YES_NO, method, 5)
    other = fit(only(given, np.random.default_rng(0).permutation(120)), YES_NO, method, 5)
    assert first.version == other.version
    assert first.predict(cases).tobytes() == other.predict(cases).tobytes()


def test_the_version_names_what_made_the_model() -> None:
    given = answers(60)
    first = fit(given, YES_NO, "logistic-regression", 0).version
    corrected = replace(given, labels=np.where(np.arange(60) == 3, 1 - given.labels, given.labels))
    others = [
        fit(corrected, YES_NO, "logistic-regression", 0),
        fit(given, ("a", "b"), "logistic-regression", 0),
        fit(given, YES_NO, "naive-bayes", 0),
        fit(given, YES_NO, "logistic-regression", 1),
        fit(given, YES_NO, "logistic-regression", 0, prior=(0.5, 0.5)),
    ]
    assert len({first, *(model.version for model in others)}) == 6


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_model_file_gives_the_same_bits(method: Method, classes: int) -> None:
    names, cases = ("a", "b", "c")[:classes], answers(40, seed=2).x
    model = fit(answers(150, classes), names, method, 0)
    back = load(dump(model))
    assert back.predict(cases).tobytes() == model.predict(cases).tobytes()
    assert (back.classes, back.version, back.notes) == (model.classes, model.version, model.notes)


def test_a_pickle_or_a_strange_type_is_refused() -> None:
    good = dump(fit(answers(20), YES_NO, "logistic-regression", 0))
    strange = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(strange, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"__class__": "list"', b'"__class__": "Popen"'))
    for data in (pickle.dumps({"classes": ["a"]}), b"", good[:200], strange.getvalue()):
        with pytest.raises(Refused, match="model file cannot be opened"):
            load(data)


@pytest.mark.parametrize("method", METHODS)
def test_probabilities_come_true_as_often_as_they_say(method: Method) -> None:
    """Expected calibration error on 20,000 cases with known chances, 5 % of one label."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=(20_800, 6))
    chance = 1 / (1 + np.exp(-(x[:, 0] * 1.5 + x[:, 1] - 4)))
    told = (rng.random(len(x)) < chance).astype(np.int64)
    first = slice(0, 800)
    given = Training(x[first], told[first], np.ones(800), np.arange(800).astype(str), np.full(800, 0.04))
    p = fit(given, YES_NO, method, 0).predict(x[800:])[:, 1].astype(float)
    bins = np.digitize(p, np.quantile(p, np.arange(1, 10) / 10))
    gaps = [abs(p[bins == b].mean() - chance[800:][bins == b].mean()) for b in range(10)]
    assert np.mean(gaps) < 0.03


@pytest.mark.parametrize("method", METHODS)
def test_picked_cases_do_not_change_the_base_rate(method: Method) -> None:
    """160 random cases and 200 picked for their high risk, where the truth is 10 %."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(8_000, 5))
    risk = x[:, 0] + rng.normal(0, 0.7, 8_000)
    told = (risk > np.quantile(risk, 0.9)).astype(np.int64)
    picked = 300 + np.argsort(-x[300:, 0])[:200]
    rows = np.concatenate([np.arange(160), picked])
    audit = np.concatenate([np.full(160, 0.02), np.full(200, np.nan)])
    given = Training(x[rows], told[rows], np.ones(360), rows.astype(str), audit)
    honest = fit(given, YES_NO, method, 0)
    naive = fit(replace(given, audit=np.full(360, 1.0)), YES_NO, method, 0)
    assert honest.predict(x)[:, 1].mean() == pytest.approx(told.mean(), abs=0.035)
    assert abs(naive.predict(x)[:, 1].mean() - told.mean()) > abs(
        honest.predict(x)[:, 1].mean() - told.mean()
    )
    unaudited = fit(replace(given, audit=np.full(360, np.nan)), YES_NO, method, 0)
    assert any("No answered case was drawn at random" in note for note in unaudited.notes)


def test_a_type_that_no_model_is_made_of_is_refused_by_name() -> None:
    from sklearn.preprocessing import StandardScaler
    from skops.io import dumps

    with pytest.raises(Refused, match="StandardScaler, which no model of ours is made of"):
        load(dumps({"classes": ["a"], "extra": StandardScaler()}))


def test_nothing_is_ever_certain() -> None:
    far = np.where(np.arange(40) % 2, 1e6, -1e6)[:, None]
    rows = Training(far, np.arange(40) % 2, np.ones(40), np.arange(40).astype(str), np.ones(40))
    p = fit(rows, YES_NO, "logistic-regression", 0).predict(far * 1000)
    assert 0.9 < p.max() <= 1 - 0.49 / 42


def test_few_answers_already_rank() -> None:
    given, cases = answers(16), answers(500, seed=2)
    p = fit(given, YES_NO, "logistic-regression", 0).predict(cases.x)[:, 1]
    assert np.corrcoef(p, cases.labels)[0, 1] > 0.5


def test_trees_stand_back_while_answers_are_few() -> None:
    model = fit(answers(40), YES_NO, "gradient-boosting", 0)
    assert any("logistic regression stands in" in note for note in model.notes)


def test_arrays_that_do_not_fit_are_refused() -> None:
    good = answers(5)
    for bad in (
        replace(good, labels=np.array([0, 1, 2, 0, 1])),
        replace(good, weights=np.ones(4)),
        replace(good, weights=np.array([1, 1, np.nan, 1, 1])),
        replace(good, audit=np.zeros(5)),
        replace(good, x=np.full((5, 2), np.nan)),
    ):
        with pytest.raises(Refused):
            fit(bad, YES_NO, "logistic-regression", 0)
    with pytest.raises(Refused, match="fitted on 6 features and is given 5"):
        fit(good, YES_NO, "logistic-regression", 0).predict(np.zeros((1, 5)))


def test_a_leak_is_named_and_an_honest_column_is_not() -> None:
    rng = np.random.default_rng(2)
    late = rng.random(300) < 0.15
    due = [date(2024, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 300, 300)]
    frame = pl.DataFrame(
        {
            "Penalty": np.where(late, rng.uniform(50, 90, 300), rng.uniform(0, 49, 300)),
            "Distance": late * 1.0 + rng.normal(0, 0.8, 300),
            "Country": [("Ghana", "Peru")[i] for i in rng.integers(0, 2, 300)],
            "Due": due,
            "Arrived": [day + timedelta(days=5 if bad else -3) for day, bad in zip(due, late, strict=True)],
        }
    )
    types: dict[str, ColumnType] = {
        "Penalty": "number", "Distance": "number", "Country": "category", "Due": "date", "Arrived": "date",
    }  # fmt: skip
    found = near_perfect_columns(frame, types, late.astype(int), YES_NO)
    assert {(leak.column, leak.with_column) for leak in found} == {("Penalty", ""), ("Due", "Arrived")}
    assert "“Penalty” alone tells “yes” almost perfectly" in next(
        leak.says for leak in found if leak.column == "Penalty"
    )
    assert near_perfect_columns(frame[:9], types, late[:9].astype(int), YES_NO) == []


def test_a_group_known_by_heart_is_no_leak_when_groups_stay_together() -> None:
    """Each delivery has one label: its number tells everything about its own lines, nothing about others."""
    delivery = np.repeat(np.arange(40), 8)
    late = np.random.default_rng(1).random(40)[delivery] < 0.4
    frame = pl.DataFrame({"Delivery": [f"D{number}" for number in delivery]})
    types: dict[str, ColumnType] = {"Delivery": "category"}
    assert near_perfect_columns(frame, types, late.astype(int), YES_NO) != []
    assert near_perfect_columns(frame, types, late.astype(int), YES_NO, delivery.astype(str)) == []
