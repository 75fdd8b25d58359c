"""The columns of every demo set with their types, so that a flow knows them before it has run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

DemoSet = Literal["shipments", "breast-cancer", "iris", "wine", "digits"]

TARGETS: Mapping[DemoSet, str] = {
    "shipments": "late",
    "breast-cancer": "diagnosis",
    "iris": "species",
    "wine": "cultivar",
    "digits": "digit",
}
"""What is to be predicted in each set."""

SHIPMENT_COLUMNS: Mapping[str, str] = {
    "shipment_id": "text",
    "order_date": "date",
    "planned_departure": "datetime",
    "planned_arrival": "date",
    "reserve_days": "number",
    "carrier": "category",
    "mode": "category",
    "origin": "category",
    "destination_country": "category",
    "distance_km": "number",
    "weight_kg": "number",
    "value_eur": "number",
    "incoterm": "category",
    "supplier": "category",
    "season": "category",
    "note": "text",
}

_CELL = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points")
_MEASURED: Mapping[DemoSet, tuple[str, ...]] = {
    "breast-cancer": tuple(
        f"{which} {what}"
        for which in ("mean", "error of", "worst")
        for what in (*_CELL, "symmetry", "fractal dimension")
    ),
    "iris": ("sepal length cm", "sepal width cm", "petal length cm", "petal width cm"),
    "wine": (
        *("alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids"),
        *("nonflavanoid phenols", "proanthocyanins", "color intensity", "hue", "diluted wines", "proline"),
    ),
    "digits": tuple(f"ink {row} {column}" for row in range(8) for column in range(8)),
}


def measured(name: DemoSet) -> tuple[str, ...]:
    """Return the measured columns of one of scikit-learn's sets, in its order."""
    return _MEASURED[name]


def columns_of(name: DemoSet, start: int) -> dict[str, str]:
    """Return the columns of a demo set with their types; a start set shows the target as well."""
    shown = {TARGETS[name]: "category"} if start else {}
    if name == "shipments":
        return {**SHIPMENT_COLUMNS, **shown}
    return {"case": "text", **dict.fromkeys(measured(name), "number"), **shown}
