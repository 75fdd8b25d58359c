"""What a book tells of its pair: read from what was asked, answered, shown and learned, round by round."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playing import Playground

from flows.catalog import Catalog
from flows.reading import load
from runtime.answers import Answer, accept
from runtime.inbox.advice import advice_in, record_look
from runtime.insight import Insight, insight_of
from runtime.schema import questions
from runtime.steps import BUILTIN
from runtime.store import Book, Store

CASES = 160
FLOW = """\
tandem: 1
id: parcels
steps:
  shipments: {kind: read-table, path: parcels.txt, key: id, truth: {name: late, column: late}}
  risk: {kind: predict-label, target: late, labels: [yes, no], positive: yes, held_out: 0, perfect_columns: go on}
  unsure: {kind: pick-cases, at_most: 8, audit: 40}
  planners:
    kind: ask-people
    who: planners
    question: Will it be late?
    wait: nobody
    show_model: after-own-answer
  alone: {kind: decide, threshold: most-likely}
  quality: {kind: measure-quality, truth: shipments, announced_rounds: 4}
links:
  - shipments.records -> risk.records
  - risk.predictions -> unsure.predictions
  - unsure.cases -> planners.cases
  - unsure.rest -> alone.predictions
  - risk.predictions -> quality.predictions
  - alone.decisions -> quality.decisions
  - planners.decided -> quality.decisions
  - planners.answers ~> risk.answers
  - planners.answers ~> quality.answers
"""
OTHER = {"yes": "no", "no": "yes"}


def parcels() -> str:
    far = [number * 37 % 900 for number in range(CASES)]
    return "\n".join(["id,distance,late", *(f"S{n:03d},{km},{_late(n, km)}" for n, km in enumerate(far))])


def _late(number: int, far: int) -> str:
    """Late are those that go far, but for one of nine."""
    late = (far > 450) != (hashlib.md5(str(number).encode()).digest()[0] % 9 == 0)
    return "yes" if late else "no"


class Pair:
    """A playground whose book is answered by two people, who look at the model after their own answer."""

    def __init__(self, folder: Path) -> None:
        self.ground = Playground(folder, FLOW, parcels(), Catalog(BUILTIN))
        rows = [line.split(",") for line in parcels().split("\n")[1:]]
        self.truth = {row[0]: row[2] for row in rows}
        self.said: set[str] = set()
        self.store: Store = self.ground.store()

    def play(self) -> None:
        self.ground.run(1, people="store", book="real")

    @property
    def book(self) -> Book:
        return self.store.book("parcels", "real")

    def open(self) -> list[dict[str, object]]:
        with self.store.reading() as connection:
            rows = connection.execute(questions.select().order_by(questions.c.key)).mappings()
            return [dict(row) for row in rows if row["id"] not in self.said]

    def answer(self, row: dict[str, object], first: str, final: str = "", person: str = "ann") -> None:
        """Answer a question; with a final answer, look at the model before it."""
        self.said.add(str(row["id"]))
        advice = advice_in(row["context"]) if final else None  # type: ignore[arg-type]
        self.keep(row, first, person, "first" if advice else "only")
        if advice is not None:
            with self.store.transaction() as tx:
                record_look(tx, self.book, str(row["id"]), person, advice, "always", self.store.moment())
            self.keep(row, final, person, "final")

    def keep(self, row: dict[str, object], label: str, person: str, stage: str = "only") -> None:
        seen = {"columns": [], "advice": {"label": "x"} if stage == "final" else None, "why": ""}
        said = Answer(
            f"{row['id']!s:.30} {person} {stage} {label}", str(row["id"]), person, label,
            seconds=30, cost=0.5, blind=stage != "final", stage=stage, confidence=0.8, seen=seen,  # type: ignore[arg-type]
        )  # fmt: skip
        self.ground.wait(seconds=1)
        with self.store.transaction() as tx:
            assert accept(tx, self.book, [said], self.store.moment()) == 1

    def insight(self, person: str = "") -> Insight:
        flow = load(self.ground.folder / "flow.yaml").flow
        return insight_of(self.store, self.book, flow, Catalog(BUILTIN), target=0.6, person=person)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.store.close()


def answered(pair: Pair) -> Pair:
    """Play three rounds: the model learns from the answers of round 1, and is looked at in round 2."""
    pair.play()
    for row in pair.open():
        pair.answer(row, pair.truth[str(row["key"])])
    pair.play()
    for at, row in enumerate(pair.open()):
        true = pair.truth[str(row["key"])]
        pair.answer(row, OTHER[true] if at % 3 == 0 else true, true, "bob")
    pair.play()
    return pair


def test_what_people_did_with_advice_is_counted_from_what_was_shown(pair: Pair) -> None:
    insight = answered(pair).insight()
    found, asked = insight.reliance
    of_round_2 = [row for row in _all(pair) if row["round"] == 2]
    drawn = [row for row in of_round_2 if row["context"]["drawn_with"]]  # type: ignore[index]
    assert 0 < len(drawn) < len(of_round_2)
    assert found.looked == len(drawn), "of round 1 nobody saw advice: there was no model"
    assert asked.looked == len(of_round_2)
    assert found.relied_when_right + found.own_when_wrong + found.own_when_right + found.relied_when_wrong == (
        found.differed
    )
    assert found.model_reliance.value == 1, "wherever the model was right, they went over to it"
    first, second = insight.effort[:2]
    assert first.minutes == pytest.approx(first.answers / 2) and first.cost == pytest.approx(first.answers / 2)
    assert second.second_looks == len(of_round_2)
    assert second.second_look_minutes == pytest.approx(len(of_round_2) / 2)
    assert [one.who for one in insight.calibration if one.brier.known] == ["model", "people"]


def test_rounds_tell_the_same_figures_that_were_measured(pair: Pair) -> None:
    insight = answered(pair).insight()
    assert [line.number for line in insight.rounds] == [1, 2, 3]
    first, last = insight.rounds[0].standing, insight.rounds[-1].standing
    assert first.people.value is None and "too few yet" in first.people.says
    assert last.people.value is not None and last.people.cases >= 80
    assert insight.verdict == last.verdict.sentence and last.truth == "sealed truth"


def test_a_lone_correction_is_told_apart_and_several_are_not(pair: Pair) -> None:
    answered(pair)
    pair.play()  # the answers of round 2 are learned in round 3
    rows = [row for row in _all(pair) if row["round"] == 1]
    corrected = next(row for row in rows if pair.truth[str(row["key"])] == "yes")
    pair.keep(corrected, "no", "ann")
    pair.play()
    found = pair.insight().corrections.each
    last = next(one for one in found if one.of == "an answer" and one.case == corrected["key"])
    assert (last.before, last.after, last.sealed_in) == ("yes", "no", 5)
    assert last.changes[0].alone and "by this alone" in last.says
    of_round_2 = [one for one in found if one.of == "the model"]
    assert of_round_2 and all(not one.changes[0].alone for one in of_round_2)
    assert any("cannot be told apart" in one.says for one in of_round_2 if one.changes[0].turned)
    after_look = [one for one in found if one.of == "an answer" and one.case != corrected["key"]]
    assert after_look and all("advice was seen" in one.says for one in after_look)


def test_a_person_sees_only_their_own_corrections_and_no_hint_of_what_comes(pair: Pair) -> None:
    answered(pair)
    every, bobs = pair.insight().corrections.each, pair.insight("bob").corrections.each
    assert bobs and {one.person for one in bobs} == {"bob"}
    his = {str(row["key"]) for row in _all(pair) if row["round"] == 2}
    named = {turned.case for one in bobs for change in one.changes for turned in change.turned}
    everybodys = {turned.case for one in every for change in one.changes for turned in change.turned}
    assert named <= his and not everybodys <= his, "of other cases he may still be asked"
    assert pair.insight("nobody").corrections.each == ()


def test_looking_changes_nothing(pair: Pair) -> None:
    answered(pair)
    before = {table: pair.ground.rows(table) for table in ("answers", "questions", "results", "events")}
    first, second = pair.insight(), pair.insight()
    assert first == second
    assert before == {table: pair.ground.rows(table) for table in before}


def test_before_anything_has_run_all_is_unknown_and_said(pair: Pair) -> None:
    insight = pair.insight()
    assert insight.standing is None and "Too few yet" in insight.verdict
    assert "not known" in insight.reliance[0].says and "Nothing was corrected yet" in insight.corrections.says


def test_a_flow_that_measures_nothing_is_told_so(pair: Pair) -> None:
    lines = [line for line in FLOW.splitlines() if "quality" not in line]
    pair.ground.write("\n".join(lines))
    pair.play()
    assert "Nothing is measured" in pair.insight().verdict


def _all(pair: Pair) -> list[dict[str, object]]:
    pair.said.clear()
    return pair.open()
