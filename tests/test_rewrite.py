"""Writing: a save reads as exactly what was meant, and touches nothing else."""

from __future__ import annotations

import copy
import difflib
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.catalog import Catalog
from flows.commands import RenameStep
from flows.document import Plain, read
from flows.problems import Refused
from flows.reading import flow_of
from flows.rewrite import rewrite, write
from flows.saving import saved_text
from flows.tree import same

DESIGN = Path(__file__).parents[1] / "flows" / "DESIGN.md"
EXAMPLE = DESIGN.read_text("utf-8").split("```yaml\n")[1].split("```")[0]


def edited(text: str, change: Callable[..., object]) -> list[str]:
    """Return the lines that a change of the data takes away (-) and brings (+)."""
    new = copy.deepcopy(read(text).data)
    change(new)
    result = rewrite(text, new)
    assert same(read(result).data, new)
    return changes(text, result)


def changes(text: str, result: str) -> list[str]:
    """Return the lines that are gone (-) and new (+)."""
    return [line for line in difflib.ndiff(text.splitlines(), result.splitlines()) if line[0] in "+-"]


def rename_risk(flow: dict[str, dict[str, Plain]]) -> None:
    flow["steps"] = {"hazard" if key == "risk" else key: step for key, step in flow["steps"].items()}


def put_first(flow: dict[str, dict[str, Plain]]) -> None:
    flow["steps"] = {"first": {"kind": "demo-data"}, **flow["steps"]}


EXAMPLES: list[tuple[str, Callable[..., object], list[str]]] = [
    (
        "a scalar in a block",
        lambda flow: flow["intent"].update(goal="Sooner."),
        ["-   goal: Every shipment that will arrive late is seen by a planner before it leaves.", "+   goal: Sooner."],
    ),
    (
        "a scalar in brackets",
        lambda flow: flow["steps"]["unsure"].update(at_most=40),
        [
            "-   unsure: {kind: pick-cases, by: margin, at_most: 36, audit: 4, until: planned_departure - 2 h}",
            "+   unsure: {kind: pick-cases, by: margin, at_most: 40, audit: 4, until: planned_departure - 2 h}",
        ],
    ),
    (
        "a new setting in brackets",
        lambda flow: flow["steps"]["quality"].update(by="day"),
        ["-   quality: {kind: measure-quality}", "+   quality: {kind: measure-quality, by: day}"],
    ),
    (
        "a setting less in brackets",
        lambda flow: flow["steps"]["unsure"].pop("by"),
        [
            "-   unsure: {kind: pick-cases, by: margin, at_most: 36, audit: 4, until: planned_departure - 2 h}",
            "+   unsure: {kind: pick-cases, at_most: 36, audit: 4, until: planned_departure - 2 h}",
        ],
    ),
    ("a new setting in a block", lambda flow: flow["steps"]["risk"].update(seed=7), ["+     seed: 7"]),
    ("a setting less", lambda flow: flow["steps"]["risk"].pop("target"), ["-     target: late"]),
    ("a new step", lambda flow: flow["steps"].update(new={"kind": "coach"}), ["+   new: {kind: coach}"]),
    ("a new first step", put_first, ["+   first: {kind: demo-data}"]),
    ("a step less", lambda flow: flow["steps"].pop("quality"), ["-   quality: {kind: measure-quality}"]),
    ("a renamed step", rename_risk, ["-   risk:", "+   hazard:"]),
    ("a link less", lambda flow: flow["links"].pop(4), ["-   - alone.decisions -> plan.decisions"]),
    ("a new link", lambda flow: flow["links"].insert(1, "a.b -> c.d"), ["+   - a.b -> c.d"]),
    (
        "a moved link",
        lambda flow: flow["links"].append(flow["links"].pop(0)),
        ["-   - shipments.records -> risk.records", "+   - shipments.records -> risk.records"],
    ),
    (
        "a label more",
        lambda flow: flow["steps"]["risk"]["labels"].append("cannot tell"),
        ["-     labels: [yes, no]", "+     labels: [yes, no, cannot tell]"],
    ),
    (
        "a moved card",
        lambda flow: flow["layout"].update(risk=[12, 9]),
        ["-   risk: [12, 0]", "+   risk: [12, 9]"],
    ),
    (
        "an emptied list",
        lambda flow: flow["intent"].update(limits=[]),
        ["-   limits:", "-     - planners.questions <= 40", "+   limits: []"],
    ),
    (
        "a word that is also a number",
        lambda flow: flow.update(id="0777"),
        ["- id: late-shipments", '+ id: "0777"'],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "lines"), [case[1:] for case in EXAMPLES], ids=[case[0] for case in EXAMPLES])
def test_an_edit_of_the_example_changes_only_its_lines(change: Callable[..., object], lines: list[str]) -> None:
    assert sorted(line for line in edited(EXAMPLE, change) if not line.startswith("?")) == sorted(lines)


COMMENTED = """\
# The planners' flow

# belongs to tandem
tandem: 1  # version
steps:   # all cards
    # first card
    'a': {kind: "x",   # what
          # how many
          at_most: 36 ,
          by: margin}

    # far above

    # second card
    b:
        kind: y # why
        note: |
            # not a comment
            text

        tags: [
            one,  # good
            # above two
            two,  # bad
            three # last
        ]
        # foot of b
    # third card
    c: {}
links:
- a -> b   # one
  # indented otherwise
- b -> c
# end of links?
"""


def test_comments_leave_with_their_entry_and_no_other() -> None:
    gone = [
        "-     # second card", "-     b:", "-         kind: y # why", "-         note: |",
        "-             # not a comment", "-             text", "- ", "-         tags: [",
        "-             one,  # good", "-             # above two", "-             two,  # bad",
        "-             three # last", "-         ]", "-         # foot of b",
    ]  # fmt: skip
    assert edited(COMMENTED, lambda flow: flow["steps"].pop("b")) == gone
    assert edited(COMMENTED, lambda flow: flow["steps"]["b"]["tags"].remove("two")) == gone[9:11]
    assert edited(COMMENTED, lambda flow: flow["links"].pop(0)) == ["- - a -> b   # one"]
    assert edited(COMMENTED, lambda flow: flow.pop("tandem")) == [
        "- # belongs to tandem",
        "- tandem: 1  # version",
    ]


COMMENTED_STEPS = """\
tandem: 1
steps:
  # where it comes from
  rows:
    kind: read-lines # plain
    path: 'a.txt'
  # what is likely
  guess:
    # the best one so far
    kind: "guess-label"   # quoted
    target: 'late'

    # never change
    seed: 7
  some: {kind: pick-cases, at_most: 4}   # few
links:
  # first
  - rows.records -> guess.records # in
  - guess.predictions -> some.predictions
"""


@pytest.mark.parametrize(
    ("step", "to", "changed"),
    [
        (
            "guess",
            "risk",
            ["-   guess:", "+   risk:", "+     formerly: guess",
             "-   - rows.records -> guess.records # in", "-   - guess.predictions -> some.predictions",
             "+   - rows.records -> risk.records # in", "+   - risk.predictions -> some.predictions"],
        ),
        (
            "rows",
            "cases",
            ["-   rows:", "+   cases:", "+     formerly: rows",
             "-   - rows.records -> guess.records # in", "+   - cases.records -> guess.records # in"],
        ),
        (
            "some",
            "few",
            ["-   some: {kind: pick-cases, at_most: 4}   # few",
             "+   few: {kind: pick-cases, formerly: some, at_most: 4}   # few",
             "-   - guess.predictions -> some.predictions", "+   - guess.predictions -> few.predictions"],
        ),
    ],
)  # fmt: skip
def test_renaming_a_step_changes_its_name_and_the_links_that_say_it(step: str, to: str, changed: list[str]) -> None:
    flow = flow_of(read(COMMENTED_STEPS), "flow")[0]
    there = RenameStep(step=step, to=to).apply(flow, Catalog([]))
    text = saved_text(COMMENTED_STEPS, there)
    assert sorted(changed) == sorted(changes(COMMENTED_STEPS, text))
    assert saved_text(text, RenameStep(step=to, to=step).apply(there, Catalog([]))) == COMMENTED_STEPS


def test_an_equal_value_is_a_renamed_one_before_a_similar_one() -> None:
    text = "s:\n  a: {k: 1, l: 2} # a\n  b: {k: 1, l: 3} # b\n"
    new: dict[str, Plain] = {"s": {"c": {"k": 1, "l": 3}, "d": {"k": 1, "l": 2, "m": 0}}}
    assert rewrite(text, new) == "s:\n  d: {k: 1, l: 2, m: 0} # a\n  c: {k: 1, l: 3} # b\n"


def test_a_value_with_little_in_common_is_another_one() -> None:
    text = "s:\n  a: {k: 1, l: 2, m: 3} # a\n  z: 0\n"
    assert rewrite(text, {"s": {"b": {"k": 1, "l": 0, "m": 0}, "z": 0}}) == "s:\n  b: {k: 1, l: 0, m: 0}\n  z: 0\n"


def test_lists_and_mappings_over_several_lines_keep_their_comments() -> None:
    assert edited(COMMENTED, lambda flow: flow["steps"]["b"]["tags"].append("four")) == [
        "-             three # last", "+             three, # last", "+             four",
    ]  # fmt: skip
    assert edited(COMMENTED, lambda flow: flow["steps"]["b"]["tags"].insert(1, "new")) == ["+             new,"]
    assert edited(COMMENTED, lambda flow: flow["steps"]["a"].update(at_most=1))[0] == "-           at_most: 36 ,"
    assert edited(COMMENTED, lambda flow: flow["steps"]["a"].pop("at_most")) == [
        "-           # how many", "-           at_most: 36 ,",
    ]  # fmt: skip


def test_a_moved_item_takes_its_comments_along() -> None:
    text = "links:\n  # why\n  - a\n  - b # two\n  - c\nx: 1\n"
    assert rewrite(text, {"links": ["b", "c", "a"], "x": 1}) == "links:\n  - b # two\n  - c\n  # why\n  - a\nx: 1\n"


def test_quotes_that_a_person_chose_are_kept() -> None:
    assert rewrite("a: 'x'  # c\nb: \"y\"\n", {"a": "it's", "b": "z"}) == "a: 'it''s'  # c\nb: \"z\"\n"


def test_a_list_is_filled_emptied_and_filled_again() -> None:
    full = rewrite("links: [] # none\nx: 1", {"links": ["a -> b"], "x": 1})
    assert full == "links: # none\n  - a -> b\nx: 1"
    assert rewrite(full, {"links": [], "x": 1}) == "links: [] # none\nx: 1"
    assert rewrite("a: 1\nlayout:", {"a": 1, "layout": {"b": [0, 1]}}) == "a: 1\nlayout:\n  b: [0, 1]"


def test_an_emptied_list_keeps_the_comments_of_others() -> None:
    assert rewrite("a:\n  # far\n\n  # near\n  - x # on\nb: 1\n", {"a": [], "b": 1}) == "a: []\n  # far\n\nb: 1\n"


def test_byte_order_mark_and_line_endings_survive_an_edit() -> None:
    text = "\ufeffa: 1\r\nb:\r\n  - x\r\nc: 2\r\n"
    new: dict[str, Plain] = {"a": 2, "b": ["x", "y"], "c": "l1\nl2\n"}
    assert rewrite(text, new) == "\ufeffa: 2\r\nb:\r\n  - x\r\n  - y\r\nc: |\r\n  l1\r\n  l2\r\n"


def test_a_mapping_on_the_line_of_its_dash_is_edited_in_place() -> None:
    text = "a:\n- k: 1\n  l: 2  # two\n- k: 3\n"
    assert rewrite(text, {"a": [{"l": 2}, {"k": 3}]}) == "a:\n- l: 2  # two\n- k: 3\n"
    assert rewrite(text, {"a": [{"j": 0, "k": 1, "l": 2}, {"k": 3}]}) == "a:\n- j: 0\n  k: 1\n  l: 2  # two\n- k: 3\n"
    assert rewrite(text, {"a": [{"k": 1, "l": 2}, {"k": 3, "m": [1]}]}).endswith("- k: 3\n  m: [1]\n")


def test_only_the_order_of_keys_differing_is_no_change() -> None:
    assert rewrite("b: 1\na: 2", {"a": 2, "b": 1}) == "b: 1\na: 2"


def test_one_is_not_true_and_not_one_point_zero() -> None:
    assert rewrite("a: 1\nb: true\nc: 0.0", {"a": True, "b": 1.0, "c": -0.0}) == "a: true\nb: 1.0\nc: -0.0"


def test_the_example_in_house_style() -> None:
    lines = write(read(EXAMPLE).data).splitlines()
    assert "  shipments: {kind: read-table, path: shipments.csv, key: shipment_id}" in lines
    assert "  - shipments.records -> risk.records" in lines and "  risk: [12, 0]" in lines
    assert "    - quality.team_recall >= 0.95" in lines and "    question: Will this shipment arrive late?" in lines
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    ("code", "new"),
    [
        ("text-not-plain", {"a": {1, 2}}),
        ("text-not-plain", {"a": (1, 2)}),
        ("text-key", {1: "a"}),
        ("text-key", {"k" * 161: 1}),
        ("text-long-number", {"a": 10**400}),
        ("text-not-utf-8", {"a": ["\ud800"]}),
        ("text-not-a-mapping", ["a"]),
        ("text-too-large", {"a": "x" * 1_000_000}),
    ],
)
def test_what_cannot_be_read_again_is_never_written(code: str, new: dict[str, Plain]) -> None:
    for save in (write, lambda data: rewrite("a: 1\n", data)):
        with pytest.raises(Refused) as caught:
            save(new)
        assert caught.value.problems[0].code == code


def test_data_that_holds_itself_is_refused() -> None:
    loop: dict[str, Plain] = {}
    loop["again"] = loop
    with pytest.raises(Refused, match="32 levels"):
        write(loop)


def test_a_text_that_cannot_be_read_is_not_rewritten() -> None:
    with pytest.raises(Refused, match="Line 1"):
        rewrite("a: *x", {"a": 1})


def test_not_a_number_equals_itself_here() -> None:
    assert rewrite("a: .NaN", {"a": math.nan}) == "a: .NaN"


def test_a_change_that_fits_nowhere_writes_only_the_entry_around_it_afresh() -> None:
    text = "# top\nx: {a: [k: 1, 2]} # gone\n# y\n'y':   1 # on\n"
    new: dict[str, Plain] = {"x": {"a": [{"k": 1, "l": 2}, 2]}, "y": 1}
    assert rewrite(text, new) == "# top\nx: {a: [{k: 1, l: 2}, 2]} # gone\n# y\n'y':   1 # on\n"


def test_a_key_with_a_question_mark_is_an_entry_like_others() -> None:
    assert rewrite("? a\n: b\n# c\n? c\n: d\n", {"c": "d", "e": 1}) == "# c\n? c\n: d\ne: 1\n"
