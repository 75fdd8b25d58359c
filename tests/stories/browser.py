"""A real browser, and visitors who complain of whatever goes wrong on their page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 10_000
"""Milliseconds that a page is waited for."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser without a window."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visitor(
    browser: Browser,
    address: str,
    width: int = 1440,
    height: int = 900,
    scheme: Literal["light", "dark"] = "light",
    expect: tuple[str, ...] = (),
) -> Iterator[Page]:
    """Yield a page on the editor. At the end nothing may have gone wrong on it, or been asked of another machine.

    `expect` are parts of complaints that belong to the story, such as a connection that is cut on purpose.
    """
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, wrong = context.new_page(), list[str]()
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.extend(_outside(request.url)))
    page.on("websocket", lambda socket: wrong.extend(_outside(socket.url)))
    page.goto(address)
    page.locator(".vue-flow__pane, .td-outline:visible").first.wait_for(state="attached")
    yield page
    context.close()
    wrong = [one for one in wrong if not any(part in one for part in expect)]
    assert not wrong, " And: ".join(wrong)


def _outside(url: str) -> list[str]:
    address = urlsplit(url)
    local = address.scheme in ("data", "blob") or address.hostname == "127.0.0.1"
    return [] if local else [f"asked another machine: {url}"]


def _program() -> str:
    named = os.environ.get("TANDEM_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "No browser is there: install Chromium, or name one in TANDEM_CHROMIUM."
    return found
