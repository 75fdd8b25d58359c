"""The sets that scikit-learn carries, with their labels as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from runtime.demo.columns import DemoSet, measured
from runtime.values import KEY

_LABELS: Mapping[DemoSet, tuple[str, ...]] = {
    "breast-cancer": ("malignant", "benign"),
    "iris": ("setosa", "versicolor", "virginica"),
    "wine": ("first", "second", "third"),
    "digits": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
"""The labels in the order of scikit-learn's numbers."""


def measured_cases(name: DemoSet) -> pl.DataFrame:
    """Return a set: the key, `case`, its measured columns (float64), and `label`.

    Breast cancer (Street 1993, 569 cases), iris (Fisher 1936, 150), wine (Forina 1988, 178) and
    handwritten digits (Kaynak 1995, 1,797), all as scikit-learn holds them.
    """
    found = _loader(name)()
    ids = [f"{name}-{number:04d}" for number in range(1, len(found.target) + 1)]
    labels = [_LABELS[name][place] for place in found.target]
    numbers = {column: found.data[:, place] for place, column in enumerate(measured(name))}
    return pl.DataFrame({KEY: ids, "case": ids, **numbers, "label": labels})


def _loader(name: DemoSet) -> Callable[[], Any]:
    from sklearn import datasets

    loaders: Mapping[DemoSet, Callable[[], Any]] = {
        "breast-cancer": datasets.load_breast_cancer,
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "digits": datasets.load_digits,
    }
    return loaders[name]
