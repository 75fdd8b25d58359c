"""Loading ahead what the first click would wait for: tables and their statistics take most of a second to import."""

from __future__ import annotations

from importlib import import_module
from threading import Thread

HEAVY = ("polars", "numpy", "editor.columns", "editor.peek", "editor.profile", "editor.results")


def warm() -> None:
    """Load what is heavy beside the pages, so that none of them waits for it."""
    Thread(target=lambda: [import_module(name) for name in HEAVY], daemon=True, name="warming").start()
