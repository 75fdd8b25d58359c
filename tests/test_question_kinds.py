"""The kinds of question: what there is to fill in, what is kept of it, and what several people decide together."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from flows.problems import Refused
from runtime.question_kinds import QUESTION_KINDS, Said, question_kind, tells_model
from runtime.question_kinds.filling import confidence_of

LABEL = {"kind": "label", "question": "Late?", "choices": ["yes", "no"]}
APPROVE = {"kind": "approve", "question": "Right?", "column": "account"}
OF_MODEL = {"kind": "approve", "question": "Right?", "labels": ["yes", "no"], "proposal": "yes"}
OF_THREE = {"kind": "approve", "question": "Right?", "labels": ["red", "green", "blue"], "proposal": "red"}
TAKE_OVER = {"kind": "take-over", "question": "Shall it go?", "column": "action"}
NUMBER = {
    "kind": "correct-number", "question": "How long?", "column": "days", "unit": "days", "low": 0, "high": 400,
    "sure_factor": 3, "alike_by": "carrier",
}  # fmt: skip
COMPARE = {"kind": "compare", "question": "Better?", "sides": [["draft_b", "Dear sir"], ["draft_a", "Hello"]]}
WORDS = {"kind": "mark-words", "question": "Why?", "column": "note"}
LABELLED = {**WORDS, "choices": ["complaint", "praise"]}
SHOWN = {
    "account": "4711", "action": "ship by sea", "days": 120, "carrier": "A", "note": "The late parcel was too late.",
}  # fmt: skip
EXAMPLES: tuple[tuple[Mapping[str, object], Mapping[str, object], Mapping[str, object], str], ...] = (
    (LABEL, {"answer": "YES"}, {"answer": "maybe"}, "'maybe' is not a choice. Choose one of: yes, no."),
    (APPROVE, {"answer": "approve"}, {"answer": "reject"}, "Why do you reject '4711'?"),
    (OF_MODEL, {"answer": "reject 'yes'", "reason": "It is near."}, {"answer": ""}, "'Proposed: yes' is empty"),
    (TAKE_OVER, {"answer": "leave"}, {"answer": "take-over"}, "What do you do instead?"),
    (NUMBER, {"answer": "118,5 days"}, {"answer": "1180"}, "must be at least 0 and at most 400, and not 1180."),
    (COMPARE, {"answer": "2"}, {"answer": "3"}, "Choose one of: 1 (Dear sir), 2 (Hello)."),
    (WORDS, {"answer": "parcel"}, {"answer": "plate"}, "does not hold the word 'plate'"),
    (LABELLED, {"answer": "praise", "words": ""}, {"answer": "x"}, "not a choice"),
)


def read(wording: Mapping[str, object], shown: Mapping[str, object] = SHOWN, **filled: object) -> Said:
    return question_kind(str(wording["kind"])).read(wording, shown, filled)


def refusal(wording: Mapping[str, object], shown: Mapping[str, object] = SHOWN, **filled: object) -> str:
    with pytest.raises(Refused) as caught:
        read(wording, shown, **filled)
    return str(caught.value)


def together(wording: Mapping[str, object], *said: Said) -> Said | None:
    return question_kind(str(wording["kind"])).settle(wording, said)


@pytest.mark.parametrize(("wording", "fits", "does_not", "says"), EXAMPLES)
def test_every_kind_keeps_what_fits_and_says_what_does_not(
    wording: Mapping[str, object], fits: Mapping[str, object], does_not: Mapping[str, object], says: str
) -> None:
    kind = question_kind(str(wording["kind"]))
    said = kind.read(wording, SHOWN, fits)
    assert said.label and kind.tell(wording, said)
    assert json.loads(json.dumps(said.value)) == said.value, "a value is kept as JSON"
    assert kind.settle(wording, [said, said]) == kind.settle(wording, [said]), "whoever agrees changes nothing"
    assert kind.settle(wording, []) is None
    assert says in refusal(wording, SHOWN, **does_not)


@pytest.mark.parametrize(("wording", "fits", "does_not", "says"), EXAMPLES)
def test_the_first_control_is_called_answer_and_any_rubbish_is_refused_in_a_sentence(
    wording: Mapping[str, object], fits: Mapping[str, object], does_not: Mapping[str, object], says: str
) -> None:
    kind = question_kind(str(wording["kind"]))
    assert kind.controls(wording, SHOWN)[0].name == "answer"
    for rubbish in ({"a": 1}, "\0=1+1", "9" * 400, "x" * 20_000, True, [[5, 2]], [["a"]], "1e999"):
        said = refusal(wording, SHOWN, **{**fits, "answer": rubbish})
        assert said.endswith((".", "?"))
        assert len(said) < 400


def test_there_is_one_kind_of_question_for_each_way_to_ask() -> None:
    from typing import get_args

    from runtime.steps.people import AskPeople

    assert [kind.name for kind in QUESTION_KINDS] == list(get_args(AskPeople.model_fields["asks"].annotation))
    with pytest.raises(Refused, match="Did you mean 'compare'"):
        question_kind("compares")


def test_an_answer_to_the_models_label_says_which_label_is_right() -> None:
    assert read(OF_MODEL, answer="approve").label == "yes"
    assert read(OF_MODEL, answer="reject", reason="near").label == "no"
    assert read(OF_THREE, answer="reject", reason="near").label == "reject"
    assert tells_model(OF_MODEL)
    assert not tells_model(APPROVE)


def test_a_correction_keeps_its_sign_its_scope_and_its_end() -> None:
    said = read(NUMBER, answer="118.5", reason="new road", scope="group", expires="2026-05-01")
    assert said.label == "118.5"
    assert said.reason == "new road"
    assert said.value == {
        "column": "days", "from": 120.0, "to": 118.5, "adjustment": -1.5, "already": 0.0, "scope": "group",
        "group": {"column": "carrier", "value": "A"}, "expires": "2026-05-01",
    }  # fmt: skip
    told = question_kind("correct-number").tell(NUMBER, said)
    assert told == "118.5 days instead of 120 (-1.5), for all of 'A', until 2026-05-01"


def test_a_slip_by_a_factor_is_kept_only_from_somebody_who_is_sure() -> None:
    assert "From 120 to 12 is a large change" in refusal(NUMBER, answer="12")
    assert read(NUMBER, answer="12", sure="yes").label == "12"
    assert read(NUMBER, answer="41").label == "41"
    assert read(NUMBER, {**SHOWN, "days": None}, answer="399").value["adjustment"] is None  # type: ignore[index]


@pytest.mark.parametrize("word", ["1,234", "1 234", "12-3", "0x10", "1_0", "١٢", "inf", "nan", ""])
def test_a_number_that_could_be_two_is_not_guessed(word: str) -> None:
    assert refusal(NUMBER, answer=word)


def test_several_corrections_settle_on_their_median_and_the_earliest_end() -> None:
    found = together(
        NUMBER,
        read(NUMBER, answer="110", scope="group", expires="2026-06-01", reason="road"),
        read(NUMBER, answer="118", scope="group", expires="2026-05-01"),
        read(NUMBER, answer="200", reason="storm"),
    )
    assert found is not None and found.value is not None
    assert (found.label, found.value["adjustment"], found.value["scope"]) == ("118", -2.0, "group")
    assert (found.value["expires"], found.reason) == ("2026-05-01", "road / storm")


def test_what_is_compared_names_no_column_to_people() -> None:
    controls = question_kind("compare").controls(COMPARE, SHOWN)
    assert "draft" not in repr(controls)
    said = read(COMPARE, answer="1")
    assert (said.label, said.value) == ("draft_b", {"chosen": "Dear sir", "other": "Hello", "first": "draft_b"})


def test_words_are_marked_whole_wherever_they_stand() -> None:
    said = read(WORDS, answer="LATE; parcel")
    assert said.value == {"words": ["late", "parcel", "late"], "spans": [[4, 8], [9, 15], [24, 28]]}
    assert read(WORDS, answer=[[5, 10]]).value == {"words": ["late", "parcel"], "spans": [[4, 8], [9, 15]]}
    assert read(WORDS, {"note": "un été, zu spät"}, answer=["spät"]).value == {"words": ["spät"], "spans": [[11, 15]]}
    assert "is no part of the text" in refusal(WORDS, answer=[[0, 99]])
    assert read(WORDS, answer="").label == "nothing marked"


def test_words_count_that_at_least_half_marked() -> None:
    one, two, three = (read(WORDS, answer=words) for words in ("parcel; was", "parcel", "too"))
    assert together(WORDS, one, two, three).value == {"words": ["parcel"], "spans": [[9, 15]]}  # type: ignore[union-attr]
    assert together(WORDS, one, three).value["words"] == ["parcel", "was", "too"]  # type: ignore[union-attr,index]
    assert together(LABELLED, *(read(LABELLED, answer=one) for one in ("praise", "complaint"))) is None


def test_those_who_take_over_are_heard_each() -> None:
    road, air = (read(TAKE_OVER, answer="take-over", action=by) for by in ("by road", "by air"))
    found = together(TAKE_OVER, road, air, read(TAKE_OVER, answer="leave"))
    assert found is not None
    assert found.value == {"proposal": "ship by sea", "action": "by road / by air"}
    assert "You leave it as proposed and also say" in refusal(TAKE_OVER, answer="leave", action="by road")


@pytest.mark.parametrize(
    ("wording", "truth", "right", "wrong"),
    [
        (LABEL, "yes", "yes", "no"),
        (APPROVE, "4711", "approve", "reject"),
        (OF_MODEL, "no", "no", "yes"),
        (TAKE_OVER, "ship by sea", "leave", "take-over"),
        (COMPARE, "draft_a", "draft_a", "draft_b"),
        (COMPARE, "hello", "draft_a", "draft_b"),
        (LABELLED, "praise", "praise", "complaint"),
        (NUMBER, "100", "100", "90"),
    ],
)
def test_simulated_people_answer_every_kind(wording: Mapping[str, object], truth: str, right: str, wrong: str) -> None:
    kind = question_kind(str(wording["kind"]))
    for is_right, label in ((True, right), (False, wrong)):
        said = kind.simulate(wording, SHOWN, truth, is_right, 0.25)
        assert said is not None and said.label == label


def test_without_a_truth_that_says_it_simulated_people_cannot_tell() -> None:
    for wording, truth in ((NUMBER, "yes"), (NUMBER, "nan"), (COMPARE, "yes"), (WORDS, "yes")):
        assert question_kind(str(wording["kind"])).simulate(wording, SHOWN, truth, True, 0.5) is None
    marked = question_kind("mark-words").simulate(WORDS, SHOWN, "too late", True, 0.5)
    assert marked is not None and marked.value is not None
    assert marked.value["words"] == ["late", "too", "late"]


@pytest.mark.parametrize(("said", "means"), [("80%", 0.8), ("80", 0.8), ("0,8", 0.8), (0.8, 0.8), (1, 1), ("1%", 0.01)])
def test_how_sure_somebody_is_reads_alike_however_it_is_written(said: object, means: float) -> None:
    assert confidence_of(said) == pytest.approx(means)
    for wrong in ("very", "-1", "120%", "nan", "1e9"):
        with pytest.raises(Refused, match="does not say how sure you are"):
            confidence_of(wrong)
    assert confidence_of("") is confidence_of(None) is None
