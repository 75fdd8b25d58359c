"""Work on a table partition by partition, so that memory does not grow with rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from runtime.values import Table

if TYPE_CHECKING:
    import polars as pl

Made = TypeVar("Made")


def map_partitions(
    work: Callable[[pl.DataFrame], Made], table: Table, progress: Callable[[int, int], None] | None = None
) -> Iterator[Made]:
    """Yield what `work` makes of each partition, in partition order, telling rows done and rows in all.

    Partitions are loaded one at a time in this process; where work is spread over several machines,
    this is the one function to exchange.
    """
    done = 0
    for frame in table.frames():
        yield work(frame)
        done += frame.height
        if progress is not None:
            progress(done, table.count)
