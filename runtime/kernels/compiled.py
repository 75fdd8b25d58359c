"""How kernels are compiled: the one place for the flags, and nothing of it before a kernel is worth it.

`error_model="numpy"`: the check for a division by zero keeps loops from being vectorised (4.9 instead of
0.7 ns an element). No fastmath: NaN must stay NaN, and sums must be the same bits everywhere. Serial and
`nogil`: two threads in a parallel region of numba's own threading layer can abort the process, and
forked children hang; above a size `runtime.kernels.spread` shares rows among threads of ours.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_LOCK = threading.RLock()
_trouble: list[str] = []


class Compiled(Generic[P, R]):
    """A function that is compiled when it is first called; it may call no compiled function of another file.

    The cache of compiled code does not see an edit of a helper in another file: the caller would keep
    returning the old result.
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self.plain = function
        self._machine: Callable[P, R] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the compiled function, compiling it (or loading it from the cache) the first time."""
        return (self._machine or self._compile())(*args, **kwargs)

    def _compile(self) -> Callable[P, R]:
        with _LOCK:
            if self._machine is None:
                self._machine = _machine(self.plain)
        return self._machine


def compiled(function: Callable[P, R]) -> Compiled[P, R]:
    """Return the function as one that is compiled at its first call."""
    return Compiled(function)


def usable() -> bool:
    """Return whether the compiler can be used here; numba is imported by asking."""
    with _LOCK:
        if _trouble:
            return False
        try:
            import numba

            return numba.njit(nogil=True)(_one)() == 1
        except Exception as error:  # a broken installation fails in any way it likes
            _trouble.append(f"{type(error).__name__}: {error}".splitlines()[0][:200])
            return False


def trouble() -> str:
    """Return one sentence if the compiler was wanted and cannot be used, else nothing."""
    if not _trouble:
        return ""
    return f"Scoring runs without its compiler and is slower, with the same results ({_trouble[0]})."


def _machine(function: Callable[P, R]) -> Callable[P, R]:
    import numba

    flags: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    folder = _cache_folder()
    if folder is None:
        return numba.njit(**flags)(function)  # type: ignore[no-any-return]
    # Set before decorating: a read-only installation with an unwritable home raises there.
    numba.config.CACHE_DIR = folder
    try:
        return numba.njit(cache=True, **flags)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # no place at all for a cache: compiled anew in each process
        return numba.njit(**flags)(function)  # type: ignore[no-any-return]


def _cache_folder() -> str | None:
    """Return a folder for compiled code that this user alone can write, or None."""
    said = os.environ.get("NUMBA_CACHE_DIR")
    home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    places = (said, str(Path(home) / "tandem"), str(Path(tempfile.gettempdir()) / f"tandem-kernels-{_user()}"))
    return next((place for place in places if place and _writable(Path(place))), None)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            return False  # compiled code that somebody else may write is never loaded
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _one() -> int:
    return 1
