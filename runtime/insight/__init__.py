"""Insight: how well model, people and the two together do, and what each learned from the other."""

from runtime.insight.decisions_table import read_decisions
from runtime.insight.deferral import Prices
from runtime.insight.encounters import Encounters
from runtime.insight.finding import Finding
from runtime.insight.insight import Insight, insight_from, insight_of

__all__ = ["Encounters", "Finding", "Insight", "Prices", "insight_from", "insight_of", "read_decisions"]
