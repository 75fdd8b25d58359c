"""One thread in a step: the same bits whatever the machine does beside it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold the numeric libraries to one thread while the block runs.

    A model fitted with two threads differs in its last bits from one fitted with one, and two fits
    with two threads differ from each other. Only libraries that are loaded are held.
    """
    if "numpy" not in sys.modules and "sklearn" not in sys.modules:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
