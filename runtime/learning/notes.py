"""What a person should know about a fitted model, in plain sentences."""

from __future__ import annotations

import numpy as np

from runtime.learning.training import Training

FEW = 30


def notes(rows: Training, classes: tuple[str, ...], prior_given: bool) -> tuple[str, ...]:
    """Say where the training rows are thin: none, few, one label only, labels never seen."""
    n = len(rows.labels)
    if n == 0:
        return (f"No answers so far: every case gets {'the shares given' if prior_given else 'equal shares'}.",)
    seen = np.unique(rows.labels)
    if len(seen) == 1:
        label = classes[seen[0]]
        return (f"{_answers(n)} “{label}”: until another label is seen, every case gets the same shares.",)
    said = []
    if n < FEW:
        said.append(f"Only {n} answers so far: the model leans on the share of each label.")
    if unseen := [name for place, name in enumerate(classes) if place not in seen]:
        named = ", ".join(f"“{name}”" for name in unseen[:5]) + (" and others" if len(unseen) > 5 else "")
        said.append(f"No answer says {named} so far: such labels get a small, equal chance in every case.")
    return tuple(said)


def calibrated_on(random: int, wanted: int, rare: int, rare_wanted: int) -> str:
    """Say which rows decided how scores become probabilities."""
    if random >= wanted and rare >= rare_wanted:
        return f"Probabilities were set by {random} cases drawn at random, each judged by a model that had not seen it."
    if random:
        return (
            f"{random} answered cases were drawn at random, {rare} of them with the rarest label seen; "
            f"{wanted} and {rare_wanted} are needed to set probabilities by them. "
            "Until then probabilities lean on the estimated share of each label."
        )
    return (
        "No answered case was drawn at random: probabilities speak of cases like those picked, "
        "and may be off for all cases."
    )


def _answers(n: int) -> str:
    return "The only answer says" if n == 1 else f"All {n} answers say"
