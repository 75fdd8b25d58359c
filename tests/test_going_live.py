"""What going live means is said before it is done: whom, how much, where, guarded by what, and what is missing."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from light_kinds import CATALOG, FLOW
from playing import BEGIN, Playground

from editor.asked_now import asked_now
from editor.going_live import GoingLive, going_live
from editor.results import results_of
from flows.catalog import Catalog
from flows.reading import load
from runtime.run import Order, Workspace, run
from runtime.steps import BUILTIN
from runtime.store import Store


def meaning(folder: Path, flow: str = FLOW) -> GoingLive:
    Playground(folder, flow=flow)
    path = folder / "flow.yaml"
    return going_live(load(path).flow, CATALOG, path)


def test_it_says_who_is_asked_how_much_and_what_is_written_where(tmp_path: Path) -> None:
    live = meaning(tmp_path)
    assert live.says == (
        "Real people are asked: planners, at most 4 questions a round. "
        f"Written is {tmp_path.resolve() / 'decided.csv'}."
    )
    assert [(one.step, one.group, one.most) for one in live.asked] == [("planners", "planners", 4)]
    assert [guard.says for guard in live.guards] == [
        "Questions of planners: at most 5 in each round; where that is broken, "
        "nobody is asked and nothing is delivered."
    ]
    assert live.command == f"tandem run {tmp_path / 'flow.yaml'} --rounds 1"
    assert live.possible


def test_a_path_with_blanks_can_be_pasted_into_a_shell(tmp_path: Path) -> None:
    assert "'" in meaning(tmp_path / "my flow").command


def test_several_people_a_case_are_as_many_questions_and_a_limit_bounds_them(tmp_path: Path) -> None:
    three = FLOW.replace("kind: ask-people,", "kind: ask-people, people_per_case: 3,")
    live = meaning(tmp_path, three)
    assert [one.most for one in live.asked] == [5]
    assert [missing.says for missing in live.missing if "Up to 12 questions" in missing.says]
    assert meaning(tmp_path / "b", three.replace("questions <= 5", "questions < 20")).asked[0].most == 12


def test_a_group_without_accounts_is_named_and_one_too_small_keeps_the_flow_from_going_live(tmp_path: Path) -> None:
    live = meaning(tmp_path)
    assert [(missing.place, missing.stops) for missing in live.missing] == [("people.planners.accounts", False)]
    assert live.missing[0].says.startswith("No accounts are named for planners")
    small = FLOW.replace("planners: {sim", "planners: {accounts: [ann], sim")
    assert meaning(tmp_path / "one", small).missing == ()
    two = meaning(tmp_path / "two", small.replace("kind: ask-people,", "kind: ask-people, people_per_case: 2,"))
    assert not two.possible
    assert any("would never be settled" in missing.says for missing in two.missing)


def test_a_file_that_is_there_is_said_to_be_replaced(tmp_path: Path) -> None:
    assert not meaning(tmp_path).written[0].replaces
    (tmp_path / "decided.csv").write_text("old")
    written = meaning(tmp_path).written[0]
    assert written.replaces
    assert "replaces the file that is there" in written.says


def test_errors_and_files_outside_keep_a_flow_from_going_live(tmp_path: Path) -> None:
    wrong = meaning(tmp_path, FLOW.replace("kind: decide}", "kind: decidee}"))
    assert not wrong.possible
    assert any("decidee" in missing.says for missing in wrong.missing)
    outside = meaning(tmp_path / "b", FLOW.replace("path: decided.csv", "path: ../decided.csv"))
    assert not outside.possible


def test_a_limit_that_had_no_value_in_rehearsal_would_hold_delivery(tmp_path: Path) -> None:
    ground = Playground(tmp_path)
    ground.run()
    path, store = tmp_path / "flow.yaml", ground.store()
    book = store.book("parcels", "rehearsal")

    def held(limit: str) -> bool:
        ground.write(FLOW.replace("planners.questions <= 5", limit))
        flow = load(path).flow
        found = going_live(flow, CATALOG, path, rehearsed=results_of(store, book, flow, CATALOG, tmp_path))
        return any("Without a value nothing is delivered" in missing.says for missing in found.missing)

    assert not held("planners.minutes <= 9")
    assert held("count.never_measured <= 9")


def test_nothing_asked_and_nothing_written_is_said_too(tmp_path: Path) -> None:
    bare = "tandem: 1\nid: bare\nsteps:\n  parcels: {kind: read-lines, path: parcels.txt}\n"
    live = meaning(tmp_path, bare)
    assert live.says == "Nobody is asked. No file is written."
    assert [missing.stops for missing in live.missing] == [False]


DATED = """\
tandem: 1
id: dated
steps:
  rows: {kind: read-table, path: rows.csv, key: id}
  late: {kind: predict-label, target: late, labels: [yes, no]}
  unsure: {kind: pick-cases, at_most: 3, audit: 1, until: leaves - 2 h}
  planners: {kind: ask-people, who: planners, question: Late?}
links:
  - rows.records -> late.records
  - late.predictions -> unsure.predictions
  - unsure.cases -> planners.cases
"""


def today(folder: Path, *rows: str, text: str = DATED, asked: bool = False) -> GoingLive:
    """Return what going live means on 5 January 2026 at six in the morning."""
    folder.mkdir(exist_ok=True)
    (folder / "flow.yaml").write_text(text)
    (folder / "rows.csv").write_text("\n".join(["id,leaves,late", *rows]) + "\n")
    flow, catalog = load(folder / "flow.yaml").flow, Catalog(BUILTIN)
    store = Store.open(folder / ".tandem", lambda: BEGIN) if asked else None
    if store:
        run(Workspace(folder / "flow.yaml", store, catalog), Order())
    now = asked_now(flow, catalog, folder, store, BEGIN, UTC)
    return going_live(flow, catalog, folder / "flow.yaml", now=now)


def test_when_all_deadlines_lie_in_the_past_it_says_that_nobody_is_asked_and_why(tmp_path: Path) -> None:
    live = today(tmp_path, "a,2026-01-04 09:00:00,", "b,2026-01-05 07:30:00,")
    assert live.nobody
    assert live.possible, "the model still decides"
    assert live.says.startswith(
        "Real people are asked: planners, at most 4 questions a round; nobody would be asked anything now."
    )
    assert [missing.says for missing in live.missing][1] == (
        "No question would be put now: all deadlines lie in the past, the last one was 05:30."
    )


def test_questions_are_counted_by_what_can_be_asked_about_now(tmp_path: Path) -> None:
    live = today(tmp_path, "a,2026-01-04 09:00:00,", "b,2026-01-05 08:30:00,", "c,2026-01-06 08:30:00,yes", "d,,")
    assert not live.nobody
    assert [(one.most, one.put_now) for one in live.asked] == [(4, 2)]
    assert "at most 4 questions a round, 2 now." in live.says
    assert live.asked[0].says.endswith(
        "2 of 4 cases can be asked about now. Past their deadline, of which the last was 4 January, 07:00: 1. "
        "Known from the data: 1."
    )
    many = [f"x{number},2026-02-01 00:00:00," for number in range(9)]
    assert today(tmp_path / "b", *many).asked[0].put_now == 4


def test_what_was_asked_already_is_not_counted_again(tmp_path: Path) -> None:
    live = today(tmp_path, "a,2026-02-01 00:00:00,", "b,2026-02-01 00:00:00,", asked=True)
    assert live.nobody
    assert live.asked[0].says.endswith("No question would be put now. Asked about already: 2.")


def test_what_cannot_be_counted_keeps_the_highest_number(tmp_path: Path) -> None:
    live = today(tmp_path, "a,2026-01-04 09:00:00,", text=DATED.replace("rows.csv", "gone.csv"))
    assert [(one.most, one.now) for one in live.asked] == [(4, None)]
    assert not live.nobody
