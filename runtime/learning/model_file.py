"""A model as bytes: written with skops, read back only if every type in it is on a short list."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from flows.problems import Refused, refuse
from runtime.learning.calibration import Calibration
from runtime.learning.fitted import Model
from runtime.learning.linear import Linear
from runtime.learning.trees import Trees

T = TypeVar("T")

LARGEST = 500_000_000
"""Bytes that a model may unpack to."""

PREDICTOR = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"

ALLOWED = frozenset(
    {
        *(f"builtins.{name}" for name in ("dict", "list", "tuple", "str", "int", "float", "bool", "NoneType")),
        *(f"numpy.{name}" for name in ("ndarray", "uint64", "int64", "float64", "bool", "dtype")),
        *(f"sklearn._loss.loss.{name}" for name in ("HalfBinomialLoss", "HalfMultinomialLoss")),
        *(f"sklearn._loss._loss.{name}" for name in ("CyHalfBinomialLoss", "CyHalfMultinomialLoss")),
        *(f"sklearn._loss.link.{name}" for name in ("Interval", "LogitLink", "MultinomialLogit")),
        "numpy.random._generator.Generator",
        "sklearn.preprocessing._label.LabelEncoder",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
        PREDICTOR,
    }
)
"""Every type that a model file may hold, by module and name."""


def dump(model: Model) -> bytes:
    """Return the model as bytes; two dumps of one model may differ, their version does not."""
    import skops.io

    scorer, calibration = model.scorer, model.calibration
    plain: dict[str, object] = {
        "classes": list(model.classes),
        "version": model.version,
        "notes": list(model.notes),
        "width": model.width,
        "answers": model.answers,
        "shares": model.shares,
        "seen": model.seen,
    }
    if isinstance(scorer, Linear):
        plain["linear"] = {"weights": scorer.weights, "start": scorer.start, "split": scorer.split}
    if isinstance(scorer, Trees):
        plain["trees"] = {"booster": scorer.booster, "kept": scorer.kept, "k": scorer.k}
    if calibration is not None:
        plain["calibration"] = {
            "base": calibration.base,
            "trained": calibration.trained,
            "slope": calibration.slope,
            "shift": calibration.shift,
        }
    return bytes(skops.io.dumps(plain))


def load(data: bytes) -> Model:
    """Return the model that `dump` wrote, with the same predictions bit for bit.

    Nothing is unpickled. Raises Refused with `model-file` for anything else than a model file, and for
    a file that holds a type not on the list.
    """
    _check(data)
    import skops.io

    try:
        plain = skops.io.loads(data, trusted=[PREDICTOR])
        return _model(plain)
    except Refused:
        raise
    except Exception as error:  # whatever a broken file makes a library raise, the person gets one sentence
        raise _not_a_model(f"it could not be read ({type(error).__name__})") from error


def _model(plain: dict[str, object]) -> Model:
    return Model(
        classes=tuple(str(name) for name in _of(plain, "classes", list)),
        version=_of(plain, "version", str),
        notes=tuple(str(note) for note in _of(plain, "notes", list)),
        shares=_array(plain, "shares", np.float64),
        width=_of(plain, "width", int),
        seen=_array(plain, "seen", np.int64),
        answers=_of(plain, "answers", int),
        scorer=_scorer(plain),
        calibration=_calibration(plain),
    )


def _scorer(plain: dict[str, object]) -> Linear | Trees | None:
    if "linear" in plain:
        linear = _of(plain, "linear", dict)
        weights, start = _array(linear, "weights", np.float64), _array(linear, "start", np.float64)
        return Linear(weights, start, _of(linear, "split", bool))
    if "trees" in plain:
        from sklearn.ensemble import HistGradientBoostingClassifier

        trees = _of(plain, "trees", dict)
        booster = _of(trees, "booster", HistGradientBoostingClassifier)
        return Trees(booster, _array(trees, "kept", np.int64), _of(trees, "k", int))
    return None


def _calibration(plain: dict[str, object]) -> Calibration | None:
    if "calibration" not in plain:
        return None
    told = _of(plain, "calibration", dict)
    base, trained = _array(told, "base", np.float64), _array(told, "trained", np.float64)
    return Calibration(base, trained, _of(told, "slope", float), _array(told, "shift", np.float64))


def _of(plain: dict[str, object], name: str, kind: type[T]) -> T:
    found = plain[name]
    if not isinstance(found, kind):
        raise _not_a_model(f"“{name}” is {type(found).__name__}, and {kind.__name__} is expected")
    return found


def _array(plain: dict[str, object], name: str, kind: type[np.generic]) -> npt.NDArray[Any]:
    found = _of(plain, name, np.ndarray)
    if found.dtype != kind:
        raise _not_a_model(f"“{name}” holds {found.dtype}, and {kind.__name__} is expected")
    return found


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise _not_a_model(f"it unpacks to more than {LARGEST // 1_000_000} MB")
            found = _types(json.loads(parts.read("schema.json")))
    except (zipfile.BadZipFile, KeyError, ValueError, RecursionError, NotImplementedError, EOFError) as error:
        raise _not_a_model("it is not written by dump") from error
    if strange := sorted(found - ALLOWED):
        raise _not_a_model("it holds " + ", ".join(strange[:5]) + ", which no model of ours is made of")


def _types(node: object) -> set[str]:
    """Return module and name of every type that a skops file mentions."""
    if isinstance(node, list):
        return {name for part in node for name in _types(part)}
    if not isinstance(node, dict):
        return set()
    own = {f"{node.get('__module__')}.{node['__class__']}"} if "__class__" in node else set()
    return own | {name for part in node.values() for name in _types(part)}


def _not_a_model(why: str) -> Refused:
    return refuse("model-file", f"This model file cannot be opened: {why}. Fit the model again from its log.")
