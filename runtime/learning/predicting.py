"""The work of `predict-label`: gather what is known, learn from it, predict every case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from flows.problems import refuse
from runtime.changes import row_digest
from runtime.experience import Known, from_people, latest_outcomes
from runtime.labels import spelled_as
from runtime.learning.features import ColumnType, Features, learn_features
from runtime.learning.holding import groups_of, held_out
from runtime.learning.leaks import near_perfect_columns
from runtime.learning.model import Model, Training, fit
from runtime.learning.versions import brought_back, written
from runtime.partitions import map_partitions
from runtime.round import Round
from runtime.values import KEY, Answers, Outcomes, Predictions, Records

if TYPE_CHECKING:
    from runtime.steps.model import PredictLabel

REFERENCE_ROWS = 20_000
"""How many rows, spread over all partitions, the columns are understood from."""


def predict_label(
    step: PredictLabel, round: Round, records: Records, answers: Answers, outcomes: Outcomes
) -> Predictions:
    """Return what the model thinks of every case, having learned from what is known and not held out."""
    data, happened = _from_data(step, round, records), _from_outcomes(step, outcomes)
    known = {**data, **from_people(answers, step.labels), **happened}
    lessons = {**data, **from_people(answers, step.labels, "to learn from"), **happened}
    classes = _classes(step, known | lessons)
    known, lessons = (
        {key: fact for key, fact in facts.items() if fact.label in classes} for facts in (known, lessons)
    )
    learned = _bring_back(step, round) or _learn(step, round, records, lessons, classes)

    def predict(frame: pl.DataFrame) -> pl.DataFrame:
        return _predicted(step, frame, learned, known)

    told = partial(round.progress, "rows predicted")
    table = round.table(map_partitions(predict, records.table, told))
    for note in learned.model.notes:
        round.say(note)
    return Predictions(
        table,
        records=records,
        classes=learned.model.classes,
        positive=step.positive or (learned.model.classes[-1] if len(learned.model.classes) == 2 else ""),
        target=step.target,
        version=learned.model.version,
        shares=tuple(float(share) for share in learned.model.shares),
        learned_from=learned.model.answers,
    )


@dataclass(frozen=True)
class Learned:
    """A model together with the way in which it reads a table."""

    features: Features
    model: Model


def _from_data(step: PredictLabel, round: Round, records: Records) -> dict[str, Known]:
    if step.target not in records.table.columns:
        return {}
    spell = spelled_as(step.labels)
    labels: dict[str, str] = {}
    for frame in records.table.frames([KEY, step.target]):
        rows = frame.drop_nulls(step.target)
        labels |= dict(zip(rows[KEY], map(spell, rows[step.target]), strict=True))
    strange = Counter(word for word in labels.values() if step.labels and word not in step.labels)
    if strange:
        _tell_strange(step, round, strange, len(labels))
    # Rows whose label came with the data stand for all others, as if drawn at random.
    share = len(labels) / max(records.count, 1)
    return {key: Known(label, "data", drawn_with=share) for key, label in labels.items()}


def _tell_strange(step: PredictLabel, round: Round, strange: Counter[str], known: int) -> None:
    found = ", ".join(f"{word!r} ({count:,} times)" for word, count in strange.most_common(5))
    if strange.total() == known:
        raise refuse(
            "labels-strange",
            f"The column '{step.target}' holds none of the labels {', '.join(step.labels)}. It holds {found}. "
            "Name those in `labels`.",
            "labels",
        )
    round.say(f"{strange.total():,} values of '{step.target}' are none of its labels and are left out: {found}.")


def _from_outcomes(step: PredictLabel, outcomes: Outcomes) -> dict[str, Known]:
    spell = spelled_as(step.labels)
    return {key: Known(spell(label), "outcome", drawn_with=1.0) for key, label in latest_outcomes(outcomes).items()}


def _classes(step: PredictLabel, known: Mapping[str, Known]) -> tuple[str, ...]:
    found = tuple(step.labels) or tuple(sorted({fact.label for fact in known.values()}))
    if len(found) < 2:
        raise refuse(
            "labels-missing",
            f"'{step.target}' has {'only the label ' + found[0] if found else 'no label yet'}, so there is nothing "
            "to tell apart. Name the labels in the setting `labels`.",
            "labels",
        )
    return found


def _learn(
    step: PredictLabel, round: Round, records: Records, known: Mapping[str, Known], classes: tuple[str, ...]
) -> Learned:
    features = learn_features(_reference(records), _types(step, records, round))
    rows = _training_rows(step, records, known)
    _refuse_perfect(step, round, records, rows, known, classes, features)
    facts = [known[key] for key in rows[KEY]]
    training = Training(
        x=features.encode(rows),
        labels=np.array([classes.index(fact.label) for fact in facts], dtype=np.int64),
        weights=np.ones(len(facts)),
        groups=np.array(groups_of(step, rows).to_list(), dtype=np.str_),
        audit=_pooled(facts, records.count),
    )
    prior = tuple(step.shares.get(label, 0.0) for label in classes) if step.shares else None
    model = fit(training, classes, step.method, round.seed, prior)
    learned = Learned(features, model)
    round.keep_model(model.version, written(features, model), answers=model.answers, method=step.method)
    return learned


def _bring_back(step: PredictLabel, round: Round) -> Learned | None:
    if not step.bring_back:
        return None
    data = round.model(step.bring_back)
    if data is None:
        raise refuse(
            "version-unknown",
            f"There is no version {step.bring_back} of this model in this book. `tandem status` lists those there are.",
            "bring_back",
        )
    features, model = brought_back(data)
    return Learned(features, model)


def _types(step: PredictLabel, records: Records, round: Round) -> dict[str, ColumnType]:
    """Return the columns to learn from: not the target, not what it was made from, not what is left out."""
    made_from = records.origin(step.target) - set(step.known_before)
    derived = {name for name in records.types if records.origin(name) & made_from} - set(step.known_before)
    refused = sorted((made_from | derived) & set(records.types) - {step.target} - set(step.leave_out))
    if refused:
        round.say(f"{', '.join(refused)} tell the target '{step.target}' and are left out.")
    out = {step.target, *step.leave_out, *refused, *step.group, *records.key}
    return {name: kind for name, kind in records.types.items() if name not in out}  # type: ignore[misc]


def _reference(records: Records) -> pl.DataFrame:
    each = max(1, REFERENCE_ROWS // max(len(records.table.parts), 1))
    frames = [frame.head(each) for frame in records.table.frames()]
    return pl.concat(frames) if frames else pl.DataFrame()


def _training_rows(step: PredictLabel, records: Records, known: Mapping[str, Known]) -> pl.DataFrame:
    """Return the rows to learn from: known, independent of the model's advice, and not held out."""
    usable = [key for key, fact in known.items() if fact.independent or step.advised_answers == "use"]
    wanted = pl.Series(usable, dtype=pl.String).implode()

    def training(frame: pl.DataFrame) -> pl.DataFrame:
        rows = frame.filter(pl.col(KEY).is_in(wanted))
        return rows.filter(pl.Series(held_out(step, rows) == 0, dtype=pl.Boolean)) if rows.height else rows

    frames = list(map_partitions(training, records.table))
    return pl.concat(frames) if frames else pl.DataFrame()


def _refuse_perfect(
    step: PredictLabel,
    round: Round,
    records: Records,
    rows: pl.DataFrame,
    known: Mapping[str, Known],
    classes: tuple[str, ...],
    features: Features,
) -> None:
    types = {name: kind for name, kind in records.types.items() if name in features.columns}
    labels = np.array([classes.index(known[key].label) for key in rows[KEY]], dtype=np.int64)
    groups = np.array(groups_of(step, rows).to_list(), dtype=np.str_)
    leaks = near_perfect_columns(rows, types, labels, classes, groups)  # type: ignore[arg-type]
    for leak in leaks:
        if step.perfect_columns == "stop":
            raise refuse(
                "column-too-good",
                f"{leak.says} It may be known only after the decision: then name it in `leave_out`. If it is known "
                "before, set `perfect_columns: go on`.",
                "leave_out",
            )
        round.say(leak.says)


def _changed(frame: pl.DataFrame, known: Mapping[str, Known]) -> pl.Series:
    """Return (n,) whether a case is no longer what people answered about."""
    answered = [key for key, fact in known.items() if fact.row]
    rows = frame.filter(pl.col(KEY).is_in(pl.Series(answered, dtype=pl.String).implode()))
    gone = {row[KEY] for row in rows.iter_rows(named=True) if row_digest(row) != known[row[KEY]].row}
    return pl.Series([key in gone for key in frame[KEY]], dtype=pl.Boolean)


def _pooled(facts: list[Known], population: int) -> npt.NDArray[np.float64]:
    """Return (n,) one probability for all rows drawn at random so far, NaN for those picked otherwise.

    Each draw's own probability would let the few audit cases of a round outweigh a whole start set.
    """
    random = np.array([fact.drawn_with is not None for fact in facts], dtype=bool)
    return np.where(random, min(1.0, random.sum() / max(population, 1)), np.nan)


def _predicted(step: PredictLabel, frame: pl.DataFrame, learned: Learned, known: Mapping[str, Known]) -> pl.DataFrame:
    chances = learned.model.predict(learned.features.encode(frame))
    facts = [known.get(key) for key in frame[KEY]]
    return pl.DataFrame(
        {
            KEY: frame[KEY],
            "probability": pl.Series(chances, dtype=pl.Array(pl.Float32, chances.shape[1])),
            "known": pl.Series([fact.source if fact else "" for fact in facts], dtype=pl.String),
            "label": pl.Series([fact.label if fact else None for fact in facts], dtype=pl.String),
            "held_out": pl.Series(held_out(step, frame), dtype=pl.Int8),
            "group": groups_of(step, frame),
            "changed": _changed(frame, known),
        }
    )
