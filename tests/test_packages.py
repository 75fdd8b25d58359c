"""Kinds of other packages: what cannot be used is told in a sentence and stops nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from light_kinds import CountKnown
from small_kinds import Halve

from editor.faces import Painter
from editor.form import form_of
from flows.catalog import Catalog, installed
from flows.flow import Card, Flow
from flows.show.cards import faces
from runtime.cli import main

PARTS = '''
from light_kinds import CountKnown

class Other(CountKnown):
    kind = "{kind}"

class Nameless:
    pass

class Titled(CountKnown):
    kind = "titled"
    formerly: str = ""
'''


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder on the path; what `install` puts there counts as installed."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def install(folder: Path, name: str, code: str, entries: str) -> None:
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(code)
    sys.modules.pop(module, None)
    info = folder / f"{module}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[tandem.kinds]\n{entries}\n")


def fault(catalog: Catalog, kind: str) -> tuple[str, str]:
    step, (problem,) = catalog.read(Card("a", kind))
    assert step is None
    return problem.code, problem.message


def test_a_package_that_cannot_be_loaded_stops_no_other(packages: Path) -> None:
    install(packages, "sound", PARTS.format(kind="other"), "other = sound:Other")
    install(packages, "broken-one", "import not_there_at_all", "grow = broken_one:Grow")
    catalog = installed([Halve])
    assert set(catalog.names()) == {"halve", "other"} and set(catalog.broken) == {"grow"}
    code, message = fault(catalog, "grow")
    assert code == "kind-broken"
    assert "The kind 'grow' comes from the package 'broken-one', which could not be loaded" in message
    assert "No module named 'not_there_at_all'" in message


@pytest.mark.parametrize(
    ("code", "entry", "says"),
    [
        ("raise TypeError('two\\nlines')", "kinds_x:X", "it raised TypeError: two lines."),
        ("def broken(:", "kinds_x:X", "it raised SyntaxError"),
        (PARTS, "kinds_x:Gone", "it raised AttributeError"),
        (PARTS, "kinds_x:Nameless", "is no Step class"),
        (PARTS, "kinds_x:Titled", "Titled has the setting formerly, which is a word of the card itself"),
    ],
)
def test_whatever_is_wrong_with_a_kind_becomes_a_sentence(packages: Path, code: str, entry: str, says: str) -> None:
    install(packages, "kinds-x", code, f"x = {entry}")
    assert says in fault(installed([]), "x")[1]


def test_a_name_that_two_packages_declare_belongs_to_neither(packages: Path) -> None:
    for name in ("one", "two"):
        install(packages, f"pack-{name}", PARTS.format(kind="same"), f"same = pack_{name}:Other")
    code, message = fault(installed([]), "same")
    assert code == "kind-broken" and "declared by the packages 'pack-one' and 'pack-two'" in message


def test_a_broken_namesake_takes_nothing_from_a_sound_kind(packages: Path) -> None:
    install(packages, "pack-one", "import not_there_at_all", "same = pack_one:Other")
    install(packages, "pack-two", PARTS.format(kind="same"), "same = pack_two:Other")
    assert installed([]).names() == ("same",)


def test_a_built_in_kind_keeps_its_name(packages: Path) -> None:
    install(packages, "taker", PARTS.format(kind=CountKnown.kind), "taken = taker:Other")
    catalog = installed([CountKnown])
    assert catalog.get(CountKnown.kind) is CountKnown
    assert "a built-in kind has that name" in catalog.broken[CountKnown.kind]


def test_the_list_of_kinds_tells_which_cannot_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    grown = Catalog([Halve], broken={"grow": "The kind 'grow' comes from a package that is torn."})
    assert main(["kinds"], grown) == 0
    assert "is torn" in capsys.readouterr().out
    assert main(["kinds", "grow"], grown) != 0
    assert "is torn" in capsys.readouterr().err


def test_a_card_of_a_broken_package_says_everywhere_what_is_broken() -> None:
    torn = Catalog([Halve], broken={"grow": "The kind 'grow' comes from a package that is torn."})
    flow = Flow("f", steps={"a": Card("a", "grow")})
    (face,) = Painter(torn).picture(flow, ()).cards.values()
    shown = (form_of(flow, torn, "a").says, face["parts"][0]["text"], faces(flow, torn)["a"].sentence)
    for says in shown:
        assert "comes from a package that is torn. The step is kept" in says and "not known" not in says
