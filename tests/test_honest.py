"""Nothing is claimed that was not shown: the numbers of whole runs, on tables small enough to check."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Row, select

from flows.catalog import Catalog
from runtime import answers
from runtime.run import Order, Ran, Workspace, run
from runtime.schema import figures, models, questions, results
from runtime.steps import BUILTIN
from runtime.store import Store
from runtime.values import KEY, Predictions, Table

FLOW = """
tandem: 1
id: late
{intent}
steps:
  shipments: {{kind: read-table, path: shipments.csv, key: id, truth: {{name: late, column: truth}}}}
  arrivals: {{kind: read-outcomes, path: arrivals.csv, key: id, outcome: late, known_at: known}}
  risk: {{kind: predict-label, target: late, labels: [yes, no], positive: yes, held_out: 0.6}}
  unsure: {{kind: pick-cases, at_most: {at_most}, audit: 20}}
  planners: {{kind: ask-people, who: planners, question: Late?}}
  alone: {{kind: decide}}
  quality: {{kind: measure-quality, truth: shipments, announced_rounds: 10}}
  plan: {{kind: write-table, path: decided.csv}}
people:
  planners: {{simulated: {{people: 3, accuracy: 1, truth: shipments}}}}
links:
  - shipments.records -> risk.records
  - risk.predictions -> unsure.predictions
  - unsure.cases -> planners.cases
  - unsure.rest -> alone.predictions
  - alone.decisions -> plan.decisions
  - planners.decided -> plan.decisions
  - risk.predictions -> quality.predictions
  - alone.decisions -> quality.decisions
  - planners.decided -> quality.decisions
  - planners.answers ~> risk.answers
  - arrivals.outcomes ~> risk.outcomes
  - planners.answers ~> quality.answers
  - arrivals.outcomes ~> quality.outcomes
"""
CASES = 240
WRONG = {"yes": "no", "no": "yes"}
FIRST_DAY = datetime(2026, 3, 1, 6, tzinfo=UTC)
FAR = "2030-01-01"
"""Nothing of this is known while a test runs."""


class World:
    """A folder with two tables and a flow, and a clock that a test moves."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, FIRST_DAY
        self.stores: list[Store] = []
        draw = random.Random(5)
        self.distance = [draw.randint(50, 3000) for _ in range(CASES)]
        chance = [0.12 if far < 1500 else 0.88 for far in self.distance]
        self.true = ["yes" if draw.random() < late else "no" for late in chance]
        self.tables(self.true)
        self.flow()

    def tables(self, truth: list[str], known: list[tuple[int, str, str]] | None = None) -> None:
        """Write the cases with their hidden truth, and what becomes known: (case, label, day)."""
        cases = [f"S{at},{self.distance[at]},{label}" for at, label in enumerate(truth)]
        (self.folder / "shipments.csv").write_text("\n".join(["id,distance,truth", *cases]) + "\n")
        known = known or [(at, label, FAR) for at, label in enumerate(truth)]
        rows = [f"S{at},{label},{day}" for at, label, day in known]
        (self.folder / "arrivals.csv").write_text("\n".join(["id,late,known", *rows]) + "\n")

    def flow(self, intent: str = "", at_most: int = 20) -> None:
        (self.folder / "flow.yaml").write_text(FLOW.format(intent=intent, at_most=at_most))

    @property
    def store(self) -> Store:
        if not self.stores:
            self.stores.append(Store.open(self.folder / ".tandem", clock=lambda: self.now))
        return self.stores[0]

    def play(self, rounds: int = 1, people: str = "simulated", book: str = "rehearsal") -> Ran:
        space = Workspace(self.folder / "flow.yaml", self.store, Catalog(BUILTIN))
        return run(space, Order(rounds=rounds, people=people, book=book))

    def figure(self, name: str) -> Row:
        with self.store.reading() as connection:
            query = select(figures).where(figures.c.step == "quality", figures.c.measure == name)
            return connection.execute(query.order_by(figures.c.round.desc())).first()

    def rows(self, who: str, cases: str) -> dict[str, dict[str, object]]:
        """Return the last round's figures of one decider on one set of cases."""
        plain = self.output("quality", "measures")["table"]
        frame = Table(plain["columns"], tuple(map(tuple, plain["parts"])), self.store.artifacts).frame()
        wanted = frame.filter((pl.col("who") == who) & (pl.col("cases") == cases))
        return {row["measure"]: row for row in wanted.to_dicts()}

    def output(self, step: str, port: str) -> dict:
        query = select(results.c.outputs).where(results.c.step == step)
        with self.store.reading() as connection:
            return connection.execute(query.order_by(results.c.round.desc())).scalars().first()[port]

    def held_out(self, *halves: int) -> set[str]:
        """Return the held-out cases: half 1 decides about releasing, half 2 only reports."""
        predictions = Predictions.read(self.output("risk", "predictions"), self.store.artifacts)
        return set(predictions.table.frame().filter(pl.col("held_out").is_in(halves))[KEY])

    def versions(self, book: str) -> list[str]:
        query = select(models.c.version).where(models.c.book == self.store.book("late", book).id)
        with self.store.reading() as connection:
            return list(connection.execute(query.order_by(models.c.number)).scalars())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    for store in made.stores:
        store.close()


def test_with_the_truth_shuffled_no_learning_is_seen(world: World) -> None:
    random.Random(1).shuffle(world.true)
    world.tables(world.true)
    world.play(rounds=3)
    auc = world.figure("model_auc")
    assert auc.low < 0.5 < auc.high


def test_with_the_real_truth_learning_is_seen(world: World) -> None:
    """The same tables and rounds as with the shuffled truth: so that test could have failed."""
    world.play(rounds=3)
    assert world.figure("model_auc").low > 0.5


def test_without_any_answer_the_model_stays_at_chance(world: World) -> None:
    world.play(rounds=2, people="none")
    assert world.figure("model_auc").value == 0.5
    assert world.figure("people_accuracy").value is None
    assert world.figure("model_accuracy").value is None, "a model that has learned nothing says nothing"
    assert world.figure("model_coverage").value == 0


def test_noise_in_place_of_the_hidden_truth_leaves_the_first_predictions_byte_for_byte_the_same(
    world: World,
) -> None:
    draw = random.Random(2)
    noise = [draw.choice(["yes", "no"]) for _ in range(CASES)]
    world.play(book="true")
    world.tables(noise)
    world.play(book="noise")
    with world.store.reading() as connection:
        query = select(results.c.outputs).where(results.c.step == "risk", results.c.round == 1)
        true, noisy = connection.execute(query).scalars()
    assert true == noisy


def test_poisoned_answers_and_outcomes_on_held_out_cases_change_no_bit_of_the_model(world: World) -> None:
    """Half of the held-out cases are poisoned by what people say, the others by an outcome."""
    world.play(rounds=1, book="look")
    out = world.held_out(1, 2)
    poison = [WRONG[label] if f"S{at}" in out else label for at, label in enumerate(world.true)]
    for book, labels in (("clean", world.true), ("poisoned", poison)):
        known = [(at, label, FAR if at % 2 else "2026-01-01") for at, label in enumerate(labels)]
        world.tables(labels, [entry for entry in known if f"S{entry[0]}" in out])
        world.play(rounds=3, book=book)
    clean, poisoned = world.versions("clean"), world.versions("poisoned")
    assert clean == poisoned and len(set(clean)) == 3
    with world.store.reading() as connection:
        assert out & set(connection.execute(select(questions.c.key)).scalars()), "poison had a way in"


def test_truth_that_comes_late_out_of_order_and_corrected_is_counted_right(world: World) -> None:
    """A round counts what was read in the round before, and of two outcomes the one known later.

    Every seventh case turns out late on the third day, and its first outcome reaches the file after that.
    """
    world.flow(at_most=0)
    first = [(at, label, 1 + at % 2) for at, label in enumerate(world.true)]
    corrected = [(at, "yes", 3) for at in range(0, CASES, 7)]
    early = [*corrected, *(entry for entry in first if entry[0] % 7)]
    for number in range(1, 8):
        told = [*first, *corrected] if number >= 5 else early
        world.tables(world.true, [(at, label, f"2026-03-0{1 + day}") for at, label, day in reversed(told)])
        world.now = FIRST_DAY + timedelta(days=number - 1)
        world.play(people="none", book="live")
        read = [entry for entry in early if entry[2] <= number - 2]
        truth = {f"S{at}": label for at, label, _ in read}
        labels = [truth[key] for key in world.held_out(2) if key in truth]
        found = world.rows("model", "held-out")["auc"]
        assert (found["cases_count"], found["positives"]) == (len(labels), labels.count("yes")), number
    assert len(labels) > 50 and found["truth"] == "outcome"


def test_answers_given_after_the_advice_do_not_count_for_people(world: World) -> None:
    """Advised answers are all wrong here, blind ones all right; a correction does not count either."""
    world.flow(at_most=0)
    world.tables(world.true, [(at, label, "2026-03-02") for at, label in enumerate(world.true)])
    assert world.play(people="store", book="live").state == "waiting"
    book = world.store.find_book("late", "live")
    assert book is not None
    with world.store.transaction() as tx:
        asked = list(tx.execute(select(questions.c.id, questions.c.key).order_by(questions.c.key)))
        for place, (question, key) in enumerate(asked):
            right = world.true[int(key[1:])]
            said = right if place < 12 else WRONG[right]
            answer = answers.Answer(f"a{place}", question, f"p{place % 2}", said, blind=place < 12)
            answers.accept(tx, book, [answer], world.store.moment())
        again = answers.Answer("again", asked[0][0], "p0", WRONG[world.true[int(asked[0][1][1:])]])
        answers.accept(tx, book, [again], world.store.moment())
    world.play(people="store", book="live")
    for number in (2, 3):
        world.now = FIRST_DAY + timedelta(days=number)
        world.play(people="none", book="live")
    people = world.figure("people_accuracy")
    assert people.value == 1.0
    assert people.says.endswith("12 answers of these 2 people to cases drawn at random, truth: outcome)")


def test_a_limit_without_a_value_holds_delivery(world: World) -> None:
    world.flow("intent: {limits: [quality.team_recall >= 0.1]}")
    ran = world.play(people="none", book="live")
    assert ran.state == "stopped"
    assert "quality.team_recall has no value yet: too few yet" in ran.sentence
    assert not (world.folder / "decided.csv").exists()
