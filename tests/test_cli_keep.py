"""Looking back at what ran, and keeping it: status, log, replay, backup and restore."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import DO, REHEARSE, Tandem, at_work

from runtime.store import Store


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tandem:
    return at_work(tmp_path, monkeypatch, capsys)


# -- looking back --


def test_status_tells_who_is_waited_for_and_where_files_lie(tandem: Tandem) -> None:
    tandem(f"{REHEARSE} --rounds 2")
    tandem("run flow.yaml")
    tandem("answer flow.yaml --person anna --book live", "1\nq\n")
    out = tandem("status flow.yaml").out
    assert "book 'rehearsal' (a rehearsal)" in out
    assert "staff waits for staff: 1 of 4 cases are answered." in out
    assert "out wrote .tandem/rehearsals/late/rehearsal/simulated-decided.csv (round 2)" in out
    assert "The aim quality.team_recall >= 0.4 is not shown to be met yet" in out
    assert "Nobody runs it now." in out
    plain = json.loads(tandem("status flow.yaml --book live --json").out)
    assert plain["waiting"][0]["answered"] == 1
    assert [line["state"] for line in plain["rounds"]] == ["open"]


def test_status_names_who_runs_the_flow_now(tandem: Tandem) -> None:
    tandem(REHEARSE)
    seen: list[str] = []

    def look() -> None:
        from runtime.overview import runner_of

        seen.append(runner_of(Path(".tandem"), "late"))

    DO["guess"] = look
    tandem(REHEARSE)
    assert seen[0].startswith(f"process {os.getpid()} on ")


def test_the_log_is_read_as_sentences_and_its_chain_is_proven(tandem: Tandem) -> None:
    tandem(REHEARSE)
    said = tandem("log flow.yaml")
    assert said.status == 0
    assert "Round 1: staff asked 4 questions." in said.out
    assert "The record is whole" in said.out
    store = Store.open(Path(".tandem"))
    with store.transaction() as tx:
        tx.exec_driver_sql("UPDATE events SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 3")
    store.close()
    said = tandem("log flow.yaml")
    assert said.status == 1
    assert "event 3 does not fit" in said.out


def test_a_round_replays_to_the_same_bytes_and_a_difference_is_named(tandem: Tandem) -> None:
    tandem(f"{REHEARSE} --rounds 3")
    files = {path: path.stat().st_mtime_ns for path in Path(".tandem/artifacts").rglob("*")}
    for number in (1, 2, 3):
        said = tandem(f"replay flow.yaml --round {number}")
        assert said.status == 0, said.out
        assert said.out.count("Same bytes.") == 5
    DO["noise"] = lambda: 0.125
    said = tandem("replay flow.yaml --round 2")
    assert said.status == 1
    assert "'predictions' differs: column 'probability': the largest difference is 0.125." in said.out
    assert said.out.endswith("1 of 6 steps differ.\n")
    assert files == {path: path.stat().st_mtime_ns for path in Path(".tandem/artifacts").rglob("*")}


def test_an_open_round_or_none_cannot_be_replayed(tandem: Tandem) -> None:
    tandem("run flow.yaml")
    assert "Round 1 is still open." in tandem("replay flow.yaml --round 1").err
    assert "has no round 2." in tandem("replay flow.yaml --round 2").err


# -- keeping --


@pytest.mark.parametrize("target", ["copy.zip", "copy"])
def test_a_backup_of_a_live_store_brings_everything_back(tandem: Tandem, target: str) -> None:
    tandem(f"{REHEARSE} --rounds 2")
    live = Store.open(Path(".tandem"))
    with live.reading():  # somebody is looking while it is copied
        assert tandem(f"backup flow.yaml {target}").status == 0
    live.close()
    assert stat.S_IMODE(Path(target).stat().st_mode) in (0o600, 0o700)
    assert tandem(f"restore --state back {target}").status == 0
    assert {path.name for path in Path("back").iterdir()} == {"store.db", "artifacts"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in Path("back").rglob("*") if path.is_file())
    for line in ("log flow.yaml", "replay flow.yaml --round 2"):
        assert tandem(f"{line} --state back").out == tandem(line).out
    assert tandem(f"{REHEARSE} --state back --quiet").out == "Round 3 is done.\n"


def test_a_backup_never_takes_the_place_of_a_file(tandem: Tandem) -> None:
    tandem(REHEARSE)
    Path("copy.zip").write_text("mine")
    said = tandem("backup flow.yaml copy.zip")
    assert (said.status, Path("copy.zip").read_text()) == (2, "mine")
    assert tandem("backup flow.yaml none/copy.zip").status == 2
    assert [path.name for path in Path().iterdir() if path.name.startswith(".tandem-")] == []


def test_a_damaged_backup_is_refused_and_touches_nothing(tandem: Tandem) -> None:
    tandem(REHEARSE)
    tandem("backup flow.yaml copy")
    artifact = next(Path("copy/artifacts").glob("*/*"))
    artifact.write_bytes(artifact.read_bytes()[:-1] + b"x")
    said = tandem("restore flow.yaml copy --force-with-copy")
    assert said.status == 2
    assert "is damaged" in said.err
    assert tandem("log flow.yaml").status == 0
    assert [path.name for path in Path().iterdir() if path.name.startswith(".tandem-")] == []


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "artifacts/../../outside"])
def test_a_backup_cannot_write_outside_its_folder(tandem: Tandem, name: str) -> None:
    tandem(REHEARSE)
    tandem("backup flow.yaml copy")
    manifest = json.loads(Path("copy/manifest.json").read_text())
    manifest["files"][name] = {"sha256": "0" * 64, "bytes": 1}
    Path("copy/manifest.json").write_text(json.dumps(manifest))
    assert "its manifest names" in tandem("restore --state back copy").err


def test_restoring_sets_aside_what_is_there_only_when_asked_and_unused(tandem: Tandem) -> None:
    tandem(REHEARSE)
    tandem("backup flow.yaml copy.zip")
    tandem(REHEARSE)
    assert tandem("restore flow.yaml copy.zip").status == 2
    live = Store.open(Path(".tandem"))
    with live.reading() as connection:
        connection.exec_driver_sql("SELECT 1 FROM books").all()
        said = tandem("restore flow.yaml copy.zip --force-with-copy")
        assert (said.status, "open, so it cannot be set aside" in said.err) == (2, True)
    live.close()
    assert tandem("restore flow.yaml copy.zip --force-with-copy").status == 0
    aside = next(Path().glob(".tandem.before-*"))
    assert "Round 2 is done." in tandem(f"log flow.yaml --state {aside}").out
    assert "Round 2 is done." not in tandem("log flow.yaml").out


def test_a_stored_file_that_is_gone_is_told_when_backing_up(tandem: Tandem) -> None:
    tandem(REHEARSE)
    next(Path(".tandem/artifacts").glob("*/*")).unlink()
    said = tandem("backup flow.yaml copy.zip")
    assert said.status == 1
    assert "1 stored files are gone or damaged" in said.err
    assert Path("copy.zip").exists()


def test_moments_are_told_in_utc(tandem: Tandem) -> None:
    tandem(REHEARSE)
    assert f"{datetime.now(UTC):%Y-%m-%d}" in tandem("status flow.yaml").out
