"""Trying one step: with all that a book has learned so far, of which nothing is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from light_kinds import FLOW
from playing import Playground

from flows.problems import Refused
from runtime.backup import back_up
from runtime.replay import replay


def version(ground: Playground, book: str) -> str:
    """Return what the last version of the model in a book learned from."""
    of = ground.book(book).id
    return next(row["version"] for row in reversed(ground.rows("models")) if row["book"] == of)


def logs(ground: Playground) -> list[tuple[int, str, int]]:
    return [(row["book"], row["step"], row["round"]) for row in ground.rows("logs")]


def test_a_trial_knows_what_the_next_round_would_know_and_says_up_to_which_round_that_is(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run(2)
    before = logs(ground), [row["sealed"] for row in ground.rows("answers")]
    ground.run(book="trying", up_to="guess")
    assert ground.says("note") == ["What 'rehearsal' had learned by the end of round 2 was used."]
    assert (logs(ground), [row["sealed"] for row in ground.rows("answers")]) == before, "the book is only read"
    tried = version(ground, "trying")
    ground.run(1)
    assert tried == version(ground, "rehearsal") != "0 answers"


def test_a_trial_is_the_same_each_time_and_new_when_more_was_learned(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run(2)
    reasons = []
    for _ in range(2):
        ground.run(book="trying", up_to="planners")
        reasons.append(ground.reason("guess"))
    one, two = (row["asked_before"] for row in ground.rows("rounds") if row["book"] == ground.book("trying").id)
    assert one == two, "what was asked in a trial does not count as asked"
    ground.run(1)
    ground.run(book="trying", up_to="planners")
    assert [*reasons, ground.reason("guess")] == [
        "It ran because it is new in this book.",
        "Kept from round 1: nothing that made it has changed.",
        "It ran because this changed: log answers.",
    ]


def test_without_any_other_book_a_trial_is_like_a_first_round_and_says_nothing_of_learning(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    for _ in range(2):
        ground.run(book="trying", up_to="guess")
        assert ground.says("note") == []
    assert version(ground, "trying") == "0 answers"


def test_the_book_to_learn_from_can_be_named_and_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run(3, book="long")
    ground.run(1, book="short")
    ground.run(book="trying", up_to="guess", learned_in="long")
    assert ground.says("note") == ["What 'long' had learned by the end of round 3 was used."]
    ground.run(book="trying", up_to="guess", learned_in="live")
    assert ground.says("note") == []
    with pytest.raises(Refused, match=r"has no book 'lnog' to learn from\. Its books are: long, short, trying\."):
        ground.run(book="trying", up_to="guess", learned_in="lnog")


def test_an_open_round_is_looked_at_as_it_began(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.live()
    ground.answer(ground.open()[0], "yes")
    ground.run(book="trying", up_to="guess")
    assert ground.says("note") == ["Nothing was learned before: 'live' has no feedback for it yet."]


def test_a_trial_is_played_at_the_moment_of_the_next_round(tmp_path: Path) -> None:
    ground = Playground(tmp_path, flow=f"{FLOW}rehearsal: {{begins: 2026-03-02 06:00, every: 1 day}}\n")
    ground.run(2)
    ground.run(book="trying", up_to="guess")
    assert [row["now"][:10] for row in ground.rows("rounds")] == ["2026-03-02", "2026-03-03", "2026-03-04"]


def test_a_trial_can_be_replayed_and_its_experience_is_backed_up(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run(2)
    ground.run(book="trying", up_to="guess")
    store = ground.store()
    assert {one.verdict for one in replay(store, ground.book("trying"), ground.catalog, 1)} == {"same", "kept"}
    kept = back_up(tmp_path / ".tandem", tmp_path / "kept")
    assert not kept.lost
    order = next(row for row in ground.rows("runs") if row["wanted"].get("up_to"))
    parts = [digest for digest, _ in order["wanted"]["learned"]["logs"]["guess.answers"]["table"]["parts"]]
    assert parts
    assert all((tmp_path / "kept" / "artifacts" / digest[:2] / digest[2:]).is_file() for digest in parts)
