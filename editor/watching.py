"""What everybody who looks at a flow is told when it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from editor.ops import Op


@dataclass(frozen=True)
class Change:
    """What a canvas must do to show the flow as it is now.

    `origin` names who made the change (a page, `file` or `check`), `says` what happened in a few
    words, and `added` the steps that are new.
    """

    revision: int
    ops: tuple[Op, ...] = ()
    origin: str = ""
    says: str = ""
    added: tuple[str, ...] = ()


class Watcher(Protocol):
    """Somebody who is told of every change, such as a page."""

    def __call__(self, change: Change, /) -> None:
        """Show a change."""


class Watchers:
    """Everybody who looks at one flow."""

    def __init__(self) -> None:
        self._all: list[Watcher] = []

    def __len__(self) -> int:
        return len(self._all)

    def add(self, watcher: Watcher) -> Callable[[], None]:
        """Tell somebody of every change from now on; what is returned ends it."""
        self._all.append(watcher)

        def leave() -> None:
            if watcher in self._all:
                self._all.remove(watcher)

        return leave

    def tell(self, change: Change) -> None:
        """Tell everybody; a page that fails keeps nobody else from being told, and is raised afterwards."""
        failed: list[Exception] = []
        for watcher in tuple(self._all):
            try:
                watcher(change)
            except Exception as error:
                failed.append(error)
        if failed:
            raise failed[0]
