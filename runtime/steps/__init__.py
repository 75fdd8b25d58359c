"""The built-in kinds of step."""

from __future__ import annotations

from flows.step import Step
from runtime.steps.agree import Agree
from runtime.steps.choose import Decide, PickCases
from runtime.steps.correct import ApplyCorrections
from runtime.steps.deliver import WriteTable
from runtime.steps.demo import DemoData
from runtime.steps.derive import DeriveColumn
from runtime.steps.measure import MeasureQuality
from runtime.steps.model import PredictLabel
from runtime.steps.people import AskPeople
from runtime.steps.prepare import KeepColumns, KeepRows
from runtime.steps.source import ReadOutcomes, ReadTable

BUILTIN: tuple[type[Step], ...] = (
    ReadTable,
    ReadOutcomes,
    DemoData,
    KeepRows,
    KeepColumns,
    DeriveColumn,
    ApplyCorrections,
    PredictLabel,
    PickCases,
    Decide,
    AskPeople,
    Agree,
    MeasureQuality,
    WriteTable,
)
