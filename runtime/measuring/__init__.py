"""Honest numbers: measures with intervals that hold under weights, clusters and a look in every round."""

from runtime.measuring.estimate import Estimate, estimate
from runtime.measuring.looks import alpha_for_look, cases_to_prove, proof_in_words
from runtime.measuring.pair import Pair, paired
from runtime.measuring.sample import Measure, Sample
from runtime.measuring.verdict import Standing, Verdict, aim_met, verdict

__all__ = [
    "Estimate",
    "Measure",
    "Pair",
    "Sample",
    "Standing",
    "Verdict",
    "aim_met",
    "alpha_for_look",
    "cases_to_prove",
    "estimate",
    "paired",
    "proof_in_words",
    "verdict",
]
