"""The reference page is what the program says of itself, and every problem code has its meaning."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from difflib import unified_diff
from importlib.metadata import EntryPoint

import pytest
from small_kinds import CATALOG

from flows.catalog import Catalog
from runtime.cli.commands import Command
from runtime.reference import PAGE, reference
from runtime.reference.commands import command_section
from runtime.reference.kinds import described
from runtime.reference.problems import meanings
from runtime.reference.settings import takes
from runtime.steps import BUILTIN

HOME = PAGE.parent.parent
SOURCES = [path for folder in ("flows", "runtime", "editor") for path in sorted((HOME / folder).rglob("*.py"))]
SAYING = frozenset({"refuse", "Problem"})


def test_the_page_is_current() -> None:
    """Run `python -m runtime.reference` after a change of a kind, a command or a code."""
    kept, told = (text.splitlines() for text in (PAGE.read_text("utf-8"), reference(Catalog(BUILTIN))))
    assert list(unified_diff(kept, told, "runtime/REFERENCE.md", "the program", n=0, lineterm="")) == []


def test_a_kind_is_told_with_its_ports_settings_and_limits() -> None:
    told = described(next(kind for kind in CATALOG if kind.kind == "predict"))
    assert "Say what will be." in told
    assert "> Predict *target*" in told
    assert "- Takes `records`: Records, `answers`: Answers (as feedback)." in told
    assert "| `target` | words | must be given |" in told
    assert "| `method` | `fast` or `good` | `good` |" in told
    assert "| `most` | a whole number from 1 | `7` |" in told
    assert "| `tuned.pace` | a number | `0.5` |" in told


def test_a_command_is_told_with_its_options_and_examples() -> None:
    command = Command("greet", EntryPoint("greet", "sample_command", "tandem.commands"))
    told = command_section([command])
    assert "### Try\n" in told
    assert "#### `tandem greet NAME`\n\nGreet somebody.\n" in told
    assert "| `--times N` | How often; 2 by itself. |" in told
    assert "| `--tone kind\\|short` | How it sounds. |" in told
    assert "| `--loud` | With 100 % of the voice. |" in told
    assert "```text\nExample: tandem greet Ada\n```" in told


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 1_000_000}, "a whole number from 0 to 1,000,000"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "a number above 0 up to 1"),
        ({"type": "array", "items": {"type": "string"}}, "a list, each entry words"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "for each name a number"),
        ({"anyOf": [{"type": "number"}, {"enum": ["lowest-cost"]}]}, "a number, or `lowest-cost`"),
        ({"type": ["string", "boolean"]}, "words or true or false"),
        (
            {"type": "array", "items": {"$ref": "#/$defs/A"}, "maxItems": 9},
            "a list, each entry with settings of its own (at most 9)",
        ),
        ({"enum": ["", "after"]}, '`""` or `after`'),
    ],
)
def test_a_type_is_told_in_words(said: dict[str, object], words: str) -> None:
    assert takes(said) == words


def test_every_code_that_is_said_has_a_meaning() -> None:
    known = {code for code, _ in meanings()}
    unknown = {code: where for code, where in said_codes().items() if code not in known}
    assert unknown == {}


def test_every_meaning_belongs_to_a_code_that_is_said() -> None:
    said = said_codes()
    assert [code for code, _ in meanings() if code not in said] == []


def test_a_code_has_one_meaning_in_one_sentence_or_two() -> None:
    found = defaultdict(set)
    for code, says in meanings():
        found[code].add(says)
        assert says.endswith("."), f"{code}: {says}"
    assert {code: says for code, says in found.items() if len(says) > 1} == {}


def said_codes() -> dict[str, list[str]]:
    """Return every code that a source file says, with the places where it does."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
    saying = SAYING | {name for tree in trees.values() for name in passing_on(tree)}
    said = defaultdict(list)
    for path, tree in trees.items():
        for call in calls(tree):
            code = named_code(call)
            if called(call) in saying and code is not None:
                said[code].append(f"{path.relative_to(HOME)}:{call.lineno}")
    return said


def passing_on(tree: ast.AST) -> Iterator[str]:
    """Give the functions whose parameter `code` goes on into a problem."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(
            argument.arg == "code" for argument in function.args.args
        ):
            inner = [call for call in calls(function) if called(call) in SAYING]
            if any(isinstance(call.args[0], ast.Name) and call.args[0].id == "code" for call in inner):
                yield function.name


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)


def called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def named_code(call: ast.Call) -> str | None:
    first = call.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
