"""Opening what a command works on: the flow, its memory, one of its books."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import Problem, Refused, refuse
from flows.spelling import listed

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.reading import Loaded
    from runtime.store import Book, Store


class RefusedFile(Refused):
    """A flow file that cannot be read: the problems and the name of the file."""

    def __init__(self, problems: Iterable[Problem], name: str) -> None:
        super().__init__(problems)
        self.name = name


def catalog_of(options: argparse.Namespace) -> Catalog:
    """Return the kinds that were handed in, else all that are installed."""
    from flows.catalog import Catalog, installed

    if isinstance(options.catalog, Catalog):
        return options.catalog
    from runtime.steps import BUILTIN

    return installed(BUILTIN)


def flow_of(options: argparse.Namespace) -> Loaded:
    """Return the flow file that a command names."""
    from flows.reading import load

    try:
        return load(options.flow)
    except Refused as refused:
        raise RefusedFile(refused.problems, str(options.flow)) from None


def state_of(options: argparse.Namespace) -> Path:
    """Return the folder of a flow's memory."""
    if options.state is not None:
        return Path(options.state)
    return Path(options.flow).resolve().parent / ".tandem"


def memory_of(options: argparse.Namespace) -> Store:
    """Return the memory that is there; refuse where nothing has run yet, and leave the place untouched."""
    from runtime.store import Store

    folder = state_of(options)
    if not (folder / "store.db").is_file():
        raise refuse(
            "store-missing",
            f"Nothing has run yet: there is no store in {folder}. Begin with tandem run, or name another "
            "folder with --state DIR.",
        )
    return Store.open(folder)


def book_of(store: Store, flow: str, name: str | None) -> Book:
    """Return the book that is named; by itself `live`, or the only one there is."""
    books = store.books(flow)
    found = [book for book in books if book.name == (name or "live")]
    if found:
        return found[0]
    if name is None and len(books) == 1:
        return books[0]
    there = f"Its books are: {listed([book.name for book in books])}." if books else "It has none yet."
    wanted = f"no book '{name}'" if name else "no live book"
    raise refuse("book-unknown", f"'{flow}' has {wanted}. {there} Name one with --book NAME.")


CODES: tuple[tuple[str, str], ...] = (
    ("store-missing", "Nothing has run yet in this folder. Run the flow, or name the folder with --state."),
    ("book-unknown", "The flow has no book of that name. Take one of those that are named."),
)
