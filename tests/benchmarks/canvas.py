"""How fast the canvas is in headless Chromium: frames while dragging and panning, opening, answering.

Run with `python tests/benchmarks/canvas.py [--chromium PATH]`; exits with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

if TYPE_CHECKING:
    from editor.canvas import Payload, Value

SOME, MANY = 300, 1_000
MOVES = 90
COUNT_FRAMES = """() => {
  window.__frames = 0; window.__since = performance.now();
  const tick = () => { window.__frames++; window.__ticking = requestAnimationFrame(tick); };
  tick();
}"""
FRAMES_A_SECOND = """() => {
  cancelAnimationFrame(window.__ticking);
  return window.__frames / ((performance.now() - window.__since) / 1000);
}"""


# -- a page with the canvas and an editor that takes every move --


def card(place: int, across: int) -> dict[str, Value]:
    """Return a card with a sentence, two inputs and one output, in a grid of cards."""

    def port(name: str, kind: str, feedback: bool = False) -> dict[str, Value]:
        back = {"many": feedback, "optional": feedback, "feedback": feedback}
        return {"name": name, "type": kind, "label": name, "linked": 1, "help": "", **back}

    column: dict[str, Value] = {"slot": "column", "text": "weight", "empty": False}
    value: dict[str, Value] = {"slot": "value", "text": str(place), "empty": False}
    return {
        "id": f"s{place}",
        "kind": "keep-rows",
        "family": ("prepare", "model", "choose", "people")[place % 4],
        "title": f"Step number {place}",
        "position": [13 * (place % across), 10 * (place // across)],
        "known": True,
        "parts": [{"text": "Keep the rows where "}, column, {"text": " is at least "}, value],
        "inputs": [port("records", "Records"), port("answers", "Answers", feedback=True)],
        "outputs": [port("records", "Records")],
        "problems": {"level": None, "count": 0, "says": ""},
        "guard": None,
        "group": None,
    }


def drawing(cards: list[dict[str, Value]]) -> dict[str, Value]:
    """Return a snapshot of a flow with these cards, each linked with the next."""
    links = [f"s{place}.records -> s{place + 1}.records" for place in range(len(cards) - 1)]
    empty: dict[str, Value] = {"notes": [], "groups": [], "kinds": {}, "readOnly": False, "texts": {}}
    return {"rev": 1, "cards": cards, "links": links, **empty}


def serve(port: int) -> None:
    """Serve `/N`: a canvas with N cards whose moves are applied at once."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from nicegui import ui

    from editor.canvas import FlowCanvas

    def page(count: int) -> None:
        across = max(4, round((count * 1.2) ** 0.5))
        cards = {f"s{place}": card(place, across) for place in range(count)}
        revision = 1

        def moved(intent: Payload) -> None:
            nonlocal revision
            revision += 1
            positions = intent["positions"]
            assert isinstance(positions, dict)
            for name, place in positions.items():
                cards[name]["position"] = place
            canvas.apply([{"op": "card", "card": cards[name]} for name in positions], revision)

        def nothing(_: Payload) -> None:
            pass

        def ready(_: Payload) -> None:
            canvas.load(drawing(list(cards.values())))

        others = ("select", "open", "peek", "fix", "key", "copy", "paste")
        told = {f"on_{name}": nothing for name in others}
        with ui.element("div").style("position: fixed; inset: 0"):
            canvas = FlowCanvas(on_ready=ready, on_intent=moved, **told)

    ui.page("/{count}")(page)
    ui.run(host="127.0.0.1", port=port, show=False, reload=False, reconnect_timeout=30)


@contextmanager
def server() -> Iterator[str]:
    """Run the page in a process of its own, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        env["NICEGUI_STORAGE_PATH"] = folder
        log = open(Path(folder, "log"), "wb")  # noqa: SIM115 - outlives this line
        process = subprocess.Popen([sys.executable, __file__, "--serve", str(port)], env=env, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=10)
            log.close()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise SystemExit("The server of the benchmark ended at once.")
        try:
            urlopen(f"{address}/1", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server of the benchmark did not answer within 20 seconds.")


# -- what is measured --


def opened(page: Page, address: str, count: int) -> float:
    """Return the seconds from the request until the cards are painted and the page answers."""
    began = time.perf_counter()
    page.goto(f"{address}/{count}")
    page.wait_for_function("document.querySelectorAll('.vue-flow__node').length > 20")
    if count > SOME:  # all of it in view, so all of it is drawn
        page.wait_for_function(f"document.querySelectorAll('.vue-flow__node').length >= {count}")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - began


def frames(page: Page, wiggle: Iterator[tuple[float, float]]) -> float:
    """Return the frames a second while the pointer is dragged along a way."""
    page.mouse.down()
    page.evaluate(COUNT_FRAMES)
    for x, y in wiggle:
        page.mouse.move(x, y)
    rate = float(page.evaluate(FRAMES_A_SECOND))
    page.mouse.up()
    return rate


def way(x: float, y: float, step: float) -> Iterator[tuple[float, float]]:
    """Yield points to the right and back, down and up."""
    for move in range(MOVES):
        turn = move if move < MOVES / 2 else MOVES - move / 2
        yield x + turn * step, y + turn * step / 2


def to_zoom_1(page: Page) -> None:
    """Set the zoom to 1 by its button."""
    page.locator(".td-zoom").click()
    page.wait_for_timeout(500)


def view(page: Page) -> str | None:
    """Return what part of the flow is seen, as CSS."""
    return page.locator(".vue-flow__transformationpane").get_attribute("style")


def a_card(page: Page) -> tuple[float, float]:
    """Return the head of a card near the middle of what is seen."""
    for box in (one.bounding_box() for one in page.locator(".td-card-head").all()):
        if box and 300 < box["x"] < 900 and 150 < box["y"] < 600:
            return box["x"] + 100, box["y"] + 12
    raise SystemExit("No card stands in the middle of the view.")


def measured(page: Page, address: str) -> dict[str, tuple[float, float, bool]]:
    """Return, by what was measured: the figure, its goal, and whether more is better."""
    told: list[tuple[float, str]] = []
    page.on("websocket", lambda socket: _listen(socket, told))
    found: dict[str, tuple[float, float, bool]] = {}
    opened(page, address, SOME)
    to_zoom_1(page)
    x, y = a_card(page)
    page.mouse.move(x, y)
    found[f"frames a second, dragging one of {SOME} cards"] = (frames(page, way(x, y, 6)), 50, True)
    page.mouse.move(20, 100)
    before = view(page)
    found[f"frames a second, panning {SOME} cards"] = (frames(page, way(20, 100, 8)), 50, True)
    if view(page) == before:
        raise SystemExit("The view did not move: nothing was measured.")
    found["milliseconds until a move is acknowledged"] = (acknowledged(page, told), 50, False)
    found["messages sent during a drag"] = (_during(page, told), 0, False)
    found[f"seconds to open {MANY} cards"] = (opened(page, address, MANY), 5, False)
    page.mouse.move(5, 450)
    found[f"frames a second, panning {MANY} cards all in view"] = (frames(page, way(5, 450, 6)), 25, True)
    return found


def acknowledged(page: Page, told: list[tuple[float, str]]) -> float:
    """Return the median of ten moves, from the message up to the message down."""
    times = []
    for turn in range(10):
        x, y = a_card(page)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + (50 if turn % 2 else -50), y, steps=3)
        page.wait_for_timeout(60)
        told.clear()
        page.mouse.up()
        page.wait_for_timeout(250)
        up = next((at for at, one in told if one == "sent"), None)
        down = next((at for at, one in told if one == "received" and up and at >= up), None)
        if up and down:
            times.append((down - up) * 1000)
    return median(times) if times else float("inf")


def _during(page: Page, told: list[tuple[float, str]]) -> int:
    """Return how many messages left between the press and the release of a drag."""
    x, y = a_card(page)
    page.mouse.move(x, y)
    told.clear()
    page.mouse.down()
    for at in way(x, y, 4):
        page.mouse.move(*at)
    page.wait_for_timeout(300)  # what is sent late counts as well
    sent = [one for _, one in told if one == "sent"]
    page.mouse.up()
    return len(sent)


def _listen(socket: object, told: list[tuple[float, str]]) -> None:
    """Note what goes up and down, but for the heartbeats and receipts of the connection itself."""

    def note(way: str, payload: str | bytes) -> None:
        if len(payload) > 1 and '"ack"' not in str(payload[:8]):
            told.append((time.perf_counter(), way))

    socket.on("framesent", lambda payload: note("sent", payload))  # type: ignore[attr-defined]
    socket.on("framereceived", lambda payload: note("received", payload))  # type: ignore[attr-defined]


def main() -> int:
    """Measure, print a line for each figure, and return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser to drive")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
        return 0
    with server() as address, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        found = measured(page, address)
        browser.close()
    missed = 0
    for what, (figure, goal, more) in found.items():
        met = figure >= goal if more else figure <= goal
        missed += not met
        print(f"{figure:8.1f}  {'' if met else 'MISSED '}{what} (goal {'at least' if more else 'at most'} {goal:g})")
    return 1 if missed else 0


if __name__ in {"__main__", "__mp_main__"}:
    sys.exit(main())
