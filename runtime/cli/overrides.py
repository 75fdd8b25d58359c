"""Settings for one run: `--set step.setting=value`, read by the rules of the flow file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from flows.problems import Refused
from runtime.cli.parser import misused

if TYPE_CHECKING:
    from flows.step import Plain


def override(text: str) -> tuple[str, str]:
    """Return the place and the value, both as text, of one `--set`."""
    place, equals, value = text.partition("=")
    step, dot, setting = place.strip().partition(".")
    if not (equals and dot and step and setting):
        raise argparse.ArgumentTypeError(f"'{text:.80}' is not understood. Write step.setting=value.")
    return place.strip(), value


def overrides(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Plain]:
    """Return settings by place, each value read as it would be in the file."""
    return {place: _value(place, text) for place, text in pairs}


def _value(place: str, text: str) -> Plain:
    from flows.document import read

    try:
        data = read(f"value: {text}\n").data
    except Refused as refused:
        why = refused.problems[0].message.removeprefix("Line 1: ")
        raise misused(f"--set {place}: '{text:.80}' cannot be read as a value: {why}") from None
    if set(data) != {"value"}:
        raise misused(f"--set {place}: '{text:.80}' is more than one value. Put text in quotes: '\"...\"'.")
    return data["value"]
