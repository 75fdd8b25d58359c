"""The built-in kinds of step."""

from __future__ import annotations

from flows.step import Step
from runtime.steps.choose import Decide, PickCases
from runtime.steps.deliver import WriteTable
from runtime.steps.model import PredictLabel
from runtime.steps.people import AskPeople
from runtime.steps.source import ReadOutcomes, ReadTable

BUILTIN: tuple[type[Step], ...] = (
    ReadTable,
    ReadOutcomes,
    PredictLabel,
    PickCases,
    Decide,
    AskPeople,
    WriteTable,
)
