"""From what several people said to one decision a case, and the cases on which they do not agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from runtime.answers import table_of
from runtime.choosing.settling import DETAIL
from runtime.experience import in_force
from runtime.kernels import majority
from runtime.reliability.coefficients import krippendorff
from runtime.reliability.said import Integers, Said, said_in
from runtime.reliability.weighing import Way, way_for
from runtime.round import Round
from runtime.values import KEY, Answers, Cases, Decisions

if TYPE_CHECKING:
    from runtime.steps.agree import Agree, Agreed

NOT_AGREED = "People did not agree."
TOO_FEW = "Too few people answered."
_ADVISED = {
    "majority": "they decide, but do not show how people answer by themselves",
    "dawid-skene": "they decide, and are less independent of each other than they count",
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of each case.

    label: (cases,) place of the decision, -1 where there is none. sure: (cases,) the share of answers, or the
    chance, of the best label. votes: (cases,) how many said that label. answers: (cases,) how many there are.
    """

    label: Integers
    sure: npt.NDArray[np.float64]
    votes: Integers
    answers: Integers


def agree(step: Agree, round: Round, cases: Cases, answers: tuple[Answers, ...], earlier: Answers) -> Agreed:
    """Return what people decided together, and the other cases: together they are the cases that came in."""
    from runtime.steps.agree import Agreed

    picked = cases.table.frame()
    last = _together([in_force(each) for each in answers]).filter(pl.col(KEY).is_in(picked[KEY].implode()))
    seen = _to_learn_from(step, (earlier, *answers))
    labels = tuple(dict.fromkeys((*cases.predictions.classes, *_said_labels(last), *_said_labels(seen))))
    taught = said_in(seen, labels)
    way = way_for(taught, _known(seen, taught), step.method)
    said = said_in(last, labels, cases=picked[KEY].to_list(), people=taught.people)
    found = _outcome(step, said, way, _undecided(last, cases, said))
    for sentence in _sentences(step, way, said, found, last):
        round.say(sentence)
    decided = _decisions(round, cases, said, found, way)
    return Agreed(
        Decisions(round.table([decided]), records=cases.predictions.records, positive=cases.predictions.positive),
        Cases(round.table([_split(picked, said, found, step.people_at_least)]), predictions=cases.predictions),
    )


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames, how="diagonal_relaxed").unique("answer", keep="last", maintain_order=True)


def _to_learn_from(step: Agree, logs: tuple[Answers, ...]) -> pl.DataFrame:
    """Return the answers from which one can see how people answer, of each person on each question one.

    First answers are the last that were given before the model's advice was seen. Hidden known cases are among
    them only where the step says so.
    """
    frame = _together([table_of(log) for log in logs])
    if not step.known_cases:
        frame = frame.filter(~pl.col("probe"))
    if step.learn_from == "first answers":
        frame = frame.filter(~pl.col("advised"))
    frame = frame.filter(~pl.col("answer").is_in(frame["supersedes"].drop_nulls().implode()))
    # A case that changed is another one: only what was said of it as it is now can be compared.
    asked_in = pl.col("asked_in").fill_null(0)
    return frame.filter(asked_in == asked_in.max().over("step", KEY))


def _said_labels(frame: pl.DataFrame) -> list[str]:
    return sorted(frame.filter(pl.col("outcome") == "answered")["label"].unique())


def _known(frame: pl.DataFrame, said: Said) -> Integers:
    """Return (cases,) the label of each hidden known case, -1 for all others."""
    known = np.full(len(said.cases), -1, dtype=np.int64)
    probes = frame.filter(pl.col("probe") & pl.col("known_label").is_in(list(said.labels)))
    places = {key: place for place, key in enumerate(said.cases)}
    for key, label in probes.select(KEY, "known_label").unique().iter_rows():
        if key in places:
            known[places[key]] = said.labels.index(label)
    return known


def _undecided(frame: pl.DataFrame, cases: Cases, said: Said) -> npt.NDArray[np.bool_]:
    """Return (cases,) whether somebody rejected the model's label without saying which one is right instead."""
    open_rejections = frame.filter(
        (pl.col("label") == "reject") & pl.col("advised") & pl.col("model_label").is_in(cases.predictions.classes)
    )
    rejected = set() if "reject" in cases.predictions.classes else set(open_rejections[KEY])
    return np.array([key in rejected for key in said.cases], dtype=np.bool_)


def _outcome(step: Agree, said: Said, way: Way, rejected: npt.NDArray[np.bool_]) -> Outcome:
    counted = majority.reference(said.case, said.label, len(said.cases), len(said.labels))
    if way.people is None or not said.labels:
        label, votes = counted.label, counted.votes
        sure = votes / np.maximum(counted.answers, 1)
    else:
        chances = way.people.chances(said)
        best = chances.argmax(axis=1)
        sure = chances[np.arange(len(best)), best]
        alone = (chances >= sure[:, None]).sum(axis=1) == 1
        label = np.where(alone, best, -1)
        votes = np.bincount(said.case, weights=said.label == best[said.case], minlength=len(best)).astype(np.int64)
    enough = (counted.answers >= step.people_at_least) & (sure >= step.at_least)
    if "reject" in said.labels:
        enough &= ~(rejected & (label == said.labels.index("reject")))
    return Outcome(np.where(enough, label, -1), sure, votes, counted.answers)


def _decisions(round: Round, cases: Cases, said: Said, found: Outcome, way: Way) -> pl.DataFrame:
    places = np.flatnonzero(found.label >= 0)
    rows = [(said.cases[place], said.labels[found.label[place]], _detail(found, int(place), way)) for place in places]
    decided = pl.DataFrame(rows, schema={KEY: pl.String, "decision": pl.String, DETAIL: pl.String}, orient="row")
    return decided.select(
        KEY,
        "decision",
        decided_by=pl.lit("person"),
        round=pl.lit(round.number, pl.Int64),
        version=pl.lit(cases.predictions.version),
        probability=_chance(cases, decided),
        changed=pl.lit(False),
        **{DETAIL: pl.col(DETAIL)},
    )


def _detail(found: Outcome, place: int, way: Way) -> str:
    says = f"{found.votes[place]} of {found.answers[place]} said so"
    if way.people is None:
        return f"{says} (majority)"
    return f"{says}, {100 * min(found.sure[place], 0.99):.0f} % sure (Dawid-Skene)"


def _chance(cases: Cases, decided: pl.DataFrame) -> pl.Series:
    """Return what the model thinks of each decision; nothing where it does not know the label."""
    classes = cases.predictions.classes
    frames = cases.predictions.table.frames([KEY, "probability"])
    thought = pl.concat([frame.filter(pl.col(KEY).is_in(decided[KEY].implode())) for frame in frames])
    place = {label: number for number, label in enumerate(classes)}
    joined = decided.join(thought, on=KEY, how="left", maintain_order="left").with_columns(
        place=pl.col("decision").replace_strict(place, default=None, return_dtype=pl.Int64)
    )
    chance = pl.col("probability").arr.get(pl.col("place"), null_on_oob=True).cast(pl.Float32)
    return joined.select(pl.when(pl.col("place").is_not_null()).then(chance)).to_series()


def _split(picked: pl.DataFrame, said: Said, found: Outcome, people_at_least: int) -> pl.DataFrame:
    few = found.answers < people_at_least
    why = {key: TOO_FEW if few[place] else NOT_AGREED for place, key in enumerate(said.cases) if found.label[place] < 0}
    split = picked.filter(pl.col(KEY).is_in(list(why)))
    return split.with_columns(reason=pl.col(KEY).replace_strict(why, default=NOT_AGREED, return_dtype=pl.String))


def _sentences(step: Agree, way: Way, said: Said, found: Outcome, last: pl.DataFrame) -> Iterator[str]:
    """Yield which method was used and why, what came of it, and what to keep in mind."""
    name = "Majority" if way.people is None else "Dawid-Skene"
    yield f"{name} combined the answers: {way.why}."
    few = int(np.count_nonzero((found.answers < step.people_at_least) & (found.label < 0)))
    decided = int(np.count_nonzero(found.label >= 0))
    split = len(said.cases) - decided - few
    yield (
        f"{decided:,} of {len(said.cases):,} cases are decided; on {split:,} people do not agree, and {few:,} have "
        f"fewer than {step.people_at_least} answers."
    )
    if way.people is not None and not way.people.settled:
        yield "Dawid-Skene had not come to rest: take its decisions with care, or choose majority."
    advised = int(last["advised"].sum())
    if advised and step.method != "majority":
        yield f"{advised:,} answers were given after the model was seen: {_ADVISED[way.method]}."
    beyond = krippendorff(said)
    if beyond.value is not None:
        yield f"Agreement beyond chance (Krippendorff's alpha, last word of each): {beyond.says}."
