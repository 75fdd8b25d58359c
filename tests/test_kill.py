"""A run that is killed at any moment, and killed again while it recovers, comes to the same end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from killing import Command, Played, Server, State, copied, fast_folder
from light_kinds import FLOW, parcels

ALL = os.environ.get("TANDEM_TEST_ALL") == "1"

SIMULATED: tuple[Command, ...] = tuple(
    {"what": "run", "order": {"rounds": 1}, "hour": number, "until": number} for number in (1, 2, 3)
)
"""Three rounds with simulated people, one command each."""

IN_ONE_ORDER: Command = {"what": "run", "order": {"rounds": 3}, "hour": 1, "until": 3}
"""The same three rounds, ordered at once."""

LIVE = {"rounds": 3, "people": "store", "book": "live"}


def answered(hour: int, *answers: tuple[int, int, str]) -> Command:
    """Return the command of a person who answers (round, place of the case, label)."""
    return {"what": "answer", "book": "live", "hour": hour, "answers": answers}


def going_on(hour: int, until: int = 10**6) -> Command:
    return {"what": "run", "order": LIVE, "hour": hour, "until": until}


WITH_PEOPLE: tuple[Command, ...] = (
    going_on(0),
    answered(1, (1, 0, "yes"), (1, 1, "no"), (1, 0, "no")),  # the last corrects the first
    going_on(2),  # two of four cases are not a quorum
    answered(3, (1, 2, "yes")),
    going_on(4),
    answered(5, (1, 3, "no"), (1, 2, "no"), (2, 0, "yes"), (2, 1, "yes"), (2, 2, "no")),  # late, corrected, new
    going_on(6),
    answered(7, (3, 0, "no"), (3, 1, "no"), (3, 2, "yes"), (3, 3, "yes")),
    going_on(8, until=3),
)
"""Three rounds that wait for a quorum of real people, who answer in between, late and twice."""


def flow(people: bool) -> str:
    if not people:
        return FLOW
    four = FLOW.replace("at_most: 3, audit: 1", "at_most: 4")
    return four.replace("kind: ask-people,", "kind: ask-people, wait: quorum, quorum: 0.7,")


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    running = [Server(), Server()]
    yield running
    for server in running:
        server.close()


def begun(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "flow.yaml").write_text(text)
    (folder / "parcels.txt").write_text(parcels())
    return folder


Stage = tuple[Path, State, Played]
"""One command of a straight run: the folder before it, what it left, and how it was played."""


def stages(server: Server, folder: Path, commands: Sequence[Command], text: str) -> Iterator[Stage]:
    """Play commands straight through and yield the stage of each."""
    now = begun(folder / "straight", text)
    for number, command in enumerate(commands):
        before = copied(now, folder / f"before-{number}")
        played = server.play(now, command)
        yield before, server.look(now), played


def differences(found: State, straight: State) -> list[str]:
    """Return what differs between two folders: nothing lost, nothing twice, no file that should not be there."""
    assert straight["broken"] == [None] and straight["unpublished"] == 0
    return [
        f"{name}: {found[name]} instead of {wanted}" for name, wanted in straight.items() if found[name] != wanted
    ]


def recovered(server: Server, folder: Path, before: Path, command: Command, *kills: int) -> State:
    """Kill a command at some points, one after the other, let it run to its end, and look."""
    copied(before, folder)
    for kill in kills:
        server.play(folder, command, kill)
    server.play(folder, command)
    return server.look(folder)


def every_kill(servers: list[Server], folder: Path, stage: Stage, command: Command) -> None:
    """Kill a command once wherever it would leave other files, on as many processes as there are."""
    before, straight, played = stage
    points = range(1, played.points + 1) if ALL else played.telling

    def share(number: int) -> list[str]:
        return [
            f"Killed at point {point} of {played.points} of {command}: {said}"
            for point in points[number :: len(servers)]
            for said in differences(
                recovered(servers[number], folder / f"killed-{number}", before, command, point), straight
            )
        ]

    with ThreadPoolExecutor(len(servers)) as pool:
        found = [said for part in pool.map(share, range(len(servers))) for said in part]
    assert not found, "\n".join(found[:5])


@pytest.mark.parametrize(("commands", "people"), [(SIMULATED, False), (WITH_PEOPLE, True)], ids=["simulated", "people"])
def test_a_kill_at_any_point_of_any_command_changes_nothing(
    servers: list[Server], commands: Sequence[Command], people: bool
) -> None:
    """Delivered files, logs, answers in force, figures, events and questions are those of a straight run."""
    with fast_folder() as folder:
        for command, stage in zip(commands, stages(servers[0], folder, commands, flow(people)), strict=True):
            every_kill(servers, folder, stage, command)
        assert [row["state"] for row in stage[1]["rounds"]] == ["closed"] * 3


def test_a_kill_while_it_recovers_changes_nothing(servers: list[Server]) -> None:
    """Three rounds in one order, killed at one point and again at another on the way back."""
    with fast_folder() as folder:
        ((before, straight, played),) = stages(servers[0], folder, [IN_ONE_ORDER], flow(False))
        firsts = range(1, played.points + 1) if ALL else range(5, played.points + 1, 37)
        for first in firsts:
            seconds = range(1, played.points - first + 1) if ALL else (3 + first // 2,)
            for second in seconds:
                found = recovered(servers[0], folder / "killed", before, IN_ONE_ORDER, first, second)
                assert not differences(found, straight), f"Killed at {first}, then at {second}."


def test_a_kill_does_not_make_it_miss_that_its_aims_are_met(servers: list[Server]) -> None:
    """An order that ends early ends there too when it is killed between the last round and its end."""
    text = FLOW.replace("count.known >= 8", "count.known >= 1")
    command = {"what": "run", "order": {"rounds": 8, "until_aims_met": True}, "until": 2}
    with fast_folder() as folder:
        ((before, straight, played),) = stages(servers[0], folder, [command], text)
        assert len(straight["rounds"]) == 2
        for point in played.telling[-5:]:
            found = recovered(servers[0], folder / "killed", before, command, point)
            assert not differences(found, straight), f"Killed at {point} of {played.points}."


@pytest.mark.parametrize(("mutant", "counted"), [("fresh answers", "answers"), ("fresh questions", "questions")])
def test_without_its_keys_a_repeated_command_counts_twice(mutant: str, counted: str) -> None:
    """The comparison can fail: take away what makes an answer or a question one, and it sees the double."""
    server = Server(mutant)
    try:
        with fast_folder() as folder:
            commands = WITH_PEOPLE[:2]
            number = 1 if counted == "answers" else 0
            commands = WITH_PEOPLE[: number + 1]
            *_, (before, straight, played) = stages(server, folder, commands, flow(True))
            found = (
                recovered(server, folder / "killed", before, commands[-1], point)
                for point in reversed(played.telling)
            )
            assert any(len(state[counted]) > len(straight[counted]) for state in found)
    finally:
        server.close()
