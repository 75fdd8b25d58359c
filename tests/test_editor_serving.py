"""How the editor serves: whom it answers, which files it takes, and how its command finds flow and port."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("NICEGUI_STORAGE_PATH", tempfile.mkdtemp(prefix="tandem-pages-"))

from editor.app import free_port
from editor.cli.edit import flow_to_edit
from editor.guard import Guard
from editor.uploads import safe_name, take
from flows.problems import Refused


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    """Yield the pieces of a file that arrives."""
    for part in parts:
        yield part


@pytest.mark.parametrize(("parts", "says"), [((b"123", b"456"), "larger"), ((), "empty")])
def test_a_file_too_large_or_empty_leaves_nothing_behind(tmp_path: Path, parts: tuple[bytes, ...], says: str) -> None:
    with pytest.raises(Refused, match=says):
        asyncio.run(take(tmp_path, "a.csv", pieces(*parts), most=5))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\a.csv", "a.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\0b:c?.CSV.gz", "a-b-c.csv.gz"),
        ("¿.csv", "table.csv"),
    ],
)
def test_a_file_name_cannot_leave_its_folder_or_hide(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({b"host": b"127.0.0.1:8420"}, True),
        ({b"host": b"127.0.0.1:8420", b"origin": b"http://127.0.0.1:8420"}, True),
        ({b"host": b"127.0.0.1:8420", b"origin": b"http://evil.example"}, False),
        ({b"host": b"127.0.0.1:8420", b"origin": b"null"}, False),
        ({b"host": b"evil.example"}, False),
        ({}, False),
    ],
)
def test_only_our_own_pages_are_answered(headers: dict[bytes, bytes], welcome: bool) -> None:
    """Another site's page reaches 127.0.0.1 as well: it names another host or sends its own origin."""
    passed, sent = [], []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["type"])

    async def send(message: Any) -> None:
        sent.append(message)

    guard = Guard(inner, ["127.0.0.1:8420"])
    for kind in ("http", "websocket"):
        asyncio.run(guard({"type": kind, "headers": list(headers.items())}, None, send))  # type: ignore[arg-type]
    assert bool(passed) is welcome and bool(sent) is not welcome


def test_the_command_names_a_flow_that_may_not_be_there_yet_and_refuses_what_is_none(tmp_path: Path) -> None:
    assert flow_to_edit(tmp_path) == tmp_path / "flow.yaml"
    (tmp_path / "late.yaml").touch()
    assert flow_to_edit(tmp_path) == tmp_path / "late.yaml"
    with pytest.raises(Refused, match="must end with"):
        flow_to_edit(tmp_path / "late.csv")
    with pytest.raises(Refused, match="no folder"):
        flow_to_edit(tmp_path / "nowhere" / "late.yaml")


def test_a_port_that_is_taken_gives_way_to_the_next() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_naming_the_command_loads_no_pages() -> None:
    code = "import sys, editor.cli.edit; assert not {'nicegui', 'fastapi', 'polars'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
