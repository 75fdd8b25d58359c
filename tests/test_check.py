"""What can be said about a flow without running it: each problem has a code, a line and a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from guessing_kinds import KINDS

from flows.check import check
from flows.columns import arriving
from flows.document import read
from flows.drawn import drawn
from flows.flow import End
from flows.people import Simulated, groups
from flows.problems import Problem
from flows.reading import flow_of
from flows.targets import positives_needed

GOOD = """\
tandem: 1
intent:
  aims:
    - quality.team_recall >= 0.95
  limits:
    - staff.questions <= 40
steps:
  rows: {kind: read-rows, path: rows.csv}
  kept: {kind: keep, columns: [age, late]}
  risk: {kind: guess, target: late}
  unsure: {kind: pick}
  staff: {kind: ask, who: staff}
  quality: {kind: quality}
people:
  staff: {simulated: {people: 6}}
links:
  - rows.rows -> kept.rows
  - kept.rows -> risk.rows
  - risk.guesses -> unsure.guesses
  - unsure.picked -> staff.picked
  - risk.guesses -> quality.guesses
  - staff.answers ~> risk.answers
  - staff.answers ~> quality.answers
"""


def found(text: str, folder: Path | None = None) -> tuple[Problem, ...]:
    document = read(text)
    return check(flow_of(document, "flow")[0], KINDS, document, folder)


def severe(text: str, folder: Path | None = None) -> tuple[Problem, ...]:
    return tuple(problem for problem in found(text, folder) if problem.level != "hint")


def test_a_good_flow_has_only_the_hint_what_its_proof_costs() -> None:
    assert severe(GOOD) == ()
    proof = next(problem for problem in found(GOOD) if problem.code == "aim-proof")
    assert (proof.line, proof.level) == (4, "hint")
    assert "at least 59 positive cases" in proof.message


CASES = [
    ("kind: pick}", "kind: pikc}", "kind-unknown", "    unsure", "Did you mean 'pick'"),
    ("{kind: pick}", "{audit: 3}", "kind-missing", "unsure", "does not say its kind"),
    ("target: late}", "traget: late}", "setting-missing", "risk", "'Target' is not filled in"),
    ("{kind: guess, target: late}", "{kind: guess, target: late, sure: 7}", "setting-wrong", "risk", "7"),
    ("  - risk.guesses -> unsure", "  - rsik.guesses -> unsure", "link-step-unknown", "rsik", "'risk'"),
    ("unsure.picked -> ", "unsure.piked -> ", "link-port-unknown", "unsure.piked", "'picked'"),
    ("unsure.picked ->", "unsure.rest ->", "link-type", "unsure.rest", "gives guesses"),
    ("staff.answers ~> risk", "staff.answers -> risk", "link-needs-feedback", "staff.answers -> risk", "~>"),
    ("risk.guesses -> unsure", "risk.guesses ~> unsure", "link-no-feedback", "~> unsure", "no feedback"),
    ("staff.answers ~> risk", "risk.guesses ~> risk", "link-no-log", "risk.guesses ~> risk", "no log"),
    ("quality.team_recall", "quality.recall", "target-measure-unknown", "quality.recall", "team_recall"),
    ("- staff.questions", "- stuff.questions", "target-step-unknown", "- stuff", "'staff'"),
    ("who: staff", "who: nobody", "people-missing", "who: nobody", "Nobody can be asked"),
    ("people: 6", "people: 5000", "people-wrong", "people: 5000", "at most 1,000"),
    ("people: 6", "poeple: 6", "people-unknown-word", "poeple", "'people'"),
    ("people: 6", "truth: gone", "people-truth-unknown", "truth: gone", "'gone'"),
    ("staff: {simulated: {people: 6}}", "staff: [anna]", "people-wrong", "[anna]", "simulated"),
    ("intent:", "rehearsal: {begins: soon}\nintent:", "rehearsal-unreadable", "rehearsal", "begins"),
    ("{kind: quality}", "{kind: quality, formerly: risk}", "memory-shared", "formerly", "'risk'"),
]


@pytest.mark.parametrize(("good", "bad", "code", "line", "says"), CASES, ids=[f"{c[2]} {c[1]}" for c in CASES])
def test_each_mistake_is_said_in_its_line(good: str, bad: str, code: str, line: str, says: str) -> None:
    text = GOOD.replace(good, bad, 1)
    assert text != GOOD
    problem = next(problem for problem in found(text) if problem.code == code)
    assert problem.line is not None
    assert line.strip() in text.splitlines()[problem.line - 1]
    assert says in problem.message


def test_problems_are_sorted_by_line() -> None:
    text = GOOD.replace("who: staff", "who: x").replace("risk.guesses", "rsk.guesses").replace("0.95", "2")
    lines = [problem.line for problem in found(text)]
    assert len(set(lines)) > 3
    assert lines == sorted(lines, key=lambda line: line or 0)


def test_a_port_takes_one_link_and_a_link_is_drawn_once() -> None:
    twice = severe(GOOD + "  - kept.rows -> risk.rows\n")
    taken = severe(GOOD + "  - rows.rows -> risk.rows\n")
    assert [(problem.code, problem.level) for problem in twice] == [("link-twice", "warning")]
    assert [(problem.code, problem.line) for problem in taken] == [("link-port-taken", 24)]


def test_an_empty_input_names_where_its_work_could_come_from() -> None:
    everything = found(GOOD.replace("  - risk.guesses -> unsure.guesses\n", ""))
    problem = next(one for one in everything if one.code == "input-empty")
    assert problem.message.startswith("'Unsure' needs guesses") and problem.message.endswith("They come from: 'Risk'.")


def test_a_loop_is_named_in_its_last_line() -> None:
    text = GOOD.replace("  - rows.rows -> kept.rows\n", "  - kept.rows -> other.rows\n  - other.rows -> kept.rows\n")
    text = text.replace("people:\n", "  other: {kind: keep, columns: [age]}\npeople:\n", 1)
    loop = next(one for one in found(text) if one.code == "loop")
    assert "Kept → Other → Kept" in loop.message
    assert (loop.line, loop.level) == (19, "error")


def test_the_one_link_of_a_loop_that_can_be_feedback_is_offered() -> None:
    text = GOOD.replace("kept: {kind: keep, columns: [age, late]}", "kept: {kind: tutor}")
    document = read(text + "  - staff.answers -> kept.answers\n")
    loop = next(one for one in check(flow_of(document, "x")[0], KINDS, document) if one.code == "loop")
    assert loop.fix_says == "Draw feedback from 'Staff' to 'Kept' (answers to earlier) instead."


def test_a_step_that_no_source_reaches_is_a_warning() -> None:
    island = severe(GOOD.replace("people:\n", "  alone: {kind: tidy}\npeople:\n", 1))
    assert [(one.code, one.place, one.level) for one in island] == [("step-unreached", "steps.alone", "warning")]


FIXABLE = [
    ("  - risk.guesses -> unsure", "  - rsik.guesses -> unsure"),
    ("unsure.picked -> ", "unsure.piked -> "),
    ("staff.answers ~> risk", "staff.answers -> risk"),
    ("risk.guesses -> unsure", "risk.guesses ~> unsure"),
    ("quality.team_recall", "quality.team_recal"),
    ("staff.questions", "stuff.questions"),
    ("  - unsure.picked -> staff.picked\n", ""),
    ("target: late", "target: lat"),
    ("columns: [age, late]", "columns: [age, lat, late]"),
    ("people:\n  staff: {simulated: {people: 6}}\n", ""),
]


@pytest.mark.parametrize(("good", "bad"), FIXABLE, ids=[case[1].strip() for case in FIXABLE])
def test_a_fix_that_is_offered_mends_its_problem(good: str, bad: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,age,late\n")
    document = read(GOOD.replace(good, bad, 1))
    flow = flow_of(document, "flow")[0]
    wrong = next(one for one in check(flow, KINDS, document, tmp_path) if one.level != "hint")
    assert wrong.fix is not None and wrong.fix_says.endswith(".")
    mended = wrong.fix.apply(flow, KINDS)
    assert [one for one in check(mended, KINDS, None, tmp_path) if one.level != "hint"] == []


def test_every_fix_that_is_offered_can_be_applied() -> None:
    for good, bad, *_ in CASES:
        document = read(GOOD.replace(good, bad, 1))
        flow = flow_of(document, "flow")[0]
        for problem in check(flow, KINDS, document):
            if problem.fix is not None:
                assert problem.fix.apply(flow, KINDS) != flow


def test_columns_are_known_from_files_before_anything_ran(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,age,late\n")
    flow = flow_of(read(GOOD), "flow")[0]
    known, problems = arriving(drawn(flow, KINDS), tmp_path)
    assert problems == ()
    assert list(known[End("kept", "rows")]) == ["id", "age", "late"]
    assert list(known[End("risk", "rows")]) == ["age", "late"]
    assert End("unsure", "guesses") not in known


def test_an_input_of_many_links_brings_the_columns_that_all_of_them_bring(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,age,late\n")
    (tmp_path / "b.csv").write_text("late,id,town\n")
    text = "steps: {a: {kind: read-rows, path: a.csv}, b: {kind: read-rows, path: b.csv}, all: {kind: stack}}\n"
    links = ["a.rows -> all.rows", "b.rows -> all.rows"]

    def known(*drawn_links: str) -> list[str] | None:
        flow = flow_of(read(f"{text}links: [{', '.join(drawn_links)}]\n"), "x")[0]
        columns = arriving(drawn(flow, KINDS), tmp_path)[0].get(End("all", "rows"))
        return None if columns is None else list(columns)

    assert known(*links) == ["id", "late"]
    assert severe(f"tandem: 1\n{text}links: [{', '.join(links)}]\n") == ()
    (tmp_path / "b.csv").unlink()
    assert (known(*links), known(links[0])) == (None, ["id", "age", "late"])


def test_a_column_that_does_not_arrive_is_said_at_the_setting_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,age,late\n")
    wrong = list(severe(GOOD.replace("target: late", "target: Late"), tmp_path))
    assert [(one.code, one.place, one.line) for one in wrong] == [("column-unknown", "steps.risk.target", 10)]
    assert "Did you mean 'late'?" in wrong[0].message
    assert severe(GOOD.replace("target: late", "target: Late")) == ()


def test_a_file_that_cannot_be_looked_at_is_a_problem_of_its_step(tmp_path: Path) -> None:
    wrong = severe(GOOD, tmp_path)
    assert [(one.code, one.place, one.line) for one in wrong] == [("file-missing", "steps.rows", 8)]


def test_groups_are_read_with_their_defaults() -> None:
    flow = flow_of(read("people: {a: {simulated: {by_label: {yes: 0.7}}}, b: {accounts: [anna]}, c: }\n"), "x")[0]
    described, problems = groups(flow)
    assert problems == ()
    assert described["a"].simulated == Simulated(by_label={"yes": 0.7})
    assert (described["b"].accounts, described["c"].simulated) == (("anna",), None)


@pytest.mark.parametrize(("share", "cases"), [(0.95, 59), (0.9, 29), (0.99, 299), (0.5, 5), (0.05, 1)])
def test_proof_takes_the_smallest_number_of_hits_in_a_row_that_chance_would_not_give(share: float, cases: int) -> None:
    assert positives_needed(share) == cases
    assert share**cases <= 0.05 + 1e-12 < share ** (cases - 1)


def test_an_aim_of_one_is_said_to_be_out_of_reach() -> None:
    assert any("never" in one.message for one in found(GOOD.replace("0.95", "1")))


HOSTILE = [
    "steps: {a: }",
    "steps: {a: {kind: guess, target: {deep: [1, {x: .nan}]}, sure: []}}",
    "steps: {'a b': {kind: guess, target: x}}\nlinks: [zz.a -> b.c, b.c -> zz.a]",
    "steps: {a: {kind: ask, who: [x]}}",
    "steps: {a: {kind: keep, columns: x}}\nlinks: [a.rows -> a.rows]",
    "people: {a: 5, b: [], c: {simulated: yes}, d: {simulated: {by_label: {x: 9}}}, e: {accounts: 3}}",
    "intent: {aims: [a.recall >= 1e300, a.recall >= -1, a.recall >= 0]}\nsteps: {a: {kind: quality}}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_flows_give_sentences_with_lines_and_never_a_traceback(text: str) -> None:
    problems = found(f"tandem: 1\n{text}\n")
    assert problems
    assert all(problem.line and problem.message.strip().endswith((".", "?", "}", "0.95")) for problem in problems)


def test_of_many_problems_of_one_sort_a_hundred_are_said() -> None:
    wrong = GOOD + "".join(f"  - typo{number}.rows -> risk.rows\n" for number in range(5_000))
    said = [one.code for one in found(wrong) if one.level == "error"]
    assert said.count("link-step-unknown") == 100
    assert said.count("more-problems") == 1


def test_check_imports_nothing_heavy() -> None:
    heavy = "polars numpy sklearn scipy numba sqlalchemy nicegui"
    script = (
        "import sys, flows.check, flows.schema; from flows.flow import Flow; "
        "from flows.catalog import Catalog; "
        "flows.check.check(Flow('x'), Catalog([])); "
        f"sys.exit(' '.join(name for name in '{heavy}'.split() if name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, check=False).stderr.decode() == "\n"
