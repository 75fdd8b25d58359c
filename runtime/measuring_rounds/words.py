"""Figures in words: the value between its bounds, on how many of which cases, held against which truth."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runtime.measuring import Estimate
from runtime.measuring.wording import interval_words

AGREEMENT = "agreement"
"""What stands in the place of a truth where people and model are only held against each other."""


@dataclass(frozen=True)
class Words:
    """The names of the labels, so that a figure speaks of late cases and not of class 0."""

    classes: tuple[str, ...]
    positive: str

    def of(self, found: Estimate, noun: str, truth: str) -> str:
        """Return "0.83 (0.71 to 0.92, 60 cases held out, truth: outcome)", or what is still too little."""
        against = f", truth: {truth}" if truth and truth != AGREEMENT else ""
        if found.value is None or found.low is None or found.high is None:
            if not found.cases and truth in ("", AGREEMENT):
                return f"too few yet: no {noun}{'' if truth else ' whose truth is known'}"
            return f"{self._named(found.says)} ({noun}{against})"
        interval = interval_words(found.value, found.low, found.high)[:-1]
        silent = found.says.rpartition(")")[2]
        return f"{interval}, {found.cases:,} {noun}{against}){silent}"

    def _named(self, missing: str) -> str:
        """Return the sentence about what is missing with labels in the place of class numbers."""
        named = re.sub(r"(\d+) positive (cases?)", rf"\1 “{self.positive}” \2", missing)
        named = re.sub(r"(\d+) negative (cases?)", rf"\1 \2 that are not “{self.positive}”", named)
        named = re.sub(r"(cases?) decided positive", rf"\1 decided “{self.positive}”", named)
        return re.sub(r"(cases?) of class (\d+)", self._with_label, named)

    def _with_label(self, hit: re.Match[str]) -> str:
        return f"“{self.classes[int(hit[2])]}” {hit[1]}"
