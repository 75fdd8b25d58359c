"""Reading and saving a flow file: what is malformed is said, everything else is read, and nothing is lost."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import saving
from flows.document import read
from flows.flow import Card, End, Flow, Link
from flows.intent import Intent, Target
from flows.problems import Problem, Refused
from flows.reading import MOST_STEPS, SECTIONS, flow_of, load
from flows.saving import plain, save, saved_text
from flows.step import Plain
from flows.versions import FORMAT, Migration, bring_forward

EXAMPLE = (Path(saving.__file__).parent / "DESIGN.md").read_text().split("```yaml\n")[1].split("```")[0]

SMALL = """\
# What we do every morning.
tandem: 1
id: small
future: {kept: [1, 2]}
intent:
  goal: Find them   # all of them
  aim: misspelt
steps:
  # where the rows come from
  rows: {kind: read-table, path: 'rows.csv'}
  later: {kind: not-invented-yet, depth: 3}
links:
  - rows.records  ->   later.records  # with odd spaces
  - this is no link
  - rows.records -> later.more
layout:
  rows: [0, 0]
"""


def flow_in(text: str, stem: str = "small") -> Flow:
    return flow_of(read(text), stem)[0]


def problems_in(text: str) -> tuple[Problem, ...]:
    return flow_of(read(text), "small")[1]


def changed_lines(old: str, new: str) -> tuple[set[str], set[str]]:
    before, after = set(old.splitlines()), set(new.splitlines())
    return before - after, after - before


def test_the_example_of_the_design_is_read_without_a_problem() -> None:
    flow, problems = flow_of(read(EXAMPLE), "anything")
    assert problems == ()
    assert flow.id == "late-shipments"
    assert flow.steps["risk"].settings["labels"] == ["yes", "no"]
    assert str(flow.feedback()[0]) == "planners.answers ~> risk.answers"
    assert flow.layout["risk"] == (12, 0)


HOSTILE = [
    ("steps: [a, b]", "section-malformed", "steps", "a list of 2"),
    ("steps: words", "section-malformed", "steps", "'words'"),
    ("steps: {a: 5}", "card-malformed", "steps.a", "is 5"),
    ("steps: {a: read-web}", "card-malformed", "steps.a", "{kind: read-web}"),
    ("steps: {a: {kind: [x], path: p}}", "words-expected", "steps.a.kind", "a list of 1"),
    ("steps: {Late Rows: {kind: x}}", "id-malformed", "steps.Late Rows", "late-rows"),
    ("steps: {a: {kind: x, version: new}}", "version-malformed", "steps.a.version", "'new'"),
    ("steps: {a: {kind: x, formerly: A B}}", "id-malformed", "steps.a.formerly", "a-b"),
    ("links: words", "section-malformed", "links", "'words'"),
    ("links: [a.b to c.d]", "link-unreadable", "links.0", "a.b to c.d"),
    ("links: [a.b → c.d]", "link-unreadable", "links.0", "~>"),
    ("links: [{from: a, to: b}]", "link-unreadable", "links.0", "from, to"),
    ("links: [a -> b]", "link-unreadable", "links.0", "risk.predictions -> unsure.predictions"),
    ("layout: words", "section-malformed", "layout", "'words'"),
    ("layout: {a: [1.5, 2]}", "layout-malformed", "layout.a", "[12, 0]"),
    ("layout: {a: [true, 2]}", "layout-malformed", "layout.a", "[12, 0]"),
    ("layout: {a: [1, 99999999999]}", "layout-malformed", "layout.a", "[12, 0]"),
    ("people: [anna, ben]", "section-malformed", "people", "a list of 2"),
    ("rehearsal: tomorrow", "section-malformed", "rehearsal", "begins"),
    ("intent: make it good", "section-malformed", "intent", "goal"),
    (
        "intent: {aims: [quality is high]}",
        "target-unreadable",
        "intent.aims.0",
        "quality.team_recall >= 0.95",
    ),
    ("intent: {limits: [3]}", "target-unreadable", "intent.limits.0", "'3'"),
    ("intent: {aims: a.b >= 1}", "section-malformed", "intent.aims", "'- '"),
    ("intent: {gaol: x}", "key-unknown", "intent.gaol", "'goal'"),
    ("id: Late Shipments", "id-malformed", "id", "late-shipments"),
    ("name: [a, b]", "words-expected", "name", "a list of 2"),
    ("stesp: {}", "key-unknown", "stesp", "'steps'"),
]


@pytest.mark.parametrize(("line", "code", "place", "says"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_what_is_malformed_is_one_sentence_with_its_line_and_the_rest_is_read(
    line: str, code: str, place: str, says: str
) -> None:
    starts = "starts: every day at 06:00"
    flow, problems = flow_of(read(f"tandem: 1\n# a comment\n{line}\n{starts}\n"), "small")
    assert [(problem.code, problem.place, problem.line) for problem in problems] == [(code, place, 3)]
    assert says in problems[0].message
    assert flow.starts == "every day at 06:00"


def test_empty_sections_are_fine_and_null_settings_are_kept() -> None:
    text = "tandem: 1\nid:\nname:\nintent:\nsteps:\n  a: {kind: x, target: null}\npeople:\nlinks:\nlayout:\n"
    flow, problems = flow_of(read(text), "Mein Flüß 2")
    assert problems == ()
    assert flow == Flow(id="mein-fluss-2", steps={"a": Card("a", "x", {"target": None})})


def test_a_number_is_taken_for_the_word_that_it_looks_like() -> None:
    flow = flow_in("tandem: 1\nname: 2026\nsteps: {a: {kind: 5, title: true}}\n")
    assert (flow.name, flow.steps["a"]) == ("2026", Card("a", "5", {}, title="true"))


def test_too_many_steps_are_refused_in_one_sentence() -> None:
    many = "\n".join(f"  s{number}: {{kind: x}}" for number in range(10_000))
    flow, problems = flow_of(read(f"tandem: 1\nsteps:\n{many}\n"), "many")
    assert len(flow.steps) == MOST_STEPS
    assert [problem.code for problem in problems] == ["steps-too-many"]
    assert "10,000" in problems[0].message


@pytest.mark.parametrize("said", ["", "tandem: one\n", "tandem: true\n", "tandem: 0\n", "tandem: [1]\n"])
def test_a_file_says_its_format(said: str) -> None:
    problems = problems_in(f"{said}name: x\n")
    assert [problem.code.split("-")[0] for problem in problems] == ["format"]
    assert "tandem: 1" in problems[0].message


def test_a_file_of_a_newer_program_is_refused_with_its_line() -> None:
    with pytest.raises(Refused, match="newer Tandem") as refused:
        flow_of(read(f"name: x\ntandem: {FORMAT + 1}\n"), "x")
    assert refused.value.problems[0].line == 2


def test_older_files_go_through_every_migration_in_turn() -> None:
    migrations: tuple[Migration, ...] = (
        lambda data: {**data, "steps": data.get("cards", {})},
        lambda data: {key: value for key, value in data.items() if key != "cards"},
    )
    old: dict[str, Plain] = {"tandem": 1, "cards": {"a": {}}}
    assert bring_forward(old, migrations) == {"tandem": 3, "steps": {"a": {}}}
    assert bring_forward({"tandem": 2, "cards": {}}, migrations) == {"tandem": 3}
    assert old == {"tandem": 1, "cards": {"a": {}}}


def test_load_says_where_the_flow_came_from(tmp_path: Path) -> None:
    path = tmp_path / "Nightly Run.yaml"
    path.write_text("tandem: 1\nlinks: word\n")
    loaded = load(path)
    assert (loaded.flow.id, loaded.path, len(loaded.problems)) == ("nightly-run", path, 1)


def test_what_is_no_flow_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text("tandem: 1\n")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "huge.yaml").write_bytes(b"#" * 2_000_000)
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    for name, says in [
        ("", "is a folder"),
        ("folw.yaml", "Did you mean 'flow.yaml'"),
        ("nowhere/flow.yaml", "There is no file"),
        ("pipe", "not a file that holds text"),
        ("huge.yaml", "1,000,000"),
        ("ring", "cannot be read"),
        ("nul\0byte", "cannot be read"),
    ]:
        with pytest.raises(Refused) as refused:
            load(tmp_path / name)
        assert says in str(refused.value)


@pytest.mark.parametrize(
    "text", [EXAMPLE, SMALL, SMALL.replace("\n", "\r\n"), "\ufeff" + SMALL, "name: no format\n"]
)
def test_saving_an_unchanged_flow_leaves_the_bytes_as_they_are(text: str) -> None:
    assert saved_text(text, flow_in(text), "small") == text


def test_a_flow_written_afresh_reads_back_equal() -> None:
    flow = flow_in(EXAMPLE)
    assert flow_in(saved_text(None, flow)) == flow
    assert list(plain(flow)) == [section for section in SECTIONS if section not in ("notes", "groups")]


IDS = st.from_regex(r"[a-z][a-z0-9]{0,3}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SETTINGS = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(IDS, inner, max_size=3),
    max_leaves=4,
)
CARDS = st.builds(
    lambda kind, settings, title, version: Card("", kind, settings, title, "", version),
    IDS,
    st.dictionaries(IDS.map("set-{}".format), SETTINGS, max_size=3),
    TEXTS,
    st.none() | st.integers(1, 9),
)
ENDS = st.builds(End, IDS, IDS)
TARGETS = st.builds(Target, step=IDS, measure=IDS, comparison=st.sampled_from(["<", ">="]), number=NUMBERS)
FLOWS = st.builds(
    Flow,
    id=IDS,
    name=TEXTS,
    intent=st.builds(Intent, goal=TEXTS, aims=st.lists(TARGETS, max_size=3).map(tuple)),
    steps=st.dictionaries(IDS, CARDS, max_size=4).map(
        lambda cards: {name: replace(card, id=name) for name, card in cards.items()}
    ),
    people=st.dictionaries(IDS, SETTINGS, max_size=2),
    rehearsal=st.dictionaries(IDS, SETTINGS, max_size=2),
    links=st.lists(st.builds(Link, ENDS, ENDS, st.booleans()), max_size=5).map(tuple),
    layout=st.dictionaries(IDS, st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=3),
    rest=st.dictionaries(IDS.map("new-{}".format), SETTINGS, max_size=2),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(FLOWS, FLOWS)
def test_whatever_a_flow_becomes_its_saved_text_says_it(before: Flow, after: Flow) -> None:
    text = saved_text(saved_text(None, before), after, stem="")
    assert plain(flow_in(text)) == plain(after)
    assert flow_in(text) == after


EDITS = [
    ("move", replace(flow_in(SMALL), layout={"rows": (4, 2)}), {"  rows: [0, 0]"}, {"  rows: [4, 2]"}),
    (
        "configure an unknown kind",
        flow_in(SMALL).with_card(Card("later", "not-invented-yet", {"depth": 4})),
        {"  later: {kind: not-invented-yet, depth: 3}"},
        {"  later: {kind: not-invented-yet, depth: 4}"},
    ),
    (
        "draw a link",
        replace(flow_in(SMALL), links=(*flow_in(SMALL).links, Link.between("a.b", "c.d", True))),
        set(),
        {"  - a.b ~> c.d"},
    ),
    (
        "remove a link with a neighbour that is not understood",
        replace(flow_in(SMALL), links=flow_in(SMALL).links[1:]),
        {"  - rows.records  ->   later.records  # with odd spaces"},
        set(),
    ),
    (
        "another goal",
        replace(flow_in(SMALL), intent=Intent(goal="Find all")),
        {"  goal: Find them   # all of them"},
        {"  goal: Find all   # all of them"},
    ),
]


@pytest.mark.parametrize(
    ("flow", "gone", "come"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS]
)
def test_saving_changes_only_the_lines_of_the_edit_and_keeps_what_is_not_understood(
    flow: Flow, gone: set[str], come: set[str]
) -> None:
    text = saved_text(SMALL, flow)
    assert changed_lines(SMALL, text) == (gone, come)
    assert flow_in(text) == flow


def test_a_change_of_type_alone_is_saved() -> None:
    text = "tandem: 1\nsteps: {a: {kind: x, value: 1}}\n"
    flow = flow_in(text).with_card(Card("a", "x", {"value": True}))
    assert "value: true" in saved_text(text, flow)


def test_a_target_keeps_every_digit_of_its_number() -> None:
    target = Target(step="a", measure="b", comparison="<", number=0.1234567891)
    flow = Flow(id="small", intent=Intent(limits=(target,)))
    assert flow_in(saved_text(None, flow)) == flow


@pytest.mark.parametrize("said", ["steps: [a]", "steps: {b: 7}"])
def test_an_edit_that_would_drop_what_is_not_understood_is_not_saved(said: str) -> None:
    text = f"tandem: 1\n{said}\n"
    with pytest.raises(Refused, match="Correct it in the text first"):
        saved_text(text, flow_in(text).with_card(Card("b", "x")))


def test_save_replaces_the_target_of_a_link_keeps_rights_and_leaves_nothing_behind(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text(SMALL)
    real.chmod(0o640)
    link.symlink_to(real)
    text = save(link, replace(flow_in(SMALL), name="Named"))
    assert link.is_symlink() and real.read_text() == text and "name: Named" in text
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_save_refuses_when_somebody_else_changed_the_file(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL + "# mine\n")
    with pytest.raises(Refused, match="changed by somebody else"):
        save(path, replace(flow_in(SMALL), name="Named"), since=SMALL)
    assert path.read_text() == SMALL + "# mine\n"


def test_a_save_that_breaks_off_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(Refused, match="No space left"):
        save(path, replace(flow_in(SMALL), name="Named"))
    assert [file.read_text() for file in tmp_path.iterdir()] == [SMALL]


def test_save_makes_a_new_file_and_says_when_it_cannot(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    save(path, flow_in(EXAMPLE))
    assert load(path).flow == flow_in(EXAMPLE)
    with pytest.raises(Refused, match="could not be saved"):
        save(tmp_path / "nowhere" / "new.yaml", flow_in(EXAMPLE))
