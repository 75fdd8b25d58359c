"""Work on a table partition by partition, so that memory does not grow with rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from runtime.values import Table

if TYPE_CHECKING:
    import polars as pl

Made = TypeVar("Made")


def map_partitions(work: Callable[[pl.DataFrame], Made], table: Table) -> Iterator[Made]:
    """Yield what `work` makes of each partition, in partition order.

    Partitions are loaded one at a time in this process; where work is spread over several machines,
    this is the one function to exchange.
    """
    for frame in table.frames():
        yield work(frame)
