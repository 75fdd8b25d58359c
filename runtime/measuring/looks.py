"""Looking again in every round without fooling oneself, and what proof costs before anyone has looked."""

from __future__ import annotations

import math


def alpha_for_look(look: int, alpha: float = 0.05, announced: int | None = None) -> float:
    """Return the chance of missing that one look may use, so that all looks together miss at most `alpha`.

    look: number of the look, from 1.
    announced: how many looks there will be, said before the first: each gets alpha / announced (Bonferroni).
    Otherwise look number n gets 6 alpha / (pi n) squared, which sums to alpha over all looks for ever, so
    nobody has to know when it ends.
    Raises ValueError for a look below 1, or beyond the announced ones, for which nothing is left.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1 (0.05 for 95 % intervals), not {alpha}.")
    if look < 1:
        raise ValueError(f"Looks are numbered from 1; this one is {look}.")
    if announced is None:
        return alpha * 6 / (math.pi * look) ** 2
    if look > announced:
        raise ValueError(
            f"{announced} looks were announced and this is look {look}: no chance of error is left for it. "
            "Announce more looks before the first, or announce none."
        )
    return alpha / announced


def cases_to_prove(target: float, alpha: float = 0.05) -> int:
    """Return how many cases without a single miss show that a share is at least `target`: 59 for 0.95.

    The smallest n with target ** n <= alpha: with a share below the target, n hits in a row would come with a
    chance of at most alpha. A two-sided interval puts half of its alpha on each side: its lower bound reaches
    the target from cases_to_prove(target, alpha / 2) on.
    Raises ValueError when target or alpha is not between 0 and 1; 1 can never be proved.
    """
    if not 0 < target < 1:
        raise ValueError(f"Only a share between 0 and 1 can be proved from cases, not {target}.")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    count = max(math.floor(math.log(alpha) / math.log(target)) - 1, 1)
    while target**count > alpha:
        count += 1
    return count


def proof_in_words(measure: str, target: float, alpha: float = 0.05) -> str:
    """Return the sentence that says what the proof of an aim such as `recall >= 0.95` costs at the least."""
    what = {"recall": "positive cases", "precision": "cases decided positive"}.get(measure, "cases")
    count = cases_to_prove(target, alpha)
    return (
        f"A {measure.replace('_', ' ')} of {target:g} needs at least {count:,} {what} without a miss, "
        f"and more with every miss."
    )
