"""What is known of each case by now: from the data, from people, from outcomes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runtime.values import KEY, Answers, Outcomes

if TYPE_CHECKING:
    import polars as pl

From = Literal["data", "person", "outcome"]
Which = Literal["to learn from", "in force"]


@dataclass(frozen=True)
class Known:
    """The label of one case, where it is known from, and how it came to be asked.

    `drawn_with` is the probability with which an audit case was drawn; None where the case was
    picked for another reason or never asked. `independent` is false where every answer was given
    after the model's advice was seen. `row` is a digest of the case as people were asked about it.
    """

    label: str
    source: From
    drawn_with: float | None = None
    independent: bool = True
    row: str = ""


def in_force(answers: Answers) -> pl.DataFrame:
    """Return the log's answers that nothing later takes the place of: what decides.

    A later answer of the same person supersedes an earlier one; and where a step asked about a case anew
    because it had changed, only what people say of the case as it is now counts. Hidden known cases
    (probes) decide nothing and are left out.
    """
    return _last(_asked(answers))


def to_learn_from(answers: Answers) -> pl.DataFrame:
    """Return the log's answers that teach: of each person on each question what they said by themselves.

    That is the last answer before the model's advice was seen; who had seen it from the beginning has
    only given dependent ones, and the one in force is returned. Where the step that asked says
    `learn_from: final answers`, it is always the one in force.
    """
    import polars as pl

    from runtime.answers import FINAL

    frame = _asked(answers)
    if not frame["advised"].any():
        return _last(frame)
    alone = _last(frame.filter(~pl.col("advised") & (pl.col("learn_from") != FINAL)))
    others = _last(frame).join(alone, on=["question", "person"], how="anti", maintain_order="left")
    taken = [*alone["answer"], *others["answer"]]
    return frame.filter(pl.col("answer").is_in(taken))


def _asked(answers: Answers) -> pl.DataFrame:
    """Return the answers on cases as they are now, without the hidden known cases."""
    import polars as pl

    from runtime.answers import table_of

    frame = table_of(answers).filter(~pl.col("probe"))
    asked_in = pl.col("asked_in").fill_null(0)
    return frame.filter(asked_in == asked_in.max().over("step", KEY))


def _last(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return frame.filter(~pl.col("answer").is_in(frame["supersedes"].drop_nulls().implode()))


def latest_outcomes(outcomes: Outcomes) -> dict[str, str]:
    """Return for each case the outcome that became known last; corrections replace what they correct."""
    frame = outcomes.table.frame()
    if not frame.height:
        return {}
    # A stable sort: of two outcomes known at the same moment the one sealed later counts.
    return dict(frame.sort("known_at", maintain_order=True).select(KEY, "label").iter_rows())


def from_people(answers: Answers, labels: tuple[str, ...] = (), which: Which = "in force") -> dict[str, Known]:
    """Return what people say of each case: the label that most of them gave; a tie says nothing.

    What decides are the answers `in force`; a model learns from those `to learn from`, which were given
    before its own advice was seen.
    """
    said: dict[str, list[tuple[str, bool]]] = {}
    drawn: dict[str, float | None] = {}
    rows: dict[str, str] = {}
    frame = in_force(answers) if which == "in force" else to_learn_from(answers)
    for key, label, outcome, advised, chance, row in frame.select(
        KEY, "label", "outcome", "advised", "drawn_with", "row"
    ).iter_rows():
        if outcome == "answered" and (not labels or label in labels):
            said.setdefault(key, []).append((label, not advised))
            drawn[key], rows[key] = chance, row
    known = {}
    for key, votes in said.items():
        label = majority([label for label, _ in votes])
        if label is not None:
            known[key] = Known(label, "person", drawn[key], any(alone for _, alone in votes), rows[key])
    return known


def majority(votes: list[str]) -> str | None:
    """Return the label that more people gave than any other, or None on a tie."""
    counts = Counter(votes).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return None
    return counts[0][0]
