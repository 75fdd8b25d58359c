"""A version of a model as one file: how it reads a table, and what it learned."""

from __future__ import annotations

from pydantic import TypeAdapter

from flows.problems import refuse
from runtime.learning.features import Features
from runtime.learning.model import Model, dump, load

_FEATURES = TypeAdapter(Features)


def written(features: Features, model: Model) -> bytes:
    """Return a version as bytes: the length of the first part, the columns as JSON, the model."""
    columns = _FEATURES.dump_json(features)
    return len(columns).to_bytes(8, "big") + columns + dump(model)


def brought_back(data: bytes) -> tuple[Features, Model]:
    """Return the version that `written` wrote; nothing is unpickled. Raises `Refused` for another file."""
    length = int.from_bytes(data[:8], "big")
    if len(data) < 8 + length:
        raise refuse("model-file", "This is no version of a model, or it is cut off.")
    return _FEATURES.validate_json(data[8 : 8 + length]), load(data[8 + length :])
