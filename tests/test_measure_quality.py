"""What `measure-quality` says of cases that were made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.problems import Refused
from runtime.answers import COLUMNS as ANSWERS
from runtime.artifacts import Artifacts
from runtime.figures import COLUMNS
from runtime.round import Memory, Round
from runtime.steps.measure import MeasureQuality
from runtime.values import KEY, Answers, Decisions, Figure, Measures, Outcomes, Predictions, Records, Table

CLASSES = ("yes", "no")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Labels = Mapping[str, str]


class Scene:
    """Predictions, answers and outcomes made by hand; `measured` hands them to the step."""

    def __init__(self, folder: Path) -> None:
        self.artifacts = Artifacts(folder)
        self.answers: list[dict[str, object]] = []
        self.outcomes: dict[str, str] = {}
        self.sealed: dict[str, Labels] = {}
        self.rehearsal, self.number, self.parts = True, 1, 1
        self.columns: dict[str, list[object]] = {}
        self.decisions: tuple[Decisions, ...] = ()
        self.notes: list[str] = []
        self.cases: list[tuple[str, float, int, str]] = []

    def case(self, key: str, yes: float = 0.9, held_out: int = 0, known: str = "") -> None:
        self.cases.append((key, yes, held_out, known))

    def answer(self, key: str, label: str, **said: object) -> None:
        """Let a person answer; `yes` is what the model thought when it was asked."""
        yes = float(said.pop("yes", 0.9))  # type: ignore[arg-type]
        row: dict[str, object] = dict.fromkeys(ANSWERS)
        row |= {"answer": f"a{len(self.answers)}", "question": f"q{key}", KEY: key, "person": "ann"}
        row |= {"label": label, "outcome": "answered", "blind": True, "also_picked": False}
        row |= {"model_label": "yes" if yes >= 0.5 else "no", "probability": [yes, 1 - yes]}
        self.answers.append({**row, **said})

    def drawn(self, count: int, truth: str, said: str, yes: float, name: str = "d", **more: object) -> None:
        """Let `count` cases be drawn at random and answered; their outcome is `truth`."""
        for number in range(count):
            key = f"{name}{number}"
            self.outcomes[key] = truth
            self.answer(key, said, **{"yes": yes, "drawn_with": 0.5, **more})

    def decided(self, rows: Sequence[tuple[str, str, str]], threshold: float | None = None) -> None:
        kinds = dict.fromkeys((KEY, "decision", "decided_by"), pl.String)
        frame = pl.DataFrame(rows, schema=kinds, orient="row")
        made = Decisions(self.table(frame), records=self.records(), positive="yes", threshold=threshold)
        self.decisions += (made,)

    def measured(self, **settings: object) -> Mapping[str, Figure]:
        return {figure.measure: figure for figure in self.result(**settings).figures}

    def result(self, **settings: object) -> Measures:
        memory = Memory(truth={step: self.labels(truth) for step, truth in self.sealed.items()})
        round = Round(
            seed=1, artifacts=self.artifacts, rehearsal=self.rehearsal, opens_truth=True, memory=memory,
            _number=self.number, _now=NOON,
        )  # fmt: skip
        step = MeasureQuality.model_validate(settings)
        found = step.run(
            round, predictions=self.predictions(), decisions=self.decisions,
            answers=self.log(), outcomes=Outcomes(self.known()),
        )  # fmt: skip
        self.notes = round.left.notes
        return found

    def rows(self, who: str, cases: str, **settings: object) -> Mapping[str, Mapping[str, object]]:
        frame = self.result(**settings).table.frame()
        assert tuple(frame.columns) == COLUMNS
        wanted = frame.filter((pl.col("who") == who) & (pl.col("cases") == cases))
        return {row["measure"]: row for row in wanted.to_dicts()}

    def records(self) -> Records:
        keys = [key for key, *_ in self.cases]
        frame = pl.DataFrame({KEY: keys, **self.columns}, schema_overrides={KEY: pl.String})
        return Records(self.table(frame))

    def predictions(self) -> Predictions:
        frame = pl.DataFrame(
            {
                KEY: pl.Series([key for key, *_ in self.cases], dtype=pl.String),
                "probability": pl.Series(
                    [[yes, 1 - yes] for _, yes, *_ in self.cases], dtype=pl.Array(pl.Float32, 2)
                ),
                "known": pl.Series([known for *_, known in self.cases], dtype=pl.String),
                "held_out": pl.Series([half for _, _, half, _ in self.cases], dtype=pl.Int8),
            }
        )
        size = max(1, -(-frame.height // max(self.parts, 1)))
        starts = range(0, max(frame.height, 1), size) if self.parts else ()
        table = Table.store(self.artifacts, [frame[at : at + size] for at in starts])
        about = {"classes": CLASSES, "positive": "yes", "target": "late", "learned_from": 50}
        return Predictions(table, records=self.records(), **about)

    def log(self) -> Answers:
        if not self.answers:
            return Answers(Table({}, (), self.artifacts))
        kinds = {"probability": pl.List(pl.Float32), "drawn_with": pl.Float64, "supersedes": pl.String}
        frame = pl.DataFrame(self.answers, schema_overrides=kinds, infer_schema_length=None)
        return Answers(self.table(frame))

    def known(self) -> Table:
        if not self.outcomes:
            return Table({}, (), self.artifacts)
        return self.table(self.labels(self.outcomes).frame().with_columns(known_at=pl.lit(NOON)))

    def labels(self, labels: Labels) -> Table:
        return self.table(pl.DataFrame({KEY: list(labels), "label": list(labels.values())}))

    def table(self, frame: pl.DataFrame) -> Table:
        return Table.store(self.artifacts, [frame])


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_it_tells_exactly_the_figures_that_it_declares(scene: Scene) -> None:
    assert sorted(scene.measured()) == sorted(measured.name for measured in MeasureQuality.measures)


def test_tables_without_a_single_row_are_said_to_be_too_few(scene: Scene) -> None:
    scene.parts = 0
    scene.decided([])
    assert all(figure.value is None and figure.says for figure in scene.measured().values())


def test_the_model_is_measured_on_the_reporting_half_alone(scene: Scene) -> None:
    for number in range(40):
        right = number % 4 > 0
        scene.case(f"c{number}", 0.9 if right else 0.1, held_out=2)
        scene.case(f"other{number}", 0.1, held_out=number % 2)
        scene.outcomes |= {f"c{number}": "yes", f"other{number}": "yes"}
    found = scene.measured()["model_accuracy"]
    assert found.value == 0.75
    assert found.says.endswith("40 cases held out, truth: outcome)")
    assert "0.5 is chance" in scene.notes[1] and "set `audit`" in scene.notes[0]


def test_an_outcome_counts_before_a_known_label_and_that_before_the_hidden_truth(scene: Scene) -> None:
    for number in range(30):
        scene.case(f"c{number}", 0.9, held_out=2)
    scene.columns["late"] = ["no"] * 20 + [None] * 10
    scene.outcomes = {f"c{number}": "yes" for number in range(10)}
    scene.sealed["shipments"] = {f"c{number}": "yes" for number in range(30)}
    row = scene.rows("model", "held-out")["accuracy"]
    assert row["value"] == pytest.approx(20 / 30)
    assert row["truth"] == "known case and outcome and sealed truth"


def test_the_threshold_of_the_flow_makes_the_hard_decision(scene: Scene) -> None:
    for number in range(20):
        scene.case(f"c{number}", 0.3, held_out=2)
        scene.outcomes[f"c{number}"] = "yes"
    assert scene.measured()["model_recall"].value == 0
    scene.decided([], threshold=0.25)
    assert scene.measured()["model_recall"].value == 1


def test_cases_drawn_at_random_weigh_one_over_their_chance(scene: Scene) -> None:
    """20 cases right that stand for 2 each, and 20 wrong that stand for 10 each: 40 of 240 are right."""
    scene.drawn(20, "yes", "yes", 0.9)
    scene.drawn(20, "yes", "no", 0.1, name="e", drawn_with=0.1)
    found = scene.measured()
    assert found["people_accuracy"].value == pytest.approx(40 / 240)
    assert scene.rows("model", "audit")["accuracy"]["value"] == pytest.approx(40 / 240)


def test_what_was_picked_for_being_hard_says_nothing_of_all_cases(scene: Scene) -> None:
    scene.drawn(30, "yes", "yes", 0.9, drawn_with=None)
    found = scene.measured()
    assert found["people_accuracy"].value is None and found["team_accuracy"].value is None
    asked = scene.rows("people", "asked")["accuracy"]
    assert asked["value"] == 1 and "asked cases" in str(asked["says"])


def test_the_team_is_the_person_where_a_case_would_have_been_picked_and_else_the_model(scene: Scene) -> None:
    scene.drawn(12, "yes", "yes", 0.1, also_picked=True)
    scene.drawn(24, "yes", "yes", 0.1, name="alone")
    found = scene.measured()
    assert found["team_accuracy"].value == pytest.approx(12 / 36)
    assert found["team_minus_model"].value == pytest.approx(12 / 36)
    assert found["team_minus_people"].value == pytest.approx(-24 / 36)
    assert "by accuracy: the team is worse than people" in scene.notes[0]


def test_the_team_is_better_only_when_it_is_shown_against_both(scene: Scene) -> None:
    """The model finds what people miss, and people decide where the model misses."""
    scene.drawn(60, "yes", "no", 0.9)
    scene.drawn(60, "no", "no", 0.9, name="e", also_picked=True)
    scene.measured()
    assert "the team is better than the model and than people alone" in scene.notes[0]
    scene.answers = [*scene.answers[:9], *scene.answers[60:63]]
    scene.measured()
    assert "not shown that the team is better" in scene.notes[0]


def test_what_the_model_thought_when_asked_counts_and_not_what_it_thinks_now(scene: Scene) -> None:
    scene.drawn(20, "yes", "yes", 0.1)
    for number in range(20):
        scene.case(f"d{number}", 0.99)
    assert scene.rows("model", "audit")["accuracy"]["value"] == 0


@pytest.mark.parametrize(
    "thought",
    [
        {"probability": [0.5, 0.5], "model_label": "yes"},
        {"probability": None, "model_label": "yes"},
        {"probability": [0.2, 0.3, 0.5], "model_label": "no"},
        {"probability": [0.9, 0.1], "model_label": "no"},
        {"probability": [0.9, 0.1], "model_label": "gone"},
    ],
    ids=["equal shares", "none", "other number of labels", "other order of labels", "a label of the past"],
)
def test_a_model_that_knew_nothing_or_other_labels_has_said_nothing(
    scene: Scene, thought: dict[str, object]
) -> None:
    scene.drawn(20, "yes", "yes", 0.9, **thought)
    assert scene.rows("model", "audit")["accuracy"]["cases_count"] == 0
    assert scene.measured()["people_accuracy"].value == 1


def test_only_the_first_answer_counts_for_people_and_only_when_it_was_blind(scene: Scene) -> None:
    scene.drawn(20, "yes", "no", 0.9)
    for number in range(20):
        scene.answer(f"d{number}", "yes", drawn_with=0.5, supersedes=f"a{number}")
        scene.answer(f"d{number}", "yes", drawn_with=0.5, person="bob", blind=False)
    found = scene.measured()["people_accuracy"]
    assert found.value == 0 and "20 answers of one person" in found.says


def test_cannot_tell_and_skip_are_neither_labels_nor_mistakes(scene: Scene) -> None:
    scene.drawn(20, "yes", "yes", 0.9)
    scene.drawn(10, "yes", "", 0.9, name="e", outcome="cannot-tell")
    scene.drawn(10, "yes", "", 0.9, name="f", outcome="skipped")
    found = scene.measured()
    assert found["people_accuracy"].value == 1
    coverage = found["people_coverage"]
    assert coverage.value == 0.5 and coverage.says.endswith("10 “cannot-tell”, 10 “skipped”")
    assert scene.rows("people", "asked")["without decision: skipped"]["value"] == 0.25


def test_without_any_truth_there_is_agreement_and_no_accuracy(scene: Scene) -> None:
    for person in ("ann", "bob"):
        scene.drawn(20, "yes", "yes", 0.9, person=person)
    scene.drawn(20, "yes", "yes", 0.1, name="e")
    scene.outcomes = {}
    found = scene.measured()
    assert found["people_agreement"].value == 1
    assert found["model_agreement"].value == 0.5
    with_value = {name for name, figure in found.items() if figure.value is not None}
    assert with_value == {"people_agreement", "model_agreement", "people_coverage"}
    assert found["people_accuracy"].says.startswith("too few yet: no answers")
    assert "40 cases drawn at random wait for their truth." in scene.notes


def test_a_case_that_two_people_answer_weighs_no_more_than_one_that_one_answers(scene: Scene) -> None:
    for person in ("ann", "bob"):
        scene.drawn(20, "yes", "no", 0.9, person=person)
    scene.drawn(20, "yes", "yes", 0.9, name="e")
    assert scene.measured()["people_accuracy"].value == pytest.approx(0.5)


def test_many_people_stand_for_others_like_them_and_widen_the_interval(scene: Scene) -> None:
    """Half of the people are always right and half always wrong: with many, that is the luck of the draw."""

    def width(people: int) -> float:
        scene.answers, scene.outcomes = [], {}
        for person in range(people):
            said = "yes" if person % 2 else "no"
            scene.drawn(200 // people, "yes", said, 0.9, name=f"p{person}-", person=f"p{person}")
        found = scene.measured()["people_accuracy"]
        assert found.low is not None and found.high is not None
        return found.high - found.low

    assert width(20) > 1.5 * width(10)


def test_cases_of_one_group_share_a_fate(scene: Scene) -> None:
    for number in range(60):
        right = (number // 6) % 2
        scene.case(f"c{number}", 0.9 if right else 0.1, held_out=2)
        scene.outcomes[f"c{number}"] = "yes"
    scene.columns["delivery"] = [str(number // 6) for number in range(60)]
    alone, grouped = scene.measured()["model_accuracy"], scene.measured(group="delivery")["model_accuracy"]
    assert alone.value == grouped.value == 0.5
    assert grouped.low is not None and alone.low is not None and grouped.low < alone.low


def test_a_rehearsal_that_knows_all_truth_counts_the_team_on_all_cases(scene: Scene) -> None:
    """What an outcome had settled already is left out: repeating it is no merit."""
    rows = []
    for number in range(50):
        scene.case(f"c{number}", 0.9, known="person" if number < 20 else "")
        rows.append((f"c{number}", "yes" if number < 30 else "", "person" if number < 20 else "model"))
    rows[49] = ("c49", "yes", "outcome")
    scene.decided(rows)
    scene.sealed["shipments"] = {f"c{number}": "yes" if number % 2 else "no" for number in range(50)}
    found = scene.measured()
    assert found["team_accuracy"].value == 0.5
    assert "30 cases of the whole rehearsal" in found["team_accuracy"].says
    assert "19 more cases without a decision" in found["team_accuracy"].says
    assert found["team_coverage"].value == pytest.approx(31 / 50)
    assert scene.rows("model", "all")["accuracy"]["cases_count"] == 30


@pytest.mark.parametrize(("rehearsal", "covered"), [(True, 40), (False, 50)])
def test_only_a_rehearsal_that_knows_nearly_all_truth_is_a_census(
    scene: Scene, rehearsal: bool, covered: int
) -> None:
    scene.rehearsal = rehearsal
    for number in range(50):
        scene.case(f"c{number}")
    scene.decided([(f"c{number}", "yes", "model") for number in range(50)])
    scene.outcomes = {f"c{number}": "yes" for number in range(covered)}
    assert scene.measured()["team_accuracy"].value is None


def test_parts_of_a_table_change_no_figure(scene: Scene) -> None:
    for number in range(60):
        scene.case(f"c{number}", 0.1 + number / 100, held_out=2)
        scene.outcomes[f"c{number}"] = "yes" if number % 3 else "no"
    whole = scene.measured()
    scene.parts = 7
    assert scene.measured() == whole


def test_intervals_of_later_rounds_are_wider_unless_rounds_were_announced(scene: Scene) -> None:
    for number in range(60):
        scene.case(f"c{number}", 0.9, held_out=2)
        scene.outcomes[f"c{number}"] = "yes" if number % 3 else "no"
    first = scene.measured()["model_accuracy"], scene.measured(announced_rounds=5)["model_accuracy"]
    scene.number = 5
    later = scene.measured()["model_accuracy"], scene.measured(announced_rounds=5)["model_accuracy"]
    assert later[0].low is not None and first[0].low is not None and later[0].low < first[0].low
    assert later[1] == first[1]


def test_after_the_last_announced_round_nothing_is_claimed(scene: Scene) -> None:
    for number in range(60):
        scene.case(f"c{number}", 0.9, held_out=2)
        scene.outcomes[f"c{number}"] = "yes"
    scene.drawn(20, "yes", "yes", 0.9)
    scene.number = 3
    found = scene.measured(announced_rounds=2)
    assert found["model_accuracy"].value is found["team_minus_model"].value is None
    assert found["model_accuracy"].says.startswith("not known: all announced rounds are over")
    assert scene.notes[0].startswith("All announced rounds are over")


def test_too_few_is_said_with_the_word_of_the_label(scene: Scene) -> None:
    for number in range(20):
        scene.case(f"c{number}", 0.9, held_out=2)
        scene.outcomes[f"c{number}"] = "yes" if number < 3 else "no"
    says = scene.measured()["model_recall"].says
    assert says == "too few yet: 3 “yes” cases, 10 are needed (cases held out, truth: outcome)"


def test_labels_that_the_model_does_not_know_are_left_out_and_named(scene: Scene) -> None:
    scene.case("a", held_out=2)
    scene.outcomes = {"a": "lost", "b": ""}
    assert scene.measured()["model_accuracy"].value is None
    assert "2 cases have a truth that is none of the model's labels (“”, “lost”)" in scene.notes[-1]


def test_which_hidden_truth_counts_is_asked_for_when_there_are_several(scene: Scene) -> None:
    scene.sealed = {"arrivals": {"a": "yes"}, "shipments": {"a": "yes"}}
    scene.measured()
    assert "the truth of several steps (arrivals, shipments)" in scene.notes[-1]
    scene.measured(truth="parcels")
    assert "no truth called 'parcels'. There is: arrivals, shipments." in scene.notes[-1]


@pytest.mark.parametrize(
    ("settings", "code"), [({"positive": "late"}, "positive-unknown"), ({"group": "lorry"}, "group-missing")]
)
def test_settings_that_name_what_is_not_there_are_refused(
    scene: Scene, settings: dict[str, object], code: str
) -> None:
    scene.case("a", held_out=2)
    with pytest.raises(Refused, match=r"yes, no|Their columns are") as refused:
        scene.measured(**settings)
    assert refused.value.problems[0].code == code
