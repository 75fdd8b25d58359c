"""One thread in a step: the same bits whatever the machine does beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold the numeric libraries to one thread while the block runs.

    A model fitted with two threads differs in its last bits from one fitted with one, and two fits
    with two threads differ from each other. Libraries that are loaded already are held by their own
    means, those loaded within the block by the environment.
    """
    before = {name: os.environ.get(name) for name in _VARIABLES}
    os.environ.update(dict.fromkeys(_VARIABLES, "1"))
    try:
        with _loaded_ones():
            yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _loaded_ones() -> AbstractContextManager[object]:
    if "numpy" not in sys.modules:
        return nullcontext()
    from threadpoolctl import threadpool_limits

    held: AbstractContextManager[object] = threadpool_limits(limits=1)
    return held
