"""Bad files, bad data and full disks: a sentence, nothing lost, and the same command goes on once it is mended."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from killing import state_of
from light_kinds import FLOW
from playing import REAL, Playground, shipments

from flows.catalog import Catalog
from flows.problems import Refused
from runtime.artifacts import Artifacts
from runtime.cli.failures import guarded
from runtime.steps import BUILTIN

BAD_FLOWS = {
    "a tag": (FLOW.replace("id: parcels", "id: !!python/name:os.system parcels"), "tag"),
    "an alias": (FLOW.replace("id: parcels", "id: &a parcels\nname: *a"), "alias|anchor"),
    "a key twice": (FLOW.replace("id: parcels", "id: parcels\nid: other"), "twice"),
    "a word for a number": (FLOW.replace("at_most: 3", "at_most: many"), "'Cases a round' is 'many'"),
    "a negative number": (FLOW.replace("at_most: 3", "at_most: -3"), "'Cases a round' is -3"),
    "a port that is not there": (FLOW.replace("guess.predictions -> unsure", "guess.dreams -> unsure"), "dreams"),
    "an input that stays empty": (FLOW.replace("  - parcels.records -> guess.records\n", ""), "records"),
    "a loop": (FLOW + "  - planners.answers -> guess.answers\n", "answers"),
    "an unknown kind": (FLOW.replace("kind: guess-label", "kind: guess-lable"), "guess-label"),
    "a limit on nothing": (FLOW.replace("planners.questions", "planners.quetsions"), "questions"),
    "nothing": ("", "."),
    "a list": ("- tandem: 1\n", "."),
    "a null byte": (FLOW.replace("late?", "late\0?"), "invisible character"),
    "ten megabytes": (FLOW + "# " + "x" * 10_000_000, "10,00.,... bytes"),
    "half a file": (FLOW[: len(FLOW) // 2] + " {", "."),
    "deep nesting": ("a: " + "[" * 5000, "."),
    "a path outside": (FLOW.replace("path: decided.csv", "path: ../decided.csv"), "outside"),
}


@pytest.fixture
def place(tmp_path: Path) -> Playground:
    return Playground(tmp_path / "place")


@pytest.fixture
def real(tmp_path: Path) -> Playground:
    place = Playground(tmp_path / "place", REAL, catalog=Catalog(BUILTIN))
    (place.folder / "shipments.csv").write_text(shipments(60))
    return place


def sentence_of(work: Callable[[], object]) -> str:
    """Return what a refusal says; it must be whole sentences without anything of the machine room."""
    with pytest.raises(Refused) as caught:
        work()
    says = str(caught.value)
    assert says.endswith((".", "}", "95")), says
    assert "Traceback" not in says
    assert "object at 0x" not in says
    return says


@pytest.mark.parametrize("what", BAD_FLOWS)
def test_a_bad_flow_file_is_refused_and_begins_nothing(place: Playground, what: str) -> None:
    text, found = BAD_FLOWS[what]
    place.write(text)
    with pytest.raises(Refused, match=found):
        place.run()
    assert what == "a path outside" or not place.rows("rounds")
    assert place.files() == ["flow.yaml", "parcels.txt"]
    place.write(FLOW)
    assert place.run(2).state == "done"


@pytest.mark.parametrize("name", ["../../../escape", "a/b", ".", "", "x" * 300, "a\0b", "C:\\b"])
def test_a_book_cannot_be_called_like_another_folder(place: Playground, name: str) -> None:
    assert "is no name for a book" in sentence_of(lambda: place.run(book=name))
    assert place.files() == ["flow.yaml", "parcels.txt"]


def test_a_flow_file_that_is_not_text_is_refused(place: Playground) -> None:
    (place.folder / "flow.yaml").write_bytes(FLOW.replace("late", "spät").encode("latin-1"))
    assert "is not UTF-8" in sentence_of(place.run)


BAD_TABLES = {
    "an empty file": b"",
    "no key": shipments(60).replace("id,", "name,").encode(),
    "one key twice": (shipments(60) + "\nS001,A,3,no").encode(),
    "no truth": shipments(60).replace(",late", ",punctual").encode(),
    "zeros": bytes(1000),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
}


@pytest.mark.parametrize("what", [*BAD_TABLES, "no file", "a folder"])
def test_bad_data_is_refused_in_a_sentence_and_the_same_round_goes_on(real: Playground, what: str) -> None:
    file = real.folder / "shipments.csv"
    file.unlink()
    if what == "a folder":
        file.mkdir()
    elif what in BAD_TABLES:
        file.write_bytes(BAD_TABLES[what])
    said = sentence_of(real.run)
    assert any(name in said for name in ("shipments.csv", "'late'", "key id")), said
    if file.is_dir():
        file.rmdir()
    file.write_text(shipments(60))
    ran = real.run(1)
    assert (ran.state, ran.closed) == ("done", (1,))


def test_a_table_without_rows_stops_with_a_sentence_and_goes_on_when_rows_come(real: Playground) -> None:
    (real.folder / "shipments.csv").write_text(shipments(0) + "\n")
    with pytest.raises(Refused, match="no rows"):
        real.run()
    (real.folder / "shipments.csv").write_text(shipments(60))
    assert real.run().state == "done"
    assert real.rows("questions")


def test_a_day_without_cases_can_be_declared_usual(real: Playground) -> None:
    real.write(real.flow.replace("kind: read-table,", "kind: read-table, no_rows: go on,"))
    (real.folder / "shipments.csv").write_text(shipments(0) + "\n")
    assert real.run(2).state == "done"
    assert not real.rows("questions")


def test_one_label_alone_teaches_nothing_and_stops_nothing(real: Playground) -> None:
    """A model that has seen one label only says so; the round ends, and people decide."""
    (real.folder / "shipments.csv").write_text(shipments(60).replace(",yes", ",no"))
    assert real.run(3).state == "done"


def test_a_column_that_vanished_stops_the_round_until_it_is_back(real: Playground) -> None:
    real.run()
    table = (real.folder / "shipments.csv").read_text()
    lines = [line.split(",") for line in table.splitlines()]
    (real.folder / "shipments.csv").write_text("\n".join(",".join((a, c, d)) for a, _, c, d in lines))
    assert "carrier" in sentence_of(real.run)
    (real.folder / "shipments.csv").write_text(table)
    assert real.run().closed == (2,)


def test_a_column_that_vanished_can_be_given_up_as_the_sentence_proposes(real: Playground) -> None:
    real.run()
    lines = [line.split(",") for line in (real.folder / "shipments.csv").read_text().splitlines()]
    (real.folder / "shipments.csv").write_text("\n".join(",".join((a, c, d)) for a, _, c, d in lines))
    assert "`vanished_columns: go on`" in sentence_of(real.run)
    real.write(REAL.replace("key: id,", "key: id, vanished_columns: go on,"))
    assert real.run().closed == (3,)


def test_a_disk_that_is_full_at_any_file_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file of a round fails once, as a full disk makes it fail; afterwards it is as if it had not."""
    straight = Playground(tmp_path / "straight")
    assert straight.run().state == "done"
    wanted = state_of(straight.folder)
    hindered = Playground(tmp_path / "hindered")
    full = failing(monkeypatch)
    next(full)
    failures = [next(full) for _ in iter(lambda: is_hindered(hindered), False)]
    assert len(failures) > 5
    assert state_of(hindered.folder) == wanted
    assert not list((hindered.folder / ".tandem" / "artifacts").glob("new-*")), "no half file is left over"


def is_hindered(place: Playground) -> bool:
    """Run a round; return whether the full disk kept it from ending."""
    try:
        place.run()
    except OSError as error:
        return error.errno == errno.ENOSPC
    return False


def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Yield; each time, one more file can be written before the disk is full."""
    sync = os.fsync
    for room in range(10_000):
        left = [room]

        def until_full(handle: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync(handle)

        monkeypatch.setattr(os, "fsync", until_full)
        yield


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, where that is permitted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("room", [0, 20_000, 60_000, 120_000, 250_000, 400_000])
def test_a_full_disk_is_said_in_a_sentence_and_the_same_command_goes_on(
    small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], room: int
) -> None:
    """Database, write-ahead log and files: whichever finds no room, nothing that was kept is lost."""
    straight, place = Playground(tmp_path / "straight"), Playground(small_disk / "place")
    straight.run(3)
    filled = small_disk / "ballast"
    filled.write_bytes(bytes(2_000_000 - 24_576 - room))
    assert guarded(lambda: len(place.run(3).closed) - 3, []) == 1
    assert "The disk is full" in capsys.readouterr().err
    filled.unlink()
    assert place.run(3).state == "done"
    found, wanted = state_of(place.folder), state_of(straight.folder)
    assert {name: found[name] for name in wanted} == wanted


def test_a_stored_file_that_is_gone_is_named_with_what_to_do(place: Playground) -> None:
    place.live()
    artifacts = Artifacts(place.folder / ".tandem" / "artifacts")
    for digest in artifacts:
        artifacts.path(digest).unlink()
    said = sentence_of(place.live)
    assert "is gone from" in said
    assert "tandem restore" in said
