"""Hidden known cases: asked like all others, so that it shows how well people do by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from runtime.chance import uniform
from runtime.choosing.asking import rows_about, shown_of
from runtime.choosing.deadlines import deadline_of
from runtime.round import Round
from runtime.values import KEY, Cases

if TYPE_CHECKING:
    from runtime.steps.people import AskPeople

REASON = "A known case, asked to see how well people do."
_KNOWN_FROM = ("data", "outcome")
_TRIED = 20
"""How many known cases are looked at for each that is wanted: not all of them can be asked alike."""


@dataclass(frozen=True)
class Probes:
    """Known cases to ask about, and the columns that nobody sees this round since they would tell them apart.

    `sentences` say what was left out, to whoever looks at the run; no case is named.
    """

    rows: tuple[dict[str, Any], ...]
    hidden: frozenset[str]
    sentences: tuple[str, ...]
    labels: Mapping[str, str]

    def remembered(self, case: Mapping[str, Any]) -> dict[str, object]:
        """Return what the context of a question holds beside: whether it is about a known case, and its label."""
        label = self.labels.get(str(case[KEY]))
        return {} if label is None else {"probe": True, "known_label": label}


def no_probes() -> Probes:
    """Return that no known case is asked."""
    return Probes((), frozenset(), (), {})


def probes_among(step: AskPeople, round: Round, cases: Cases, asked: Sequence[dict[str, Any]]) -> Probes:
    """Return known cases that cannot be told from those that are asked, drawn at random and never asked before.

    Nobody sees the target or what was made from it. A column that is empty for all other cases is hidden
    for all. A known case that lacks what all others have, or whose deadline has passed, is not asked.
    """
    if not asked:
        return no_probes()
    telling = {name for name in asked[0] if cases.predictions.target in cases.predictions.records.origin(name)}
    shown = [_visible(step, case, cases, telling) for case in asked]
    fit = [
        case
        for case in rows_about(cases, _drawn(step, round, cases, {str(case[KEY]) for case in asked}))
        if not _lacks(_visible(step, case, cases, telling), shown) and not _too_late(step, case, round)
        if _has_own(step, case, asked)
    ][: step.probes]
    probing = [_visible(step, case, cases, telling) for case in fit]
    empty = {name for name in shown[0] if all(_empty(one[name]) for one in shown)}
    filled = {name for name in empty if any(not _empty(one[name]) for one in probing)}
    labels = {str(case[KEY]): str(case["\0label"]) for case in fit}
    return Probes(tuple(fit), frozenset(telling | filled), tuple(_sentences(step, len(fit), filled)), labels)


def _drawn(step: AskPeople, round: Round, cases: Cases, asked: set[str]) -> pl.DataFrame:
    """Return the known cases that were drawn, as a table of picked ones, those to be asked first in front."""
    gone = pl.Series(sorted(asked | round.open_questions() | round.answered_questions()), dtype=pl.String).implode()
    most = _TRIED * step.probes
    kept = pl.DataFrame(schema={KEY: pl.String, "draw": pl.Float64})
    labels = list(cases.predictions.classes)
    for frame in cases.predictions.table.frames([KEY, "known", "label"]):
        known = frame.filter(
            pl.col("known").is_in(_KNOWN_FROM) & pl.col("label").is_in(labels) & ~pl.col(KEY).is_in(gone)
        )
        draws = pl.Series("draw", uniform(known[KEY], (round.seed, "probes")), dtype=pl.Float64)
        kept = pl.concat([kept, known.select(KEY).with_columns(draws)]).sort("draw", KEY).head(most)
    return kept.select(
        KEY,
        reason=pl.lit(REASON),
        urgency=pl.lit(0.0),
        drawn_with=pl.lit(None, pl.Float64),
        also_picked=pl.lit(False),
    )


def _visible(step: AskPeople, case: Mapping[str, Any], cases: Cases, telling: set[str]) -> dict[str, Any]:
    return {name: value for name, value in shown_of(step, case, cases).items() if name not in telling}


def _lacks(case: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a case is empty where no other one is."""
    return any(_empty(value) and not any(_empty(one[name]) for one in others) for name, value in case.items())


def _has_own(step: AskPeople, case: Mapping[str, Any], asked: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether what the question is about is there for a case if it is there for any other one."""
    own = step.own_columns()
    return all(_empty(case[name]) != any(not _empty(one[name]) for one in asked) for name in own)


def _too_late(step: AskPeople, case: Mapping[str, Any], round: Round) -> bool:
    ends = [deadline_of(step.deadline, case, round.now)]
    ends += [deadline_of(step.escalate_after, case, round.now)] if step.escalate_to else []
    return any(end is not None and end <= round.now for end in ends)


def _empty(value: object) -> bool:
    return value is None or value == ""


def _sentences(step: AskPeople, found: int, hidden: set[str]) -> list[str]:
    told = [f"{found} known cases are asked among the others." if found != 1 else "1 known case is asked."]
    if found < step.probes:
        told.append(
            f"{step.probes} were wanted: no other known case is new to people, has all that the cases asked have, and "
            "has time left before its deadline."
        )
    if hidden:
        names = ", ".join(sorted(hidden))
        told.append(f"Nobody is shown {names}: only known cases have it, so it would tell them apart.")
    return told
