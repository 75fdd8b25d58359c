"""Reading: what a flow file may hold, what it means, and how the rest is refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import yaml

from flows import tree
from flows.document import CODES, Document, read
from flows.problems import Refused

DESIGN = Path(__file__).parents[1] / "flows" / "DESIGN.md"


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every law here holds with libyaml and with PyYAML's own parser."""
    if not hasattr(yaml, request.param):
        pytest.skip("this PyYAML was built without libyaml")
    monkeypatch.setattr(tree, "LOADER", getattr(yaml, request.param))


def example() -> str:
    return DESIGN.read_text("utf-8").split("```yaml\n")[1].split("```")[0]


def refused(source: bytes | str) -> tuple[str, str, int | None]:
    with pytest.raises(Refused) as caught:
        read(source)
    problem = caught.value.problems[0]
    return problem.code, problem.message, problem.line


def test_the_example_of_the_design_is_read() -> None:
    data = read(example()).data
    assert list(data)[:3] == ["tandem", "id", "name"]
    assert data["steps"]["risk"]["labels"] == ["yes", "no"]  # type: ignore[index, call-overload]
    assert data["layout"] == {"shipments": [0, 0], "risk": [12, 0]}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True), ("TRUE", True), ("False", False), ("yes", "yes"), ("no", "no"), ("on", "on"),
        ("off", "off"), ("y", "y"), ("tRUE", "tRUE"), ("~", None), ("null", None), ("Null", None),
        ("", None), ("nULL", "nULL"), ("12", 12), ("-3", -3), ("+3", 3), ("0777", 777), ("0o17", 15),
        ("0x1F", 31), ("0b1", "0b1"), ("1_000", "1_000"), ("1e3", 1000.0), ("1.", 1.0), (".5", 0.5),
        ("-.inf", -math.inf), ("1.5e-3", 0.0015), ("12:30:00", "12:30:00"), ("2026-01-05", "2026-01-05"),
        ("'12'", "12"), ('"true"', "true"), ("1.2.3", "1.2.3"), ("=", "="), ("٣", "٣"),
    ],
)  # fmt: skip
def test_a_scalar_means_what_yaml_1_2_says(word: str, value: object) -> None:
    found = read(f"a: {word}\n").data["a"]
    assert (found, type(found)) == (value, type(value))


def test_not_a_number_is_a_number() -> None:
    found = read("a: .nan").data["a"]
    assert isinstance(found, float) and math.isnan(found)


def test_keys_are_words() -> None:
    assert read("yes: 3\n1: a\nnull: b\n'x y': c\n").data == {"yes": 3, "1": "a", "null": "b", "x y": "c"}


def test_every_place_knows_its_line() -> None:
    document = read("\ufeff# ü 😀\r\nsteps:\r\n  é: {kind: x,\r\n    by: 😀}\r\nlinks:\r\n  - a\r\n\r\n  - b\r\n")
    assert document.line(("steps", "é", "by")) == 4
    assert document.line(("links", 1)) == 8
    assert document.line(("steps", "é", "unknown", "deeper")) == 3
    assert document.line(("nothing",)) == document.line(()) == 2


def test_byte_order_mark_and_line_endings_stay_in_the_text() -> None:
    source = b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n"
    document = read(source)
    assert document.text.encode() == source
    assert document.data == {"a": 1, "b": "x\ny\n"}


def test_a_document_is_frozen() -> None:
    document = read("a: 1")
    with pytest.raises(AttributeError):
        document.text = ""  # type: ignore[misc]
    with pytest.raises(TypeError):
        document.lines[()] = 3  # type: ignore[index]
    assert isinstance(document, Document)


HOSTILE = [
    ("text-tag", "a: 1\nb: !x 1", 2),
    ("text-tag", "a: !!python/object/apply:os.system [ls]", 1),
    ("text-tag", "a: ! x", 1),
    ("text-tag", "a: !u!x 1", 1),
    ("text-alias", "a: &x 1\nb: *x", 1),
    ("text-alias", "b: *x", 1),
    ("text-alias", "&k a: 1", 1),
    ("text-merge", "a: {<<: {b: 1}}", 1),
    ("text-duplicate-key", "a: 1\nb: {c: 1,\n c: 2}", 3),
    ("text-duplicate-key", "1: a\n'1': b", 2),
    ("text-many-documents", "a: 1\n---\nb: 1", 2),
    ("text-many-documents", "a: 1\n...\n---\n", 3),
    ("text-too-deep", "a: " + "[" * 32 + "]" * 32, 1),
    ("text-too-deep", "[" * 100_000, 1),
    ("text-too-deep", "{a: " * 100_000, 1),
    ("text-too-deep", "- " * 100_000, 1),
    ("text-too-large", "x" * 10_000_000, None),
    ("text-too-large", "a: " + "é" * 500_000, None),
    ("text-not-utf-8", b"a: 1\nb: \xff", 2),
    ("text-not-utf-8", "a: \ud800", 1),
    ("text-control-character", "a: 1\nb: \0", 2),
    ("text-control-character", "a: \x85", 1),
    ("text-control-character", "a: 1\rb: 2", 1),
    ("text-control-character", "a: \u2028", 1),
    ("text-not-a-mapping", "", 1),
    ("text-not-a-mapping", "# only a comment\n", 1),
    ("text-not-a-mapping", "- a", 1),
    ("text-not-a-mapping", "\n~", 2),
    ("text-key", "? [a]\n: b", 1),
    ("text-key", "? " + "k" * 161 + "\n: b", 1),
    ("text-long-number", "a: " + "9" * 401, 1),
    ("text-long-number", "a: 0x" + "f" * 5000, 1),
    ("text-long-number", "a: 1." + "0" * 900_000, 1),
    ("text-syntax", "a: 1\nb: c: d", 2),
    ("text-syntax", "a: [1, 2\nb: 3\n", 2),
    ("text-syntax", "a: {b: 1", 1),
    ("text-syntax", 'a: "x', 1),
    ("text-syntax", "a:\n\t- b", 2),
    ("text-syntax", "- a\nb: 1", 2),
    ("text-syntax", "a: ]", 1),
    ("text-syntax", " a: 1\nb: 2", 2),
    ("text-syntax", "a: @x", 1),
    ("text-syntax", "a: |x\n  c", 1),
    ("text-syntax", "a: *", 1),
]


@pytest.mark.parametrize(("code", "source", "line"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_allowed_is_refused_at_once_with_its_code_and_line(
    code: str, source: bytes | str, line: int | None
) -> None:
    found, message, at = refused(source)
    assert (found, at) == (code, line)
    assert message.endswith(".")
    assert line is None or message.startswith(f"Line {line}:") or "The file is empty" in message


def test_thirty_two_levels_are_read() -> None:
    assert read("a: " + "[" * 31 + "]" * 31).data


def test_an_alias_bomb_stops_at_its_first_anchor() -> None:
    letters = zip("abcdefgh", "bcdefghi", strict=True)
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in letters)
    assert refused(bomb)[0] == "text-alias"


def test_every_refusal_stands_on_the_reference_page() -> None:
    codes = [code for code, _ in CODES]
    assert {code for code, _, _ in HOSTILE} | {"text-not-plain"} == set(codes)
    assert len(codes) == len(set(codes))


def test_bytes_that_are_not_utf_8_are_named() -> None:
    assert "byte 3 is not UTF-8" in refused(b"a: \xe9")[1]
